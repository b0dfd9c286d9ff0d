"""What a service counts, for Prometheus. Labels never carry a tenant or a person, so their number is bounded."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """One service's own registry, so that several services can live in one process."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self.service = service
        label = ["service"]
        self._published = Counter(
            "duo_facts_published", "Facts the stream acknowledged", [*label, "fact"], registry=self.registry
        )
        self._handled = Counter(
            "duo_facts_handled", "Facts handled, by outcome", [*label, "fact", "outcome"], registry=self.registry
        )
        self._handling = Histogram(
            "duo_fact_handling_seconds", "Time one fact took", [*label, "fact"], registry=self.registry
        )
        self._due = Counter(
            "duo_due_work", "Due documents worked on, by outcome", [*label, "kind", "outcome"], registry=self.registry
        )
        self._requests = Histogram(
            "duo_http_seconds", "Time one request took", [*label, "method", "route", "status"], registry=self.registry
        )
        self._up = Gauge("duo_ready", "1 while the service is ready", label, registry=self.registry)

    def expects(self, facts: Iterable[str]) -> None:
        """Facts that may come: each begins at nought, so that its first dead letter is an increase too."""
        for fact in facts:
            for outcome in ("done", "retried", "dead"):
                self._handled.labels(self.service, fact, outcome)

    def published(self, fact: str) -> None:
        """The stream acknowledged a fact."""
        self._published.labels(self.service, fact).inc()

    def handled(self, fact: str, outcome: str, seconds: float) -> None:
        """A fact was handled: `outcome` is done, retried or dead."""
        self._handled.labels(self.service, fact, outcome).inc()
        self._handling.labels(self.service, fact).observe(seconds)

    def due(self, kind: str, outcome: str) -> None:
        """A due document was worked on: `outcome` is done, left (as due as before), failed or lost."""
        self._due.labels(self.service, kind, outcome).inc()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is the pattern, never the address asked for."""
        self._requests.labels(self.service, method, route, str(status)).observe(seconds)

    def ready(self, *, yes: bool) -> None:
        """The service was asked whether it is ready."""
        self._up.labels(self.service).set(1 if yes else 0)
