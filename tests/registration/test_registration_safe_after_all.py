"""What keeps people safe holds when records are made one, reports come again, mailboxes refuse, and data are erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from duolangue.chassis.identity import Access
from duolangue.chassis.mail import Refused
from duolangue.contracts.facts.matching import DuoStatus
from duolangue.registration import usecases
from duolangue.registration.domain import audit
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.erasure import Cause
from duolangue.registration.domain.history import KnownDuo
from duolangue.registration.domain.participant import HELD, Status
from duolangue.registration.domain.report import Outcome, ProblemKind
from duolangue.registration.usecases import erasing, personal_data, whole
from tests.registration.conftest import World
from tests.registration.visitor import COMMON, SPEAKS, Visitor


async def registered(world: World, name: str, **told: Any) -> str:
    about = {
        "first_name": name, "last_name": "X", "phone": "0470 12 34 56", "birth_year": 1990, "postcode": "4020", "consent": True,
        "newcomer": {"french_oral": "A1"}, **told,
    }  # fmt: skip
    one, _ = await usecases.register_participant(Application(**about), world.ports)
    return one.id


async def volunteer(world: World, name: str) -> str:
    return await registered(world, name, newcomer=None, volunteer={})


async def reported_and_back(world: World) -> tuple[str, str, str]:
    """Milo was reported by Rania, left, and signed up again; a coordinator made the two records one. Rania, and his two records."""
    rania = await registered(world, "Rania", phone="0470 99 99 99")
    milo = await volunteer(world, "Milo")
    for each in (rania, milo):
        await usecases.interview(each, True, "", world.ports)
    await world.ports.duos.apply(KnownDuo(id="duo-1", newcomer=rania, volunteer=milo, status=DuoStatus.ENDED), 1)
    await usecases.report_problem(rania, "duo-1", ProblemKind.SEX, "", world.ports)
    await usecases.leave(milo, world.ports)
    world.clock.moment += timedelta(days=1)
    again = await volunteer(world, "Milos")
    merged = await world.client.post(f"/people/{milo}/merge/{again}", data={}, headers=world.desk())
    assert merged.status_code == 303
    assert (await world.ports.participants.get(milo)).merged_into == again
    return rania, milo, again


async def test_who_is_kept_out_after_a_report_is_the_record_that_stayed(world: World) -> None:
    rania, milo, again = await reported_and_back(world)
    (report,) = await world.ports.reports.select()
    reporter, reported = await usecases.reports.concerned(report, world.ports)
    assert (reporter and reporter.id, reported and reported.id) == (rania, again)
    guardian = world.desk(Access.ADMINISTER)
    shown = (await world.client.get(f"/people/reports/{report.id}", headers=guardian)).text
    assert "Milo" in shown[shown.index("The other person") :]
    await world.client.post(f"/people/reports/{report.id}/exclude", data={"reason": "x"}, headers=guardian)
    assert (await world.ports.participants.get(again)).status is Status.EXCLUDED
    (kept_out,) = await world.ports.exclusions.select()
    assert (kept_out.id, bool(kept_out.hashes)) == (again, True)
    third = await volunteer(world, "Somebody")
    assert HELD in (await world.ports.participants.get(third)).to_look_at, "recognised by the telephone"
    assert await whole.records(again, world.ports) == {milo, again}


async def test_who_is_erased_with_an_open_report_is_recognised_though_records_were_made_one(world: World) -> None:
    _, _, again = await reported_and_back(world)
    await erasing.erase(again, Cause.ASKED, audit.participant(again), world.ports)
    third = await volunteer(world, "Somebody")
    assert HELD in (await world.ports.participants.get(third)).to_look_at
    administrator = world.desk(Access.ADMINISTER)
    listed = (await world.client.get("/people/exclusions", headers=administrator)).text
    (kept_out,) = await world.ports.exclusions.select()
    assert f'action="/people/{kept_out.id}/lift"' in listed, "there is a way out of it"
    ended = await world.client.post(f"/people/{kept_out.id}/lift", data={}, headers=administrator)
    assert (ended.status_code, ended.headers["location"]) == (303, "/people/exclusions")
    fourth = await volunteer(world, "Another")
    assert HELD not in (await world.ports.participants.get(fourth)).to_look_at


async def test_who_reported_is_found_under_the_record_that_stayed(world: World) -> None:
    rania = await registered(world, "Rania", phone="0470 99 99 99")
    world.clock.moment += timedelta(days=1)
    again = await registered(world, "Raniaa", phone="0470 99 99 99")
    await usecases.interview(again, True, "", world.ports)
    await usecases.report_problem(rania, rania, ProblemKind.MONEY, "", world.ports)
    await world.client.post(f"/people/{rania}/merge/{again}", data={}, headers=world.desk())
    (report,) = await world.ports.reports.select()
    reporter, reported = await usecases.reports.concerned(report, world.ports)
    assert (reporter and reporter.id, reported) == (again, None)


async def test_the_same_problem_again_after_the_report_was_closed_is_a_report_of_its_own(world: World) -> None:
    rania = await registered(world, "Rania")
    for expected in (1, 1, 2, 2, 3):
        reports = await world.ports.reports.select()
        if len(reports) < expected:
            for each in reports:
                await usecases.reports.close_report(each.id, Outcome.TALKED, "c-1", world.ports)
        world.clock.moment += timedelta(minutes=10)
        await usecases.report_problem(rania, "duo-x", ProblemKind.SEX, "", world.ports)
        assert len(await world.ports.reports.select()) == expected
    assert sum(each.closed_at is None for each in await world.ports.reports.select()) == 1


@pytest.mark.parametrize("mailbox", ["none", "refuses"])
async def test_whoever_administers_is_told_where_no_mail_reaches_the_named_person(world: World, mailbox: str) -> None:
    await usecases.invite_coordinator("boss@example.org", "Boss", AccessLevel.ADMINISTER, "en", world.ports)
    address, phone = ("", "0470 55 55 55") if mailbox == "none" else ("nadia@example.org", "")
    nadia = await usecases.invite_coordinator(address, "Nadia", AccessLevel.COORDINATE, "en", world.ports, phone=phone)
    await usecases.update_association({"safeguarding": [nadia.id]}, world.ports)
    send = world.post.send

    async def choosy(message: Any) -> None:
        if "nadia" in message["To"]:
            raise Refused("no such mailbox")
        await send(message)

    world.post.send = choosy  # type: ignore[method-assign]
    person = await registered(world, "Rania")
    before = len(world.post.sent)
    await usecases.report_problem(person, person, ProblemKind.SEX, "", world.ports)
    await world.time_passes(seconds=2)
    assert [each["To"] for each in world.post.sent[before:] if "boss" in each["To"]]
    (report,) = await world.ports.reports.select()
    assert (report.due_at, report.reached) == (None, True)
    await world.time_passes(hours=1)
    assert len([each for each in world.post.sent[before:] if "boss" in each["To"]]) == 1, "once"


async def test_a_record_that_was_made_one_with_another_is_nobody_to_interview_or_to_change(world: World) -> None:
    one = await registered(world, "Rania")
    world.clock.moment += timedelta(days=1)
    other = await registered(world, "Ranias")
    await world.client.post(f"/people/{one}/merge/{other}", data={}, headers=world.desk())
    gone = other if (await world.ports.participants.get(other)).merged_into else one
    late = await world.client.post(f"/people/{gone}/interview", data={"passed": "true"}, headers=world.desk())
    assert late.status_code == 409
    assert (await world.ports.participants.get(gone)).status is Status.LEFT
    assert await world.told_of(gone) == []


async def test_people_who_signed_up_by_themselves_are_looked_at_for_standing_twice(world: World) -> None:
    told = {**COMMON, **SPEAKS, "wish": {"wish": "speak"}}
    first = Visitor(world)
    await first.answer_all(told, await first.begin())
    await first.post("summary")
    second = Visitor(world)
    name = {**told["name"], "first_name": told["name"]["first_name"] + "h"}
    await second.answer_all({**told, "name": name}, await second.begin())
    await second.post("summary")
    assert len(await world.ports.participants.select()) == 2
    await world.time_passes(minutes=5)
    assert len(await world.ports.pairs.select({"open": True})) == 1


async def test_who_shares_a_telephone_keeps_their_unfinished_sign_up(world: World) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    for question, answer in {
        "wish": {"wish": "speak"},
        "birth": {"birth_year": "1985"},
        "name": {"first_name": "Samir", "last_name": "Haddad"},
        "contact": {"phone": "0470 12 34 56", "email": ""},
    }.items():
        await visitor.post(question, answer)
    rania = await registered(world, "Rania")
    await erasing.erase(rania, Cause.ASKED, audit.participant(rania), world.ports)
    (samir,) = await world.ports.sign_ups.select()
    assert samir.answers.first_name == "Samir"


async def test_who_says_they_are_a_minor_after_all_is_in_no_pool_and_a_coordinator_is_told(world: World) -> None:
    rania = await registered(world, "Rania", arrived_on="2025-03-15")
    await usecases.interview(rania, True, "", world.ports)
    one = await world.ports.participants.get(rania)
    page = "/" + personal_data.own_link(one, world.ports, "en").split("/", 3)[3] + "/change"
    form = {
        "first_name": "Rania", "last_name": "X", "email": "", "phone": "0470123456", "birth_year": "1990", "gender": "", "postcode": "4020",
        "radius_km": "", "arrived_on": "2025-03", "ui_language": "fr", "french_oral": "A1",
    }  # fmt: skip
    assert (await world.client.post(page, data={**form, "postcode": "4000"})).status_code == 303
    changed = await world.ports.participants.get(rania)
    assert (changed.postcode, str(changed.arrived_on)) == ("4000", "2025-03-15"), "the day was not asked for, and stays"
    for _ in range(2):
        assert (await world.client.post(page, data={**form, "birth_year": "2010"})).status_code == 422
    after = await world.ports.participants.get(rania)
    assert (after.status, after.birth_year) == (Status.PAUSED, 1990)
    assert (await world.told_of(rania))[-1] == "participant.paused.v1"
    assert [each.count for each in await world.ports.minors.select()] == [1]


async def test_zones_in_which_nobody_lives_who_takes_part_are_refused(world: World) -> None:
    nowhere = {"zones": [{"name": "Ostend", "ranges": [{"first": "8400", "last": "8400"}]}]}
    administrator = world.desk(Access.ADMINISTER)
    fine = await world.client.patch("/people/api/association", json=nowhere, headers=administrator)
    assert fine.status_code == 200, fine.text
    await world.client.patch("/people/api/association", json={"zones": []}, headers=administrator)
    rania = await registered(world, "Rania")
    await usecases.interview(rania, True, "", world.ports)
    refused = await world.client.patch("/people/api/association", json=nowhere, headers=administrator)
    assert (refused.status_code, "Nobody who takes part lives in these zones" in refused.text) == (422, True)
    assert (await world.ports.own()).zones == []
