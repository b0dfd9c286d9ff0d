"""The desk over HTTP: the page and the API, with tokens verified as in production."""

from __future__ import annotations

import re
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI

from duolangue.chassis import mail
from duolangue.chassis.identity import Access, Coordinator, OwnKeys, Signer
from duolangue.chassis.web import problems
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.links import Purpose
from duolangue.notifications.domain.message import MessageStatus
from duolangue.notifications.service import DECLARATION


@pytest.fixture
async def desk(world):
    signer = Signer(Signer.new_key())
    app = FastAPI()
    app.state.package, app.state.prefix = DECLARATION.package, DECLARATION.prefix
    app.state.keys, app.state.ports = OwnKeys(signer, world.clock), lambda _: world.ports
    app.state.foundation = SimpleNamespace(settings=SimpleNamespace(public_url="http://duo.example"))
    problems.install(app)
    for router in DECLARATION.routers:
        app.include_router(router)

    async def call(method, path, access=Access.COORDINATE, language="fr", **more):
        headers = {}
        if access is not None:
            coordinator = Coordinator("carla", "interra", access, language)
            headers["Authorization"] = f"Bearer {signer.access_token(coordinator, world.clock.now())}"
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://duo.example") as client:
            return await client.request(method, f"/messages{path}", headers=headers, **more)

    return call


async def proposed(world, **paul):
    await world.pair(**{"email": None, **paul})
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    return next(m for m in world.messages(kind=MessageKind.PROPOSAL) if m.recipient == "paul")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/waiting"),
        ("GET", "/api/messages"),
        ("GET", "/api/totals"),
        ("POST", "/api/messages/x/handed-over"),
        ("POST", "/api/messages/x/retry"),
    ],
)
async def test_nobody_is_let_in_without_a_token(desk, method, path):
    assert (await desk(method, path, access=None)).status_code == 401


@pytest.mark.parametrize("path", ["/api/waiting", ""])
async def test_who_may_only_read_sees_no_names(world, desk, path):
    await proposed(world)
    answer = await desk("GET", path, access=Access.READ)
    assert answer.status_code == 403
    assert "Paul" not in answer.text


async def test_what_waits_comes_with_its_words_and_links(world, desk):
    message = await proposed(world)
    shown = (await desk("GET", "/api/waiting")).json()["messages"]
    [ready] = [each for each in shown if each["kind"] == "proposal"]
    assert (ready["id"], ready["recipient"], ready["about"]) == (message.id, "paul", "duo1")
    assert (ready["name"], ready["phone"], ready["language"]) == ("Paul Secretname", "+32470000002", "fr")
    assert ready["links"][Purpose.ANSWER_PROPOSAL.value] in ready["text"]
    assert ready["whatsapp"].startswith("https://wa.me/32470000002?text=Bonjour%20Paul")


async def test_handing_over_twice_is_one_handing_over(world, desk):
    message = await proposed(world)
    for _ in range(2):
        answer = await desk("POST", f"/api/messages/{message.id}/handed-over")
        assert (answer.status_code, answer.json()["status"]) == (200, "handed_over")
    assert len([fact for fact in world.told if fact.recipient == "paul"]) == 1


async def test_what_does_not_wait_cannot_be_handed_over(world, desk):
    await proposed(world)
    [by_mail] = [m for m in world.messages(kind=MessageKind.PROPOSAL) if m.status is MessageStatus.SENT]
    answer = await desk("POST", f"/api/messages/{by_mail.id}/handed-over")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:duolangue:problem:not_waiting")
    assert (await desk("POST", "/api/messages/nothing/handed-over")).status_code == 404


async def test_messages_are_listed_by_what_is_asked_and_without_names(world, desk):
    await proposed(world)
    answer = await desk("GET", "/api/messages", params={"about": "duo1", "status": "sent"})
    assert [(m["recipient"], m["kind"]) for m in answer.json()["messages"]] == [("amina", "proposal")]
    assert "Secretname" not in answer.text
    assert (await desk("GET", "/api/messages", params={"status": "lost"})).status_code == 422
    assert (await desk("GET", "/api/messages", params={"about": "$ne"})).status_code == 422


async def test_the_page_offers_text_chat_code_and_a_button_without_script(world, desk):
    message = await proposed(world)
    shown = (await desk("GET", "")).text
    assert "Paul Secretname" in shown
    assert f'action="/messages/{message.id}/handed-over"' in shown
    assert "readonly" in shown
    assert 'href="https://wa.me/32470000002?text=' in shown
    assert "<script" not in shown.partition("<main")[2]
    assert "style=" not in shown
    code = await desk("GET", f"/{message.id}/qr.svg")
    assert code.headers["content-type"] == "image/svg+xml"
    done = await desk("POST", f"/{message.id}/handed-over")
    assert (done.status_code, done.headers["location"]) == (303, "/messages")
    assert f'action="/messages/{message.id}/handed-over"' not in (await desk("GET", "")).text


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "À transmettre"), ("nl", "Door te geven"), ("en", "To hand over")]
)
async def test_the_page_speaks_the_coordinator_s_language(world, desk, language, word):
    await proposed(world)
    assert word in (await desk("GET", "", language=language)).text


async def test_a_hostile_name_stays_text_on_the_page(world, desk):
    await proposed(world)
    contact = world.directory.contact["paul"]
    world.directory.contact["paul"] = contact.model_copy(update={"first_name": "</textarea><script>x</script>"})
    shown = (await desk("GET", "")).text
    assert "<script" not in shown.partition("<main")[2]
    assert "&lt;script&gt;" in shown


async def test_while_registration_is_away_the_page_still_opens(world, desk):
    await proposed(world)
    world.directory.away = True
    assert "rien n’est perdu" in (await desk("GET", "")).text
    assert (await desk("GET", "/api/waiting")).status_code == 503


async def test_a_failed_message_is_shown_and_tried_again(world, desk):
    world.post.refuses = mail.Refused("550")
    message = await proposed(world, email="paul@example.org", phone=None)
    shown = (await desk("GET", "")).text
    assert f'action="/messages/{message.id}/retry"' in shown
    world.post.refuses = None
    assert (await desk("POST", f"/api/messages/{message.id}/retry")).json()["status"] == "due"
    await world.deliver()
    assert "paul@example.org" in world.post.mails[-1]["To"]


async def test_figures_count_by_status_and_kind(world, desk):
    await proposed(world)
    counts = (await desk("GET", "/api/totals")).json()
    assert counts["by_kind"]["proposal"]["sent"] == 1
    assert counts["by_kind"]["proposal"]["waiting"] == 1
    assert counts["by_status"]["waiting"] == 2  # Paul's welcome too
    assert counts["unreachable"] == 0


async def test_the_messages_to_one_person_are_listed_with_how_they_stand(world, desk):
    await proposed(world)
    page = await desk("GET", "?person=paul", language="en")
    assert (page.status_code, "Proposal" in page.text, "to hand over" in page.text) == (200, True, True)
    nobody = await desk("GET", "?person=nobody", language="en")
    assert "Nothing was sent to this person yet." in nobody.text


async def test_the_most_urgent_come_first_and_the_rest_on_pages_of_their_own(world, desk):
    await proposed(world)  # Paul's welcome waits, too
    first, rest = (await desk("GET", "", language="en")).text, (await desk("GET", "?start=1", language="en")).text
    cards = [re.findall(r'<article class="card" id="message-([^"]+)"', text) for text in (first, rest)]
    assert len(cards[0]) == 2
    assert cards[1] == cards[0][1:]
    assert 'href="/messages?start=0#waiting"' in rest
