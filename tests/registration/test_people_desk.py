"""The coordinator's people: lists, one person's page, the first interview, notes, many at once; on a real database."""

from __future__ import annotations

import re
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
from duolangue.registration import store_leads
from duolangue.registration.domain.filters import Filters, Sort
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.usecases import people_desk
from tests.registration.conftest import World

RANIA: dict[str, Any] = {
    "first_name": "Rania", "last_name": "Haddad", "phone": "0470 12 34 56", "birth_year": 1990, "postcode": "4020", "consent": True,
    "ui_language": "ar", "newcomer": {"french_oral": "A1"},
}  # fmt: skip
TELEPHONES = iter(range(10_000))


async def register(world: World, **changes: Any) -> str:
    told = {**RANIA, "phone": f"+32470{next(TELEPHONES):06d}", **changes}
    answer = await world.client.post("/people/api/participants", json=told, headers=world.desk())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def see(world: World, address: str, access: Access = Access.COORDINATE) -> str:
    answer = await world.client.get(address, headers=world.desk(access))
    assert answer.status_code == 200, answer.text
    return answer.text


async def send(world: World, address: str, told: Any = None, access: Access = Access.COORDINATE) -> Any:
    return await world.client.post(address, data=told or {}, headers=world.desk(access))


async def one(world: World, person: str) -> Participant:
    found: Participant = await world.ports.participants.get(person)
    return found


async def names(world: World, **asked: Any) -> list[str]:
    listing = await people_desk.people_listed(Filters.model_validate(asked), world.ports)
    return [each.first_name for each in listing.people]


async def test_people_are_found_by_name_telephone_town_and_by_what_they_told(world: World) -> None:
    await register(
        world, first_name="Éloïse", last_name="Petit", postcode="4100", interests=["cooking"], languages=["ti"]
    )
    await register(
        world, first_name="Ahmad", phone="0470999888", email="ahmad@example.org", newcomer={"french_oral": "B1"}
    )
    await register(world, first_name="Claire", newcomer=None, volunteer={}, postcode="6000")
    for asked, expected in (
        ({"q": "eloi"}, ["Éloïse"]),
        ({"q": "0470 99 98"}, ["Ahmad"]),
        ({"q": "AHMAD@EX"}, ["Ahmad"]),
        ({"q": "seraing"}, ["Éloïse"]),
        ({"q": "6000"}, ["Claire"]),
        ({"q": "haddad claire"}, ["Claire"]),
        ({"q": "petit ahmad"}, []),
        ({"q": "$ne"}, []),
        ({"municipality": "charleroi"}, ["Claire"]),
        ({"municipality": "nowhere"}, []),
        ({"role": "volunteer"}, ["Claire"]),
        ({"role": "host"}, []),
        ({"level": "B1"}, ["Ahmad"]),
        ({"language": "ti"}, ["Éloïse"]),
        ({"interest": "cooking"}, ["Éloïse"]),
        ({"status": "active"}, []),
        ({"sort": "name"}, ["Ahmad", "Claire", "Éloïse"]),
    ):
        assert await names(world, **asked) == expected, asked
    page = await see(world, "/people?q=eloi&sort=name")
    assert "Éloïse" in page
    assert "Ahmad" not in page


async def test_who_waits_longest_comes_first_and_who_waits_less_is_left_out(world: World) -> None:
    for first_name, since in (("Late", "2026-11-01"), ("Early", "2026-03-01"), ("Middle", "2026-08-01")):
        await register(world, first_name=first_name, newcomer={"french_oral": "A1", "waiting_since": since})
    await register(world, first_name="Claire", newcomer=None, volunteer={})
    assert await names(world, sort="waiting") == ["Early", "Middle", "Late"]
    assert await names(world, waits="90", sort="waiting") == ["Early", "Middle"]
    assert await names(world, waits="90") == ["Early", "Middle"]
    assert '<option value="" selected>who waits longest first</option>' in await see(world, "/people?waits=90")


