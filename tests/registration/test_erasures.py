"""Erasing somebody: a tombstone, no word left anywhere, every service asked; and nothing brings them back."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.contracts.facts.matching import DuoStatus, MatchingErased
from duolangue.contracts.facts.notifications import Channel, MessageKind, NotificationSent, NotificationsErased
from duolangue.contracts.facts.sessions import SessionLogged, SessionsErased
from duolangue.contracts.vocabulary import Medium
from duolangue.registration import usecases
from duolangue.registration.domain import audit
from duolangue.registration.domain.erasure import Cause
from duolangue.registration.domain.history import KnownDuo
from duolangue.registration.domain.signup import record
from duolangue.registration.domain.signup.answers import Answers
from duolangue.registration.usecases import erasing, notes, personal_data, retaining
from tests.registration.conftest import World
from tests.registration.personal import CANARY, MAIL, PHONE, everything_stored, hear, own_page, somebody
from tests.registration.test_imports_step_by_step import file_of, pressed, sent


async def test_an_erased_person_leaves_a_tombstone_and_no_word(world: World) -> None:
    person = await somebody(world)
    from duolangue.registration.usecases.notes import write_note

    await write_note(person, f"{CANARY} sings well", "c-1", world.ports)
    await usecases.report_problem(person, person, usecases.reports.ProblemKind.OTHER, f"I am {CANARY}", world.ports)
    for each in await world.ports.reports.select():
        await usecases.reports.close_report(each.id, usecases.reports.Outcome.TALKED, "c-1", world.ports)
    await personal_data.ask_own_page(PHONE, "n", world.association, world.service.ports)
    address = await own_page(world, person)
    unsure = await world.client.post(f"{address}/erase")
    assert unsure.status_code == 422
    assert (await world.client.post(f"{address}/erase", data={"sure": "true"})).status_code == 303

    stored = await everything_stored(world)
    for word in (CANARY, MAIL, PHONE, "Secrète", CANARY.casefold(), "470123987"):
        assert word not in stored
    page = (await world.client.get(address)).text
    assert "Nothing about you is kept here any more" in page
    assert (await world.told_of(person))[-1] == "participant.erased.v1"
    assert (await world.client.get(f"/people/api/participants/{person}", headers=world.desk())).status_code == 404
    assert (await world.client.get(f"/people/{person}", headers=world.desk())).status_code == 404


async def test_the_row_of_a_fresh_import_is_forgotten_too(world: World) -> None:
    line = f"nouvel arrivant;{CANARY};Secrète;{MAIL};1990;4000;A1;oui"
    other = "nouvel arrivant;Amina;Haddad;amina@example.org;1990;4000;A1;oui"
    await pressed(world, await sent(world, file_of(line, other)), "start")
    (person,) = [one.id for one in await world.ports.participants.select({"email": MAIL})]
    assert CANARY in await everything_stored(world)
    await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    stored = await everything_stored(world)
    assert CANARY not in stored
    assert "Haddad" in stored


async def test_no_row_of_a_waiting_file_is_about_or_names_who_is_erased(world: World) -> None:
    header = "Rôle;Prénom;Nom;Adresse mail;Année de naissance;Code postal;Niveau de français;Partenaire actuel;Accord"
    again = f"nouvel arrivant;{CANARY};Secrète;{MAIL};1990;4000;A1;;oui"
    names = f"bénévole;Claire;Petit;claire@example.org;1980;4000;;{MAIL.upper()};oui"
    person = await somebody(world)
    batch = await sent(world, file_of(again, names, header=header))
    await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    stored = await everything_stored(world)
    for word in (CANARY, MAIL, MAIL.upper(), "Secrète"):
        assert word not in stored
    await pressed(world, batch, "start")
    assert [one.first_name for one in await world.ports.participants.select()] == ["Claire"]


class Slow:
    """Notes that are kept only after somebody else has done something."""

    def __init__(self, notes: Any, first: Any) -> None:
        self._notes, self._first = notes, first

    async def add(self, note: Any) -> Any:
        await self._first()
        return await self._notes.add(note)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._notes, name)


async def test_a_note_that_is_written_while_somebody_is_erased_does_not_stay(world: World) -> None:
    person = await somebody(world)

    async def erased() -> None:
        await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)

    slow = dataclasses.replace(world.ports, notes=Slow(world.ports.notes, erased))
    with pytest.raises(Absent):
        await notes.write_note(person, f"{CANARY} sings well", "c-1", slow)
    assert CANARY not in await everything_stored(world)


async def test_a_late_fact_about_an_erased_person_leaves_no_trace(world: World) -> None:
    person, other = (
        await somebody(world),
        await somebody(world, first_name="Milo", email="milo@example.org", phone=None),
    )
    await world.ports.duos.apply(KnownDuo(id="d-1", newcomer=person, volunteer=other, status=DuoStatus.CONFIRMED), 1)
    await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    for about in (person, other):
        mail = NotificationSent(
            kind=MessageKind.WELCOME, recipient=about, about=about, channel=Channel.MAIL, sent_at=world.clock.now()
        )
        await hear(world, mail, f"mail-{about}")
    talk = SessionLogged(duo="d-1", held_on="2026-11-22", week="2026-W47", minutes=35, medium=Medium.VIDEO)
    await hear(world, talk, "talk-1")
    assert {each.about for each in await world.ports.happenings.select()} == {other, "d-1"}
    await erasing.erase(other, Cause.ASKED, audit.participant(other), world.ports)
    await hear(world, talk, "talk-2")
    assert "e-session-logged-v1-talk-2" not in {each.id for each in await world.ports.happenings.select()}


async def test_a_sign_up_on_its_way_with_the_same_address_goes_too(world: World) -> None:
    person = await somebody(world)
    for number, answers in enumerate(({"email": MAIL}, {"phone": PHONE}, {"email": "other@example.org"})):
        begun = record.begin(f"s-{number}", "fr", world.clock.now())
        await world.ports.sign_ups.add(begun.model_copy(update={"answers": Answers(**answers)}))
    await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    assert [each.id for each in await world.ports.sign_ups.select()] == ["s-2"]


async def test_nobody_lists_the_erased(world: World) -> None:
    person = await somebody(world)
    await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    for access in (Access.READ, Access.COORDINATE, Access.ADMINISTER):
        for asked in ("", "?status=erased"):
            listed = await world.client.get(f"/people/api/participants{asked}", headers=world.desk(access))
            assert listed.json()["participants"] == [], (access, asked)


async def test_nothing_brings_an_erased_person_back(world: World) -> None:
    person = await somebody(world)
    await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    with pytest.raises(Absent):
        await usecases.interview(person, True, "", world.ports)
    with pytest.raises(Absent):
        await usecases.update_participant(person, {"first_name": "Back"}, world.ports)
    await usecases.mark_unreachable(person, world.clock.now(), world.ports)
    assert await world.ports.participants.with_addresses([MAIL, PHONE]) == []
    assert await world.ports.participants.with_ids([person]) == []
    again = await somebody(world)  # the same person may sign up anew, as somebody new
    assert again != person


async def test_an_erasure_is_closed_when_every_service_has_answered(world: World) -> None:
    person = await somebody(world)
    await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)  # twice is as once
    assert (await world.ports.erasures.get(person)).waits_for == ("matching", "sessions", "notifications")
    page = (await world.client.get("/people/erasures", headers=world.desk())).text
    assert person[-6:] in page
    for fact in (MatchingErased, SessionsErased, NotificationsErased):
        assert (await world.ports.erasures.get(person)).closed_at is None
        await hear(world, fact(erased_at=world.clock.now()), person)
    assert (await world.ports.erasures.get(person)).closed_at is not None
    assert (await world.told_of(person)).count("participant.erased.v1") == 1


async def test_two_erased_people_are_in_nobodys_way(world: World) -> None:
    for number in range(2):
        person = await somebody(world, first_name=f"N{number}", email=f"n{number}@example.org", phone=None)
        await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    assert await world.ports.participants.select() == []


async def test_an_interrupted_erasure_is_taken_up_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await somebody(world)

    async def away(*_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("duolangue.registration.journal.FileJournal.note", away)
    with pytest.raises(OSError, match="full"):
        await erasing.erase(person, Cause.ASKED, audit.participant(person), world.ports)
    assert await world.ports.participants.find(person) is not None  # first it is listed outside, then it is done
    monkeypatch.undo()
    await world.time_passes(minutes=2)
    assert await world.ports.participants.erased(person)
    assert "registration" in (await world.ports.erasures.get(person)).answered


async def test_an_open_report_keeps_its_words_until_it_is_closed(world: World) -> None:
    harasser = await somebody(world)
    victim = await somebody(world, first_name="Amal", email="amal@example.org", phone=None)
    await usecases.report_problem(victim, harasser, usecases.reports.ProblemKind.SEX, "he insists", world.ports)
    await erasing.erase(harasser, Cause.ASKED, audit.participant(harasser), world.ports)
    (report,) = await world.ports.reports.select()
    assert report.words == "he insists"
    assert await usecases.exclusions.held(MAIL, None, world.ports)  # a human looks when they come back
    await usecases.reports.close_report(report.id, usecases.reports.Outcome.EXCLUDED, "c-1", world.ports)
    await retaining.look_after_retention(world.ports)
    (report,) = await world.ports.reports.select()
    assert report.words == ""


async def test_who_was_excluded_once_stays_recognisable_when_erased_while_a_new_report_is_open(world: World) -> None:
    harasser = await somebody(world)
    victim = await somebody(world, first_name="Amal", email="amal@example.org", phone=None)
    await usecases.exclusions.exclude(harasser, "", "c-1", world.ports)
    await usecases.exclusions.lift(harasser, "a second chance", "c-1", world.ports)
    await usecases.report_problem(victim, harasser, usecases.reports.ProblemKind.SEX, "again", world.ports)
    assert not await usecases.exclusions.held(MAIL, None, world.ports)
    await erasing.erase(harasser, Cause.ASKED, audit.participant(harasser), world.ports)
    assert await usecases.exclusions.held(MAIL, None, world.ports)
