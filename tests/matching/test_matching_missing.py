"""Which volunteers are missing: exact, said after each run, and made into calls to share and to print."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import networkx as nx
import numpy as np
import pytest
from pypdf import PdfReader

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.registration import (
    AgeRange,
    AssociationRegistered,
    NewcomerProfile,
    ParticipantStatus,
    VolunteerProfile,
)
from duolangue.contracts.vocabulary import Gender, Level, Role
from duolangue.matching import calls, poster
from duolangue.matching.domain.missing import Call, Hours, Profile
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import certificate, kinds, wanted
from duolangue.matching.engine.assignment import solve
from duolangue.matching.engine.compute import Question, build_pool
from duolangue.matching.missing_computing import Lookout
from duolangue.matching.sentences_waiting import WaitingSentences
from tests.matching.conftest import World, participant

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def some_pool(seed: int) -> Question:
    """A small town with too few volunteers, most of them far away or at ease with few."""
    chance = random.Random(seed)
    levels = [Level.A0, Level.A0, Level.A1, Level.A2, Level.B1]

    def someone(name: str, role: Role, **told) -> Person:
        return Person(
            id=name,
            status=ParticipantStatus.ACTIVE,
            roles=(role,),
            gender=chance.choice([Gender.FEMALE, Gender.MALE]),
            birth_year=chance.choice([1960, 1988, 1995]),
            postcode=chance.choice(["4000", "4500", "5000", "6000"]),
            languages=tuple(chance.sample(["ar", "ti", "uk"], chance.randint(0, 1))),
            availability=tuple(chance.sample(["mon_evening", "tue_morning", "sat_midday"], chance.randint(0, 2))),
            radius_km=15,
            **told,
        )

    newcomers = [
        someone(
            f"n{number}",
            Role.NEWCOMER,
            newcomer=NewcomerProfile(
                french_oral=chance.choice(levels),
                waiting_since=NOW - timedelta(days=chance.randint(0, 120)),
                partner_gender=chance.choice([None, None, Gender.FEMALE]),
                partner_age=chance.choice([None, None, None, AgeRange(least=25, most=40), AgeRange(least=35)]),
                needs_common_language=chance.random() < 0.3,
            ),
        )
        for number in range(chance.randint(1, 8))
    ]
    volunteers = [
        someone(f"v{number}", Role.VOLUNTEER, volunteer=VolunteerProfile(comfort=chance.choice(levels)))
        for number in range(chance.randint(0, 4))
    ]
    return Question(
        newcomers=newcomers,
        volunteers=volunteers,
        capacity={person.id: chance.randint(0, 2) for person in volunteers},
        apart=set(),
        association=Association(id="a"),
        policy=Policy(common_time=chance.random() < 0.3),
        now=NOW,
    )


def most_pairs(question: Question, profiles: Sequence[Profile] = ()) -> list[int]:
    """How many can be paired at most, by the largest flow: with nobody more, then with one volunteer of each kind who has places for all."""
    extras = [kinds.person_of(profile, NOW.year) for profile in profiles]
    pool = build_pool(replace(question, volunteers=[*question.volunteers, *extras]))
    may = certificate.allowed(pool, question.policy, slice(0, len(question.newcomers))) >= 0
    column_of = {person.id: column for column, person in enumerate(pool.volunteers.people)}
    counts = []
    for extra in [None, *extras]:
        flow = nx.DiGraph()
        flow.add_nodes_from(["from", "to"])
        flow.add_edges_from((("from", row) for row in range(len(may))), capacity=1)
        for other in [*question.volunteers, *([extra] if extra else [])]:
            column = column_of[other.id]
            flow.add_edges_from(((int(row), other.id) for row in np.flatnonzero(may[:, column])), capacity=1)
            flow.add_edge(other.id, "to", capacity=100 if other is extra else question.capacity[other.id])
        counts.append(int(nx.maximum_flow_value(flow, "from", "to")))
    return counts


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_the_first_call_helps_as_many_as_any_volunteer_could(seed, beside, monkeypatch):
    """Whether chains of moves are looked at, or each kind is counted by pairing everybody anew, as in a large pool."""
    monkeypatch.setattr(wanted, "MOST_PAIRS", -1 if beside else wanted.MOST_PAIRS)
    monkeypatch.setattr(wanted, "MOST_SOLVED", 1000)
    question = some_pool(seed)
    found = wanted.find(question)
    thought_of = kinds.profiles(question.newcomers, question)  # more than what those who are left need
    base, *most = most_pairs(question, thought_of)
    assert found.waiting == len(question.newcomers)
    assert found.left == found.waiting - base
    assert found.complete
    assert max(most) - base == (found.calls[0].more if found.calls else 0)
    truly = most_pairs(question, [call.profile for call in found.calls])[1:]
    assert [call.more for call in found.calls] == [count - base for count in truly]
    assert [call.more for call in found.calls] == sorted((call.more for call in found.calls), reverse=True)


@pytest.mark.parametrize("seed", range(12))
def test_the_prices_of_the_proof_promise_no_less_than_what_comes_true(seed):
    """By them a kind gives at most so many people a duo, and at least one where that is not nobody."""
    question = some_pool(seed)
    base = solve(build_pool(question), question.policy)
    tried = kinds.profiles(question.newcomers, question)
    town = wanted._town(question, base, tried)
    before, *after = most_pairs(question, tried)
    promised = {kind.profile.id: kind.bound for kind in town.kinds}
    for profile, count in zip(tried, after, strict=True):
        bound = promised.get(profile.id, 0)
        assert bool(bound) == (count > before)
        assert bound >= count - before


def test_ages_that_are_wished_for_are_asked_for_where_they_matter():
    """Two wish for somebody of 30 to 45 and of 40 or more; a third does not mind. Whoever is between 40 and 45 helps all three."""

    def one(name: str, wish: AgeRange | None) -> Person:
        profile = NewcomerProfile(french_oral=Level.B1, waiting_since=NOW, partner_age=wish)
        return Person(
            id=name, status=ParticipantStatus.ACTIVE, roles=(Role.NEWCOMER,), postcode="4000", newcomer=profile
        )

    wishes = {"ana": AgeRange(least=30, most=45), "bo": AgeRange(least=40), "cy": None}
    question = Question(
        [one(*each) for each in wishes.items()], [], {}, set(), Association(id="a", name="A"), Policy(), NOW
    )
    call = wanted.find(question).calls[0]
    assert (call.more, call.profile.age) == (3, AgeRange(least=40, most=45))
    assert call.profile.id == "4000-B1-any-any-any-40to45"
    assert WaitingSentences("en").of_profile(call.profile)[-1] == "from 40 to 45 years old"
    words = calls.words_of(call, question.association, "https://x/join/a", "en")
    assert "somebody from 40 to 45 years old" in words.text
    alone = replace(question, newcomers=[one("cy", None)])
    assert wanted.find(alone).calls[0].profile.age is None


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (AgeRange(least=50), "50 years old or more"),
        (AgeRange(most=30), "up to 30 years old"),
        (AgeRange(least=25, most=40), "from 25 to 40 years old"),
    ],
)
def test_an_open_range_of_ages_is_said_as_one(age, said):
    assert WaitingSentences("en").of_age(age) == said


def test_a_chain_of_moves_counts_too():
    """Only Ana waits, who needs a woman; Bo gave her the only one. With anybody for Bo, Ana has a duo as well."""

    def one(name: str, **wish) -> Person:
        return Person(
            id=name,
            status=ParticipantStatus.ACTIVE,
            roles=(Role.NEWCOMER,),
            postcode="4000",
            newcomer=NewcomerProfile(french_oral=Level.B1, waiting_since=NOW, **wish),
        )

    woman = Person(
        id="eve",
        status=ParticipantStatus.ACTIVE,
        roles=(Role.VOLUNTEER,),
        postcode="4000",
        gender=Gender.FEMALE,
        volunteer=VolunteerProfile(),
    )
    people = [one("ana", partner_gender=Gender.FEMALE), one("bo")]
    question = Question(people, [woman], {"eve": 1}, set(), Association(id="a"), Policy(), NOW)
    (call,) = wanted.find(question).calls
    assert call.more == 1
    assert call.profile == Profile(postcode="4000", comfort=Level.B1)  # nothing else is asked of them


async def test_a_large_pool_is_looked_at_in_a_process_of_its_own():
    question = some_pool(3)
    lookout = Lookout(small=0)
    assert await lookout.find(question) == wanted.find(question)
    await lookout.close()


async def short(world: World) -> None:
    """Three beginners in Huy, one who is further; the only volunteer is in Liège, and far."""
    await world.hear(AssociationRegistered(name="Cœur d’Huy", language="fr", radius_km=10), world.association)
    for name in ("ali", "eva", "noor"):
        await world.newcomer(name, postcode="4500")
    other = NewcomerProfile(french_oral=Level.B1, waiting_since=world.clock.now())
    await world.hear(participant(roles=[Role.NEWCOMER], newcomer=other, postcode="6700"), "zoe")
    await world.volunteer("bea")


async def test_after_a_run_the_desk_says_who_is_missing_and_the_fact_counts_them(world: World):
    await short(world)
    run = await world.run()
    assert (run["figures"]["waiting"], run["figures"]["nobody_fits"]) == (4, 4)
    assert await world.told() == ["shortage.detected.v1", "matching.completed.v1"]
    await world.service.sweeper.sweep()
    page = (await world.client.get("/duos/missing", headers=world.token(language="en"))).text
    assert page.index("Volunteers in Huy") < page.index("Volunteers in Arlon")
    for shown in ("3 people more would have a duo.", "1 person more would have a duo.", "at ease with beginners"):
        assert shown in page
    assert 'http-equiv="refresh"' not in page
    again = await world.client.post("/duos/missing", headers=world.token())
    assert again.status_code == 303
    assert 'http-equiv="refresh"' in (await world.client.get("/duos/missing", headers=world.token())).text


async def test_a_call_is_shared_in_three_languages_and_in_the_coordinators_own_words(world: World):
    await short(world)
    await world.run()
    await world.service.sweeper.sweep()
    address = "/duos/missing/4500-A1-any-any-any"
    for language, said in (("fr", "Huy"), ("nl", "Hoei"), ("en", "patience and a smile")):
        page = await world.client.get(f"{address}?language={language}", headers=world.token(language="ar"))
        assert page.status_code == 200
        assert said in page.text
        assert f"/join/{world.association}" in page.text
        for name in ("Ali", "Eva", "Noor"):
            assert name not in page.text
    own = await world.client.get(address, params={"text": "Venez & aidez <nous>"}, headers=world.token())
    assert "Venez &amp; aidez &lt;nous&gt;" in own.text
    assert "https://wa.me/?text=Venez%20%26%20aidez%20%3Cnous%3E" in own.text
    assert (await world.client.get(f"{address}?language=ar", headers=world.token())).status_code == 422
    assert (await world.client.get(f"{address}?text={'x' * 1501}", headers=world.token())).status_code == 422
    assert (await world.client.get("/duos/missing/1000-A0-any-any-any", headers=world.token())).status_code == 404
    assert (await world.client.get("/duos/missing", headers=world.token(association="another"))).status_code == 200
    assert (await world.client.get(address, headers=world.token(association="another"))).status_code == 404


async def test_the_poster_is_one_page_with_the_words_and_the_way_to_the_sign_up(world: World):
    await short(world)
    await world.run()
    await world.service.sweeper.sweep()
    address = "/duos/missing/4500-A1-any-any-any/poster"
    printed = await world.client.get(f"{address}?language=nl", headers=world.token(Access.READ))
    assert printed.status_code == 200
    assert printed.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(printed.content))
    (sheet,) = reader.pages
    text = sheet.extract_text()
    assert "Cœur d’Huy" in text
    assert "Hoei" in text
    assert f"/join/{world.association}" in text
    assert sheet["/Annots"][0].get_object()["/A"]["/URI"].endswith(f"/join/{world.association}")
    own = await world.client.get(address, params={"text": "Kom mee!"}, headers=world.token())
    assert "Kom mee!" in PdfReader(io.BytesIO(own.content)).pages[0].extract_text()


@pytest.mark.parametrize("text", ["", "أهلا وسهلا 🎉", "Łódź\x00 żółć", "x" * 1500, "\n" * 1400, "a b " * 375])
def test_whatever_is_written_becomes_a_poster(text):
    made = poster.draw(text[:80], text, "Ω " * 40, "https://example.org/join/a", NOW, "fr")
    assert len(PdfReader(io.BytesIO(made)).pages) == 1


@pytest.mark.parametrize("language", calls.CALL_LANGUAGES)
@pytest.mark.parametrize("hours", [None, *Hours])
@pytest.mark.parametrize("gender", [None, *Gender])
def test_every_call_has_words_that_end_with_the_address(language, hours, gender):
    profile = Profile(postcode="1000", comfort=Level.A0, language="ti", hours=hours, gender=gender)
    words = calls.words_of(Call(profile=profile, more=2), Association(id="a", name="A"), "https://x/join/a", language)
    assert words.text.endswith("https://x/join/a")
    assert "%(" not in words.title + words.text
    whatsapp, mail = calls.shared(words.text, words.title)
    assert parse_qs(urlsplit(whatsapp).query)["text"] == [words.text]
    assert parse_qs(urlsplit(mail).query)["body"] == [words.text]
