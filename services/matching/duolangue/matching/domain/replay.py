"""A replay: what would have become of a past year's arrivals under other policies. From asking to what it found."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import Field

from duolangue.chassis.decision import Change
from duolangue.matching.domain.replay_outcome import Outcome
from duolangue.matching.domain.replay_question import Behaviour, Case, ReplayQuestion, Stay
from duolangue.matching.domain.state import State

MOST_ATTEMPTS: Final = 3
"""How often computing is begun before a replay is given up."""
PART_SIZE: Final = 500
"""People of a file in one document."""


class Source(StrEnum):
    """Where the people come from."""

    HISTORY = "history"
    FILE = "file"


class ReplayStatus(StrEnum):
    """How far a replay is."""

    QUEUED = "queued"
    COMPUTING = "computing"
    DONE = "done"
    FAILED = "failed"
    """Given up: it could not be computed, time and again."""


OPEN: Final = frozenset({ReplayStatus.QUEUED, ReplayStatus.COMPUTING})


class Input(State):
    """What was looked at, in figures."""

    newcomers: int = 0
    volunteers: int = 0
    running: int = 0
    """Duos that ran at the beginning."""
    day_unknown: int = 0
    left_out: int = 0


class Replay(State):
    """One replay: asked for, computed, looked at."""

    id: str
    status: ReplayStatus = ReplayStatus.QUEUED
    requested_at: datetime
    requested_by: str
    """The coordinator."""
    source: Source = Source.HISTORY
    parts: int = 0
    """Of a file: in how many documents its people are kept until it is computed."""
    rows_left_out: int = 0
    """Faulty rows of the file."""
    first: date
    last: date
    """The days looked at, where the association is."""
    begins: datetime
    ends: datetime
    cases: tuple[Case, ...]
    told: dict[str, float] = {}
    """Figures of people's behaviour that the coordinator set by hand."""
    behaviour: Behaviour = Behaviour()
    """By which it was computed."""
    seed: int
    """Of chance: the same for all policies, and the same again gives the same result."""
    share: int = Field(default=0, ge=0, le=100)
    """How far computing is, in hundredths."""
    attempts: int = 0
    trouble: str = ""
    """What went wrong in the last attempt: the error's name."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    input: Input = Input()
    outcomes: tuple[Outcome, ...] = ()
    """In the order of the cases."""

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.status in OPEN

    @property
    def due_at(self) -> datetime | None:
        """One that is not over wants to be worked on."""
        return self.requested_at if self.open else None


class ReplayPart(State):
    """Some people of a file, kept until the replay is computed."""

    id: str
    replay: str
    number: int
    stays: tuple[Stay, ...]


Decision = Change[Replay] | None


def begin(replay: Replay, now: datetime) -> Decision:
    """Somebody computes it; too often, and it is given up."""
    if not replay.open:
        return None
    if replay.attempts >= MOST_ATTEMPTS:
        return Change(replay.model_copy(update={"status": ReplayStatus.FAILED, "finished_at": now}))
    begun = {
        "status": ReplayStatus.COMPUTING, "attempts": replay.attempts + 1, "share": 0, "started_at": replay.started_at or now,
    }  # fmt: skip
    return Change(replay.model_copy(update=begun))


def progressed(replay: Replay, attempt: int, share: int) -> Decision:
    """So far it is by now."""
    if not _under_way(replay, attempt) or replay.share == share:
        return None
    return Change(replay.model_copy(update={"share": share}))


def troubled(replay: Replay, attempt: int, error: str) -> Decision:
    """An attempt to compute it came to nothing."""
    if not _under_way(replay, attempt):
        return None
    return Change(replay.model_copy(update={"trouble": error}))


def given_up(replay: Replay, attempt: int, error: str, now: datetime) -> Decision:
    """It takes too long: trying again would not help."""
    if not _under_way(replay, attempt):
        return None
    return Change(replay.model_copy(update={"status": ReplayStatus.FAILED, "trouble": error, "finished_at": now}))


def found(
    replay: Replay, attempt: int, asked: ReplayQuestion, outcomes: tuple[Outcome, ...], now: datetime
) -> Decision:
    """It is computed."""
    if not _under_way(replay, attempt):
        return None
    history = asked.history
    looked_at = Input(
        newcomers=sum(1 for stay in history.stays if stay.person.newcomer),
        volunteers=sum(1 for stay in history.stays if stay.person.volunteer),
        running=len(history.running),
        day_unknown=history.day_unknown,
        left_out=history.left_out,
    )
    done = {
        "status": ReplayStatus.DONE, "outcomes": outcomes, "behaviour": asked.behaviour, "input": looked_at,
        "finished_at": now, "share": 100, "trouble": "",
    }  # fmt: skip
    return Change(replay.model_copy(update=done))


def _under_way(replay: Replay, attempt: int) -> bool:
    """Whether it is this attempt that computes it."""
    return replay.status is ReplayStatus.COMPUTING and replay.attempts == attempt
