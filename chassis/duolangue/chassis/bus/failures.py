"""What becomes of a message that cannot be handled: retried with growing delays, then put aside with the reason."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from faststream import BaseMiddleware
from faststream.exceptions import HandlerException, NackMessage, RejectMessage

from duolangue.chassis import log
from duolangue.chassis.metrics import Metrics
from duolangue.contracts import subjects
from duolangue.contracts.envelope import Unreadable

logger = log.get(__name__)

ACK_WAIT_SECONDS: Final = 15.0
"""How long the server waits for a sign of life; provision writes it into the consumer."""
MAX_DELIVER: Final = -1
"""The server's own limit: none, since what the server gives up on is lost without a word."""
CRASHES: Final = 10
"""How many deliveries may end without any answer, as when the process dies of it, besides those that are retried."""

Publish = Callable[[str, bytes, dict[str, str]], Awaitable[None]]


def failure_handling(
    service: str, dead_letter: Publish, metrics: Metrics, delays: tuple[float, ...]
) -> type[BaseMiddleware]:
    """The middleware for one service's consumer."""

    class FailureHandling(BaseMiddleware):
        """Turns exceptions into a retry or a dead letter; keeps the server patient while work goes on."""

        async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> Any:
            raw = msg.raw_message
            if not raw.subject.startswith(("events.", "retry.")):
                return await call_next(msg)
            started, fact = time.perf_counter(), _fact(raw.subject)
            with structlog.contextvars.bound_contextvars(fact=fact, service=service):
                try:
                    with _KeptAlive(raw):
                        if raw.metadata.num_delivered > len(delays) + CRASHES:
                            raise Unreadable("delivered again and again without an answer")
                        result = await call_next(msg)
                except HandlerException:
                    raise
                except Exception as error:
                    if isinstance(error, Unreadable) or raw.metadata.num_delivered > len(delays):
                        await self._bury(raw, error)
                        metrics.handled(fact, "dead", time.perf_counter() - started)
                        raise RejectMessage from error
                    delay = delays[raw.metadata.num_delivered - 1]
                    metrics.handled(fact, "retried", time.perf_counter() - started)
                    logger.warning(
                        "reaction.retried", error=_reason(error), delay=delay, deliveries=raw.metadata.num_delivered
                    )
                    raise NackMessage(delay=delay) from error
                metrics.handled(fact, "done", time.perf_counter() - started)
                return result

        async def _bury(self, raw: Any, error: Exception) -> None:
            logger.error("reaction.dead", reason=_reason(error), deliveries=raw.metadata.num_delivered)
            stamp = f"{raw.metadata.stream}-{raw.metadata.sequence.stream}"
            headers = {
                "Nats-Msg-Id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{service}/{stamp}")),
                "Duo-Reason": _reason(error),
                "Duo-Deliveries": str(raw.metadata.num_delivered),
                "Duo-Sequence": str(raw.metadata.sequence.stream),
            }
            try:
                await dead_letter(subjects.dead(service, raw.subject), raw.data, headers)
            except Exception as away:
                logger.warning("dead.delayed", error=type(away).__name__, delay=delays[-1])
                raise NackMessage(delay=delays[-1]) from away

    return FailureHandling


class _KeptAlive:
    """Tells the server now and then that a message is being worked on. Most are done long before the first time, so it costs next to nothing."""

    def __init__(self, message: Any) -> None:
        self._message = message
        self._telling: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        self._next = asyncio.get_running_loop().call_later(ACK_WAIT_SECONDS / 3, self._tell)

    def __exit__(self, *_: object) -> None:
        self._next.cancel()
        if self._telling is not None:
            self._telling.cancel()

    def _tell(self) -> None:
        loop = asyncio.get_running_loop()
        self._telling = loop.create_task(self._message.in_progress())
        self._next = loop.call_later(ACK_WAIT_SECONDS / 3, self._tell)


def _reason(error: Exception) -> str:
    """The kind of error, with its words only where they are ours: others may quote personal data."""
    text = f"{type(error).__name__}: {error}" if isinstance(error, Unreadable) else type(error).__name__
    return text.replace("\r", " ").replace("\n", " ")[:300]


def _fact(subject: str) -> str:
    try:
        parsed = subjects.FactSubject.parse(subject)
    except subjects.NotASubject:
        return "unknown"
    return f"{parsed.entity}.{parsed.fact}.v{parsed.version}"
