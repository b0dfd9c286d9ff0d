"""Somebody who is known signs up once more, or was refused by mistake; and two who change one person at once. On a real database."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from duolangue.chassis.decision import Change
from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.usecases import people_desk, personal_data, retaining
from tests.registration.conftest import World
from tests.registration.desk import names, one, register, see, send
from tests.registration.visitor import COMMON, HELPS, SPEAKS, Visitor

TOLD: dict[str, dict[str, Any]] = {**COMMON, **SPEAKS, "wish": {"wish": "speak"}}
LATER: dict[str, dict[str, Any]] = {
    **TOLD,
    **HELPS,
    "wish": {"wish": "both"},
    "contact": {"phone": "0470 12 34 56", "email": "rania@example.org"},
    "oral": {"oral": "A2"},
    "written": {"written": "A1"},
    "place": {"postcode": "4000"},
    "interests": {"interests": ["hiking"]},
}


async def signed_up(world: World, told: dict[str, dict[str, Any]]) -> None:
    visitor = Visitor(world)
    await visitor.answer_all(told, await visitor.begin())
    assert (await visitor.post("summary")).status_code == 303


async def twice(world: World, *between: str) -> str:
    """Rania signed up, what stands in `between` was done at the desk, and half a year later she signed up again. Her id."""
    await signed_up(world, TOLD)
    (rania,) = [each.id for each in await world.ports.participants.select()]
    for act in between:
        assert (await send(world, f"/people/{rania}/{act}", {"passed": "true"})).status_code == 303
    world.clock.moment += timedelta(days=180)
    await signed_up(world, LATER)
    assert [each.id for each in await world.ports.participants.select()] == [rania]
    return rania


async def test_what_somebody_said_again_changes_nothing_until_a_coordinator_chose(world: World) -> None:
    rania = await twice(world, "interview")
    before = await one(world, rania)
    assert (before.status, before.email, before.postcode, before.to_look_at) == (
        Status.ACTIVE,
        None,
        "4020",
        ["same_person"],
    )
    page = await see(world, f"/people/{rania}")
    assert f'href="/people/{rania}/again"' in page
    compared = await see(world, f"/people/{rania}/again")
    for words in ("rania@example.org", "4000 Liège", "talk with the person"):
        assert words in compared, words
    chosen = {"email": "goes", "newcomer": "goes", "volunteer": "goes", "interests": "both"}
    assert (await send(world, f"/people/{rania}/again", chosen)).status_code == 303
    after = await one(world, rania)
    assert (after.email, after.postcode, after.status) == ("rania@example.org", "4020", Status.ACTIVE)
    assert after.newcomer is not None
    assert before.newcomer is not None
    assert (after.newcomer.french_oral.value, after.newcomer.waiting_since) == ("A2", before.newcomer.waiting_since)
    assert after.volunteer is not None
    assert [each.value for each in after.interests] == ["cooking", "music", "hiking"]
    assert (after.to_look_at, after.said_again, after.history[-1].act.value) == ([], None, "retold")
    assert after.consent.given_at > before.consent.given_at
    assert [each.purpose.value for each in after.consents] == ["participation", "charter"]
    assert (await world.told_of(rania))[-1] == "participant.updated.v1"
    gone = await world.client.get(f"/people/{rania}/again", headers=world.desk())
    assert (gone.status_code, gone.headers["location"]) == (303, f"/people/{rania}")


async def test_who_had_left_waits_for_a_first_interview_again(world: World) -> None:
    rania = await twice(world, "interview", "leave")
    told = await world.told_of(rania)
    assert await names(world, mark="to_look_at") == ["Rania"]
    assert "waits for a first interview again" in await see(world, f"/people/{rania}/again")
    await send(world, f"/people/{rania}/again", {"newcomer": "goes"})
    back = await one(world, rania)
    assert (back.status, back.applied_at.date(), await world.told_of(rania)) == (
        Status.APPLIED,
        world.clock.now().date(),
        told,
    )
    assert back.newcomer is not None
    assert timedelta(0) <= world.clock.now() - back.newcomer.waiting_since < timedelta(days=1)
    assert (await people_desk.people_figures(world.ports)).interviews == 1
    await send(world, f"/people/{rania}/interview", {"passed": "true"})
    assert (await world.told_of(rania))[-1] == "participant.registered.v1"


async def test_one_may_leave_all_as_it_was(world: World) -> None:
    rania = await twice(world, "interview")
    known = await one(world, rania)
    await send(world, f"/people/{rania}/looked-at")
    after = await one(world, rania)
    assert (after.said_again, after.to_look_at, after.postcode, after.consents) == (
        None,
        [],
        known.postcode,
        known.consents,
    )


async def test_an_interview_meanwhile_does_not_hide_what_was_said_again(world: World) -> None:
    rania = await twice(world, "leave")
    await send(world, f"/people/{rania}/interview", {"passed": "true"})
    assert (await one(world, rania)).to_look_at == ["same_person"]
    assert (await one(world, rania)).said_again is not None


async def test_what_was_said_again_is_in_the_copy_and_is_not_for_who_only_reads(world: World) -> None:
    rania = await twice(world, "interview")
    copy = await personal_data.copy_of(rania, world.ports)
    assert "rania@example.org" in str(copy.parts["registration"]["about_you"])
    assert (await world.client.get(f"/people/{rania}/again", headers=world.desk(Access.READ))).status_code == 403
    reading = await see(world, f"/people/{rania}", Access.READ)
    assert f"/people/{rania}/again" not in reading
    got = await world.client.get(f"/people/api/participants/{rania}", headers=world.desk())
    assert "said_again" not in got.json()


async def test_who_signed_up_again_is_not_erased_before_somebody_looked(world: World) -> None:
    rania = await twice(world, "interview", "leave")
    years = world.clock.now() + timedelta(days=366 * 3)
    (leaving,) = [each for each in await retaining.leaving(years, world.ports) if each.participant.id == rania]
    said = (await one(world, rania)).said_again
    assert said is not None
    assert leaving.on >= said.at + timedelta(days=150)


async def test_who_was_refused_by_mistake_is_back_among_the_first_interviews(world: World) -> None:
    rania = await register(world)
    await send(world, f"/people/{rania}/interview", {"passed": "false", "because": "no_time", "reason": "wrong line"})
    page = await see(world, f"/people/{rania}")
    assert "Back to the first interviews" in page
    assert (await send(world, f"/people/{rania}/reopen")).status_code == 303
    back = await one(world, rania)
    assert (back.status, back.refusal, back.refusal_reason, await world.told_of(rania)) == (
        Status.APPLIED,
        "",
        None,
        [],
    )
    assert back.history[-1].act.value == "reopened"
    await send(world, f"/people/{rania}/interview", {"passed": "true"})
    assert (await send(world, f"/people/{rania}/reopen")).status_code == 409
    assert (await one(world, rania)).status is Status.ACTIVE


def filled(page: str) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    form: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        form.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        form[name] = re.findall(r'<option value="([^"]*)" selected>', options)
    return form


async def test_two_who_change_one_person_at_once_both_have_their_way(world: World) -> None:
    rania = await register(world, languages=["ar"])
    first, second = filled(await see(world, f"/people/{rania}/edit")), filled(await see(world, f"/people/{rania}/edit"))
    assert (
        await send(world, f"/people/{rania}/edit", first | {"postcode": "4000", "languages": ["ar", "fr"]})
    ).status_code == 303
    assert (await send(world, f"/people/{rania}/edit", second | {"last_name": "Al-Haddad"})).status_code == 303
    both = await one(world, rania)
    assert (both.postcode, both.last_name, both.languages) == ("4000", "Al-Haddad", ["ar", "fr"])


async def test_of_two_who_change_the_same_the_later_one_hears_of_it_and_may_insist(world: World) -> None:
    rania = await register(world)
    first, second = filled(await see(world, f"/people/{rania}/edit")), filled(await see(world, f"/people/{rania}/edit"))
    await send(world, f"/people/{rania}/edit", first | {"postcode": "4000", "birth_year": "1991"})
    late = await send(world, f"/people/{rania}/edit", second | {"postcode": "4030"})
    assert (late.status_code, "Somebody else changed this" in late.text) == (422, True)
    assert (await one(world, rania)).postcode == "4000"
    again = filled(late.text)
    assert (again["postcode"], again["birth_year"]) == (["4030"], ["1991"])
    assert (await send(world, f"/people/{rania}/edit", again)).status_code == 303
    assert ((await one(world, rania)).postcode, (await one(world, rania)).birth_year) == ("4030", 1991)


@pytest.mark.parametrize("was", ["", "no json", "[1]", '{"postcode": 4}'])
async def test_a_form_that_does_not_say_what_it_showed_is_taken_as_it_is(world: World, was: str) -> None:
    rania = await register(world)
    form = filled(await see(world, f"/people/{rania}/edit")) | {"was": was, "postcode": "4000"}
    assert (await send(world, f"/people/{rania}/edit", form)).status_code == 303
    assert (await one(world, rania)).postcode == "4000"


async def test_going_back_keeps_what_stands_on_the_page_and_agrees_to_nothing(world: World) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    for page in ("wish", "birth"):
        await visitor.post(page, TOLD[page])
    back = await visitor.post("name", {**TOLD["name"], "back": "yes"})
    assert back.headers["location"].endswith("/birth")
    assert 'value="Rania"' in (await visitor.get("name")).text
    wrong = await visitor.post("contact", {"phone": "12", "email": "", "back": "yes"})
    assert wrong.headers["location"].endswith("/name")
    empty = await visitor.post("gender", {"back": "yes"})
    assert empty.headers["location"].endswith("/contact")
    (kept,) = await world.ports.sign_ups.select()
    assert [each.value for each in kept.answers.answered] == ["wish", "birth", "name"], (
        "what is empty or wrong is put again"
    )
    assert (await visitor.post("consent", {**TOLD["consent"], "back": "yes"})).status_code == 303
    (kept,) = await world.ports.sign_ups.select()
    assert kept.answers.consent is None
    first = await visitor.post("wish", {"wish": "speak", "back": "yes"})
    assert first.headers["location"] == visitor.base


async def test_who_helps_since_a_later_day_promises_the_charter_then(world: World) -> None:
    rania = await register(world)
    page = "/" + personal_data.own_link(await one(world, rania), world.ports, "en").split("/", 3)[3]
    assert "I promise this" not in (await world.client.get(page)).text
    await usecases.update_participant(rania, {"volunteer": {"places": 1}}, world.ports)
    assert "I promise this" in (await world.client.get(page)).text
    assert "They promise it" in await see(world, f"/people/{rania}/personal-data")
    for _ in range(2):
        assert (await world.client.post(f"{page}/charter")).status_code == 303
    (charter,) = (await one(world, rania)).consents
    assert (charter.purpose.value, charter.channel.value, charter.language) == ("charter", "web", "en")
    assert "They promise it" not in await see(world, f"/people/{rania}/personal-data")
    claire = await register(world, first_name="Claire", newcomer=None, volunteer={})
    assert (await send(world, f"/people/{claire}/personal-data/charter", {"channel": "paper"})).status_code == 303
    assert [each.channel.value for each in (await one(world, claire)).consents] == ["paper"]


async def test_whoever_is_kept_out_and_signs_up_again_stays_out(world: World) -> None:
    rania = await twice(world, "interview")

    def kept_out(present: Participant) -> Any:
        return Change(present.model_copy(update={"status": Status.EXCLUDED}))

    await world.ports.participants.update(rania, kept_out)
    await send(world, f"/people/{rania}/again", {"newcomer": "goes"})
    assert (await one(world, rania)).status is Status.EXCLUDED
