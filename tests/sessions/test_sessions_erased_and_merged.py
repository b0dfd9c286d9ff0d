"""After an erasure nothing in the database can be tied to the person's id; of two records that were one person everything goes to one."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date, timedelta
from typing import Any
from unittest.mock import AsyncMock

import pytest

from duolangue.contracts.facts.activities import CancelledBy, EnrolmentStatus, Presence
from duolangue.contracts.facts.registration import (
    ParticipantErased,
    ParticipantLeft,
    ParticipantStatus,
)
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Level, Role
from duolangue.sessions.domain.course import Need
from duolangue.sessions.domain.story import Moment, Outcome, Question
from duolangue.sessions.service import DECLARATION
from duolangue.sessions.store import ACTIVITIES, ENROLMENTS
from duolangue.sessions.usecases import (
    attendance,
    attending,
    attestations,
    enrolments,
    homework,
    learners,
    line_of_time,
    merging,
    stories,
)

from .classroom import PLAN, came, group_of, speaks
from .conftest import World
from .gatherings import SATURDAY, announced, enrols, ports_of, takes_part
from .test_sessions_following import logs

TOMBSTONES = {"participants", "counted", "erasures", "askings", "learners"}
"""Collections in which a person's id may stand after an erasure: that there was somebody, and nothing of them."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
"""An id that is made of others (version 5): whoever knows these finds it."""


