"""Action links: altered, expired, swapped, replayed, used for something else: a sentence on a page, and nothing changes."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from duolangue.contracts.links import Purpose
from tests.integration.tenancy.whole import CANARY, Town, Whole

ANSWER, LOG, PROBLEM = Purpose.ANSWER_PROPOSAL, Purpose.LOG_CONVERSATION, Purpose.REPORT_PROBLEM
OWN = Purpose.OWN_PAGE
FORMS: dict[Purpose, dict[str, str]] = {
    ANSWER: {"choice": "accept"},
    LOG: {"held_on": "2026-01-05", "minutes": "30", "medium": "video", "key": "k-1"},
    PROBLEM: {"kind": "other", "words": "x"},
    OWN: {"sure": "yes"},
    Purpose.STILL_TAKING_PART: {"choice": "no"},
    Purpose.OWN_ACTIVITIES: {"title": "Singing", "text": "x"},
    Purpose.HOST_ACTIVITY: {"presence-x": "present"},
    Purpose.NEXT_STEP: {"wish": "go_on"},
    Purpose.THREE_QUESTIONS: {"confidence": "3"},
    Purpose.CONFIRM_ATTESTATION: {"name": "Zanarivka"},
}
SENT_TO: dict[Purpose, tuple[str, ...]] = {
    OWN: ("/pause", "/leave", "/erase"),
    LOG: ("", "/break", "/go-on"),
    Purpose.OWN_ACTIVITIES: (
        "/propose",
        "/activities/x/enrol",
        "/activities/x/cancel",
        "/courses/x/needs",
        "/courses/x/lessons/x",
        "/lessons",
        "/lessons/x/cancel",
    ),
    Purpose.CALENDAR: (),
}
"""Where a page sends its forms, below its own address, if not to itself."""
ALSO_BY: dict[Purpose, frozenset[Purpose]] = {
    Purpose.THREE_QUESTIONS: frozenset({LOG, Purpose.NEXT_STEP, Purpose.OWN_ACTIVITIES})
}
"""Other links of the same person that open a page, too."""


async def open_and_send(whole: Whole, purpose: Purpose, token: str) -> list[Any]:
    path = f"{purpose.path}/{token}"
    sent = [await whole.client.post(path + below, data=FORMS[purpose]) for below in SENT_TO.get(purpose, ("",))]
    return [await whole.client.get(path), *sent]


def payload(token: str, **claims: Any) -> str:
    """The token with other claims and the old signature."""
    head, body, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    fresh = base64.urlsafe_b64encode(json.dumps({**told, **claims}).encode()).rstrip(b"=").decode()
    return f"{head}.{fresh}.{signature}"


@pytest.mark.parametrize("purpose", list(Purpose), ids=lambda purpose: purpose.value)
async def test_a_link_that_was_tampered_with_opens_a_sentence_and_changes_nothing(whole: Whole, north, south, purpose):
    await whole.quiet.settled()
    before = await whole.stored()
    person, duo = north.ids["asked"], north.ids["proposal"]
    good = whole.link(north, purpose, duo, person, scope="2026-W02")
    good_too = {purpose, PROBLEM, *ALSO_BY.get(purpose, ())}
    others = [each for each in Purpose if each not in good_too and purpose is not PROBLEM]
    key = whole.signer.jwks()[0]
    wrong = {
        "cut short": good[:-4],
        "another person inside": payload(good, sub=north.ids["asked_too"]),
        "another association inside": payload(good, asn=south.slug),
        "longer inside": payload(good, exp=4102444800),
        "unsigned": jwt.encode(jwt.decode(good, options={"verify_signature": False}), "", algorithm="none"),
        "signed with the public key": jwt.encode({"aud": purpose.value, "asn": "north", "ent": duo, "sub": person, "exp": 4102444800},
                                                 key["x"] * 2, algorithm="HS256", headers={"kid": key["kid"]}),
        "expired": whole.link(north, purpose, duo, person, expires=whole.clock.now() - timedelta(seconds=1)),
        "a coordinator's token": whole.token(north),
        "nothing": "x", "dots": "...", "long": "a" * 5000,
    }  # fmt: skip
    wrong |= {f"made for {each.value}": whole.link(north, each, duo, person) for each in others}
    for what, token in wrong.items():
        for answer in await open_and_send(whole, purpose, token):
            assert answer.status_code in {403, 404, 410}, f"{what}: {answer.status_code}"
            assert "<h1>" in answer.text, what
            assert "Traceback" not in answer.text
    await whole.quiet.settled()
    assert await whole.stored() == before


async def test_a_link_is_no_token_of_the_desk(whole: Whole, north):
    token = whole.link(north, ANSWER, north.ids["proposal"], north.ids["asked"])
    for path in ("/people/api/participants", "/duos/api/duos", "/sessions/api/duos", "/messages/api/messages"):
        assert (await whole.client.get(path, headers={"Authorization": f"Bearer {token}"})).status_code == 401


@pytest.mark.parametrize("purpose", [ANSWER, LOG], ids=lambda purpose: purpose.value)
async def test_a_link_for_somebody_who_is_not_of_the_duo_or_of_the_association_opens_nothing(
    whole: Whole, north, south, purpose
):
    before = await whole.stored()
    duo = north.ids["duo" if purpose is LOG else "proposal"]
    stranger = north.ids["newcomer" if purpose is ANSWER else "asked"]
    for token in (
        whole.link(north, purpose, duo, stranger, scope="2026-W02"),
        whole.link(south, purpose, duo, stranger, scope="2026-W02"),
        whole.link(north, purpose, "no-such-duo", stranger, scope="2026-W02"),
    ):
        for answer in await open_and_send(whole, purpose, token):
            assert answer.status_code in {403, 404, 422}
            assert CANARY not in answer.text
    assert await whole.stored() == before


async def test_before_both_accept_nothing_but_a_glimpse_of_the_other_is_shown(whole: Whole, north):
    seen = await whole.client.get(
        f"{ANSWER.path}/{whole.link(north, ANSWER, north.ids['proposal'], north.ids['asked'])}"
    )
    assert seen.status_code == 200
    for hidden in ("Gérard", "Dupont", "@", "+32", north.ids["asked_too"]):
        assert hidden not in seen.text.split("<main", 1)[1]


async def test_accepting_twice_and_at_once_changes_nothing_twice(whole: Whole, north: Town):
    duo = north.ids["proposal"]
    path = f"{ANSWER.path}/{whole.link(north, ANSWER, duo, north.ids['asked'])}"
    answers = await asyncio.gather(*(whole.client.post(path, data={"choice": "accept"}) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    await whole.quiet.settled()
    once = await whole.stored("matching")
    for _ in range(2):
        assert (await whole.client.post(path, data={"choice": "accept"})).status_code == 303
        assert (await whole.client.get(path)).status_code == 200
    contrary = await whole.client.post(path, data={"choice": "decline"})
    assert contrary.status_code == 409
    await whole.quiet.settled()
    assert await whole.stored("matching") == once
    found = await whole.call("GET", f"/duos/api/duos/{duo}", north)
    assert (found["status"], found["accepted_by"]) == ("proposed", ["newcomer"])
    told = [message for message in await _told(whole, duo) if ".accepted." in message]
    assert len(told) == 1


async def _told(whole: Whole, entity: str) -> list[str]:
    bus, found = whole.quiet._bus, []
    state = (await bus.stream_info("EVENTS")).state
    for number in range(state.first_seq, state.last_seq + 1):
        message = await bus.get_msg("EVENTS", number)
        if json.loads(message.data)["subject"] == entity:
            found.append(message.subject)
    return found