async def test_pages_follow_each_other_and_lead_back(world: World) -> None:
    for number in range(people_desk.SHOWN + 7):
        await register(world, first_name=f"Person {number:03d}")
    for sort in (Sort.NAME, Sort.LATEST, Sort.EARLIEST, Sort.WAITING):
        first = await people_desk.people_listed(Filters(sort=sort), world.ports)
        second = await people_desk.people_listed(Filters(sort=sort), world.ports, after=first.after)
        back = await people_desk.people_listed(Filters(sort=sort), world.ports, before=second.before)
        assert (len(first.people), len(second.people), first.before, second.after) == (people_desk.SHOWN, 7, "", "")
        assert not {each.id for each in first.people} & {each.id for each in second.people}
        assert [each.id for each in back.people] == [each.id for each in first.people]
    everybody = [each.id async for each in people_desk.everybody(Filters(sort=Sort.NAME), world.ports)]
    assert len(set(everybody)) == people_desk.SHOWN + 7
    page = await see(world, "/people?sort=name")
    following = re.search(r'href="(/people\?sort=name&amp;after=[^"]+)"', page)
    assert following
    assert "Person 056" in await see(world, following[1].replace("&amp;", "&"))


async def test_a_strange_address_gets_a_sentence(world: World) -> None:
    for address in ("/people?status=nonsense", "/people?waits=-1", "/people?waits=x", f"/people?q={'x' * 101}"):
        assert (await world.client.get(address, headers=world.desk())).status_code == 422
    assert "Nobody is like that" in await see(world, "/people?q=nobody&after=unknown&status=")


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
    await world.time_passes(days=8)
    assert await world.ports.bulks.count() == 0


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


@pytest.mark.parametrize("few", [0, 10_000], ids=["nothing leads", "what few fulfil leads"])
async def test_the_same_people_are_found_whichever_index_leads(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(store_leads, "FEW", (few, few, few))
    for number in range(12):
        await register(
            world,
            first_name="Amina" if number % 2 else "Ba",
            last_name=f"Person{number:02d}",
            postcode="4000" if number % 3 else "4100",
            languages=["ar"] if number % 2 else ["ti", "ar"],
            interests=["cooking"] if number % 4 else [],
            newcomer={"french_oral": "A1", "waiting_since": "2026-01-01"} if number != 11 else None,
            volunteer={} if number in {3, 11} else None,
        )
    every = await world.ports.participants.listed(Filters(sort=Sort.NAME), world.clock.now(), limit=50)
    assert len(every) == 12

    def fits(each: Participant, asked: dict[str, str]) -> bool:
        return all(
            {
                "q": all(any(term.startswith(word) for term in each.search) or (word == "seraing" and each.postcode == "4100") for word in value.split()),
                "level": bool(each.newcomer) and each.newcomer.french_oral == value,
                "language": value in each.languages,
                "interest": value in each.interests,
                "municipality": (value == "seraing") == (each.postcode == "4100"),
                "waits": bool(each.newcomer),
                "role": value in each.roles,
                "status": each.status == value,
            }[name]
            for name, value in asked.items()
        )  # fmt: skip

    for asked in (
        {"q": "amina"}, {"q": "amina person0"}, {"q": "seraing"}, {"q": "seraing ba"}, {"level": "A1", "language": "ti"},
        {"interest": "cooking", "language": "ti"}, {"municipality": "seraing"}, {"waits": "30"}, {"waits": "30", "role": "volunteer"},
        {"role": "volunteer", "level": "A1"}, {"status": "applied", "interest": "cooking"}, {"status": "active", "q": "amina"},
    ):  # fmt: skip
        wanted = [each.first_name + each.last_name for each in every if fits(each, asked)]
        for sort in (Sort.NAME, Sort.LATEST, Sort.EARLIEST):
            listing = await people_desk.people_listed(Filters.model_validate({**asked, "sort": sort}), world.ports)
            found = [each.first_name + each.last_name for each in listing.people]
            assert found == wanted if sort is Sort.NAME else sorted(found) == sorted(wanted), (asked, sort)
