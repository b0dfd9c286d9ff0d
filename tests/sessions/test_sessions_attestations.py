"""Attestations on a real database: hours, number, paper, the pages that confirm them and name nobody; the three questions by a link."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from duolangue.chassis.bus.requests import Unavailable
from duolangue.chassis.identity import Access
from duolangue.contracts.facts.activities import Presence
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantStatus
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Contact, LinkWanted, Person
from duolangue.sessions.domain.attestation import (
    SIGNS,
    DaysOutOfOrder,
    NothingToAttest,
    Work,
    as_typed,
    number_of,
    plain,
)
from duolangue.sessions.domain.story import Moment, Question
from duolangue.sessions.paper import Paper
from duolangue.sessions.usecases import asking, attendance, attestations, stories
from duolangue.sessions.usecases.attestations import NamesAway
from tests.worlds import says

from .conftest import World
from .gatherings import announced, enrols
from .test_sessions_impact import Town, at, newcomer, town, volunteer

__all__ = ["town"]

NAMES = {
    "ali": ("Ali", "Hassan"),
    "bea": ("Béatrice", "Dupont"),
    "nour": ("نور", "الهاشمي"),
    "mebrat": ("መብራት", "ተስፋይ"),
}


class Register:
    """Registration: it knows names, and signs links."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.away = False
        self.left: set[str] = set()

    async def people(self, association: str, ids: Iterable[str]) -> dict[str, Person]:
        stranger = ("#abc123", "")
        named = {each: stranger if self.away else NAMES.get(each, stranger) for each in ids}
        return {
            each: Person(first_name=first, last_name=last, age_band="", municipality="")
            for each, (first, last) in named.items()
        }

    async def contacts(
        self, association: str, ids: Sequence[str], links: Sequence[LinkWanted] = ()
    ) -> dict[str, Contact]:
        if self.away:
            raise Unavailable("rpc.registration.contacts")
        sign = self._world.signer.action_token
        return {
            each: Contact(
                first_name=NAMES[each][0],
                last_name=NAMES[each][1],
                language="fr",
                links={
                    want.purpose: want.purpose.url(
                        "https://duo.test",
                        sign(association, want.purpose, want.entity, want.person, want.expires, "fr", want.scope),
                    )
                    for want in links
                },
            )
            for each in ids
            if each not in self.left
        }


@pytest.fixture
def register(world: World) -> Register:
    made = Register(world)
    world.service.foundation.directory = made  # type: ignore[assignment]  # registration is the outside world here
    return made


async def talked(town: Town) -> None:
    await town.joins("ali", newcomer())
    await town.joins("bea", volunteer())
    duo = await town.duo("ali", "bea", "2026-09-02")
    for day, minutes in (("2026-09-08", 45), ("2026-10-06", 30), ("2026-11-03", 60)):
        await town.talk(duo, day, minutes)


async def issued(town: Town, person: str = "ali") -> str:
    form = {"since": "2026-09-01", "until": "2026-10-31"}
    answer = await town.world.client.post(
        f"/sessions/hours/{person}/attestations", data=form, headers=town.world.desk()
    )
    assert answer.status_code == 303, answer.text
    return str(re.findall(r"issued=([0-9A-Z-]+)", answer.headers["location"])[0])


def code_of(paper: bytes) -> str:
    """Where the code on a paper leads."""
    marks: Any = PdfReader(io.BytesIO(paper)).pages[0]["/Annots"]
    [address] = [str(each.get_object()["/A"]["/URI"]) for each in marks]
    return address


async def test_an_attestation_has_the_hours_between_two_days_of_either_side(register: Register, town: Town) -> None:
    await talked(town)
    for person in ("ali", "bea"):
        number = await issued(town, person)
        known = await town.ports.counting.attestations.get(number)
        assert known.minutes == {Work.DUO: 75}
        assert re.fullmatch(f"2026(-[{SIGNS}]{{4}}){{3}}", number)


