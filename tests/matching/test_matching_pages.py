"""What people see: the page that answers a proposal, the desk, and every sentence in three languages."""

from __future__ import annotations

import re

import pytest

from duolangue.contracts.facts.registration import AssociationRegistered
from duolangue.contracts.vocabulary import Interest
from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.domain.reasons import Criterion, Reason
from duolangue.matching.sentences import Sentences
from tests.matching.conftest import World
from tests.worlds import says

FR = Sentences("fr")


def criterion(name: CriterionName, **parameters) -> Criterion:
    return Criterion(criterion=name, value=0, parameters=parameters)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (criterion(CriterionName.AGE, years=3), "3 ans d’écart"),
        (criterion(CriterionName.AGE, years=1), "1 an d’écart"),
        (criterion(CriterionName.AGE, years=0), "le même âge"),
        (criterion(CriterionName.AGE, years=None), "âge non précisé"),
        (criterion(CriterionName.LEVEL, level="A1", comfort="A0"), "A1\u00a0: accueille les débutants"),
        (criterion(CriterionName.LEVEL, level="A0_cannot_read", comfort="A0"), "A0\u00a0: accueille les débutants"),
        (criterion(CriterionName.LEVEL, level="B2", comfort="A0"), "B2\u00a0: à l’aise avec tous les niveaux"),
        (criterion(CriterionName.LEVEL, level="B2", comfort="B1"), "B2\u00a0: à l’aise à partir de B1"),
        (
            criterion(CriterionName.DISTANCE, tenths_km=24, **{"from": "4020", "to": "4030"}),
            "2,4 km\u00a0: 4020 – 4030",
        ),
        (
            criterion(CriterionName.DISTANCE, tenths_km=0, **{"from": "4020", "to": "4020"}),
            "le même code postal\u00a0: 4020",
        ),
        (criterion(CriterionName.LANGUAGE, languages=("ar",)), "arabe"),
        (criterion(CriterionName.LANGUAGE, languages=()), "aucune à part le français"),
        (criterion(CriterionName.AVAILABILITY, slots=(), any_time=1), "à tout moment"),
    ],
)
def test_a_criterion_is_a_sentence_in_french(reason, sentence):
    assert FR.of_pair(reason) == sentence


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason(code="too_far", parameters={"radius_km": 15, "tenths_km": 223}),
         "aucun bénévole à moins de 15 km\u00a0; le plus proche est à 22,3 km"),
        (Reason(code="level", parameters={"volunteers": 2, "level": "A0"}),
         "aucun des 2 bénévoles à proximité n’est à l’aise avec le niveau A0"),
        (Reason(code="wishes", parameters={"volunteers": 3, "gender": "female", "least": 50, "most": 65}),
         "souhaite une femme de 50 à 65 ans\u00a0: aucun des 3 bénévoles possibles par ailleurs ne convient"),
        (Reason(code="taken", parameters={"volunteers": 4}), "les 4 bénévoles possibles sont déjà pris"),
    ],
)  # fmt: skip
def test_who_waits_is_told_why_in_french(reason, sentence):
    assert FR.of_waiting(reason) == sentence


@pytest.mark.parametrize("language", ["fr", "nl", "en", "ti"])
@pytest.mark.parametrize(
    "code",
    ["no_volunteers", "no_place", "too_far", "too_far_for_them", "level", "wishes", "their_wishes", "language",
     "history", "taken", "next_run", "no_run", "partner_expected"],
)  # fmt: skip
def test_every_reason_has_a_sentence_without_a_percentage(language, code):
    parameters = {
        "volunteers": 2,
        "radius_km": 5,
        "tenths_km": 61,
        "level": "A1",
        "gender": None,
        "least": 20,
        "most": 30,
    }
    sentence = Sentences(language).of_waiting(Reason(code=code, parameters=parameters))
    assert sentence
    assert "%" not in sentence


async def test_opening_a_link_changes_nothing_and_shows_only_what_may_be_seen(world: World):
    await world.newcomer("ali", interests=[Interest.COOKING])
    await world.volunteer("bea", interests=[Interest.COOKING])
    duo = (await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "bea"}, 201))["id"]
    await world.post(f"/duos/api/duos/{duo}/approve")
    seen = await world.client.get(world.link(duo, "ali", "fr") + "?choice=decline")
    assert seen.status_code == 200
    assert '<html lang="fr"' in seen.text
    assert re.search(r'href="/problem/[^"]{100,}"', seen.text)
    for shown in ("Bea", "25 à 34 ans", "Liège", "Voulez-vous parler"):
        assert shown in seen.text
    assert "Secret" not in seen.text
    assert "%" not in seen.text
    assert seen.text.index('value="decline"') < seen.text.index('value="accept"')
    assert await world.told(of=duo) == ["duo.proposed.v1"]


async def test_both_answer_by_their_links_and_a_used_link_shows_how_things_stand(world: World):
    duo = await world.proposed()
    for person in ("ali", "ali", "bea", "bea"):
        done = await world.client.post(world.link(duo, person), data={"choice": "accept"})
        assert done.status_code == 303
        assert done.headers["location"].startswith("/duos/answer/")
    assert (await world.told(of=duo)).count("duo.accepted.v1") == 2
    assert await world.status(duo) == "confirmed"
    stands = await world.client.get(world.link(duo, "ali"))
    assert "You and Bea are a duo!" in stands.text
    assert "<button" not in stands.text.partition("<main")[2]
    late = await world.client.post(world.link(duo, "ali"), data={"choice": "decline"})
    assert late.status_code == 409
    assert "The duo exists already." in late.text