async def kept(world: World) -> dict[str, list[dict[str, Any]]]:
    """All that stands in the database of this association, by collection, without the facts that wait to be told."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in DECLARATION.kinds:
        for name in kind.collections:
            raw = world.service.foundation.database.collection(name)
            rows = [row async for row in raw.find({"association": world.association})]
            found[name] = [{key: value for key, value in row.items() if key != "outbox"} for row in rows]
    return found


async def lived_through(world: World, person: str) -> str:
    """A newcomer in a duo, a course and a workshop, with hours that were attested; returns the group."""
    ports = ports_of(world)
    await world.founded()
    group = await group_of(world, person)
    await takes_part(world, "bea", role=Role.VOLUNTEER)
    await world.confirmed("duo-1")
    await world.time_passes(days=7)
    await logs(world, "2026-11-25")
    await world.own_facts_come_back()
    workshop = await announced(world)
    await enrols(world, workshop, person)
    await came(world, group, 0, **{person: Presence.PRESENT})
    mine = await enrolments.own_in(group, person, ports)
    await attending.say_needs(mine.id, [Need.CHILDCARE], ports)
    lesson = await homework.set_lesson(group, "Market", "Tell", "", None, ports)
    work = await homework.for_learner(lesson.id, person, ports)
    await homework.hand_in_text(work.id, "Je vais au marché.", ports, key="k")
    await learners.note_test(person, "level-1", date(2026, 11, 20), "c-1", ports)
    await learners.note_reached(group, person, "c-1", ports)
    await stories.answer(person, Moment.START, {Question.FRIENDS: 2}, None, ports)
    await stories.note_outcomes(person, {Outcome.JOB}, ports)
    await attestations.issue(person, date(2026, 11, 1), date(2026, 11, 25), "c-1", ports)
    return group


async def test_nothing_in_the_database_can_be_tied_to_the_id_of_who_was_erased(world: World) -> None:
    group = await lived_through(world, "ali")
    counted = await ports_of(world).counting.counted.get("ali")
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "ali", 9)
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "ali", 9)
    rows = await kept(world)
    tied = {name for name, some in rows.items() for row in some if '"ali"' in json.dumps(row, default=str)}
    assert tied <= TOMBSTONES, tied - TOMBSTONES
    for name in TOMBSTONES & tied:
        for row in rows[name]:
            if row["state"]["id"] == "ali":
                told = {
                    key for key, value in row["state"].items() if value and key not in {"id", "status", "key", "heard"}
                }
                assert told <= {"erased", "erased_at"}, f"{name}: {told}"
    assert counted.key not in json.dumps([row for row in rows["counted"] if row["state"]["id"] == "ali"], default=str)
    made = [
        row["_id"] for name in ("enrolments", "homework", "learners") for row in rows[name] if UUID.search(row["_id"])
    ]
    assert made == [], "no id is made of a participant's"
    assert len(rows["enrolments"]) == 2
    assert [row["state"]["participant"] for row in rows["attendances"]] == [counted.key], "the figures stay"
    assert len((await ports_of(world).courses.learners.get(counted.key)).reached) == 1
    assert not (await ports_of(world).courses.attendings.select())[0].needs
    assert group


async def test_pressing_twice_at_once_makes_one_enrolment_and_one_homework(world: World) -> None:
    await world.founded()
    group = await group_of(world, "bob")
    workshop = await announced(world, capacity=30)
    await speaks(world, "ali")
    several = await asyncio.gather(*(enrols(world, workshop, "ali") for _ in range(8)))
    assert len({each.id for each in several}) == 1
    lesson = await homework.set_lesson(group, "Market", "Tell", "", None, ports_of(world))
    works = await asyncio.gather(*(homework.for_learner(lesson.id, "bob", ports_of(world)) for _ in range(8)))
    assert len({each.id for each in works}) == 1
    mine = several[0]
    await enrolments.give_up(mine.id, CancelledBy.PARTICIPANT, ports_of(world))
    assert (await enrols(world, workshop, "ali")).id == mine.id, "who comes back has the same enrolment"


async def gone(world: World, person: str, stays: str) -> None:
    fact = ParticipantLeft(status=ParticipantStatus.LEFT, roles=[], merged_into=stays)
    for _ in range(2):
        await world.hear(fact, person, 8)


async def test_two_records_that_were_one_person_become_one_here_too(world: World) -> None:
    group = await lived_through(world, "ali")
    ports, told = ports_of(world), len(await world.events(ENROLMENTS))
    await speaks(world, "alia", Level.A1)
    before = {each.activity: each for each in await ports.enrolments.of_participant("ali")}
    await gone(world, "ali", "alia")
    rows = await kept(world)
    named = {name for name, some in rows.items() for row in some if '"ali"' in json.dumps(row, default=str)}
    assert named <= TOMBSTONES, named
    after = {each.activity: each for each in await ports.enrolments.of_participant("alia")}
    assert {key: (each.id, each.seat, each.status) for key, each in after.items()} == {
        key: (each.id, each.seat, each.status) for key, each in before.items()
    }
    facts = [each.type.split(".")[-2] for each in await world.events(ENROLMENTS)]
    assert (facts.count("transferred"), len(facts)) == (2, told + 2), "nobody gave up a place, nobody is told"
    line = await line_of_time.line("alia", ports)
    assert {each.part.value for each in (*line.past, *line.coming)} == {"talk", "meeting"}
    assert [duo.newcomer for duo in line.duos] == ["alia"]
    assert (await ports.courses.homework.select())[0].participant == "alia"
    assert (await learners.seen("alia", ports)).learner.reached[0].activity == group
    assert (await stories.of("alia", ports)).answers(Moment.START)
    hours = await attestations.hours("alia", date(2026, 11, 1), date(2026, 11, 30), ports)
    assert hours.total == 30 + 120
    assert len(await attestations.issued_to("alia", ports)) == 1
    expires = world.clock.now() + timedelta(days=3)
    old = world.signer.action_token(world.association, Purpose.OWN_ACTIVITIES, "ali", "ali", expires, "en")
    page = await world.client.get(f"/sessions/mine/{old}")
    assert (page.status_code, "Syrian cooking" in page.text) == (200, True), "a link of the former record still opens"


async def test_where_both_records_were_in_the_same_the_better_place_stays_and_the_other_is_free_again(
    world: World,
) -> None:
    ports = ports_of(world)
    await world.founded()
    await takes_part(world, "ali", "alia", "cal")
    full = await announced(world, capacity=1)
    await enrols(world, full, "ali")
    await enrols(world, full, "alia")
    roomy = await announced(world, capacity=2)
    for each in ("ali", "alia", "cal"):
        world.clock.moment += timedelta(minutes=1)
        await enrols(world, roomy, each)
    group = await group_of(world, "ali", "alia", plan=PLAN)
    lesson = await homework.set_lesson(group, "Market", "Tell", "", None, ports)
    for each in ("ali", "alia"):
        work = await homework.for_learner(lesson.id, each, ports)
        await homework.hand_in_text(work.id, f"De {each}", ports, key=each)
    await gone(world, "ali", "alia")
    statuses = {each.activity: each.status for each in await ports.enrolments.of_participant("alia")}
    assert statuses == {
        full.id: EnrolmentStatus.CONFIRMED, roomy.id: EnrolmentStatus.CONFIRMED, group: EnrolmentStatus.CONFIRMED
    }  # fmt: skip
    assert (await enrolments.own_in(roomy.id, "cal", ports)).status is EnrolmentStatus.OFFERED
    assert len(await ports.enrolments.held(full.id)) == 1
    [(_, mine)] = await homework.own(group, "alia", ports)
    assert sorted(part.text for part in mine.parts) == ["De ali", "De alia"]
    assert await ports.enrolments.of_participant("ali") == []


@pytest.mark.parametrize("step", ["_activities", "_told", "_counted"])
async def test_a_merger_that_breaks_off_is_finished_when_the_fact_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "ali", "alia")
    activity = await announced(world)
    await enrols(world, activity, "ali")
    await stories.answer("ali", Moment.START, {Question.FRIENDS: 4}, None, ports)
    with monkeypatch.context() as broken:
        broken.setattr(merging, step, AsyncMock(side_effect=ConnectionError))
        with pytest.raises(ConnectionError):
            await gone(world, "ali", "alia")
    await gone(world, "ali", "alia")
    assert [each.activity for each in await ports.enrolments.of_participant("alia")] == [activity.id]
    assert (await stories.of("alia", ports)).answers(Moment.START)
    rows = await kept(world)
    assert {
        name for name, some in rows.items() for row in some if '"ali"' in json.dumps(row, default=str)
    } <= TOMBSTONES


async def test_hosts_and_periods_follow_the_record_that_stays(world: World) -> None:
    ports = ports_of(world)
    await world.founded()
    await speaks(world, "ali")
    given = await announced(world, host="ali", meetings=(SATURDAY.model_copy(update={"day": date(2027, 2, 6)}),))
    await world.time_passes(days=40)
    await speaks(world, "alia", Level.B1)
    await gone(world, "ali", "alia")
    assert (await ports.activities.get(given.id)).host == "alia"
    told = (await world.events(ACTIVITIES))[-1]
    assert told.data["host"] == "alia"
    one = await ports.counting.counted.get("alia")
    assert (one.joined, [each.level for each in one.history]) == ("2026-11", ["A1", "B1"]), (
        "counted once, from the first day"
    )


async def test_a_list_that_is_filled_in_after_a_merger_has_nobody_twice(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "alia", "cal")
    activity, ports = await announced(world, capacity=5), ports_of(world)
    for each in ("ali", "alia", "cal"):
        await enrols(world, activity, each)
    world.clock.moment = SATURDAY.ends_at(activity.zone) + timedelta(hours=1)
    await world.hear(ParticipantLeft(status=ParticipantStatus.LEFT, roles=[], merged_into="alia"), "ali", 8)
    shown = await attendance.attendance_list(activity.id, "m1", ports)
    assert sorted(each.participant for each in shown.people) == ["alia", "cal"]