async def test_hours_of_workshops_count_where_presence_was_noted_and_those_given_for_their_host(
    register: Register, town: Town
) -> None:
    world, ports = town.world, town.ports
    world.clock.moment = at("2026-11-18")
    await talked(town)
    await town.joins("nour", newcomer())
    workshop = await announced(world, host="nour")
    place = await enrols(world, workshop, "ali")
    await enrols(world, workshop, "bea")
    world.clock.moment = at("2026-12-06")
    seen = {place.id: Presence.PRESENT}
    await attendance.note(workshop.id, "m1", seen, "c-1", ports)
    since, until = at("2026-12-01").date(), at("2026-12-05").date()
    assert (await attestations.hours("ali", since, until, ports)).minutes == {Work.WORKSHOP: 120}
    assert (await attestations.hours("bea", since, until, ports)).minutes == {}
    assert (await attestations.hours("nour", since, until, ports)).minutes == {Work.GIVEN: 120}


async def test_nothing_to_attest_and_days_out_of_order_are_refused_in_words(register: Register, town: Town) -> None:
    await talked(town)
    day = at("2026-12-01").date()
    with pytest.raises(NothingToAttest):
        await attestations.issue("ali", day, day, "c-1", town.ports)
    with pytest.raises(DaysOutOfOrder):
        await attestations.issue("ali", day, day - timedelta(days=1), "c-1", town.ports)
    with pytest.raises(DaysOutOfOrder):
        await attestations.issue("ali", day, day + timedelta(days=365), "c-1", town.ports)
    typed = {"since": "yesterday", "until": "2026-10-31"}
    shown = await town.world.client.post("/sessions/hours/ali/attestations", data=typed, headers=town.world.desk())
    assert (shown.status_code, 'value="yesterday"' in shown.text) == (422, True)


async def test_the_paper_bears_the_name_and_its_code_leads_to_a_page_that_confirms_it(
    register: Register, town: Town
) -> None:
    await talked(town)
    number, client = await issued(town), town.world.client
    paper = await client.get(f"/sessions/hours/ali/attestations/{number}", headers=town.world.desk())
    assert paper.status_code == 200
    text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "Ali Hassan" in text
    assert number in text
    path = urlsplit(code_of(paper.content)).path
    confirmed = await client.get(path)
    assert confirmed.status_code == 200
    assert number in confirmed.text
    for name, words in (
        (" ali  HASSAN ", "is the name it was issued to"),
        ("Ali Hasan", "was not issued to this name"),
    ):
        compared = await client.post(path, data={"name": name}, headers={"Cookie": "duo_language=en"})
        assert words in compared.text
    assert "/problem/" not in confirmed.text, "whoever checks the paper is not the person"
    assert (await client.get(path[:-3] + "xxx")).status_code in {401, 403, 404}
    assert "Hassan" not in confirmed.text


async def test_a_number_is_confirmed_to_anybody_without_a_name_and_no_other_number_says_anything(
    register: Register, town: Town
) -> None:
    await talked(town)
    number, world = await issued(town), town.world
    where = f"/sessions/attested/{world.association}"
    typed = number.lower().replace("-", " ").replace("0", "o")
    told = await world.client.get(where, params={"number": typed})
    assert told.status_code == 200
    assert number in told.text
    assert not says("Ali", told.text)
    assert (await world.client.get(where, params={"number": number_of(2026, b"0" * 10)})).status_code == 404
    assert (await world.client.get("/sessions/attested/another-town", params={"number": number})).status_code == 404
    await world.client.post(f"/sessions/hours/ali/attestations/{number}/withdraw", headers=world.desk())
    after = await world.client.get(where, params={"number": number}, headers={"Cookie": "duo_language=en"})
    assert "took this attestation back" in after.text


async def test_somebody_who_left_gets_a_paper_whose_code_leads_to_its_number(register: Register, town: Town) -> None:
    await talked(town)
    number = await issued(town)
    register.left = {"ali"}
    paper = await town.world.client.get(f"/sessions/hours/ali/attestations/{number}", headers=town.world.desk())
    address = code_of(paper.content)
    assert address.endswith(f"/sessions/attested/{town.world.association}?number={number}")


async def test_without_registration_no_paper_is_printed(register: Register, town: Town) -> None:
    await talked(town)
    number = await issued(town)
    register.away = True
    with pytest.raises(NamesAway):
        await attestations.paper(number, town.ports)


