"""The collections of matching, their indexes, and the queries over them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from duolangue.chassis.erasure import erasures
from duolangue.chassis.store import AggregateKind, Aggregates, Index, ProjectionKind, Projections
from duolangue.contracts.envelope import Fact
from duolangue.contracts.facts.matching import DuoState, MatchingCompleted, MatchingErased
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.matching.domain import duo as duos
from duolangue.matching.domain import run as runs
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.people import Association, Exclusion, Person
from duolangue.matching.domain.run import Run, RunStatus
from duolangue.matching.ports import ONE_NEWCOMER, ONE_PLACE


def _duo_again(duo: Duo, last: str) -> Fact | None:
    kind = Fact.registry.get(last)
    return duos.tell(kind, duo) if duo.public and kind is not None and issubclass(kind, DuoState) else None


def _run_again(run: Run, _: str) -> MatchingCompleted | None:
    return runs.tell(run) if run.status is RunStatus.DONE else None


DUOS = AggregateKind(
    "duos",
    Duo,
    indexes=(
        Index(ONE_NEWCOMER, ("newcomer",), unique=True, where={"held": True}),
        Index(ONE_PLACE, ("volunteer", "place"), unique=True, where={"held": True}),
        Index("newcomer", ("newcomer",)),
        Index("volunteer", ("volunteer",)),
        Index("status", ("status",)),
        Index("run", ("run", "status")),
    ),
    due=lambda duo: duo.due_at,
    snapshot=_duo_again,
)
RUNS = AggregateKind(
    "runs",
    Run,
    indexes=(Index("requested", ("requested_at",)), Index("waiting", ("waiting.participant",))),
    due=lambda run: run.due_at,
    snapshot=_run_again,
)
EXCLUSIONS = AggregateKind("exclusions", Exclusion)
PEOPLE = ProjectionKind(
    "people", Person, indexes=(Index("status", ("status",)), Index("partner", ("current_partner",)))
)
ASSOCIATIONS = ProjectionKind("associations", Association)
ERASURES = erasures(MatchingErased)

KINDS = (DUOS, RUNS, EXCLUSIONS, PEOPLE, ASSOCIATIONS, ERASURES)


class StoredDuos(Aggregates[Duo]):
    """The duos of one association."""

    async def with_status(self, statuses: Collection[Status]) -> list[Duo]:
        """Those that stand so, the newest first."""
        wanted = [status.value for status in statuses]
        return await self.select({"status": {"$in": wanted}}, sort=(("drafted_at", -1), ("id", 1)))

    async def drafts_of(self, run: str) -> list[Duo]:
        """What a run drafted and nobody judged yet."""
        return await self.select({"run": run, "status": Status.DRAFT.value})

    async def held_by(self, participant: str) -> list[Duo]:
        """What somebody is in, on either side, drafts included."""
        return await self.select({"held": True, **_with(participant)})

    async def touching(self, participant: str) -> list[Duo]:
        """All somebody is or was in."""
        return await self.select(_with(participant))

    async def between(self, one: str, other: str) -> list[Duo]:
        """All there is or was between two people, in either role."""
        ways = [
            {"state.newcomer": {"$eq": newcomer}, "state.volunteer": {"$eq": volunteer}}
            for newcomer, volunteer in ((one, other), (other, one))
        ]
        return await self.select({"$or": ways})

    async def binding(self) -> list[Duo]:
        """Those that decide who may be paired: held now, or never to be proposed again."""
        return await self.select({"$or": [{"state.held": True}, {"state.barred": True}]})

    async def counts(self) -> dict[Status, int]:
        """How many stand how."""
        rows = await self.summarise({}, {"$group": {"_id": "$state.status", "count": {"$sum": 1}}})
        return {Status(row["_id"]): int(row["count"]) for row in rows}


class StoredRuns(Aggregates[Run]):
    """The runs of one association."""

    async def latest(self, *, done: bool) -> Run | None:
        """The one asked for last, or done last."""
        where: Mapping[str, Any] = {"status": RunStatus.DONE.value} if done else {}
        found = await self.select(where, sort=(("requested_at", -1),), limit=1)
        return found[0] if found else None

    async def naming(self, participant: str) -> list[Run]:
        """Those that left this newcomer waiting."""
        return await self.select({"waiting.participant": participant})


class StoredPeople(Projections[Person]):
    """The participants of one association."""

    async def active(self) -> list[Person]:
        """Everybody active."""
        return await self.select({"status": ParticipantStatus.ACTIVE.value})

    async def naming(self, participant: str) -> list[Person]:
        """Those who named this one as their partner."""
        return await self.select({"current_partner": participant})


def _with(participant: str) -> dict[str, Any]:
    return {"$or": [{"state.newcomer": {"$eq": participant}}, {"state.volunteer": {"$eq": participant}}]}
