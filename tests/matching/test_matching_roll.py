"""The roll that the desk reads: whatever happens, it says what the pool itself says; and it is exact at once, in every replica."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.chassis.store import Following
from duolangue.chassis.store.driver import DatabaseError
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantLeft,
    ParticipantPaused,
    ParticipantResumed,
    ParticipantStatus,
    VolunteerProfile,
)
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.computing import Worker
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.roll import Kind
from duolangue.matching.pages import FIRST
from duolangue.matching.ports import Ports
from duolangue.matching.service import DECLARATION, wire
from duolangue.matching.store import PEOPLE
from duolangue.matching.usecases import desk, duos, people, questions
from duolangue.matching.usecases import pool as pools
from tests.matching.conftest import World, participant

volunteer_told = participant(roles=[Role.VOLUNTEER], volunteer=VolunteerProfile(places=2))
STATUS = {
    ParticipantPaused: ParticipantStatus.PAUSED,
    ParticipantResumed: ParticipantStatus.ACTIVE,
    ParticipantLeft: ParticipantStatus.LEFT,
}


async def agrees(world: World) -> None:
    """What the roll says is what somebody finds who reads everybody."""
    pool, roll = await pools.look(world.ports), await world.ports.roll.now()
    by_kind = {Kind.WAITING: pool.waiting, Kind.EXPECTED: pool.expected, Kind.QUESTIONED: pool.questioned}
    rows = [person for some in by_kind.values() for person in some]
    assert roll.row() == [
        each.id for each in sorted(rows, key=lambda person: (person.newcomer.waiting_since, person.id))
    ]
    assert roll.waiting == len(rows)
    for kind, some in by_kind.items():
        assert {each for each in roll.row() if roll.standing(each).kind is kind} == {person.id for person in some}
        assert roll.kinds[kind] == len(some)
    assert {each for each in roll.row() if roll.standing(each).goes_first} == {
        person.id for person in rows if person.goes_first
    }
    assert {person.id: roll.standing(person.id).places for person in pool.volunteers} == pool.capacity
    assert roll.free == {each: places for each, places in pool.capacity.items() if places}
    assert roll.places == sum(pool.capacity.values())
    assert sorted(roll.volunteers(len(pool.capacity) + 1)) == sorted(pool.capacity)
    assert roll.volunteers(len(roll.free)) == list(roll.free)
    assert roll.active == len(await world.ports.people.active())
    every = await world.ports.duos.every()
    assert {status: count for status, count in roll.counts.items() if count} == {
        status: sum(duo.status is status for duo in every) for status in {duo.status for duo in every}
    }


class Days:
    """Days of an association, one thing after the other, by chance."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance, self.versions = world, random.Random(seed), dict[str, int]()
        self.names = [f"p{number}" for number in range(12)]

    async def told(self) -> None:
        """Registration tells of somebody: they come, change, pause, go on or leave; some name a partner, some take both roles."""
        name, kind = self.chance.choice(self.names), self.chance.choice([None] * 5 + [*STATUS])
        self.versions[name] = self.versions.get(name, 0) + 1
        roles = self.chance.choice([[Role.NEWCOMER], [Role.VOLUNTEER], [Role.NEWCOMER, Role.VOLUNTEER]])
        since = self.world.clock.now() - timedelta(days=self.chance.randint(0, 200))
        more = {
            "roles": roles,
            "newcomer": NewcomerProfile(french_oral=Level.A1, waiting_since=since) if Role.NEWCOMER in roles else None,
            "volunteer": VolunteerProfile(places=self.chance.randint(0, 3)) if Role.VOLUNTEER in roles else None,
            "current_partner": self.chance.choice([None] * 9 + self.names),
            "status": STATUS[kind] if kind else ParticipantStatus.ACTIVE,
        }
        fact = participant(kind, **more) if kind else participant(**more)
        await self.world.hear(fact, name, self.versions[name])

    async def paired(self) -> None:
        """Somebody is drafted by hand, or by a run."""
        if self.chance.random() < 0.2:
            await self.world.run()
        body = dict(zip(("newcomer", "volunteer"), self.chance.sample(self.names, 2), strict=True))
        await self.world.client.post("/duos/api/duos", json=body, headers=self.world.token())

    async def decided(self) -> None:
        """A coordinator or a participant decides about a duo."""
        held = [duo for duo in await self.world.ports.duos.every() if duo.held]
        if not held:
            return
        duo, side = self.chance.choice(held), self.chance.choice(list(Role))
        path = f"/duos/api/duos/{duo.id}"
        what, body = self.chance.choice(
            [("approve", None), ("approve", None), ("discard", None), ("withdraw", None), ("pause", None),
             ("answers", {"side": side.value, "accept": True}), ("answers", {"side": side.value, "accept": False}),
             ("end", {"reason": ""}), ("end-for-safety", {"reported": side.value})]
        )  # fmt: skip
        answer = await self.world.client.post(f"{path}/{what}", json=body, headers=self.world.token())
        assert answer.status_code < 500, answer.text

    async def silent(self) -> None:
        """Messages leave, and nobody answers; or a last question is answered."""
        for duo in await self.world.ports.duos.every():
            for asked in duo.asking:
                await duos.record_asked(duo.id, duo.person(asked), self.world.clock.now(), self.world.ports)
        await self.world.time_passes(days=self.chance.choice([1, 5]))
        for question in await self.world.ports.questions.open():
            if self.chance.random() < 0.5:
                await questions.answer(
                    question.id, question.participant, self.world.ports, yes=self.chance.random() < 0.7
                )

    async def allowed_again(self) -> None:
        """Somebody is kept out for safety no more."""
        for excluded in await self.world.ports.exclusions.select():
            with suppress(LookupError):
                await duos.lift(excluded.id, self.world.ports)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_the_roll_says_what_the_pool_says(world: World, seed: int):
    days = Days(world, seed)
    happening = [days.told] * 3 + [days.paired] * 6 + [days.decided] * 6 + [days.silent] * 2 + [days.allowed_again]
    for _ in range(20):
        await days.told()
    for _ in range(40):
        await days.chance.choice(happening)()
        await agrees(world)
    counts = (await world.ports.roll.now()).counts
    assert len(counts) >= 4
    assert sum(counts.values()) >= 5


