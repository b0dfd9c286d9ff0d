"""A replay: what would have become of a past year's arrivals under other policies. Its input, what it assumes, and what it found."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import Field

from duolangue.chassis.decision import Change
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.rules import Refused
from duolangue.matching.domain.state import State

MOST_CASES: Final = 5
"""The association's present policy, and up to four beside it."""
MOST_ATTEMPTS: Final = 3
"""How often computing is begun before a replay is given up."""
PART_SIZE: Final = 500
"""People of a file in one document."""


class Break(State):
    """A time in which somebody could not be paired; without an end it lasts."""

    begins: datetime
    ends: datetime | None = None


class Stay(State):
    """Somebody's time with the association, as a replay takes it."""

    person: Person
    """As known today: what changed meanwhile is not known any more."""
    came_at: datetime
    left_at: datetime | None = None
    breaks: tuple[Break, ...] = ()


class RunningDuo(State):
    """A duo that ran already when the time looked at began."""

    newcomer: str
    volunteer: str
    until: datetime
    """When it really ended; the end of the time looked at where it went on."""


class History(State):
    """Who came and went."""

    stays: tuple[Stay, ...] = ()
    running: tuple[RunningDuo, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    """Who may not meet: kept apart by a coordinator, or with a history from before."""
    day_unknown: int = 0
    """People of whom it is not known when they came: taken as there from the beginning."""
    left_out: int = 0
    """People of whom too little is kept: who is erased, and who left on a day not known."""


class Behaviour(State):
    """How people answer, and how long duos last. The stated figures hold where an association's own history is too short."""

    volunteer_yes: int = Field(default=85, ge=0, le=100)
    """Of a hundred volunteers who answer, how many say yes."""
    newcomer_yes: int = Field(default=90, ge=0, le=100)
    approval_days: float = Field(default=1.0, ge=0, le=60)
    """From a draft to its message, where a coordinator looks at drafts first."""
    answer_days: float = Field(default=1.0, ge=0, le=60)
    """From a message to the answer on average, exponentially distributed: whoever takes longer than the policy waits is silent."""
    duo_days: float = Field(default=90.0, ge=1, le=3650)
    """How long a duo lasts on average, exponentially distributed."""
    look_again: int = Field(default=25, ge=0, le=100)
    """Of a hundred newcomers whose duo ended, how many look for another; all do whose volunteer left."""
    observed: dict[str, int] = {}
    """By figure, from how many observations of the association's own it is; what is missing here is stated, not observed."""


class Case(State):
    """A policy that is replayed."""

    name: str = ""
    """As the coordinator calls it; empty for the one in force."""
    policy: Policy
    assumed_rhythm: bool = False
    """It has no rhythm of its own: it is replayed as if runs happened every week."""


class Spread(State):
    """Days, over some people."""

    people: int = 0
    mean: float = 0.0
    percentile_95: float = 0.0
    """By nearest rank: 95 of a hundred waited no longer."""
    longest: float = 0.0


class Slice(State):
    """How one level, or one language, fared."""

    key: str
    """A level (`A1`) or a language's code (`ar`); empty for those who told none."""
    newcomers: int
    paired: int
    """Who had a duo at least once."""
    waited: Spread = Spread()
    """Until their duo."""
    waiting: int = 0
    """Without a duo at the end."""
    score: int = 0
    """The confirmed pairs' mean, as in the outcome."""
    tenths_km: Spread = Spread()
    """Between the two of a duo."""


class Outcome(State):
    """What one policy would have brought."""

    runs: int = 0
    proposals: int = 0
    declined: int = 0
    unanswered: int = 0
    duos: int = 0
    """Confirmed by both sides."""
    newcomers: int = 0
    """Who was there at any time; every one of them is counted once in the five figures that follow."""
    in_duo: int = 0
    waiting: int = 0
    """Also who is in a draft or asked at the end."""
    away: int = 0
    """On a break, or not asked any more after silence."""
    content: int = 0
    """Had a duo that ended, and did not look for another."""
    left: int = 0
    paired: int = 0
    """Newcomers who had a duo at least once."""
    waited: Spread = Spread()
    """From coming (or from the end of a duo) to the duo."""
    still: Spread = Spread()
    """So far, of those who wait at the end."""
    longest: float = 0.0
    """The longest wait of all, ended or not, in days."""
    score: int = 0
    """The confirmed pairs' mean by the weights in force today, in millionths, so that policies can be compared."""
    tenths_km: Spread = Spread()
    """Between the two of a duo, in tenths of a kilometre."""
    by_level: tuple[Slice, ...] = ()
    by_language: tuple[Slice, ...] = ()
    """The most frequent languages; whoever speaks two is counted with both."""
    weeks: tuple[int, ...] = ()
    """How many newcomers waited, week after week, at the beginning and after each."""


class ReplayQuestion(State):
    """Everything a replay looks at besides the people."""

    begins: datetime
    ends: datetime
    cases: tuple[Case, ...]
    """The first is the policy in force."""
    behaviour: Behaviour
    seed: int
    history: History


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


class ReplayUnderWay(Refused):
    """One at a time: they take a while."""

    code = "replay_under_way"
    sentence = "A comparison is being computed already. Wait until it is done."


class UnfitPeriod(Refused):
    """A time that cannot be replayed."""

    code = "unfit_period"
    status = 422
    sentence = (
        "The first day must come before the last, at least a week and at most two years apart, and not in the future."
    )


class UnfitCases(Refused):
    """Too many policies."""

    code = "unfit_cases"
    status = 422
    sentence = "At most four others can be compared with the settings in force."


class NobodyCame(Refused):
    """A file from which nobody was there in the time looked at."""

    code = "nobody_came"
    status = 422
    sentence = "Nobody who wants to speak French was there in this time."


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
    if replay.status is not ReplayStatus.COMPUTING or replay.attempts != attempt or replay.share == share:
        return None
    return Change(replay.model_copy(update={"share": share}))


def troubled(replay: Replay, attempt: int, error: str) -> Decision:
    """An attempt to compute it came to nothing."""
    if replay.status is not ReplayStatus.COMPUTING or replay.attempts != attempt:
        return None
    return Change(replay.model_copy(update={"trouble": error}))


def given_up(replay: Replay, attempt: int, error: str, now: datetime) -> Decision:
    """It takes too long: trying again would not help."""
    if replay.status is not ReplayStatus.COMPUTING or replay.attempts != attempt:
        return None
    return Change(replay.model_copy(update={"status": ReplayStatus.FAILED, "trouble": error, "finished_at": now}))


def found(
    replay: Replay, attempt: int, asked: ReplayQuestion, outcomes: tuple[Outcome, ...], now: datetime
) -> Decision:
    """It is computed."""
    if replay.status is not ReplayStatus.COMPUTING or replay.attempts != attempt:
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