async def test_a_no_is_kept_from_the_other_side(world: World):
    duo = await world.proposed()
    await world.client.post(world.link(duo, "ali"), data={"choice": "decline", "reason": "I know him"})
    assert (await world.get(f"/duos/api/duos/{duo}"))["reason"] == "I know him"
    other = await world.client.get(world.link(duo, "bea"))
    assert "This proposal is over." in other.text
    assert not says("Ali", other.text)
    assert "I know him" not in other.text
    assert (await world.client.post(world.link(duo, "bea"), data={"choice": "accept"})).status_code == 409


async def test_a_link_of_somebody_else_altered_or_too_old_is_refused(world: World):
    duo = await world.proposed()
    stranger = world.link(duo, "zoe")
    assert (await world.client.get(stranger)).status_code == 403
    assert (await world.client.post(stranger, data={"choice": "accept"})).status_code == 403
    link = world.link(duo, "ali")
    assert (await world.client.get(link[:-3] + "abc")).status_code == 403
    assert (await world.client.post(link, data={"choice": "maybe"})).status_code == 422
    await world.time_passes(days=31)
    assert (await world.client.get(link)).status_code == 410
    assert await world.told(of=duo) == ["duo.proposed.v1"]


async def test_a_language_without_catalogue_falls_to_the_association_s(world: World):
    await world.hear(AssociationRegistered(name="Welkom", language="nl"), world.association)
    duo = await world.proposed()
    assert '<html lang="nl"' in (await world.client.get(world.link(duo, "ali", "pl"))).text


async def test_the_desk_shows_drafts_with_their_reasons_and_who_waits(world: World):
    await world.newcomer("ali")
    await world.newcomer("eva", waited=1)
    await world.volunteer("bea")
    headers = world.token(language="fr")
    assert (await world.client.post("/duos/runs", headers=headers)).status_code == 303
    await world.service.sweeper.sweep()
    desk = (await world.client.get("/duos", headers=headers)).text
    for shown in ("Ali", "Bea", "le même âge", "<meter", "Qui attend", "le seul bénévole possible est déjà pris"):
        assert shown in desk
    assert "<b>Secret" not in desk
    assert "style=" not in desk
    run = (await world.get("/duos/api/duos"))["duos"][0]["run"]
    assert (await world.client.post(f"/duos/runs/{run}/approve", headers=headers)).status_code == 303
    assert "aucun message n’est encore parti" in (await world.client.get("/duos", headers=headers)).text


async def test_a_duo_s_page_does_what_its_buttons_say(world: World):
    duo = await world.proposed()
    headers = world.token(language="nl")
    for path, data in (
        ("answer", {"side": "newcomer", "choice": "accept"}), ("answer", {"side": "volunteer", "choice": "accept"}),
        ("pause", {}), ("resume", {}), ("end", {"reason": "verhuisd"}),
    ):  # fmt: skip
        assert (await world.client.get(f"/duos/{duo}", headers=headers)).status_code == 200
        assert (await world.client.post(f"/duos/{duo}/{path}", data=data, headers=headers)).status_code == 303
    page = await world.client.get(f"/duos/{duo}", headers=headers)
    assert "verhuisd" in page.text
    refused = await world.client.post(f"/duos/{duo}/pause", headers=headers)
    assert refused.status_code == 409
    assert "Dit duo loopt niet." in refused.text
    assert (
        await world.client.post(f"/duos/{duo}/end-for-safety", data={"reported": "newcomer"}, headers=headers)
    ).status_code == 303


async def test_the_api_is_described(world: World):
    described = (await world.client.get("/duos/api/openapi.json")).json()
    paths = {path: list(methods) for path, methods in described["paths"].items() if path.startswith("/duos/api/")}
    assert set(paths) == {
        "/duos/api/runs", "/duos/api/runs/{run}", "/duos/api/runs/{run}/approve", "/duos/api/duos", "/duos/api/duos/{duo}",
        "/duos/api/duos/{duo}/approve", "/duos/api/duos/{duo}/discard", "/duos/api/duos/{duo}/allow-again", "/duos/api/duos/{duo}/withdraw",
        "/duos/api/duos/{duo}/answers", "/duos/api/duos/{duo}/pause", "/duos/api/duos/{duo}/resume", "/duos/api/duos/{duo}/end",
        "/duos/api/duos/{duo}/end-for-safety", "/duos/api/waiting", "/duos/api/exclusions",
        "/duos/api/exclusions/{participant}", "/duos/api/pool", "/duos/api/runs/{run}/pairs", "/duos/api/drafts/approve",
        "/duos/api/policy", "/duos/api/duos/{duo}/swap/{volunteer}", "/duos/api/duos/{duo}/keep-apart", "/duos/api/separations",
        "/duos/api/separations/{separation}", "/duos/api/replays", "/duos/api/replays/{replay}", "/duos/api/waiting/{participant}",
        "/duos/api/missing", "/duos/api/drafts/anew",
    }  # fmt: skip
    for path in paths:
        for operation in described["paths"][path].values():
            assert operation["summary"]
            assert operation["description"]
