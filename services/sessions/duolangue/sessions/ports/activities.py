"""What the use cases of activities ask of the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.activity import Activity, Status
from duolangue.sessions.domain.announced import Announced
from duolangue.sessions.domain.attendance import Attendance
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.seats import Held, Room

ONE_SEAT: Final = "one_seat"
"""The unique index that gives each of an activity's places to one enrolment."""
ONE_OF_SIDE: Final = "one_of_side"
"""The unique index that gives each of those kept for a side to one."""
ONE_EACH: Final = "one_each"
"""The unique index that gives each participant one enrolment in an activity, whatever becomes of it."""


class Activities(Protocol):
    """The association's activities. `get`, `add` and `update` raise as `chassis.store.Aggregates` says."""

    async def get(self, entity_id: str) -> Activity:
        """The activity; raises `Absent`."""
        ...

    async def find(self, entity_id: str) -> Activity | None:
        """The activity, or none."""
        ...

    async def add(self, entity: Activity, *facts: Fact) -> Activity:
        """Keep a new one."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Activity], Change[Activity] | None]) -> Activity:
        """Change one."""
        ...

    async def forget(self, entity_id: str, may: Callable[[Activity], bool] = ...) -> bool:
        """Take one away of which nothing was ever told, if `may` says so. Returns whether it is gone."""
        ...

    async def count(self, where: Mapping[str, Any] | None = None, *, most: int = 0, index: str = "") -> int:
        """How many fit."""
        ...

    async def with_status(self, statuses: Collection[Status]) -> list[Activity]:
        """Those that stand so, the newest made first; not the hours of individual lessons, of which there are many."""
        ...

    async def announced(self) -> list[Announced]:
        """Of those that are announced, when they meet; not the hours of individual lessons."""
        ...

    async def closed(self, since: datetime, most: int) -> list[Activity]:
        """What was done or cancelled since a moment, the last first; not the hours of individual lessons."""
        ...

    async def of_kind(self, kind: ActivityKind, statuses: Collection[Status]) -> list[Activity]:
        """Those of one kind that stand so."""
        ...

    async def named(self, ids: Collection[str]) -> list[Activity]:
        """These."""
        ...

    async def hosted_by(self, participant: str) -> list[Activity]:
        """What somebody gives, gave or proposed."""
        ...

    async def host_left(self) -> list[Activity]:
        """To come, and whoever was to give it left."""
        ...


class Enrolments(Protocol):
    """The association's enrolments. `add` and `update` raise `Taken` with `ONE_SEAT` or `ONE_OF_SIDE` where a place went to somebody else."""

    async def get(self, entity_id: str) -> Enrolment:
        """The enrolment; raises `Absent`."""
        ...

    async def find(self, entity_id: str) -> Enrolment | None:
        """The enrolment, or none."""
        ...

    async def add(self, entity: Enrolment, *facts: Fact) -> Enrolment:
        """Keep a new one."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Enrolment], Change[Enrolment] | None]) -> Enrolment:
        """Change one."""
        ...

    async def of(self, activity: str, participant: str) -> Enrolment | None:
        """Somebody's in an activity, or none."""
        ...

    async def held(self, activity: str) -> list[Held]:
        """The numbers of the places that are taken, with the side of whoever has them."""
        ...

    async def first_waiting(self, activity: str) -> list[Enrolment]:
        """Of each side whoever has waited longest."""
        ...

    async def waits(self, activity: str, side: Role | None = None) -> bool:
        """Whether somebody waits, of a side or of any."""
        ...

    async def of_activity(self, activity: str) -> list[Enrolment]:
        """All there are or were, whoever asked first first."""
        ...

    async def of_participant(self, participant: str) -> list[Enrolment]:
        """All of somebody's."""
        ...

    async def figures(self, activities: Collection[str]) -> dict[str, Figures]:
        """How many have a place and wait, by activity; one without any is absent."""
        ...


class Attendances(Protocol):
    """Who came to what."""

    async def find(self, entity_id: str) -> Attendance | None:
        """What was noted, or none."""
        ...

    async def add(self, entity: Attendance, *facts: Fact) -> Attendance:
        """Note for the first time."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Attendance], Change[Attendance] | None]) -> Attendance:
        """Correct."""
        ...

    async def of_activity(self, activity: str) -> list[Attendance]:
        """All that was noted of an activity."""
        ...

    async def of_participant(self, participant: str) -> list[Attendance]:
        """All that was noted of somebody, the latest first."""
        ...

    async def given_by(self, host: str) -> list[Attendance]:
        """All that was noted of meetings somebody gave."""
        ...

    async def no_shows(self, participants: Sequence[str]) -> dict[str, int]:
        """How often each did not come without a word."""
        ...


class Figures:
    """How many people are in an activity."""

    def __init__(self) -> None:
        self.held = 0
        """Places taken, those offered included."""
        self.newcomers = 0
        """Of these, places of newcomers."""
        self.places: list[Held] = []
        """They themselves."""
        self.queues: set[Role] = set()
        """The sides of which somebody waits."""
        self.waiting = 0

    def free_for(self, room: Room, side: Role) -> int:
        """How many places somebody of a side would get at once: none where others of theirs wait already."""
        waits = side in self.queues if room.balanced else bool(self.queues)
        return 0 if waits else len(room.free(self.places, side))
