"""Reported problems: who may read them, how they are dealt with, and that nobody else learns of them."""

from __future__ import annotations

from typing import Any

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.matching import DuoStatus
from duolangue.contracts.links import Purpose
from duolangue.registration import usecases
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from duolangue.registration.domain.history import KnownDuo
from duolangue.registration.domain.participant import Status
from duolangue.registration.domain.report import MOST_A_DAY, Outcome, ProblemKind, Report, Standing
from tests.registration.conftest import World

WORDS = "He wants money from me"


async def participant(world: World, name: str, **told: Any) -> str:
    about = {
        "first_name": name,
        "email": f"{name.lower()}@example.org",
        "birth_year": 1990,
        "postcode": "4020",
        "consent": True,
    }
    one, _ = await usecases.register_participant(
        Application(**{**about, "newcomer": {"french_oral": "A1"}, **told}), world.ports
    )
    await usecases.interview(one.id, True, "", world.ports)
    return one.id


async def coordinator(world: World, name: str, access: AccessLevel) -> Coordinator:
    return await usecases.invite_coordinator(f"{name}@example.org", name, access, "en", world.ports)


async def a_report(world: World) -> tuple[Report, str, str]:
    """Rania reports something about the duo she has with Milo."""
    rania = await participant(world, "Rania")
    milo = await participant(world, "Milo", newcomer=None, volunteer={})
    duo = KnownDuo(id=f"duo-{rania[:8]}", newcomer=rania, volunteer=milo, status=DuoStatus.CONFIRMED)
    await world.ports.duos.apply(duo, 1)
    await usecases.report_problem(rania, duo.id, ProblemKind.MONEY, WORDS, world.ports)
    (report,) = await world.ports.reports.select()
    return report, rania, milo


async def test_only_the_named_person_and_administrators_read_reports(world: World) -> None:
    report, rania, _ = await a_report(world)
    nadia = await coordinator(world, "nadia", AccessLevel.COORDINATE)
    await usecases.update_association({"safeguarding": [nadia.id]}, world.ports)
    pages = (
        "/people/reports",
        f"/people/reports/{report.id}",
        "/people/exclusions",
        f"/people/{rania}/exclude",
        "/people/api/reports",
    )
    for path in pages:
        other = await world.client.get(path, headers=world.desk(Access.COORDINATE, "somebody-else"))
        assert other.status_code == 403, path
        assert WORDS not in other.text
        assert (await world.client.get(path, headers=world.desk(Access.READ, nadia.id))).status_code == 403, path
        for headers in (world.desk(Access.COORDINATE, nadia.id), world.desk(Access.ADMINISTER, "admin")):
            assert (await world.client.get(path, headers=headers)).status_code == 200, path
    for action in ("look", "note", "close", "exclude"):
        refused = await world.client.post(
            f"/people/reports/{report.id}/{action}", data={"words": "x", "outcome": "talked"}, headers=world.desk()
        )
        assert refused.status_code == 403, action
    assert (await world.client.post(f"/people/{rania}/exclude", headers=world.desk())).status_code == 403


async def test_the_named_person_is_mailed_and_administrators_only_where_nobody_named_is_left(world: World) -> None:
    nadia = await coordinator(world, "nadia", AccessLevel.COORDINATE)
    await coordinator(world, "ann", AccessLevel.ADMINISTER)
    await usecases.update_association({"safeguarding": [nadia.id]}, world.ports)
    report, _, _ = await a_report(world)
    await usecases.tell_coordinators(report.id, world.ports)
    (mail,) = world.post.sent
    assert mail["To"] == "nadia <nadia@example.org>"
    assert WORDS not in mail.as_string()
    assert "Rania" not in mail.as_string()
    await usecases.revoke_coordinator(nadia.id, world.ports)
    await usecases.report_problem("p-9", "d-9", ProblemKind.OTHER, "", world.ports)
    (other,) = await world.ports.reports.select({"person": "p-9"})
    await usecases.tell_coordinators(other.id, world.ports)
    assert [mail["To"] for mail in world.post.sent[1:]] == ["ann <ann@example.org>"]


async def test_a_report_is_taken_on_noted_and_closed(world: World) -> None:
    report, _, _ = await a_report(world)
    guardian = world.desk(Access.ADMINISTER, "admin")
    address = f"/people/reports/{report.id}"
    assert report.standing is Standing.NEW
    empty = await world.client.post(f"{address}/note", data={"words": "  "}, headers=guardian)
    assert empty.status_code == 422
    assert "Write something first." in empty.text
    for _ in range(2):
        assert (await world.client.post(f"{address}/look", headers=guardian)).status_code == 303
        noted = await world.client.post(f"{address}/note", data={"words": "Called her."}, headers=guardian)
        assert noted.status_code == 303
    present = await world.ports.reports.get(report.id)
    assert (present.standing, present.looked_by, [note.words for note in present.notes]) == (
        Standing.LOOKED_AT,
        "admin",
        ["Called her."],
    )
    shown = await world.client.get(address, headers=guardian)
    assert "Called her." in shown.text
    assert WORDS in shown.text
    await world.client.post(f"{address}/close", data={"outcome": "talked"}, headers=guardian)
    present = await world.ports.reports.get(report.id)
    assert (present.standing, present.outcome, present.closed_by) == (Standing.CLOSED, Outcome.TALKED, "admin")
    assert report.id not in (await world.client.get("/people/reports", headers=guardian)).text
    assert report.id in (await world.client.get("/people/reports?closed=true", headers=guardian)).text
    await world.client.post(f"{address}/look", headers=guardian)
    assert (await world.ports.reports.get(report.id)).standing is Standing.LOOKED_AT


