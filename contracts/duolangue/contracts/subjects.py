"""Names on the bus: the subject of a fact, of a dead letter, of a redelivery. Nobody writes these strings elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

EVENTS_STREAM: Final = "EVENTS"
DEAD_STREAM: Final = "DEAD"
EVENTS_SUBJECTS: Final = ("events.>", "retry.>")
DEAD_SUBJECTS: Final = ("dead.>",)

_SUBJECT = re.compile(
    r"^events\.(?P<association>[a-z0-9-]+)\.(?P<service>[a-z]+)\.(?P<entity>[a-z_]+)\.(?P<fact>[a-z_]+)\.v(?P<version>[0-9]+)$"
)


class NotASubject(ValueError):
    """The string is not the subject of a fact."""


@dataclass(frozen=True, slots=True)
class FactSubject:
    """Where a fact is published: `events.<association>.<service>.<entity>.<fact>.v<N>`."""

    association: str
    service: str
    entity: str
    fact: str
    version: int

    def __str__(self) -> str:
        return f"events.{self.association}.{self.service}.{self.entity}.{self.fact}.v{self.version}"

    @classmethod
    def parse(cls, subject: str) -> FactSubject:
        """Read a subject back, also one under `retry.<service>.` or `dead.<service>.`.

        Raises:
            NotASubject: the string has another shape.
        """
        head, _, rest = subject.partition(".")
        if head in {"retry", "dead"}:
            subject = rest.partition(".")[2]
        found = _SUBJECT.match(subject)
        if found is None:
            raise NotASubject(f"{subject!r} is not events.<association>.<service>.<entity>.<fact>.v<N>")
        return cls(found["association"], found["service"], found["entity"], found["fact"], int(found["version"]))


def dead(service: str, subject: str) -> str:
    """Where `service` puts a message it could not handle."""
    return f"dead.{service}.{_original(subject)}"


def retry(service: str, subject: str) -> str:
    """Where a dead letter is published again, for `service` alone."""
    return f"retry.{service}.{_original(subject)}"


def retries_of(service: str) -> str:
    """What a service's consumer also listens to."""
    return f"retry.{service}.>"


def _original(subject: str) -> str:
    head, _, rest = subject.partition(".")
    return rest.partition(".")[2] if head in {"retry", "dead"} else subject
