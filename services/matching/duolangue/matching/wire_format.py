"""How the service and its computing process talk: frames of JSON, people and pairs in chunks, so that neither side stalls over a large pool."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import Pair, Plan, Waiting
from duolangue.matching.domain.state import State
from duolangue.matching.engine.compute import Question

CHUNK: Final = 1000
HEADER: Final = struct.Struct("!cI")
"""What a frame is, and how many bytes follow."""


class Mark(bytes, Enum):
    """What a frame carries."""

    NEWCOMERS = b"N"
    VOLUNTEERS = b"V"
    QUESTION = b"Q"
    """All else; the question is complete."""
    SHARE = b"S"
    """How far it is, in hundredths."""
    PAIRS = b"P"
    WAITING = b"W"
    PLAN = b"R"
    """All else; the answer is complete."""
    ERROR = b"X"
    """The error's name."""


class Rest(State):
    """Of a question, what is no long list of people."""

    capacity: Mapping[str, int]
    apart: tuple[tuple[str, ...], ...]
    association: Association
    policy: Policy
    now: datetime


_PEOPLE: Final = TypeAdapter(list[Person])
_PAIRS: Final = TypeAdapter(tuple[Pair, ...])
_WAITING: Final = TypeAdapter(tuple[Waiting, ...])
NOT_NEEDED: Final[Any] = {"__all__": {"turns"}}
"""Of people: what became of them before."""
Frame = tuple[Mark, bytes]
ItemT = TypeVar("ItemT")


def framed(mark: Mark, body: bytes) -> bytes:
    """A frame as it travels."""
    return HEADER.pack(mark.value, len(body)) + body


def question_frames(question: Question) -> Iterator[bytes]:
    """A question, frame by frame."""
    for mark, people in ((Mark.NEWCOMERS, question.newcomers), (Mark.VOLUNTEERS, question.volunteers)):
        for chunk in _chunks(list(people)):
            yield framed(mark, _PEOPLE.dump_json(list(chunk), exclude=NOT_NEEDED))
    rest = Rest(
        capacity=question.capacity,
        apart=tuple(tuple(sorted(pair)) for pair in question.apart),
        association=question.association,
        policy=question.policy,
        now=question.now,
    )
    yield framed(Mark.QUESTION, rest.model_dump_json().encode())


def question_of(frames: Iterable[Frame]) -> Question | None:
    """The next question in a row of frames; none when there is no more."""
    newcomers, volunteers = list[Person](), list[Person]()
    for mark, body in frames:
        if mark is Mark.NEWCOMERS:
            newcomers += _PEOPLE.validate_json(body)
        elif mark is Mark.VOLUNTEERS:
            volunteers += _PEOPLE.validate_json(body)
        else:
            rest = Rest.model_validate_json(body)
            return Question(
                newcomers=newcomers,
                volunteers=volunteers,
                capacity=rest.capacity,
                apart={frozenset(pair) for pair in rest.apart},
                association=rest.association,
                policy=rest.policy,
                now=rest.now,
            )
    return None


def plan_frames(plan: Plan) -> Iterator[bytes]:
    """A plan, frame by frame."""
    for pairs in _chunks(plan.pairs):
        yield framed(Mark.PAIRS, _PAIRS.dump_json(tuple(pairs)))
    for waiting in _chunks(plan.waiting):
        yield framed(Mark.WAITING, _WAITING.dump_json(tuple(waiting)))
    yield framed(Mark.PLAN, plan.model_copy(update={"pairs": (), "waiting": ()}).model_dump_json().encode())


class PlanReader:
    """Puts a plan together again from its frames."""

    def __init__(self) -> None:
        self._pairs: list[Pair] = []
        self._waiting: list[Waiting] = []
        self._read: dict[Mark, Callable[[bytes], Any]] = {
            Mark.PAIRS: lambda body: self._pairs.extend(_PAIRS.validate_json(body)),
            Mark.WAITING: lambda body: self._waiting.extend(_WAITING.validate_json(body)),
        }

    def take(self, mark: Mark, body: bytes) -> Plan | None:
        """One more frame; the plan, once it is complete."""
        if mark in self._read:
            self._read[mark](body)
            return None
        plan = Plan.model_validate_json(body)
        return plan.model_copy(update={"pairs": tuple(self._pairs), "waiting": tuple(self._waiting)})


def _chunks(items: Sequence[ItemT]) -> Iterator[Sequence[ItemT]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
