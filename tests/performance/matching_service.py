"""A run at a service that is warm: from a coordinator's command until every proposal is stored and told on the bus.

`python -m tests.performance.matching_service NEWCOMERS VOLUNTEERS` prints one line of JSON. Each service runs in a process of its own, as in
containers, with a database and a bus; each run is that of an association of its own, which asks people at once.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from duolangue.chassis.store import across
from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import SLOTS, Gender, Interest, Level, Role
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import RunStatus
from duolangue.matching.engine import compute
from duolangue.matching.store import ASSOCIATIONS, DUOS, PEOPLE, RUNS
from duolangue.registration.commands import found_association
from tests.performance.platform import EMAIL, Bench, apart

WARMING: Final = 2
TIMES: Final = 9
LOOK: Final = 0.005
LONGEST: Final = 60.0
LANGUAGES: Final = ("ar", "en", "uk", "tr", "ti", "so", "fa", "ps", "es")


def people(number: int, role: Role, now: datetime) -> list[Person]:
    """Seeded people of one side, in and around Liège."""
    chance = random.Random(f"{role.value} {number}")
    return [_person(f"{role.value}-{each:04}", role, now, chance) for each in range(number)]


def _person(name: str, role: Role, now: datetime, chance: random.Random) -> Person:
    wait = timedelta(days=min(700, int(chance.expovariate(1 / 60))))
    newcomer = NewcomerProfile(french_oral=chance.choice(list(Level)[:6]), waiting_since=now - wait)
    places = chance.choices([1, 2, 3], [75, 18, 7])[0]
    volunteer = VolunteerProfile(places=places, comfort=chance.choice(list(Level)[:4]))
    return Person(
        id=name,
        status=ParticipantStatus.ACTIVE,
        roles=(role,),
        birth_year=chance.randint(1945, 2005),
        gender=chance.choice(list(Gender)),
        postcode=str(chance.choice([4000, 4020, 4030, 4031, 4032, 4100])),
        languages=tuple(chance.sample(LANGUAGES, 2)),
        interests=tuple(chance.sample(list(Interest), 4)),
        availability=tuple(chance.sample(list(SLOTS), 6)),
        newcomer=newcomer if role is Role.NEWCOMER else None,
        volunteer=volunteer if role is Role.VOLUNTEER else None,
    )


async def _settle(running: Bench, slug: str, everybody: list[Person]) -> dict[str, str]:
    """An association that asks people at once, with its pool; the headers of its administrator."""
    await found_association(running.foundation, slug, name="Interra", language="fr", email=EMAIL)
    tenant, headers = running.at_matching(slug), await running.token(slug)
    async with asyncio.timeout(LONGEST):
        while await tenant.projections(ASSOCIATIONS).find(slug) is None:
            await asyncio.sleep(LOOK)
    at_once = {"policy": Policy(proposes_at_once=True).model_dump(mode="json")}
    (await running.client.put("/duos/api/policy", json=at_once, headers=headers)).raise_for_status()
    for person in everybody:
        await tenant.projections(PEOPLE).apply(person, 1)
    return headers


async def _proposed(running: Bench, slug: str, headers: dict[str, str]) -> tuple[float, int]:
    """Seconds from the command until all of a run's proposals are stored and told, and how many there are."""
    database, found = running.matching.database, running.at_matching(slug).aggregates(RUNS)
    started = time.perf_counter()
    asked = await running.client.post("/duos/api/runs", headers=headers)
    run = asked.raise_for_status().json()["run"]
    async with asyncio.timeout(LONGEST):
        while (state := await found.find(run)) is None or state.status is not RunStatus.DONE:
            await asyncio.sleep(LOOK)
        while await across.outboxes(database, DUOS, 1) or await across.outboxes(database, RUNS, 1):
            await asyncio.sleep(LOOK)
    return time.perf_counter() - started, state.proposed


async def measure(newcomers: int, volunteers: int) -> dict[str, Any]:
    """The middle of nine, once two have warmed the service; and what of it computing alone takes."""
    now = datetime.now(UTC)
    one, other = people(newcomers, Role.NEWCOMER, now), people(volunteers, Role.VOLUNTEER, now)
    seconds: list[float] = []
    with tempfile.TemporaryDirectory(prefix="duo-bench-") as folder:
        async with apart(Path(folder)) as running:
            for turn in range(WARMING + TIMES):
                slug = f"run-{turn}"
                headers = await _settle(running, slug, [*one, *other])
                took, pairs = await _proposed(running, slug, headers)
                seconds.append(took)
            association = await running.at_matching(slug).projections(ASSOCIATIONS).find(slug)
    assert association is not None
    question = compute.Question(
        newcomers=one,
        volunteers=other,
        capacity={each.id: each.places for each in other},
        apart=set(),
        association=association,
        policy=Policy(),
        now=now,
    )
    alone: list[float] = []
    for _ in range(TIMES):
        started = time.perf_counter()
        compute.plan(question)
        alone.append(time.perf_counter() - started)
    return {"seconds": _middle(seconds[WARMING:]), "computing": _middle(alone), "pairs": pairs}


def _middle(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(int(sys.argv[1]), int(sys.argv[2])))))  # noqa: T201
