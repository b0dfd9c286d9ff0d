"""Two associations on one platform: nothing of one is seen, changed or named by the other."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.integration.tenancy.test_roles import least, routes
from tests.integration.tenancy.whole import CANARY, CANARY_PHONES, Town, Whole

NOT_YOURS = {403, 404, 409, 422}
BODIES: dict[str, Any] = {
    "/people/api/coordinators/{coordinator_id}": {"access": "read"},
    "/people/api/participants/{participant_id}": {"first_name": "Other"},
    "/people/api/participants/{participant_id}/interview": {"passed": True},
    "/duos/api/duos/{duo}/answers": {"side": "newcomer", "accept": True},
    "/duos/api/duos/{duo}/end": {"reason": ""},
    "/duos/api/duos/{duo}/end-for-safety": {"reported": "newcomer"},
    "/sessions/api/activities/{activity}/enrolments": {"participant": "nobody"},
    "/sessions/api/activities/{activity}/attendance": {"meeting": "m1", "presences": {}},
    "/sessions/api/learners/{participant}/test": {"level": "level-1", "on": "2026-01-05"},
    "/sessions/api/lessons/{hour}/booking": {"participant": "nobody"},
    "/sessions/api/duos/{duo}/conversations": {"held_on": "2026-01-05", "minutes": 30, "medium": "video", "key": "k"},
}
FORMS: dict[str, Any] = {
    "/people/reports/{report_id}/close": {"outcome": "talked"},
    "/people/reports/{report_id}/note": {"words": "x"},
    "/people/reports/{report_id}/exclude": {"reason": "x", "sure": "true"},
    "/association/coordinators/{coordinator_id}/access": {"access": "read"},
    "/people/{participant_id}/personal-data/consent": {"feed": "Forem", "yes": "true"},
    "/people/{participant_id}/personal-data/erase": {"sure": "true"},
    "/people/{participant_id}/interview": {"passed": "true"},
    "/duos/{duo}/swap": {"volunteer": "nobody"},
    "/duos/waiting/{participant}/anew": {"seen": "0"},
    "/duos/waiting/{participant}/still": {"choice": "yes"},
    "/duos/{duo}/answer": {"side": "newcomer", "choice": "accept"},
    "/duos/{duo}/end-for-safety": {"reported": "newcomer"},
    "/sessions/activities/{activity}/enrolments/{enrolment}/check": {"rule": "zone", "yes": "true"},
    "/sessions/activities/{activity}/cancel": {"sure": "true"},
    "/sessions/activities/{activity}/lasted": {"meeting": "m1", "minutes": "60"},
    "/sessions/learners/{participant}/test": {"level": "level-1", "on": "2026-01-05"},
    "/sessions/learners/{participant}/enrol": {"group": "nothing"},
    "/sessions/learners/{participant}/hours": {"hour": "nothing"},
    "/sessions/hours/{participant}/attestations": {"since": "2026-01-05", "until": "2026-02-05"},
    "/sessions/hours/{participant}/questions": {"moment": "start", "confidence": "3", "friends": "3", "projects": "3"},
    "/sessions/duos/{duo}/break": {"until": "2027-01-05"},
    "/sessions/duos/{duo}/conversations": {"held_on": "2026-01-05", "minutes": "30", "medium": "video", "key": "k"},
}
NAMES = {
    "passkey_id": ["passkey"], "volunteer": ["volunteer"], "separation": ["separation"], "participant_id": ["newcomer"], "participant": ["newcomer"], "coordinator_id": ["coordinator"], "session_id": ["coordinator"], "duo": ["duo", "proposal"], "run": ["run"],
    "conversation": ["conversation"], "message_id": ["message"], "one_id": ["newcomer"], "other_id": ["volunteer"], "note_id": ["note"],
    "group": ["group"], "lesson": ["lesson"], "work": ["work"], "part": ["part"], "hour": ["hour"], "number": ["number"],
    "activity": ["activity"], "enrolment": ["enrolment"], "bulk_id": ["bulk"], "pair_id": ["note"], "report_id": ["report"], "sign_up_id": ["sign_up"], "batch_id": ["batch"], "replay": ["replay"], "call": ["call"],
}  # fmt: skip


def addresses(path: str, town: Town) -> list[str]:
    """The path with this town's ids."""
    found = [path.replace("{action}", "withdraw").replace("{name}", "name").replace("{listed}", "nothing")]
    for name, kinds in NAMES.items():
        if f"{{{name}}}" in path:
            found = [each.replace(f"{{{name}}}", town.ids[kind]) for each in found for kind in kinds]
    return found


async def test_the_ids_of_another_association_open_nothing(whole: Whole, north: Town, south: Town):
    before, tried, at = await whole.stored_of(north), 0, len(whole.logs.getvalue())
    for app in whole.apps().values():
        for method, route in routes(app):
            if least(method, route.path) in {"public", "link", "operate"} or "{" not in route.path:
                continue
            for path in addresses(route.path, north):
                assert "{" not in path, f"say with which ids {route.path} is to be tried"
                body = {"json": BODIES.get(route.path, {})} if "/api/" in path else {"data": FORMS.get(route.path, {})}
                answer = await whole.client.request(
                    method, path, headers=whole.desk(south), **({} if method == "GET" else body)
                )
                assert answer.status_code == 404, f"{method} {route.path}: {answer.status_code} {answer.text[:200]}"
                assert CANARY not in answer.text
                tried += 1
    assert tried > 40
    assert whole.logs.getvalue()[at:].count('"request.absent"') == tried, "whoever guesses is in the log"
    await whole.quiet.settled()
    assert await whole.stored_of(north) == before