async def test_an_erased_person_keeps_a_paper_that_is_confirmed_and_nothing_leads_to_them(
    register: Register, town: Town
) -> None:
    await talked(town)
    number, world = await issued(town), town.world
    await town.hear(ParticipantErased, "ali", "2026-12-30", {"status": ParticipantStatus.ERASED, "roles": []})
    known = await town.ports.counting.attestations.get(number)
    assert known.participant is None
    assert (await world.client.get(f"/sessions/attested/{world.association}?number={number}")).status_code == 200
    assert (await world.client.get("/sessions/hours/ali", headers=world.desk())).status_code == 404


async def test_a_reader_sees_hours_and_issues_nothing(register: Register, town: Town) -> None:
    await talked(town)
    number, world = await issued(town), town.world
    reads = world.desk(Access.READ)
    assert (await world.client.get("/sessions/hours/ali", headers=reads)).status_code == 200
    form = {"since": "2026-09-01", "until": "2026-10-31"}
    for path in ("attestations", "outcomes", "words", f"attestations/{number}/withdraw"):
        assert (await world.client.post(f"/sessions/hours/ali/{path}", data=form, headers=reads)).status_code == 403
    assert (await world.client.get(f"/sessions/hours/ali/attestations/{number}", headers=reads)).status_code == 403
    other = await world.client.get(f"/sessions/hours/bea/attestations/{number}", headers=world.desk())
    assert other.status_code == 404, "a paper is its person's alone"


@pytest.mark.parametrize(
    ("name", "writes"), [("Ali Hassan", True), ("نور الهاشمي", True), ("Олена Шевченко", True), ("መብራት", False)]
)
def test_names_are_written_in_their_own_letters_or_left_to_be_written_by_hand(name: str, writes: bool) -> None:
    assert Paper("", "fr", at("2026-11-22")).can_write(name) is writes


def test_a_number_is_read_as_people_type_it() -> None:
    number = number_of(2026, bytes(range(10)))
    assert as_typed(f" {number.lower()} ") == number
    assert as_typed(number.replace("-", "").replace("0", "O")) == number
    assert as_typed("2026-0000") == ""
    assert as_typed("{'$ne': null}") == ""
    assert len({number_of(2026, bytes([each] * 10)) for each in range(256)}) == 256
    assert plain("  Béatrice   DUPONT ") == plain("beatrice dupont")


async def test_a_newcomer_answers_the_three_questions_by_the_link_they_have_and_may_take_words_back(
    register: Register, town: Town
) -> None:
    await talked(town)
    world, ports = town.world, town.ports
    assert await asking.asked("ali", ports) is Moment.END, "twelve weeks have passed since the first duo"
    assert await asking.asked("bea", ports) is None, "volunteers are not asked"
    expires = world.clock.now() + timedelta(days=7)
    token = world.signer.action_token(
        world.association, Purpose.LOG_CONVERSATION, "ali-bea", "ali", expires, "en", "2026-W53"
    )
    path = f"/sessions/questions/{token}"
    empty = await world.client.post(path, data={})
    assert (empty.status_code, "Choose at least one answer." in empty.text) == (422, True)
    beyond = await world.client.post(path, data={"confidence": "9"})
    assert (beyond.status_code, "Choose one of the five." in beyond.text) == (422, True)
    sent = {"confidence": "4", "friends": "2", "text": "Thank you", "agreed": "true"}
    assert (await world.client.post(path, data=sent)).status_code == 303
    told = await stories.of("ali", ports)
    assert told.end
    assert (told.end.of(Question.CONFIDENCE), told.end.of(Question.PROJECTS)) == (4, None)
    assert told.words
    assert await asking.asked("ali", ports) is None
    await world.client.post(path, data={"confidence": "5", "text": "Thank you"})
    told = await stories.of("ali", ports)
    assert (told.words, told.end.of(Question.CONFIDENCE) if told.end else 0) == (None, 5)
    wrong = world.signer.action_token(world.association, Purpose.CONFIRM_ATTESTATION, "x", "ali", expires, "en")
    assert (await world.client.get(f"/sessions/questions/{wrong}")).status_code in {401, 403, 404}
