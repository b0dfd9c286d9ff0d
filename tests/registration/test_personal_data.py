"""Personal data: what somebody agreed to, their own page, their erasure, how long things are kept, who saw what."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import OperationFailure

from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.matching import DuoStatus, MatchingErased
from duolangue.contracts.facts.notifications import Channel, MessageKind, NotificationSent, NotificationsErased
from duolangue.contracts.facts.sessions import SessionLogged, SessionsErased
from duolangue.contracts.vocabulary import Medium
from duolangue.registration import usecases
from duolangue.registration.domain import audit
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import AssociationSettings
from duolangue.registration.domain.audit import Act
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.erasure import Cause
from duolangue.registration.domain.history import KnownDuo
from duolangue.registration.domain.participant import ConsentPurpose, Status
from duolangue.registration.domain.signup import record
from duolangue.registration.domain.signup.answers import Answers
from duolangue.registration.reactions import on
from duolangue.registration.service import DECLARATION
from duolangue.registration.usecases import erasing, notes, personal_data, retaining
from tests.registration.conftest import World
from tests.registration.test_imports_step_by_step import file_of, pressed, sent

CANARY = "Zephyrine-Canari"
MAIL = "zephyrine@canari.example"
PHONE = "+32470123987"


def told(**changes: Any) -> dict[str, Any]:
    return {
        "first_name": CANARY, "last_name": "Secrète", "email": MAIL, "phone": PHONE, "birth_year": 1990, "postcode": "4000",
        "languages": ["ar"], "interests": ["cooking"], "consent": True, "newcomer": {"french_oral": "A1"}, **changes,
    }  # fmt: skip


async def somebody(world: World, *, active: bool = True, **changes: Any) -> str:
    answer = await world.client.post("/people/api/participants", json=told(**changes), headers=world.desk())
    assert answer.status_code == 201, answer.text
    person: str = answer.json()["id"]
    if active:
        await usecases.interview(person, True, "", world.ports)
    return person


async def own_page(world: World, person: str) -> str:
    one = await world.ports.participants.get(person)
    link = personal_data.own_link(one, world.ports, "en")
    return link.removeprefix("http://desk.test")


async def hear(world: World, fact: Any, subject: str) -> None:
    event = Event.of(
        fact, event_id=f"e-{fact.fact_name()}-{subject}".replace(".", "-"), association=world.association, entity_id=subject, entity_version=1,
        time=world.clock.now(),
    )  # fmt: skip
    await on.handlers[type(fact)](fact, event, world.ports)


async def everything_stored(world: World) -> str:
    """All that registration's database holds, as one text."""
    texts = []
    for kind in DECLARATION.kinds:
        raw = world.service.foundation.database.collection(kind.name)
        texts += [str(document) async for document in raw.find({"association": world.association})]
    return "\n".join(texts)


async def test_the_own_page_shows_everything_and_takes_corrections(world: World) -> None:
    person = await somebody(world)
    address = await own_page(world, person)
    page = (await world.client.get(address)).text
    for shown in (CANARY, MAIL, "Liège", "1990", "You take part"):
        assert shown in page
    form = (await world.client.get(f"{address}/change")).text
    assert f'value="{CANARY}"' in form
    right = {"first_name": "Zoé", "last_name": "", "email": MAIL, "phone": PHONE, "birth_year": "1991", "postcode": "4020",
             "ui_language": "fr", "languages": ["ar", "en"], "interests": ["music"], "availability": ["mon_evening"],
             "french_oral": "A2", "partner_gender": "female", "partner_least": "20", "partner_most": "40"}  # fmt: skip
    saved = await world.client.post(f"{address}/change", data=right)
    assert saved.status_code == 303, saved.text
    one = await world.ports.participants.get(person)
    assert (one.first_name, one.birth_year, one.postcode, one.languages) == ("Zoé", 1991, "4020", ["ar", "en"])
    assert one.newcomer is not None
    assert one.newcomer.partner_age is not None
    assert (one.newcomer.partner_age.least, one.newcomer.partner_age.most) == (20, 40)


async def test_what_is_wrong_is_said_next_to_the_field_and_what_was_typed_stays(world: World) -> None:
    address = await own_page(world, await somebody(world))
    wrong = {"first_name": "Zoé", "email": "no address", "phone": PHONE, "birth_year": "abc", "postcode": "0001",
             "ui_language": "fr", "french_oral": "A2"}  # fmt: skip
    page = await world.client.post(f"{address}/change", data=wrong)
    assert page.status_code == 422
    assert 'id="birth_year-fault"' in page.text
    page = await world.client.post(f"{address}/change", data={**wrong, "birth_year": "1990"})
    assert page.status_code == 422
    for field in ("email", "postcode"):
        assert f'id="{field}-fault"' in page.text
    assert 'value="no address"' in page.text


