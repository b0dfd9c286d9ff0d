"""What the present work answers: the event being handled, the lease it runs under, the chain it belongs to.

Carried in context variables, so that every write of a reaction records its event and every write of due work is fenced,
without anybody having to remember it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that is being answered."""

    event_id: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim on a due document: `token` grows with every claim, so that an older holder's writes are refused."""

    key: str
    token: int


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)
_lease: ContextVar[Lease | None] = ContextVar("lease", default=None)
_correlation: ContextVar[str] = ContextVar("correlation", default="")
_trace: ContextVar[str | None] = ContextVar("trace", default=None)


def current_cause() -> Cause | None:
    """The event being handled, if any."""
    return _cause.get()


def current_lease() -> Lease | None:
    """The lease this work runs under, if any."""
    return _lease.get()


def correlation_id() -> str:
    """The id of the chain this work belongs to; a new one is made where none was passed on."""
    return _correlation.get() or uuid.uuid4().hex


def traceparent() -> str | None:
    """The W3C trace context that came with the request or the event."""
    return _trace.get()


@contextmanager
def within(
    *, correlation: str = "", cause: Cause | None = None, lease: Lease | None = None, trace: str | None = None
) -> Iterator[str]:
    """Do the enclosed work as an answer to `cause`, under `lease`, in the chain `correlation`.

    Yields the correlation id, which also stands in every log line written meanwhile.
    """
    chain = correlation or uuid.uuid4().hex
    tokens = (_correlation.set(chain), _cause.set(cause), _lease.set(lease), _trace.set(trace))
    with structlog.contextvars.bound_contextvars(correlation=chain):
        try:
            yield chain
        finally:
            _correlation.reset(tokens[0])
            _cause.reset(tokens[1])
            _lease.reset(tokens[2])
            _trace.reset(tokens[3])
