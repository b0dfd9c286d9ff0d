"""The collections of matching, their indexes, and the queries over them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from duolangue.chassis.erasure import erasures
from duolangue.chassis.store import AggregateKind, Aggregates, Index, ProjectionKind, Projections
from duolangue.contracts.envelope import Fact
from duolangue.contracts.facts.matching import (
    DuoState,
    MatchingCompleted,
    MatchingErased,
    ParticipationState,
    ParticipationStatus,
)
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain import duo as duos
from duolangue.matching.domain import question as questions
from duolangue.matching.domain import run as runs
from duolangue.matching.domain.duo import Closing, Duo, Status
from duolangue.matching.domain.in_force import InForce
from duolangue.matching.domain.missing import Missing
from duolangue.matching.domain.people import Association, Exclusion, Person, Separation
from duolangue.matching.domain.question import Question
from duolangue.matching.domain.rearrangement import Rearrangement
from duolangue.matching.domain.reasons import Reason
from duolangue.matching.domain.run import OPEN, Pair, Part, Run, RunStatus, Waiting
from duolangue.matching.ports import ONE_NEWCOMER, ONE_PLACE
from duolangue.matching.store_replays import REPLAY_PARTS, REPLAYS


def _duo_again(duo: Duo, last: str) -> Fact | None:
    kind = Fact.registry.get(last)
    return duos.tell(kind, duo) if duo.public and kind is not None and issubclass(kind, DuoState) else None


def _run_again(run: Run, _: str) -> MatchingCompleted | None:
    return runs.tell(run) if run.status is RunStatus.DONE and not run.dry else None


def _question_again(question: Question, last: str) -> Fact | None:
    kind = Fact.registry.get(last)
    return questions.tell(kind, question) if kind is not None and issubclass(kind, ParticipationState) else None


DUOS = AggregateKind(
    "duos",
    Duo,
    indexes=(
        Index(ONE_NEWCOMER, ("newcomer",), unique=True, where={"held": True}),
        Index(ONE_PLACE, ("volunteer", "place"), unique=True, where={"held": True}),
        Index("newcomer", ("newcomer",)),
        Index("volunteer", ("volunteer",)),
        Index("status", ("status", "drafted_at", "id")),
        Index("run", ("run", "status")),
        Index("confirmed", ("confirmed_at",)),
    ),
    due=lambda duo: duo.due_at,
    snapshot=_duo_again,
    followed=True,
)
RUNS = AggregateKind(
    "runs",
    Run,
    indexes=(Index("requested", ("requested_at",)), Index("standing", ("dry", "status", "requested_at"))),
    due=lambda run: run.due_at,
    snapshot=_run_again,
)
PARTS = AggregateKind(
    "run_parts",
    Part,
    indexes=(
        Index("run", ("run", "attempt", "number")),
        Index("waiting", ("waiting.participant",)),
        Index("newcomers", ("pairs.newcomer",)),
        Index("volunteers", ("pairs.volunteer",)),
    ),
)
QUESTIONS = AggregateKind(
    "questions",
    Question,
    indexes=(Index("participant", ("participant", "asked_at")), Index("status", ("status",))),
    due=lambda question: question.due_at,
    snapshot=_question_again,
    followed=True,
)
SEPARATIONS = AggregateKind("separations", Separation, indexes=(Index("one", ("one",)), Index("other", ("other",))))
REARRANGEMENTS = AggregateKind("rearrangements", Rearrangement, due=lambda state: state.due_at)
POLICIES = AggregateKind("policies", InForce, due=lambda present: present.next_run_at)
MISSING = AggregateKind("missing", Missing, due=lambda state: state.due_at)
EXCLUSIONS = AggregateKind("exclusions", Exclusion)
PEOPLE = ProjectionKind(
    "people",
    Person,
    indexes=(Index("status", ("status",)), Index("partner", ("current_partner",)), Index("person", ("id",))),
    followed=True,
)
ASSOCIATIONS = ProjectionKind("associations", Association)
ERASURES = erasures(MatchingErased)

KINDS = (
    DUOS,
    RUNS,
    PARTS,
    POLICIES,
    QUESTIONS,
    SEPARATIONS,
    REARRANGEMENTS,
    EXCLUSIONS,
    PEOPLE,
    ASSOCIATIONS,
    ERASURES,
    REPLAYS,
    REPLAY_PARTS,
    MISSING,
)

GROUNDS: Final = ("reasons", "shared_interests", "shared_languages", "shared_slots", "override")
"""Of a duo, why these two: most of what is kept of it, and not needed where many are looked at."""


class StoredDuos(Aggregates[Duo]):
    """The duos of one association."""

    async def with_status(self, statuses: Collection[Status], most: int = 0, start: int = 0) -> list[Duo]:
        """Those that stand so, the newest first, from place `start` on; at most so many where a number is given."""
        wanted, newest_first = [status.value for status in statuses], (("drafted_at", -1), ("id", -1))
        return await self.select({"status": {"$in": wanted}}, sort=newest_first, limit=most, skip=start)

    async def drafts_of(self, run: str) -> list[Duo]:
        """What a run drafted and nobody judged yet."""
        return await self.select({"run": run, "status": Status.DRAFT.value})

    async def of_run(self, run: str, most: int) -> list[Duo]:
        """What became of the pairs that a run drafted, those that stand first; at most so many."""
        held, found = sorted(status.value for status in duos.HELD), list[Duo]()
        for standing in ({"$in": held}, {"$nin": held}):
            if len(found) < most:
                where = {"run": run, "status": standing}
                found += await self.select(where, sort=(("status", 1),), limit=most - len(found))
        return found

    async def counts_of(self, run: str) -> dict[Status, int]:
        """How many of a run's pairs stand how."""
        rows = await self.summarise({"run": run}, {"$group": {"_id": "$state.status", "count": {"$sum": 1}}})
        return {Status(row["_id"]): int(row["count"]) for row in rows}

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
        """Those that decide who may be paired, and who goes first: held now, never to be proposed again, or ended by silence. Without
        what the two have in common.
        """
        silence = {"state.closing": {"$eq": Closing.SILENCE.value}}
        away = {"state.away": {"$in": [each.value for each in Role]}}
        return await self.select(
            {"$or": [{"state.held": True}, {"state.barred": True}, silence, away]}, without=GROUNDS
        )

    async def around(self, newcomers: Collection[str], volunteers: Collection[str]) -> list[Duo]:
        """What binds these people: what they are in, and what was between them and forbids that they meet again."""
        ones, others = {"$in": list(newcomers)}, {"$in": list(volunteers)}
        held = {"state.held": True, "$or": [{"state.newcomer": ones}, {"state.volunteer": others}]}
        ways = [{"state.newcomer": one, "state.volunteer": other} for one, other in ((ones, others), (others, ones))]
        return await self.select({"$or": [held, {"state.barred": True, "$or": ways}]})

    async def every(self) -> list[Duo]:
        """All there are and were."""
        return await self.select()

    async def begun(self, most: int) -> list[Duo]:
        """Those that ever ran, the latest begun first."""
        return await self.select({"confirmed_at": {"$ne": None}}, sort=(("confirmed_at", -1),), limit=most)