async def test_breaks_and_leaving_on_the_own_page(world: World) -> None:
    person = await somebody(world)
    address = await own_page(world, person)
    for action, status in (("pause", Status.PAUSED), ("resume", Status.ACTIVE), ("leave", Status.LEFT)):
        assert (await world.client.post(f"{address}/{action}")).status_code == 303
        assert (await world.ports.participants.get(person)).status is status
    assert (await world.client.post(f"{address}/pause")).status_code == 409
    assert "do not take part any more" in (await world.client.get(address)).text


async def test_everything_comes_as_a_zip_that_says_what_is_missing(world: World) -> None:
    person = await somebody(world, first_name="=cmd|' /C calc'!A0")
    answer = await world.client.get(f"{await own_page(world, person)}/download")
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    parts = json.loads(archive.read("registration/registration.json"))
    assert parts["about_you"][0]["email"] == MAIL
    assert parts["what_you_agreed_to"][0]["purpose"] == "participation"
    sheet = archive.read("registration/about_you.csv").decode("utf-8-sig")
    assert "'=cmd" in sheet
    assert "matching, sessions, notifications" in archive.read("README.txt").decode()


@pytest.mark.parametrize("known", [True, False])
async def test_the_link_is_asked_for_with_the_same_answer_known_or_not(world: World, known: bool) -> None:
    mail = f"asks-{known}@canari.example".lower()
    if known:
        await somebody(world, email=mail)
    answer = await world.client.post("/me?lang=en", data={"address": mail, "association": world.association})
    assert answer.status_code == 200
    assert "If we know this address" in answer.text
    assert mail not in answer.text
    mails = world.post.to(mail)
    assert len(mails) == (1 if known else 0)
    if known:
        link = re.findall(r"http://desk\.test(/me/\S+)", mails[0].get_content())[0]
        assert CANARY in (await world.client.get(link)).text


async def test_a_shared_address_or_a_telephone_goes_by_a_coordinator(world: World) -> None:
    one = await somebody(world)
    other = await somebody(world, first_name="Amal", phone=None)
    await world.client.post("/me", data={"address": MAIL, "association": world.association})
    assert world.post.to(MAIL) == []
    page = (await world.client.get("/people/personal-data", headers=world.desk())).text
    assert f"/people/{one}/personal-data/link" in page
    assert f"/people/{other}/personal-data/link" in page
    ready = (await world.client.post(f"/people/{one}/personal-data/link", headers=world.desk())).text
    assert "https://wa.me/32470123987?text=" in ready
    link = re.findall(r"http://desk\.test(/me/[^\s<&]+)", ready)[0]
    assert CANARY in (await world.client.get(link)).text
    assert (
        f"/people/{one}/personal-data/link"
        not in (await world.client.get("/people/personal-data", headers=world.desk())).text
    )


async def test_asking_again_and_again_sends_few_mails(world: World) -> None:
    await somebody(world, email="often@canari.example")
    for _ in range(6):
        await world.client.post("/me", data={"address": "often@canari.example", "association": world.association})
    assert len(world.post.to("often@canari.example")) == 3


async def test_links_asked_for_at_one_association_do_not_use_up_anothers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal_data, "AT_ONE_ASSOCIATION", 1)
    second = world.service.ports(f"{world.association}-2")
    await usecases.register_association(AssociationSettings(name="Elsewhere"), second)
    await usecases.register_participant(Application(**told(email="c@canari.example", phone=None)), second)
    for name in ("a", "b"):
        await somebody(world, email=f"{name}@canari.example", phone=None, first_name=name)
        await personal_data.ask_own_page(f"{name}@canari.example", name, world.association, world.service.ports)
    await personal_data.ask_own_page("c@canari.example", "c", second.association, world.service.ports)
    assert [len(world.post.to(f"{name}@canari.example")) for name in ("a", "b", "c")] == [1, 0, 1]


async def test_an_outside_feed_hears_of_nobody_who_did_not_agree(world: World) -> None:
    person = await somebody(world)
    await usecases.update_association({"feeds": ["Forem"]}, world.ports)
    address = await own_page(world, person)
    assert "You have not said yes" in (await world.client.get(address)).text
    assert (await world.client.post(f"{address}/consent", data={"feed": "Other", "yes": "true"})).status_code == 409
    await world.client.post(f"{address}/consent", data={"feed": "Forem", "yes": "true"})
    given = (await world.ports.participants.get(person)).consents[-1]
    assert (given.purpose, given.to, given.language, given.withdrawn_at) == (ConsentPurpose.FEED, "Forem", "en", None)
    await world.client.post(f"{address}/consent", data={"feed": "Forem", "yes": "false"})
    assert (await world.ports.participants.get(person)).consents[-1].withdrawn_at == world.clock.now()
    assert "You have not said yes" in (await world.client.get(address)).text


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


