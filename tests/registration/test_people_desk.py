"""One person's page: the first interview, notes, changes, the timeline; and many people at once. On a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from duolangue.chassis.decision import Change
from duolangue.chassis.identity import Access
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.matching import (
    DuoConfirmed,
    DuoOrigin,
    DuoStatus,
    ParticipationLapsed,
    ParticipationStatus,
)
from duolangue.contracts.facts.notifications import Channel, MessageKind, NotificationSent
from duolangue.contracts.facts.sessions import SessionLogged
from duolangue.contracts.vocabulary import Medium
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.usecases import people_desk
from tests.registration.conftest import World
from tests.registration.desk import names, one, register, see, send


async def test_a_first_interview_with_its_checklist_a_question_and_a_yes(world: World) -> None:
    rania = await register(world)
    assert (await send(world, f"/people/{rania}/checklist", {"items": ["level", "safety"]})).status_code == 303
    ticks = (await one(world, rania)).checklist
    assert [(tick.item.value, tick.by) for tick in ticks] == [("level", "c-1"), ("safety", "c-1")]
    empty = await send(world, f"/people/{rania}/ask", {"words": "  "})
    assert (empty.status_code, "Write what you would like to know." in empty.text) == (422, True)
    await send(world, f"/people/{rania}/ask", {"words": "Which day suits you?"})
    assert await names(world, mark="asked") == ["Rania"]
    page = await see(world, f"/people/{rania}")
    assert "Which day suits you?" in page
    assert "text=Which%20day%20suits%20you%3F" in page
    assert (await one(world, rania)).status is Status.APPLIED
    await send(world, f"/people/{rania}/interview", {"passed": "true", "items": ["level", "safety", "consent"]})
    accepted = await one(world, rania)
    assert (accepted.status, accepted.asked_for, len(accepted.checklist)) == (Status.ACTIVE, "", 3)
    assert [entry.act.value for entry in accepted.history] == ["applied", "asked", "accepted"]
    assert (await send(world, f"/people/{rania}/ask", {"words": "more"})).status_code == 409


async def test_somebody_is_refused_kindly_for_a_reason_that_coordinators_alone_read(world: World) -> None:
    rania = await register(world)
    told = {"passed": "false", "because": "elsewhere", "reason": "Duo2Change in Verviers"}
    assert (await send(world, f"/people/{rania}/interview", told)).status_code == 303
    assert "Duo2Change in Verviers" in await see(world, f"/people/{rania}")
    assert "Duo2Change" not in await see(world, f"/people/{rania}", Access.READ)
    assert await world.told_of(rania) == []


async def test_every_field_can_be_changed_and_what_was_typed_stays(world: World) -> None:
    rania = await register(world)
    form = await see(world, f"/people/{rania}/edit")
    assert 'value="Haddad"' in form
    told: dict[str, Any] = {
        "first_name": "Rania", "last_name": "Al-Haddad", "phone": "0470 00 00", "email": "no address", "birth_year": "2020", "postcode": "9999",
        "newcomer": "yes", "least_age": "50", "most_age": "20",
    }  # fmt: skip
    wrong = await send(world, f"/people/{rania}/edit", told)
    assert wrong.status_code == 422
    for field in ("phone", "email", "postcode", "french_oral"):
        assert f'id="{field}-fault"' in wrong.text, field
    assert 'value="Al-Haddad"' in wrong.text
    assert 'value="no address"' in wrong.text
    right = told | {
        "phone": "0470 11 22 33", "email": "", "birth_year": "1991", "postcode": "4000", "french_oral": "A2", "least_age": "30", "most_age": "50",
        "languages": ["ar", "fr"], "interests": ["music"], "availability": ["mon_evening"], "volunteer": "yes", "places": "2",
        "comfort": "A1", "host": "yes", "ui_language": "ar", "gender": "female", "same_gender": "yes",
    }  # fmt: skip
    assert (await send(world, f"/people/{rania}/edit", right)).status_code == 303
    changed = await one(world, rania)
    assert (changed.last_name, changed.phone, changed.host, [role.value for role in changed.roles]) == (
        "Al-Haddad", "+32470112233", True, ["newcomer", "volunteer"],
    )  # fmt: skip
    assert changed.volunteer is not None
    assert changed.volunteer.same_gender_only
    assert changed.newcomer is not None
    assert changed.newcomer.partner_age is not None
    assert changed.history[-1].act.value == "changed"


async def test_a_newcomer_becomes_a_host_and_is_no_newcomer_any_more(world: World) -> None:
    rania = await register(world)
    await send(world, f"/people/{rania}/interview", {"passed": "true"})
    basics = {
        "first_name": "Rania",
        "phone": "0470112233",
        "birth_year": "1990",
        "postcode": "4020",
        "ui_language": "ar",
    }
    nothing = await send(world, f"/people/{rania}/edit", basics)
    assert nothing.status_code == 422
    kept = await send(world, f"/people/{rania}/edit", {**basics, "host": "yes"})
    assert kept.status_code == 303, kept.text
    assert ((await one(world, rania)).roles, await names(world, role="host")) == ([], ["Rania"])
    assert (await world.told_of(rania))[-1] == "participant.updated.v1"


async def test_notes_are_for_coordinators_and_a_removed_one_keeps_no_words(world: World) -> None:
    rania = await register(world)
    assert (await send(world, f"/people/{rania}/notes", {"note": " "})).status_code == 422
    long = await send(world, f"/people/{rania}/notes", {"note": "x" * 2001})
    assert (long.status_code, "x" * 2001 in long.text) == (422, True)
    assert (await send(world, f"/people/{rania}/notes", {"note": "<b>Sings</b> well"})).status_code == 303
    assert "&lt;b&gt;Sings&lt;/b&gt; well" in await see(world, f"/people/{rania}")
    assert "Sings" not in await see(world, f"/people/{rania}", Access.READ)
    assert (await send(world, f"/people/{rania}/notes", {"note": "no"}, Access.READ)).status_code == 403
    (note,) = await world.ports.notes.select()
    other = await register(world, first_name="Other")
    await send(world, f"/people/{other}/notes/{note.id}/remove")
    assert (await world.ports.notes.get(note.id)).words
    await send(world, f"/people/{rania}/notes/{note.id}/remove")
    assert (await world.ports.notes.get(note.id)).words == ""
    assert "Sings" not in await see(world, f"/people/{rania}")


async def test_many_at_once_says_what_was_done_what_not_and_takes_back_what_life_allows(world: World) -> None:
    people = [await register(world, first_name=name) for name in ("Ada", "Bea", "Cleo")]
    marked = await register(world, first_name="Dora")
    await world.ports.participants.update(marked, _marked)
    done = await send(world, "/people/bulk", {"act": "interview", "people": [*people, marked]})
    assert done.status_code == 303
    page = await see(world, done.headers["location"])
    assert "Done for 3 people" in page
    assert "Could not be done for 1 person" in page
    assert "Take it back" not in page
    paused = await send(world, "/people/bulk", {"act": "pause", "people": people[:2]})
    assert "Take it back" in await see(world, paused.headers["location"])
    back = await send(world, f"{paused.headers['location']}/undo")
    assert "Done for 2 people" in await see(world, back.headers["location"])
    assert (await one(world, people[0])).status is Status.ACTIVE
    assert (await send(world, f"{paused.headers['location']}/undo")).status_code == 409
    asked = await send(world, "/people/bulk", {"act": "leave", "people": people})
    assert (asked.status_code, "Are you sure?" in asked.text) == (200, True)
    assert (await one(world, people[0])).status is Status.ACTIVE
    await send(world, "/people/bulk", {"act": "leave", "people": people, "sure": "yes"})
    assert (await one(world, people[0])).status is Status.LEFT
    for told in ({"act": "pause"}, {"act": "pause", "people": [f"p{number}" for number in range(201)]}, {"act": "no"}):
        assert (await send(world, "/people/bulk", told)).status_code == 422
    nobody = await send(world, "/people/bulk?q=ada", {"act": "pause"})
    assert ("Choose at least one person." in nobody.text, "Ada" in nobody.text, "Bea" in nobody.text) == (
        True,
        True,
        False,
    )
    await world.time_passes(days=8)
    assert await world.ports.bulks.count() == 0


async def test_breaks_that_were_ended_by_mistake_end_when_they_would_have(world: World) -> None:
    people = [await register(world, first_name=name) for name in ("Ada", "Bea", "Cleo")]
    await send(world, "/people/bulk", {"act": "interview", "people": people})
    near, far = (world.clock.now() + timedelta(days=each) for each in (2, 30))
    for person, until in zip(people, (f"{near:%Y-%m-%d}", f"{far:%Y-%m-%d}", ""), strict=True):
        await send(world, f"/people/{person}/pause", {"until": until})
    ended = await send(world, "/people/bulk", {"act": "resume", "people": people})
    await world.time_passes(days=3)
    await send(world, f"{ended.headers['location']}/undo")
    again = [await one(world, each) for each in people]
    assert [each.status for each in again] == [Status.PAUSED] * 3
    assert [each.resumes_on for each in again] == [None, far.date(), None], "what is past ends when somebody says so"


def _marked(present: Participant) -> Any:
    return Change(present.model_copy(update={"to_look_at": ["held"]}))


async def test_what_is_to_be_looked_at_stays_until_somebody_looked(world: World) -> None:
    rania = await register(world)
    await world.ports.participants.update(
        rania, lambda one: Change(one.model_copy(update={"to_look_at": ["said_young"]}))
    )
    assert await names(world, mark="to_look_at") == ["Rania"]
    await register(world, first_name="Other")
    reading = await see(world, "/people?mark=to_look_at", Access.READ)
    assert ("pill warn" in reading, "Other" in reading) == (False, True)
    assert (await people_desk.people_figures(world.ports)).to_look_at == 1
    await send(world, f"/people/{rania}/looked-at")
    assert await names(world, mark="to_look_at") == []


def event(world: World, fact: Any, subject: str, **changes: Any) -> Event:
    return Event.of(
        fact, event_id=f"e-{subject}-{fact.fact}", association=world.association, entity_id=subject, entity_version=1,
        time=world.clock.now() + timedelta(minutes=1), **changes,
    )  # fmt: skip


async def test_the_timeline_tells_what_others_told_once_and_no_reason(world: World) -> None:
    rania, claire = await register(world), await register(world, first_name="Claire", newcomer=None, volunteer={})
    duo = DuoConfirmed(newcomer=rania, volunteer=claire, status=DuoStatus.CONFIRMED, origin=DuoOrigin.RUN)
    talk = SessionLogged(duo="duo-1", held_on="2026-11-22", week="2026-W47", minutes=35, medium=Medium.VIDEO)
    mail = NotificationSent(
        kind=MessageKind.WELCOME, recipient=rania, about=rania, channel=Channel.MAIL, sent_at=world.clock.now()
    )
    react = world.service.declaration.reactions.handlers
    for _ in range(2):
        for fact, subject in ((duo, "duo-1"), (talk, "talk-1"), (mail, "mail-1")):
            await react[type(fact)](fact, event(world, fact, subject), world.ports)
    await react[DuoConfirmed](duo, event(world, duo, "duo-2", replayed=True), world.ports)
    page = await see(world, f"/people/{rania}")
    for words in ("Duo begun", "Talked with each other", "35 minutes", "Message sent: welcome", "Registered"):
        assert page.count(words) == 1, words
    assert 'href="/duos/duo-1"' in page
    assert f'href="/duos?person={rania}"' in page
    assert "Message sent" not in await see(world, f"/people/{claire}")


async def test_who_lets_the_last_question_go_by_is_paused_and_who_is_away_already_stays_as_they_are(
    world: World,
) -> None:
    rania, claire = await register(world), await register(world, first_name="Claire", newcomer=None, volunteer={})
    await send(world, f"/people/{rania}/interview", {"passed": "true"})
    await send(world, f"/people/{claire}/leave")
    react = world.service.declaration.reactions.handlers[ParticipationLapsed]
    for each in (rania, rania, claire, "nobody"):
        lapsed = ParticipationLapsed(participant=each, status=ParticipationStatus.LAPSED)
        await react(lapsed, event(world, lapsed, f"q-{each}"), world.ports)
    kept = [await world.ports.participants.get(each) for each in (rania, claire)]
    assert [one.status.value for one in kept] == ["paused", "left"]
    assert [entry.act.value for entry in kept[0].history].count("paused") == 1


@pytest.mark.parametrize("path", ["edit", "merge/other"])
async def test_who_only_reads_changes_nothing(world: World, path: str) -> None:
    rania = await register(world)
    assert (await world.client.get(f"/people/{rania}/{path}", headers=world.desk(Access.READ))).status_code == 403
    page = await see(world, f"/people/{rania}", Access.READ)
    assert f'action="/people/{rania}' not in page
