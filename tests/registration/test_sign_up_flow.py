"""Signing up through the pages, as a browser without JavaScript does it: answers stay, links go on, minors leave nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import httpx
import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.vocabulary import Level, Role
from duolangue.registration import usecases
from duolangue.registration.domain import consents
from duolangue.registration.domain.consents import FEED_VERSION
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.participant import ConsentChannel, ConsentPurpose, Status
from duolangue.registration.domain.signup import record as records
from duolangue.registration.domain.signup.texts import CHARTER_VERSION, CONSENT_VERSION
from tests.registration.visitor import COMMON, HELPS, SPEAKS, Visitor, the_only_participant


async def test_a_newcomer_signs_up_one_question_a_page(world: Any) -> None:
    visitor = Visitor(world)
    first = await visitor.client.get(visitor.base)
    assert {"العربية", "ትግርኛ"} <= set(re.findall(r">([^<>]+)</button>", first.text))
    came = await visitor.answer_all({**COMMON, **SPEAKS, "wish": {"wish": "speak"}}, await visitor.begin())
    assert came[:3] == ["wish", "birth", "name"]
    assert not set(came) & set(HELPS)
    look = await visitor.get("summary")
    for shown in ("Rania Haddad", "+32 470 12 34 56", "4020 Liège", "March 2025", "Armenian", "I do not speak it yet"):
        assert shown in look.text
    sent = await visitor.post("summary")
    assert sent.headers["location"] == f"{visitor.base}/thanks"
    assert "What happens next?" in (await visitor.get("thanks")).text
    rania = await the_only_participant(world)
    assert rania.status is Status.APPLIED
    assert rania.roles == [Role.NEWCOMER]
    assert (rania.phone, rania.email, rania.postcode) == ("+32470123456", None, "4020")
    assert rania.newcomer.french_oral is Level.A0_CANNOT_READ
    assert rania.newcomer.partner_age.least == 30
    assert rania.arrived_on == date(2025, 3, 1)
    assert rania.languages == ["ar", "en", "hy"]
    assert rania.availability == [
        "mon_evening", "tue_evening", "wed_evening", "thu_evening", "fri_evening", "sat_morning",
    ]  # fmt: skip
    assert (rania.consent.channel, rania.consent.text_version) == (ConsentChannel.WEB, CONSENT_VERSION)
    assert rania.consent.language == "en"
    assert rania.consents == []
    (record,) = await world.ports.sign_ups.select()
    assert "Rania" not in record.model_dump_json()


async def test_each_outside_partner_needs_a_yes_of_its_own_and_silence_is_a_no(world: Any) -> None:
    await usecases.update_association({"feeds": ["CRI de Verviers", "Ville <b>"]}, world.ports)
    visitor = Visitor(world)
    await visitor.begin()
    for page, told in (("wish", {"wish": "speak"}), ("birth", COMMON["birth"]), ("consent", COMMON["consent"])):
        assert (await visitor.post(page, told)).status_code == 303, page
    (silent,) = await world.ports.sign_ups.select()
    assert silent.answers.feeds == []
    page = (await visitor.get("consent")).text
    assert ("Ville &lt;b&gt;" in page, page.count('name="feed"'), " checked" in page) == (True, 2, False)
    await visitor.post("consent", {**COMMON["consent"], "feed": ["CRI de Verviers", "Nobody"]})
    assert (await visitor.get("consent")).text.count(" checked") == 1
    (told,) = await world.ports.sign_ups.select()
    _, others = records.consents(told.answers, ConsentChannel.WEB, ["CRI de Verviers"])
    assert [(each.purpose, each.to, each.text_version) for each in others] == [
        ("feed", "CRI de Verviers", FEED_VERSION)
    ]
    assert records.consents(told.answers, ConsentChannel.WEB, [])[1] == [], "a partner of before"


def test_a_changed_text_is_a_new_version_and_what_was_agreed_to_before_can_still_be_read() -> None:
    now, before = [each for each in consents.TEXTS if each.purpose is ConsentPurpose.PARTICIPATION]
    gets = [[words for words in text.sentences if "your partner gets" in words] for text in (now, before)]
    assert (now.version, before.version) == (CONSENT_VERSION, "2026-1")
    assert ["first name" in words for (words,) in gets] == [True, False]


async def test_a_volunteer_promises_the_charter(world: Any) -> None:
    visitor = Visitor(world)
    told = {**COMMON, **HELPS, "wish": {"wish": "help"}}
    came = await visitor.answer_all(told, await visitor.begin("fr"))
    assert not set(came) & set(SPEAKS)
    await visitor.post("summary")
    claire = await the_only_participant(world)
    assert claire.roles == [Role.VOLUNTEER]
    assert (claire.volunteer.places, claire.volunteer.comfort) == (2, Level.A1)
    assert claire.volunteer.same_gender_only
    (charter,) = claire.consents
    assert (charter.purpose, charter.text_version, charter.language) == (ConsentPurpose.CHARTER, CHARTER_VERSION, "fr")


async def test_one_can_do_both_and_leave_out_what_is_optional(world: Any) -> None:
    visitor = Visitor(world)
    empty: dict[str, dict[str, Any]] = {
        "wish": {"wish": "both"},
        "gender": {"gender": ""},
        "interests": {},
        "free": {},
        "partner": {},
        "arrived": {"month": "", "year": ""},
        "distance": {"radius_km": ""},
    }
    came = await visitor.answer_all({**COMMON, **SPEAKS, **HELPS, **empty}, await visitor.begin())
    assert "same-gender" not in came
    assert {"oral", "charter"} <= set(came)
    await visitor.post("summary")
    both = await the_only_participant(world)
    assert both.roles == [Role.NEWCOMER, Role.VOLUNTEER]
    assert (both.gender, both.radius_km, both.arrived_on, both.availability) == (None, None, None, [])


async def test_of_a_minor_nothing_is_kept_but_a_number(world: Any) -> None:
    await usecases.invite_coordinator("claire@example.org", "", AccessLevel.ADMINISTER, None, world.ports)
    (claire,) = await world.ports.coordinators.select()
    await usecases.update_association({"minors_to": [claire.id]}, world.ports)
    visitor = Visitor(world)
    await visitor.begin()
    await visitor.post("wish", {"wish": "speak"})
    answer = await visitor.post("birth", {"birth_year": "2009"})
    assert answer.headers["location"].endswith("/young")
    kind = await visitor.get("young")
    assert "from January after your 18th birthday" in kind.text
    (record,) = await world.ports.sign_ups.select()
    assert "2009" not in record.model_dump_json()
    assert await usecases.signing_up.minors_turned_away(world.ports) == 1
    await world.time_passes(minutes=1)
    (mail,) = world.post.to("claire@example.org")
    assert "/people/minors" in mail.get_content()
    assert "2009" not in mail.get_content()
    await visitor.post("birth", {"birth_year": "2009"})
    assert await usecases.signing_up.minors_turned_away(world.ports) == 1
    seen = await world.client.post("/people/minors", headers=world.desk())
    assert seen.status_code == 303
    assert await usecases.signing_up.minors_turned_away(world.ports) == 0


async def test_who_named_a_minors_year_first_is_looked_at_by_a_human(world: Any) -> None:
    visitor = Visitor(world)
    where = await visitor.begin()
    await visitor.post("wish", {"wish": "speak"})
    await visitor.post("birth", {"birth_year": "2010"})
    await visitor.answer_all({**COMMON, **SPEAKS, "wish": {"wish": "speak"}}, where)
    await visitor.post("summary")
    assert (await the_only_participant(world)).to_look_at == ["said_young"]


async def test_going_back_loses_nothing_and_what_was_typed_stays_where_it_is_wrong(world: Any) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    await visitor.post("wish", {"wish": "speak"})
    await visitor.post("birth", {"birth_year": "1990"})
    page = await visitor.get("name")
    assert 'name="back"' in page.text
    assert 'value="1990"' in (await visitor.get("birth")).text
    wrong = await visitor.post("contact", {"phone": "12", "email": "rania at home"})
    assert wrong.status_code == 422
    assert 'value="rania at home"' in wrong.text
    assert "rania at home is not an e-mail address." in wrong.text
    assert 'id="phone-fault"' in wrong.text
    assert 'aria-describedby="phone-fault"' in wrong.text
    neither = await visitor.post("contact", {"phone": "", "email": ""})
    assert "Please write a telephone number or an e-mail address." in neither.text
    script = await visitor.post("place", {"postcode": "<script>alert(1)</script>"})
    assert "<script>alert" not in script.text


@pytest.mark.parametrize(
    ("page", "told", "said"),
    [
        ("wish", {}, "Please choose one."),
        ("birth", {"birth_year": ""}, "Please write the year you were born"),
        ("birth", {"birth_year": "1850"}, "cannot be the year of birth"),
        ("name", {"first_name": "?"}, "A first name is needed."),
        ("place", {"postcode": "99"}, "is not a Belgian postcode"),
        ("languages", {}, "Please choose at least one language."),
        ("arrived", {"month": "3", "year": ""}, "Please choose the year too."),
        ("arrived", {"month": "12", "year": "2026"}, "The date is in the future."),
        ("consent", {}, "This text has changed."),
        ("consent", {"consent": "an older text"}, "This text has changed."),
        ("gender", {"gender": "${x}"}, "Please choose one."),
    ],
)
async def test_what_cannot_be_taken_is_said_on_its_page(world: Any, page: str, told: dict[str, str], said: str) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    answer = await visitor.post(page, told)
    assert answer.status_code == 422
    assert said in answer.text


async def test_a_question_that_does_not_exist_is_no_page(world: Any) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    assert (await visitor.get("nationality")).status_code == 404
    assert (await visitor.client.get("/join/no-such-association")).status_code == 404
    assert (await visitor.client.get("/join/platform")).status_code == 404


async def test_another_postcode_asks_for_the_town_again_and_the_summary_comes_back(world: Any) -> None:
    visitor = Visitor(world)
    await visitor.answer_all({**COMMON, **SPEAKS, "wish": {"wish": "speak"}}, await visitor.begin())
    answer = await visitor.post("place", {"postcode": "6000"})
    assert answer.headers["location"].endswith("/town")
    assert "6000 Charleroi" in (await visitor.get("town")).text
    assert (await visitor.post("town")).headers["location"].endswith("/summary")


async def test_who_lives_outside_the_zone_is_told_kindly_and_looked_at(world: Any) -> None:
    liege = {"name": "Liège", "ranges": [{"first": "4000", "last": "4032"}]}
    await usecases.update_association({"zones": [liege]}, world.ports)
    visitor = Visitor(world)
    told = {**COMMON, **SPEAKS, "wish": {"wish": "speak"}, "place": {"postcode": "6000"}}
    where = await visitor.begin()
    await visitor.answer_all(told, where)
    assert "outside the area of Interra" in (await visitor.get("town")).text
    await visitor.post("summary")
    assert (await the_only_participant(world)).to_look_at == ["outside_zone"]


async def test_a_page_in_arabic_runs_from_right_to_left(world: Any) -> None:
    visitor = Visitor(world)
    where = await visitor.begin("ar")
    page = await visitor.client.get(where)
    assert '<html lang="ar" dir="rtl">' in page.text
    await visitor.answer_all({**COMMON, **SPEAKS, "wish": {"wish": "speak"}}, where)
    await visitor.post("summary")
    assert (await the_only_participant(world)).ui_language == "ar"


async def test_a_question_is_read_aloud_where_the_association_brought_a_sound(world: Any) -> None:
    administrator = world.desk(Access.ADMINISTER)
    sound = b"OggS" + bytes(1000)
    form = {"question": "wish", "language": "en"}

    async def upload(content: bytes) -> httpx.Response:
        file = {"file": ("a.mp3", content, "audio/mpeg")}
        answer: httpx.Response = await world.client.post(
            "/association/audio", headers=administrator, data=form, files=file
        )
        return answer

    assert (await upload(b"<html>no sound</html>")).status_code == 422
    assert "not a sound file" in (await upload(b"RIFFno")).text
    assert (await upload(b"OggS" + bytes(2 * 1024 * 1024))).status_code == 422
    assert (await upload(b"")).status_code == 422
    assert (await upload(sound)).status_code == 303
    assert (await upload(sound + b"x")).status_code == 303
    visitor = Visitor(world)
    page = await visitor.client.get(await visitor.begin())
    source = re.search(r'src="(/join/[^"]+)"', page.text)
    assert source is not None
    played = await visitor.client.get(source[1])
    assert (played.content, played.headers["content-type"]) == (sound + b"x", "audio/ogg")
    listed = await world.client.get("/association/audio", headers=administrator)
    assert "What would you like?" in listed.text
    await world.client.post("/association/audio/remove", headers=administrator, data={"clip_id": "wish-en"})
    assert (await visitor.client.get(source[1])).status_code == 404