async def test_people_are_erased_when_their_time_is_over_and_administrators_knew(world: World) -> None:
    gone = await somebody(world)
    stays = await somebody(world, first_name="Amal", email="amal@example.org", phone=None)
    waits = await somebody(world, first_name="Nour", email="nour@example.org", phone=None, active=False)
    await usecases.invite_coordinator("ana@example.org", "", AccessLevel.ADMINISTER, "en", world.ports)
    await usecases.update_association({"retention_months": 2, "application_months": 1}, world.ports)
    await usecases.leave(gone, world.ports)
    await retaining.watch_retention(world.ports)
    assert [
        each.participant.id for each in await retaining.leaving(world.clock.now() + timedelta(days=45), world.ports)
    ] == [waits]
    for _ in range(20):
        await world.time_passes(days=1)
    assert [m for m in world.post.to("ana@example.org") if "will be erased" in m.get_content()]
    assert await world.ports.participants.find(waits) is not None
    for _ in range(50):
        await world.time_passes(days=1)
    assert await world.ports.participants.erased(waits)
    assert await world.ports.participants.erased(gone)
    assert (await world.ports.erasures.get(gone)).cause is Cause.RETENTION
    assert (await world.ports.participants.get(stays)).status is Status.ACTIVE


async def test_a_shorter_rule_is_told_before_it_erases_anybody(world: World) -> None:
    gone = await somebody(world)
    await usecases.leave(gone, world.ports)
    await retaining.watch_retention(world.ports)
    await world.time_passes(days=200)
    await usecases.update_association({"retention_months": 1}, world.ports)
    page = (await world.client.get("/people/retention", headers=world.desk(Access.ADMINISTER))).text
    assert CANARY in page
    for _ in range(13):
        await world.time_passes(days=1)
    assert await world.ports.participants.find(gone) is not None
    for _ in range(3):
        await world.time_passes(days=1)
    assert await world.ports.participants.erased(gone)


async def test_who_saw_and_changed_whose_data_is_written_down(world: World) -> None:
    person = await somebody(world)
    await world.client.get(f"/people/{person}/personal-data", headers=world.desk(coordinator="c-7"))
    await world.client.get(f"/people/{person}/personal-data/download", headers=world.desk(coordinator="c-7"))
    await world.client.get("/people/unknown/personal-data", headers=world.desk(coordinator="c-7"))
    address = await own_page(world, person)
    await world.client.get(address)
    entries = await world.ports.audit.latest(person, None, 50)
    assert {(each.actor.kind.value, each.act) for each in entries} >= {
        ("coordinator", Act.SAW), ("coordinator", Act.EXPORTED), ("participant", Act.SAW),
    }  # fmt: skip
    page = await world.client.get("/people/audit", headers=world.desk(Access.ADMINISTER))
    assert "GET /people/{participant_id}/personal-data" in page.text
    assert CANARY not in page.text
    assert (await world.client.get("/people/audit", headers=world.desk(Access.COORDINATE))).status_code == 403


async def test_a_copy_for_somebody_kept_out_does_not_say_so(world: World) -> None:
    person = await somebody(world)
    await usecases.exclusions.exclude(person, "money", "c-1", world.ports)
    copy = await personal_data.copy_of(person, world.ports)
    assert copy.parts["registration"]["about_you"][0]["status"] == "left"
    assert "excluded" not in str(copy.parts)


async def test_the_database_itself_keeps_the_audit_log_append_only(world: World, registration_settings: Any) -> None:
    await world.ports.audit.record(audit.SYSTEM, Act.SAW, ["p-1"], "test")
    client: Any = AsyncIOMotorClient(registration_settings.mongodb_url.get_secret_value())
    log = client[registration_settings.mongodb_database]["audit"]
    mine = {"association": world.association}
    assert await log.find_one(mine) is not None
    for forbidden in (
        log.update_many(mine, {"$set": {"state.what": "nothing"}}),
        log.delete_many(mine),
        log.drop(),
        log.find_one_and_replace(mine, {"x": 1}),
        log.aggregate([{"$match": mine}, {"$out": "audit"}]).to_list(1),
    ):
        with pytest.raises(OperationFailure, match=r"not authorized|requires authentication"):
            await forbidden
    client.close()