async def test_the_reported_person_is_kept_out_and_nothing_they_or_others_see_tells_of_a_report(world: World) -> None:
    report, rania, milo = await a_report(world)
    guardian = world.desk(Access.ADMINISTER, "admin")
    shown = await world.client.get(f"/people/reports/{report.id}", headers=guardian)
    assert "Milo" in shown.text
    answer = await world.client.post(
        f"/people/reports/{report.id}/exclude", data={"reason": "asks for money"}, headers=guardian
    )
    assert answer.status_code == 303
    assert (await world.ports.participants.get(milo)).status is Status.EXCLUDED
    assert (await world.ports.reports.get(report.id)).outcome is Outcome.EXCLUDED
    facts = [event for event in await world.told() if event.subject == milo]
    assert facts[-1].type == "be.duolangue.participant.left.v1"
    for event in facts:
        told = event.model_dump_json()
        assert rania not in told
        assert report.id not in told
        assert "exclu" not in told
    page = await world.client.get(f"/people/{milo}", headers=world.desk())
    assert page.status_code == 200
    for trace in (rania, "Rania", report.id, WORDS, "asks for money"):
        assert trace not in page.text
    assert (await world.client.get(f"/people/{milo}/exclude", headers=guardian)).text.count("asks for money") == 1
    assert "Milo" in (await world.client.get("/people/exclusions", headers=guardian)).text
    lifted = await world.client.post(f"/people/{milo}/lift", data={"reason": "a mistake"}, headers=guardian)
    assert lifted.status_code == 303
    assert (await world.ports.participants.get(milo)).status is Status.LEFT


async def test_that_a_report_was_read_is_written_down_without_telling_that_it_was_one(world: World) -> None:
    report, rania, milo = await a_report(world)
    await world.client.get(f"/people/reports/{report.id}", headers=world.desk(Access.ADMINISTER, "admin"))
    for person in (rania, milo):
        (entry,) = await world.ports.audit.latest(person, None, 10)
        assert (entry.actor.id, "report" in entry.what) == ("admin", False)


async def test_that_the_list_of_reports_was_read_is_written_down_too(world: World) -> None:
    _, rania, _ = await a_report(world)
    for path in ("/people/reports", "/people/api/reports"):
        await world.client.get(path, headers=world.desk(Access.ADMINISTER, "admin"))
        read, person = await world.ports.audit.latest(None, None, 10), await world.ports.audit.latest(rania, None, 10)
        assert [(each.actor.id, each.subjects) for each in read if each.what == f"GET {path}"] == [("admin", [])]
        assert {each.what for each in person} == {"GET /people/{participant_id}"}
        assert len(person) == (1 if path == "/people/reports" else 2)


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl")])
async def test_the_page_of_a_problem_has_few_words_pictures_and_a_way_to_speak(
    world: World, language: str, direction: str
) -> None:
    rania = await participant(world, "Rania")
    expires = world.clock.now().replace(year=2027)
    token = world.ports.signer.action_token(
        world.association, Purpose.REPORT_PROBLEM, "duo-1", rania, expires, language
    )
    page = await world.client.get(f"/problem/{token}")
    assert f'dir="{direction}"' in page.text
    assert page.text.count('<svg class="icon"') >= len(ProblemKind)
    assert "wa.me" not in page.text
    await usecases.update_association({"phone": "0470 11 22 33"}, world.ports)
    assert "https://wa.me/32470112233" in (await world.client.get(f"/problem/{token}")).text


async def test_what_was_typed_stays_when_no_kind_was_chosen_or_too_much_was_reported(world: World) -> None:
    rania = await participant(world, "Rania")
    expires = world.clock.now().replace(year=2027)
    token = world.ports.signer.action_token(world.association, Purpose.REPORT_PROBLEM, "duo-1", rania, expires, "en")
    again = await world.client.post(f"/problem/{token}", data={"words": "<b>he insists</b>"})
    assert again.status_code == 422
    assert "&lt;b&gt;he insists&lt;/b&gt;" in again.text
    for number in range(MOST_A_DAY):
        await usecases.report_problem(rania, "duo-1", ProblemKind.OTHER, f"{number}", world.ports)
    full = await world.client.post(f"/problem/{token}", data={"kind": "money", "words": "one more"})
    assert (full.status_code, "112" in full.text, "one more" in full.text) == (429, True, True)
