"""What is kept of a sign-up, for how long and for whom: other days, other browsers, coordinators who fill it in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain.audit import Act
from duolangue.registration.domain.participant import ConsentChannel
from tests.registration.visitor import COMMON, SPEAKS, Visitor, the_only_participant


async def test_one_goes_on_another_day_by_a_link_in_another_browser(world: Any) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    for page, told in {"wish": {"wish": "speak"}, **COMMON}.items():
        if page in {"wish", "birth", "name"}:
            await visitor.post(page, told)
    await visitor.post("contact", {"email": "rania@example.org", "phone": ""})
    later = await visitor.get("later")
    url = re.search(r"http://[^<\s]+/join/resume/\S+?(?=<)", later.text)
    assert url is not None
    secret = url[0].rpartition(".")[2]
    assert len(secret) <= 40
    assert (await visitor.post("later")).headers["location"].endswith("mailed=yes")
    (mail,) = world.post.to("rania@example.org")
    assert url[0] in mail.get_content()
    (record,) = await world.ports.sign_ups.select()
    assert secret not in record.model_dump_json()
    await world.time_passes(days=20)
    other, path = Visitor(world), url[0].removeprefix("http://desk.test")
    asked = await other.client.get(path)
    assert "set-cookie" not in asked.headers
    went_on = await other.client.post(path)
    assert went_on.headers["location"] == f"{visitor.base}/gender"
    assert 'value="Rania"' in (await other.get("name")).text
    assert 'value="Rania"' in (await visitor.get("name")).text
    mails = [await visitor.post("later") for _ in range(4)]
    assert [answer.headers["location"][-3:] for answer in mails] == ["yes", "yes", "=no", "=no"]


async def test_after_thirty_days_nothing_is_left(world: Any) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    await visitor.post("wish", {"wish": "speak"})
    later = await visitor.get("later")
    found = re.search(r"/join/resume/\S+?(?=<)", later.text)
    assert found is not None
    await world.time_passes(days=31)
    assert await world.ports.sign_ups.select() == []
    assert (await visitor.get("name")).headers["location"].endswith("?over=lost")
    gone = await visitor.client.post(found[0])
    assert gone.status_code == 410


async def test_one_may_stop_and_nothing_is_kept(world: Any) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    await visitor.post("wish", {"wish": "speak"})
    stopped = await visitor.post("stop")
    assert await world.ports.sign_ups.select() == []
    assert "Nothing is kept" in (await visitor.client.get(stopped.headers["location"])).text


async def test_who_is_registered_already_gets_the_same_thanks_and_a_coordinator_sees_it(world: Any) -> None:
    told = {**COMMON, **SPEAKS, "wish": {"wish": "speak"}}
    pages = []
    for _ in range(2):
        visitor = Visitor(world)
        await visitor.answer_all(told, await visitor.begin())
        sent = await visitor.post("summary")
        assert sent.status_code == 303
        pages.append((await visitor.client.get(sent.headers["location"])).text)
    assert pages[0] == pages[1]
    assert (await the_only_participant(world)).to_look_at == ["same_person"]


async def test_sending_twice_registers_once(world: Any) -> None:
    visitor = Visitor(world)
    await visitor.answer_all({**COMMON, **SPEAKS, "wish": {"wish": "speak"}}, await visitor.begin())
    await visitor.post("summary")
    again = await visitor.post("summary")
    assert again.headers["location"].endswith("/thanks")
    assert (await the_only_participant(world)).to_look_at == []


async def test_nobody_sends_with_questions_left(world: Any) -> None:
    visitor = Visitor(world)
    await visitor.begin()
    await visitor.post("wish", {"wish": "speak"})
    assert (await visitor.get("summary")).headers["location"].endswith("/birth")
    assert (await visitor.post("summary")).headers["location"].endswith("/birth")
    assert await world.ports.participants.select() == []


async def test_a_sign_up_opens_to_its_own_browser_alone(world: Any) -> None:
    visitor, other = Visitor(world), Visitor(world)
    await visitor.begin()
    await visitor.post("wish", {"wish": "help"})
    cookie = visitor.client.cookies["duo_join"]
    forged = f"{cookie.partition('.')[0]}.{'x' * 43}"
    answer = await other.client.get(f"{visitor.base}/birth", headers={"Cookie": f"duo_join={forged}"})
    assert answer.headers["location"].endswith("?over=lost")
    (record,) = await world.ports.sign_ups.select()
    assert (await world.client.get(f"/people/new/{record.id}/wish", headers=world.desk())).status_code == 404


async def test_a_coordinator_fills_it_in_with_the_person_and_records_what_they_said(world: Any) -> None:
    visitor = Visitor(world, "/people/new", world.desk())
    begun = await visitor.client.post("/people/new")
    where = begun.headers["location"]
    told = {**COMMON, **SPEAKS, "wish": {"wish": "speak"}}
    told["contact"] = {"phone": "0470123456", "email": "", "ui_language": "ar"}
    assert "no name yet" in (await visitor.client.get("/people/new")).text
    base = where.rpartition("/")[0]
    await visitor.answer_all(told, where)
    consent = await visitor.client.get(f"{base}/consent")
    assert 'lang="ar"' in consent.text
    sent = await visitor.client.post(f"{base}/summary")
    rania = await the_only_participant(world)
    assert sent.headers["location"] == f"/people/{rania.id}"
    assert (rania.consent.channel, rania.consent.language) == (ConsentChannel.ORAL, "ar")
    assert rania.ui_language == "ar"
    assert (await visitor.client.get(f"{base}/wish")).status_code == 404
    (entry,) = await world.ports.audit.latest(rania.id, None, 10)
    assert (entry.actor.id, entry.act) == ("c-1", Act.CHANGED)


@pytest.mark.parametrize("access", [Access.READ])
async def test_who_may_only_read_signs_nobody_up(world: Any, access: Access) -> None:
    assert (await world.client.post("/people/new", headers=world.desk(access))).status_code == 403
    assert (await world.client.get("/association/audio", headers=world.desk(Access.COORDINATE))).status_code == 403


async def test_sign_ups_from_one_network_are_bounded(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usecases.signing_up, "FROM_ONE_NETWORK", 2)
    for _ in range(2):
        await Visitor(world).begin()
    refused = await Visitor(world).client.post(f"/join/{world.association}", data={"language": "en"})
    assert refused.status_code == 429
    await world.time_passes(hours=1)
    await Visitor(world).begin()
