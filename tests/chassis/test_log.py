"""Logs: no field for a person, and no words of an exception, which would quote what somebody typed."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import BaseModel, ValidationError

from duolangue.chassis import log

CANARY = "Zana" + "riva"
"""Put together, so that it stands in no line of code a traceback shows."""


class Person(BaseModel):
    age: int


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root, before = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level)
    log.configure("json")
    structlog.configure(cache_logger_on_first_use=False)
    stream = io.StringIO()
    root.handlers[0].setStream(stream)  # type: ignore[attr-defined]  # the one that was just configured
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


def test_a_field_that_is_not_allowed_is_dropped_and_named(written):
    log.get("duolangue.x").info("duo.confirmed", duo="d-1", first_name=CANARY)
    assert '"duo": "d-1"' in written.getvalue()
    assert "first_name" in written.getvalue()
    assert CANARY not in written.getvalue()


def fail() -> None:
    try:
        Person.model_validate({"age": CANARY})
    except ValidationError as error:
        raise ExceptionGroup(CANARY, [error, KeyError(CANARY)]) from ValueError(CANARY)


@pytest.mark.parametrize(
    "logger", [log.get("duolangue.x"), logging.getLogger("uvicorn.error")], ids=["ours", "others'"]
)
def test_of_an_exception_its_kind_and_origin_are_logged_and_not_its_words(written, logger):
    try:
        fail()
    except ExceptionGroup:
        logger.exception("due.failed")
    for kind in ("ExceptionGroup", "ValidationError", "KeyError", "ValueError"):
        assert kind in written.getvalue()
    assert "in fail" in written.getvalue()
    assert CANARY not in written.getvalue()