class StoredRuns(Aggregates[Run]):
    """The runs of one association."""

    async def latest(self, *, done: bool) -> Run | None:
        """The one asked for last, or done last; dry ones do not count."""
        where: Mapping[str, Any] = {"dry": False} | ({"status": RunStatus.DONE.value} if done else {})
        return await self._last(where)

    async def unfinished(self) -> Run | None:
        """One that is asked for and not over; dry ones do not count."""
        return await self._last({"dry": False, "status": {"$in": sorted(status.value for status in OPEN)}})

    async def newest(self, count: int) -> list[Run]:
        """The last ones asked for, dry ones too, the newest first."""
        return await self.select(sort=(("requested_at", -1),), limit=count)

    async def dry(self, beyond: int) -> list[Run]:
        """The dry runs that are over, but for the newest `beyond`."""
        over = {"$in": [RunStatus.DONE.value, RunStatus.FAILED.value]}
        return await self.select({"dry": True, "status": over}, sort=(("requested_at", -1),), skip=beyond)

    async def _last(self, where: Mapping[str, Any]) -> Run | None:
        found = await self.select(where, sort=(("requested_at", -1),), limit=1)
        return found[0] if found else None


class StoredParts(Aggregates[Part]):
    """What the runs of one association found."""

    async def of(self, run: str, attempt: int) -> list[Part]:
        """What an attempt at a run found, in order."""
        return await self.select({"run": run, "attempt": attempt}, sort=(("number", 1),))

    async def best(self, run: str, attempt: int, most: int) -> list[Pair]:
        """Of the pairs that an attempt at a run found those that fit best, without their reasons."""
        rows = await self.summarise(
            {"run": run, "attempt": attempt},
            {"$project": {"pair": "$state.pairs"}},
            {"$unset": "pair.reasons"},
            {"$unwind": "$pair"},
            {"$sort": {"pair.score": -1, "pair.newcomer": 1}},
            {"$limit": most},
        )
        return [Pair.model_validate(row["pair"]) for row in rows]

    async def besides(self, run: str, attempt: int) -> list[Part]:
        """What other attempts at the run found; all of its parts for attempt -1."""
        return await self.select({"run": run, "attempt": {"$ne": attempt}})

    async def reasons(self, run: str, attempt: int, participants: Collection[str]) -> dict[str, Reason]:
        """Why an attempt at a run left these people waiting; who was not left is not in it."""
        wanted = sorted(participants)
        asked = {"run": run, "attempt": attempt, "waiting.participant": {"$in": wanted}}
        theirs = {"input": "$state.waiting", "cond": {"$in": ["$$this.participant", wanted]}}
        found = await self.summarise(asked, {"$project": {"waiting": {"$filter": theirs}}})
        rows = [Waiting.model_validate(row) for part in found for row in part["waiting"]]
        return {row.participant: row.reason for row in rows}

    async def naming(self, participant: str) -> list[Part]:
        """Those in which somebody waits or is paired."""
        places = ("waiting.participant", "pairs.newcomer", "pairs.volunteer")
        return await self.select({"$or": [{f"state.{place}": {"$eq": participant}} for place in places]})