async def test_lists_and_figures_show_ones_own_association_alone(whole: Whole, north: Town, south: Town):
    foreign = set(north.ids.values())
    for app in whole.apps().values():
        for method, route in routes(app):
            if method == "GET" and "{" not in route.path and least(method, route.path) not in {"operate", "public"}:
                signed_in = whole.desk(south, coordinator=south.ids["coordinator"])
                answer = await whole.client.get(route.path, headers=signed_in, follow_redirects=True)
                assert answer.status_code == 200, route.path
                assert CANARY not in answer.text, route.path
                assert not [each for each in foreign if each in answer.text], route.path


async def test_ids_of_another_association_in_a_body_are_nobodys(whole: Whole, north: Town, south: Town):
    before = await whole.stored_of(north)
    person = {
        "first_name": "Ana", "email": "ana@south.example.org", "birth_year": 1990, "postcode": "4000", "consent": True,
        "newcomer": {"french_oral": "A1"}, "current_partner": north.ids["volunteer"],
    }  # fmt: skip
    pair = {"newcomer": north.ids["asked"], "volunteer": south.ids["volunteer"]}
    for path, more in (
        ("/people/api/participants", {"json": person}),
        ("/duos/api/duos", {"json": pair}),
        ("/duos/drafts", {"data": pair}),
    ):
        answer = await whole.client.post(path, headers=whole.desk(south), **more)
        assert answer.status_code in NOT_YOURS, f"{path}: {answer.status_code} {answer.text[:300]}"
    found = await whole.call("GET", "/messages/api/messages", south, params={"recipient": north.ids["newcomer"]})
    assert found == {"messages": []}
    await whole.quiet.settled()
    assert await whole.stored_of(north) == before


@pytest.mark.parametrize("where", ["query", "body", "header", "cookie"])
async def test_an_association_that_is_named_never_wins_over_the_token(
    whole: Whole, north: Town, south: Town, where: str
):
    before = await whole.stored_of(north)
    named = {"association": north.slug, "associationid": north.slug, "slug": north.slug}
    headers = whole.desk(south)
    if where == "header":
        headers |= {"X-Association": north.slug, "X-Forwarded-Host": f"{north.slug}.example.org"}
    if where == "cookie":
        headers |= {"Cookie": f"association={north.slug}; duo_access={whole.token(north)}"}
    more: dict[str, Any] = {"params": named} if where == "query" else {"json": named} if where == "body" else {}
    run = await whole.client.post("/duos/api/runs", headers=headers, **more)
    assert run.status_code == 202
    assert f"matching/runs/{south.slug}/{run.json()['run']}" in await whole.stored("matching")
    changed = await whole.client.patch("/people/api/association", headers=headers, **({"json": {}} | more))
    assert changed.status_code == (422 if where == "body" else 200)
    own = await whole.client.get("/people/api/association", headers=headers)
    assert own.json()["id"] == south.slug
    await whole.quiet.settled()
    assert await whole.stored_of(north) == before


async def test_a_person_stands_in_registration_and_in_mails_alone(whole: Whole, north: Town):
    secrets = [re.compile(re.escape(each), re.IGNORECASE) for each in (CANARY, *CANARY_PHONES)]
    assert any(secret.search(str(message)) for secret in secrets for _, message in whole.catcher.mails)
    places: dict[str, str] = {
        "logs": whole.logs.getvalue(),
        "metrics": (await whole.client.get("/metrics")).text,
        "databases": "\n".join((await whole.stored("matching", "sessions", "notifications")).values()),
        "outboxes of registration": await _waiting_facts(whole),
        "streams": "\n".join(await _messages(whole)),
    }
    assert "participant.registered" in places["streams"]
    assert "service.started" in places["logs"]
    assert north.ids["newcomer"] in places["databases"]
    for place, text in places.items():
        for secret in secrets:
            assert not secret.search(text), f"{place}: {secret.search(text)}"


async def test_a_person_does_not_stand_in_the_log_when_things_go_wrong(whole: Whole, north: Town):
    at = len(whole.logs.getvalue())
    twice = {
        "first_name": CANARY, "last_name": f"{CANARY}son", "email": f"{CANARY.lower()}@north.example.org", "birth_year": 1990,
        "postcode": "4000", "consent": True, "newcomer": {"french_oral": "A1"},
    }  # fmt: skip
    again = await whole.client.post("/people/api/participants", headers=whole.desk(north), json=twice)
    assert again.status_code == 409
    wrong = await whole.client.post(
        "/people/api/participants", headers=whole.desk(north), json={**twice, "email": f"{CANARY}\n@x"}
    )
    assert wrong.status_code == 422
    whole.catcher.refuses.add(f"{CANARY.lower()}@north.example.org")
    await whole.call("POST", f"/people/api/participants/{north.ids['newcomer']}/pause", north)
    await whole.call("POST", f"/people/api/participants/{north.ids['newcomer']}/resume", north)
    await whole.quiet.settled()
    assert CANARY.lower() not in whole.logs.getvalue()[at:].lower()


async def _messages(whole: Whole) -> list[str]:
    """Every message of both streams, headers included."""
    found = []
    for stream in ("EVENTS", "DEAD"):
        state = (await whole.quiet._bus.stream_info(stream)).state
        for number in range(state.first_seq or 1, state.last_seq + 1):
            message = await whole.quiet._bus.get_msg(stream, number)
            found.append(f"{message.subject} {message.headers} {(message.data or b'').decode()}")
    return found


async def _waiting_facts(whole: Whole) -> str:
    stored = await whole.stored("registration")
    return "\n".join(
        re.sub(r".*'outbox': (\[.*?\]).*", r"\1", text) for text in stored.values() if "'outbox': [{" in text
    )