@pytest.fixture
async def elsewhere(world: World, matching_settings: Any, computing: Worker) -> AsyncIterator[Ports]:
    """The association at another replica, on the same servers."""
    service = Service(DECLARATION, partial(wire, computation=computing), matching_settings, MailSettings(), world.clock)
    yield service.ports(world.association)
    service.foundation.database.close()


async def test_the_desk_shows_at_once_what_another_replica_wrote(world: World, elsewhere: Ports):
    async def see(active: int, newcomers: int, volunteers: int, places: int) -> None:
        for ports in (world.ports, elsewhere):
            assert await desk.pool(ports) == desk.PoolFigures(active, newcomers, volunteers, places)

    await world.newcomer("ali")
    await see(1, 1, 0, 0)
    await people.learn(Person.of("bea", volunteer_told), 1, world.clock.now(), elsewhere)
    await see(2, 1, 1, 2)
    duo = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "bea"}, 201)
    await see(2, 0, 1, 1)
    await duos.discard(duo["id"], elsewhere)
    await see(2, 1, 1, 2)


async def test_a_look_that_broke_off_is_made_again_and_a_quiet_one_reads_nothing(world: World):
    for number in range(3):
        await world.newcomer(f"n{number}")
    moment = [100.0]
    tenant = world.service.foundation.tenant(world.association)
    following = Following(tenant, PEOPLE, ["id"], lambda: moment[0])

    async def look() -> set[str]:
        return {state["id"] async for some in following.changes() for _, state in some}

    broken = following.changes()
    await anext(broken)
    await broken.aclose()
    assert await look() == {"n0", "n1", "n2"}
    await world.newcomer("n3")
    assert "n3" in await look()
    for _ in range(2):
        moment[0] += 6
        await look()
    assert await look() == set()
    await world.newcomer("n4")
    assert await look() == {"n4"}
    assert await look() == set()
    await world.newcomer("n5")
    await world.hear(participant(ParticipantPaused, status=ParticipantStatus.PAUSED, roles=[]), "n4", 2)
    assert await look() == {"n4", "n5"}


async def test_what_an_older_version_wrote_without_a_stamp_is_on_the_roll(world: World):
    await world.newcomer("ali")
    written = world.service.foundation.database.collection(PEOPLE.name)
    await written.update_many({"association": world.association}, {"$unset": {"changed": ""}})
    assert (await world.ports.roll.now()).row() == ["ali"]
    await world.newcomer("bea", waited=5)
    assert (await world.ports.roll.now()).row() == ["ali", "bea"]


async def test_many_wait_and_the_desk_shows_the_first_with_a_way_to_all(world: World):
    for number in range(23):
        await world.newcomer(f"n{number:02}", waited=number)
    page = (await world.client.get("/duos", headers=world.token())).text
    listed = page.partition('id="waiting"')[2].partition("</table>")[0]
    assert listed.count("/duos/waiting/") == FIRST
    assert "/duos/waiting/n22" in listed
    assert "/duos/waiting/n00" not in listed
    assert '<a href="/duos/waiting">All who wait</a>' in page


async def test_the_desk_shows_the_newest_duos_with_a_page_for_all(world: World):
    for number in range(22):
        await world.newcomer(f"n{number:02}")
        await world.volunteer(f"v{number:02}")
        await world.post("/duos/api/duos", {"newcomer": f"n{number:02}", "volunteer": f"v{number:02}"}, 201)
        world.clock.moment += timedelta(minutes=1)
    headers = world.token()
    page = (await world.client.get("/duos", headers=headers)).text
    assert page.count('/discard"') == FIRST
    assert '<a href="/duos/list/drafts">All drafts</a>' in page
    first = (await world.client.get("/duos/list/drafts", headers=headers)).text
    assert first.index("N21") < first.index("N00")
    assert "N00" in (await world.client.get("/duos/list/drafts?start=21", headers=headers)).text
    assert "Nothing stands here" in (await world.client.get("/duos/list/running", headers=headers)).text
    assert (await world.client.get("/duos/list/others", headers=headers)).status_code == 404


async def test_while_the_database_is_away_the_desk_says_so(world: World, monkeypatch: pytest.MonkeyPatch):
    async def away(_: Following):
        raise DatabaseError("not answering")
        yield

    monkeypatch.setattr(Following, "changes", away)
    for path in ("/duos", "/duos/waiting", "/duos/api/pool"):
        answer = await world.client.get(path, headers=world.token())
        assert (path, answer.status_code) == (path, 503)
    monkeypatch.undo()
    assert (await world.client.get("/duos", headers=world.token())).status_code == 200