class StoredQuestions(Aggregates[Question]):
    """The last questions of one association."""

    async def of(self, participant: str) -> list[Question]:
        """All that somebody was asked, the newest first."""
        return await self.select({"participant": participant}, sort=(("asked_at", -1),))

    async def open(self) -> list[Question]:
        """Those that wait for an answer."""
        return await self.select({"status": ParticipationStatus.QUESTIONED.value})


class StoredSeparations(Aggregates[Separation]):
    """Who is kept apart in one association."""

    async def of(self, participant: str) -> list[Separation]:
        """From whom somebody is kept apart."""
        return await self.select({"$or": [{f"state.{side}": {"$eq": participant}} for side in ("one", "other")]})


class StoredPeople(Projections[Person]):
    """The participants of one association."""

    async def active(self) -> list[Person]:
        """Everybody active, without what became of them before."""
        return await self.select({"status": ParticipantStatus.ACTIVE.value}, without=("turns",))

    async def named(self, ids: Collection[str]) -> list[Person]:
        """What is known of these, wherever they stand."""
        return await self.select({"id": {"$in": sorted(ids)}}) if ids else []

    async def everybody(self) -> list[Person]:
        """All that are known, whatever became of them."""
        return await self.select()

    async def naming(self, participant: str) -> list[Person]:
        """Those who named this one as their partner."""
        return await self.select({"current_partner": participant})


def _with(participant: str) -> dict[str, Any]:
    return {"$or": [{"state.newcomer": {"$eq": participant}}, {"state.volunteer": {"$eq": participant}}]}
