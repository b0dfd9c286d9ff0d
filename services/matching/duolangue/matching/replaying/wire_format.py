"""How the service and the process that computes replays talk: people in chunks, all else in one frame of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import TypeAdapter

from duolangue.matching.domain.people import Association
from duolangue.matching.domain.replay_outcome import Outcome
from duolangue.matching.domain.replay_question import ReplayQuestion, Stay
from duolangue.matching.domain.state import State
from duolangue.matching.wire_format import CHUNK, Frame, Mark, framed

_STAYS: Final = TypeAdapter(tuple[Stay, ...])
_OUTCOMES: Final = TypeAdapter(tuple[Outcome, ...])


class Rest(State):
    """Of a question, what is no long list of people."""

    question: ReplayQuestion
    association: Association


def question_frames(question: ReplayQuestion, association: Association) -> Iterator[bytes]:
    """A question, frame by frame."""
    stays = question.history.stays
    for start in range(0, len(stays), CHUNK):
        yield framed(Mark.NEWCOMERS, _STAYS.dump_json(stays[start : start + CHUNK]))
    bare = question.model_copy(update={"history": question.history.model_copy(update={"stays": ()})})
    yield framed(Mark.QUESTION, Rest(question=bare, association=association).model_dump_json().encode())


def question_of(frames: Iterable[Frame]) -> tuple[ReplayQuestion, Association] | None:
    """The next question in a row of frames; none when there is no more."""
    stays: list[Stay] = []
    for mark, body in frames:
        if mark is Mark.NEWCOMERS:
            stays += _STAYS.validate_json(body)
            continue
        rest = Rest.model_validate_json(body)
        history = rest.question.history.model_copy(update={"stays": tuple(stays)})
        return rest.question.model_copy(update={"history": history}), rest.association
    return None


def answer_frame(outcomes: tuple[Outcome, ...]) -> bytes:
    """The answer."""
    return framed(Mark.PLAN, _OUTCOMES.dump_json(outcomes))


def answer_of(mark: Mark, body: bytes) -> tuple[Outcome, ...] | None:
    """The answer that a frame carries."""
    return _OUTCOMES.validate_json(body) if mark is Mark.PLAN else None
