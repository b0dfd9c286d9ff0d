"""What matching knows of many invented people, after two years: the people, their duos, and the last run."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Tenant
from duolangue.chassis.store.documents import key, state_of
from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.contracts.facts.registration import ParticipantRegistered
from duolangue.contracts.vocabulary import Interest, Role
from duolangue.matching.domain.duo import RUNNING, Closing, Duo, Status
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.domain.reasons import Criterion, Reason
from duolangue.matching.domain.run import PART_SIZE, Figures, Part, Run, RunStatus, Waiting
from duolangue.matching.store import DUOS, PARTS, PEOPLE, RUNS
from duolangue.registration.domain.participant import Participant, public

ItemT = TypeVar("ItemT")
AT_ONCE: Final = 2000
RUN: Final = "run"
SHARE_IN_A_DUO: Final = 0.6
"""Of the volunteers' places: demand exceeds them, so that most are taken."""
SHARE_ENDED: Final = 0.5
"""Duos that are over, for each that runs."""
DRAFTS: Final = 40
PROPOSALS: Final = 40
"""What waits for the coordinator, and for an answer, on one day."""
REASONS: Final = (
    Reason(code="taken", parameters={"volunteers": 4}),
    Reason(code="too_far", parameters={"radius_km": 15, "tenths_km": 223}),
    Reason(code="level", parameters={"volunteers": 2, "level": "A0"}),
)
GROUNDS: Final = (
    Criterion(criterion=CriterionName.AGE, value=900_000, parameters={"years": 3}),
    Criterion(criterion=CriterionName.LEVEL, value=800_000, parameters={"level": "A1", "comfort": "A0"}),
    Criterion(criterion=CriterionName.DISTANCE, value=700_000, parameters={"tenths_km": 24, "from": "4020", "to": "4030"}),
    Criterion(criterion=CriterionName.LANGUAGE, value=1_000_000, parameters={"languages": ("ar",)}),
)  # fmt: skip


async def introduce(some: list[Participant], tenant: Tenant) -> list[Person]:
    """Let matching know these participants, as if it had heard of them one by one."""
    told = [(each, Person.of(each.id, ParticipantRegistered.model_validate(public(each)))) for each in some]
    documents = [
        {
            "_id": key(tenant.association, each.id),
            "association": tenant.association,
            "version": 1,
            "state": state_of(person.following(None, each.applied_at)),
        }
        for each, person in told
    ]
    await tenant.projections(PEOPLE)._raw.insert_many(
        documents, ordered=False
    )  # the ordinary way takes a fact at a time
    return [person for _, person in told]


async def pair(people: list[Person], tenant: Tenant, now: datetime) -> None:
    """Duos as they stand after two years, and a run that left the others waiting."""
    chance = random.Random(3)
    newcomers = [each for each in people if each.available(Role.NEWCOMER)]
    volunteers = [each for each in people if each.available(Role.VOLUNTEER)]
    running = int(min(len(newcomers), len(volunteers)) * SHARE_IN_A_DUO)
    chance.shuffle(newcomers)
    statuses = [Status.DRAFT] * DRAFTS + [Status.PROPOSED] * PROPOSALS
    statuses += [Status.CONFIRMED] * (running - len(statuses))
    held = [_duo(*two, now, chance) for two in zip(newcomers, volunteers, statuses, strict=False)]
    ended = int(running * SHARE_ENDED)
    over = [
        _duo(one, other, Status.ENDED, now, chance)
        for one, other in zip(newcomers[running:][:ended], chance.sample(volunteers, ended), strict=False)
    ]
    for some in _cut([*held, *over], AT_ONCE):
        await tenant.aggregates(DUOS).add_many([Change(each) for each in some])
    await _run(newcomers[running:], tenant, now, chance)


def _duo(one: Person, other: Person, status: Status, now: datetime, chance: random.Random) -> Duo:
    began = now - timedelta(minutes=chance.randint(60 * 24 * 100, 60 * 24 * 700))
    moments: dict[str, Any] = {"drafted_at": began}
    if status is not Status.DRAFT:
        moments["proposed_at"] = began + timedelta(hours=5)
    if status in RUNNING | {Status.ENDED}:
        moments["confirmed_at"] = began + timedelta(days=2)
    if status is Status.ENDED:
        moments |= {"ended_at": began + timedelta(days=90), "closing": Closing.ENDED, "barred": True}
    return Duo(
        id=f"{chance.getrandbits(128):032x}",
        newcomer=one.id,
        volunteer=other.id,
        status=status,
        held=status is not Status.ENDED,
        origin=DuoOrigin.RUN,
        place=1,
        run=RUN,
        score=850_000,
        reasons=GROUNDS,
        shared_interests=(Interest.COOKING,),
        **moments,
    )


async def _run(left: list[Person], tenant: Tenant, now: datetime, chance: random.Random) -> None:
    waiting = [
        Waiting(participant=each.id, since=each.newcomer.waiting_since, reason=chance.choice(REASONS), tier=1)
        for each in left
        if each.newcomer is not None
    ]
    parts = [
        Part(id=f"{RUN}-1-{number}", run=RUN, attempt=1, number=number, waiting=tuple(some), settled=True)
        for number, some in enumerate(_cut(waiting, PART_SIZE))
    ]
    await tenant.aggregates(PARTS).add_many([Change(each) for each in parts])
    figures = Figures(newcomers=len(waiting) + DRAFTS, pairs=DRAFTS, waiting=len(waiting))
    done = Run(
        id=RUN, status=RunStatus.DONE, requested_at=now, started_at=now, finished_at=now, attempts=1, figures=figures, parts=len(parts),
    )  # fmt: skip
    await tenant.aggregates(RUNS).add(done)


def _cut(items: list[ItemT], size: int) -> list[list[ItemT]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
