"""Personal data: what somebody agreed to, their own page, their erasure, how long things are kept, who saw what."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from duolangue.registration import usecases
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import AssociationSettings
from duolangue.registration.domain.participant import ConsentPurpose, Status
from duolangue.registration.usecases import personal_data
from tests.registration.conftest import World
from tests.registration.personal import CANARY, MAIL, PHONE, own_page, somebody, told


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
