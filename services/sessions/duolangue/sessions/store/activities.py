"""Activities, enrolments, attendance: their indexes, and the queries over them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from duolangue.chassis.store import AggregateKind, Aggregates, Index, ProjectionKind
from duolangue.contracts.envelope import Fact
from duolangue.contracts.facts.activities import (
    ActivityCancelled,
    ActivityDone,
    ActivityKind,
    ActivityState,
    ActivityUpdated,
    EnrolmentStatus,
    Presence,
)
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import enrolment as enrolments
from duolangue.sessions.domain.activity import COMING, PUBLIC, Activity, Status, tell
from duolangue.sessions.domain.activity_policy import ActivityPolicy
from duolangue.sessions.domain.announced import Announced, Hours
from duolangue.sessions.domain.attendance import Attendance
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.domain.seats import Held, Place
from duolangue.sessions.ports.activities import ONE_EACH, ONE_OF_SIDE, ONE_SEAT, Figures

_AGAIN: Final[dict[Status, type[ActivityState]]] = {
    Status.PUBLISHED: ActivityUpdated,
    Status.DONE: ActivityDone,
    Status.CANCELLED: ActivityCancelled,
}


def _activity_again(activity: Activity, last: str) -> Fact | None:
    """What was told last, told again; of a moment that passed the state alone. Nothing of what was never announced."""
    if activity.status not in PUBLIC or not last:
        return None
    kind = Fact.registry.get(last)
    announced = (
        kind if kind is not None and issubclass(kind, ActivityState) and "meeting_at" not in kind.model_fields else None
    )
    return tell(announced or _AGAIN[activity.status], activity)


ACTIVITIES: Final = AggregateKind(
    "activities",
    Activity,
    indexes=(
        Index("status", ("status", "made_at")),
        Index("host", ("host",)),
        Index("by_id", ("id",)),
        Index("kind", ("kind", "status")),
        Index("closed", ("closed_at", "id")),
        Index("host_left", ("made_at",), where={"host_left": True}),
    ),
    due=lambda activity: activity.due_at,
    snapshot=_activity_again,
)
PLACE: Final = {name: f"$state.{name}" for name in Place._fields}
ENROLMENTS: Final = AggregateKind(
    "enrolments",
    Enrolment,
    indexes=(
        Index(ONE_SEAT, ("activity", "seat"), unique=True, where={"held": True}),
        Index(ONE_OF_SIDE, ("activity", "side", "side_seat"), unique=True, where={"side_seat": {"$gt": 0}}),
        Index(ONE_EACH, ("activity", "participant"), unique=True),
        Index("queue", ("activity", "status", "side", "asked_at")),
        Index("participant", ("participant", "asked_at")),
    ),
    due=lambda enrolment: enrolment.due_at,
    snapshot=enrolments.again,
)
ATTENDANCES: Final = AggregateKind(
    "attendances",
    Attendance,
    indexes=(
        Index("activity", ("activity", "held_on")),
        Index("participant", ("participant", "presence", "held_on")),
        Index("day", ("held_on",)),
        Index("given", ("given_by",), where={"given_by": {"$gt": ""}}),
    ),
    snapshot=lambda attendance, _: attendance.fact(),
)
ACTIVITY_POLICIES: Final = AggregateKind("activity_policies", ActivityPolicy)
PARTICIPANTS: Final = ProjectionKind("participants", Participant)


class StoredActivities(Aggregates[Activity]):
    """The activities of one association."""

    async def with_status(self, statuses: Collection[Status]) -> list[Activity]:
        """Those that stand so, the newest made first; not the hours of individual lessons, of which there are many."""
        wanted = sorted(status.value for status in statuses)
        where = {"status": {"$in": wanted}, "kind": {"$ne": ActivityKind.LESSON.value}}
        return await self.select(where, sort=(("made_at", -1), ("id", 1)))

    async def announced(self) -> list[Announced]:
        """Of those that are announced, when they meet; not the hours of individual lessons."""
        rows = await self.summarise(
            {"status": Status.PUBLISHED.value, "kind": {"$ne": ActivityKind.LESSON.value}},
            {
                "$project": {
                    "_id": 0,
                    "id": "$state.id",
                    "timezone": "$state.timezone",
                    "meetings": {
                        "$map": {
                            "input": "$state.meetings",
                            "in": ["$$this.day", "$$this.begins", "$$this.minutes"],
                        }
                    },
                }
            },
            index="status",
        )
        return [
            Announced(
                row["id"],
                ZoneInfo(row["timezone"]),
                tuple(
                    Hours(datetime.fromisoformat(f"{day}T{begins}"), minutes)
                    for day, begins, minutes in row["meetings"]
                ),
            )
            for row in rows
        ]

    async def closed(self, since: datetime, most: int) -> list[Activity]:
        """What was done or cancelled since a moment, the last first; not the hours of individual lessons."""
        where = {"closed_at": {"$gt": since}, "kind": {"$ne": ActivityKind.LESSON.value}}
        return await self.select(where, sort=(("closed_at", -1), ("id", -1)), limit=most, index="closed")

    async def of_kind(self, kind: ActivityKind, statuses: Collection[Status]) -> list[Activity]:
        """Those of one kind that stand so."""
        wanted = sorted(status.value for status in statuses)
        return await self.select({"kind": kind.value, "status": {"$in": wanted}}, index="kind")

    async def named(self, ids: Collection[str]) -> list[Activity]:
        """These."""
        return await self.select({"id": {"$in": sorted(ids)}}) if ids else []

    async def hosted_by(self, participant: str) -> list[Activity]:
        """What somebody gives, gave or proposed."""
        return await self.select({"host": {"$eq": participant}}, sort=(("made_at", -1),))

    async def host_left(self) -> list[Activity]:
        """To come, and whoever was to give it left."""
        coming = sorted(status.value for status in COMING)
        return await self.select(
            {"host_left": True, "status": {"$in": coming}}, sort=(("made_at", 1),), index="host_left"
        )


class StoredEnrolments(Aggregates[Enrolment]):
    """The enrolments of one association."""

    async def of(self, activity: str, participant: str) -> Enrolment | None:
        """Somebody's in an activity, or none."""
        where = {"activity": {"$eq": activity}, "participant": {"$eq": participant}}
        return next(iter(await self.select(where, limit=1, index=ONE_EACH)), None)

    async def held(self, activity: str) -> list[Held]:
        """The places that are taken, with the side of whoever has them."""
        rows = await self.summarise(
            {"activity": {"$eq": activity}, "held": True},
            {"$project": {"_id": 0, "side": "$state.side", "place": PLACE}},
        )
        return [Held(Place(**row["place"]), Role(row["side"])) for row in rows]

    async def first_waiting(self, activity: str) -> list[Enrolment]:
        """Of each side whoever has waited longest."""
        found: list[Enrolment] = []
        for side in Role:
            found += await self.select(
                {"activity": {"$eq": activity}, "status": EnrolmentStatus.WAITING.value, "side": side.value},
                sort=(("asked_at", 1), ("id", 1)),
                limit=1,
            )
        return found

    async def waits(self, activity: str, side: Role | None = None) -> bool:
        """Whether somebody waits, of a side or of any."""
        where = {"activity": {"$eq": activity}, "status": EnrolmentStatus.WAITING.value}
        return bool(await self.count({**where, **({"side": side.value} if side else {})}, most=1))

    async def of_activity(self, activity: str) -> list[Enrolment]:
        """All there are or were, whoever asked first first."""
        return await self.select({"activity": {"$eq": activity}}, sort=(("asked_at", 1), ("id", 1)))

    async def of_participant(self, participant: str) -> list[Enrolment]:
        """All of somebody's."""
        return await self.select({"participant": {"$eq": participant}}, sort=(("asked_at", 1),))

    async def figures(self, activities: Collection[str]) -> dict[str, Figures]:
        """How many have a place and wait, by activity; one without any is absent."""
        if not activities:
            return {}
        rows = await self.summarise(
            {
                "activity": {"$in": sorted(activities)},
                "status": {"$in": sorted(each.value for each in enrolments.OPEN)},
            },
            {
                "$group": {
                    "_id": {"activity": "$state.activity", "held": "$state.held", "side": "$state.side"},
                    "count": {"$sum": 1},
                    "places": {"$push": PLACE},
                }
            },
        )
        found: dict[str, Figures] = {}
        for row in rows:
            figures = found.setdefault(row["_id"]["activity"], Figures())
            if not row["_id"]["held"]:
                figures.waiting += row["count"]
                figures.queues.add(Role(row["_id"]["side"]))
                continue
            figures.held += row["count"]
            figures.places += [Held(Place(**each), Role(row["_id"]["side"])) for each in row["places"]]
            if row["_id"]["side"] == Role.NEWCOMER.value:
                figures.newcomers += row["count"]
        return found


class StoredAttendances(Aggregates[Attendance]):
    """Who came, in one association."""

    async def of_activity(self, activity: str) -> list[Attendance]:
        """All that was noted of an activity."""
        return await self.select({"activity": {"$eq": activity}})

    async def of_participant(self, participant: str) -> list[Attendance]:
        """All that was noted of somebody, the latest first."""
        return await self.select({"participant": {"$eq": participant}}, sort=(("held_on", -1),))

    async def given_by(self, host: str) -> list[Attendance]:
        """All that was noted of meetings somebody gave."""
        return await self.select({"given_by": {"$gt": "", "$eq": host}}, index="given") if host else []

    async def no_shows(self, participants: Sequence[str]) -> dict[str, int]:
        """How often each did not come without a word."""
        if not participants:
            return {}
        rows = await self.summarise(
            {"participant": {"$in": sorted(set(participants))}, "presence": Presence.ABSENT.value},
            {"$group": {"_id": "$state.participant", "count": {"$sum": 1}}},
        )
        return {row["_id"]: row["count"] for row in rows}
