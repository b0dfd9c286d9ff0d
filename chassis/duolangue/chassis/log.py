"""Structured logs: events with fields, one line each, the standard library's records included.

Only the fields named here may appear. A name, an address, a number or a token has no field to stand in. Of an exception
stands where it came from and what kind it is, not what it says: a driver's or a validator's words repeat the value they are about.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, Final

import structlog

ALLOWED: Final = frozenset(
    """
    event level logger timestamp exception service association correlation fact event_id causation duo participant coordinator
    run session notification message report kind purpose outcome reason status method path seconds count attempts delay deliveries
    entity version subject consumer stream url port pid database collection index users error stack pairs newcomers volunteers waiting
    """.split()
)


def _only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for field in [name for name in event if name not in ALLOWED and not name.startswith("_")]:
        del event[field]
        event["dropped"] = (*event.get("dropped", ()), field)
    return event


def _exception_without_words(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["exception"] = "".join(_origin(error, set()))
    return event


def _origin(error: BaseException, shown: set[int]) -> Iterator[str]:
    shown.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for other in (before, *(error.exceptions if isinstance(error, BaseExceptionGroup) else ())):
        if other is not None and id(other) not in shown:
            yield from _origin(other, shown)
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"


def configure(style: str = "json", level: str = "INFO") -> None:
    """Send all logs of this process to standard error, as JSON lines or, for people, in columns."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            _exception_without_words,
            _only_allowed,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _exception_without_words],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "pymongo", "aiosmtplib", "mail.log"):
        logging.getLogger(noisy).setLevel("WARNING")


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose calls read `log.info("duo.confirmed", duo=..., association=...)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
