"""What no form of ours sends: answered with 4xx, never with 500, and nothing changes."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from duolangue.contracts.links import Purpose
from tests.integration.tenancy.test_roles import LINKS, routes
from tests.integration.tenancy.whole import Town, Whole

NASTY: dict[str, Any] = {
    "nul": "a\x00b", "huge number": 2**70, "surrogate": "\ud800", "operator": {"$ne": None}, "operators": [{"$gt": ""}],
    "deep": json.loads("[" * 50 + "]" * 50), "header": "a\r\nBcc: x@y.z",
    "markup": "<script>alert(1)</script>", "template": "{{ 7 * 7 }}%(x)s",
}  # fmt: skip
IN_NAMES = {"nul", "surrogate"}
IN_ADDRESSES = ("%00", "%ff%fe", "1180591620717411303424")


async def test_nasty_values_in_json_are_refused_and_never_break(whole: Whole, north: Town, south: Town):
    before, tried = await whole.stored_of(north), 0
    for app in whole.apps().values():
        for method, route in routes(app):
            if "/api/" not in route.path or method not in {"POST", "PATCH"} or route.body_field is None:
                continue
            fields = _fields(route)
            path = _filled(route.path, south)
            for what, value in NASTY.items():
                for body in (dict.fromkeys(fields, value), *([{value: value}] if what in IN_NAMES else [])):
                    raw = json.dumps(body).encode()
                    answer = await _send(
                        whole, south, method, path, content=raw, headers={"Content-Type": "application/json"}
                    )
                    assert answer.status_code < 500, (
                        f"{method} {route.path} {what}: {answer.status_code} {answer.text[:300]}"
                    )
                    tried += 1
    assert tried > 100
    await whole.quiet.settled()
    assert await whole.stored_of(north) == before


async def test_nasty_addresses_are_refused_and_never_break(whole: Whole, south: Town):
    for app in whole.apps().values():
        for method, route in routes(app):
            if method != "GET" or not ("{" in route.path or route.dependant.query_params):
                continue
            for value in IN_ADDRESSES:
                path = re.sub(r"\{[^}]+\}", value, route.path)
                query = "&".join(f"{each.alias}={value}" for each in route.dependant.query_params)
                for address in {path, f"{_filled(route.path, south)}?{query}"} - {f"{route.path}?"}:
                    answer = await _send(whole, south, "GET", address)
                    assert answer.status_code < 500, f"{address}: {answer.status_code} {answer.text[:300]}"


async def test_nasty_values_in_forms_are_refused_and_never_break(whole: Whole, south: Town):
    tokens = {
        path: whole.link(south, purpose, south.ids["duo"], south.ids["newcomer"], scope="2026-W02")
        for path, purpose in LINKS.items()
    }
    for app in whole.apps().values():
        for method, route in routes(app):
            if method != "POST" or "/api/" in route.path or route.path == "/sign-in":
                continue
            fields = _fields(route)
            path = _filled(route.path, south).replace("{token}", tokens.get(route.path, "north.x"))
            for what in ("nul", "surrogate", "markup", "template"):
                value = str(NASTY[what]).encode("utf-8", "surrogatepass")
                body = b"&".join(
                    name.encode() + b"=" + b"".join(b"%%%02X" % byte for byte in value[:3000]) for name in fields
                )
                answer = await _send(
                    whole,
                    south,
                    "POST",
                    path,
                    content=body,
                    headers={"Content-Type": "application/x-www-form-urlencoded"},
                )
                assert answer.status_code < 500, f"{route.path} {what}: {answer.status_code} {answer.text[:300]}"
                assert "<script>alert" not in answer.text
                assert "%(x)s" not in answer.text or "{{ 7 * 7 }}%(x)s" in answer.text


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/people/api/participants", 6), ("/people/import", 64), ("/people/api/imports", 6), ("/sign-in", 6), ("/duos/api/runs", 6),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stated", [True, False], ids=["stated size", "in chunks"])
async def test_a_body_that_is_too_large_is_refused(whole: Whole, north: Town, path: str, most: int, stated: bool):
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(most * 11):  # the last ones are too much
            yield b"x" * 100_000

    content: Any = b"x" * (most * 1_100_000) if stated else chunks()
    kind = (
        "application/json"
        if path == "/people/api/participants"
        else "text/csv"
        if "import" in path
        else "application/x-www-form-urlencoded"
    )
    answer = await whole.client.post(path, content=content, headers={**whole.desk(north), "Content-Type": kind})
    if path == "/duos/api/runs" and not stated:
        assert answer.status_code < 500  # it reads no body
    elif path == "/people/import":
        assert answer.status_code in {413, 422}  # it reads forms alone, and refuses others unread
    else:
        assert answer.status_code == 413 or (
            path == "/sign-in" and answer.status_code == 400
        )  # a form's field has its own bound


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "latin-1"])
async def test_text_in_another_encoding_which_could_hold_characters_that_are_none_is_refused(
    whole: Whole, north: Town, charset: str
):
    body = '--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\\ud800\r\n--x--\r\n'.encode("ascii")
    kind = f'multipart/form-data; boundary=x; Charset="{charset}"'
    answer = await whole.client.post(
        "/sessions/activities/new", content=body, headers={**whole.desk(north), "Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:duolangue:problem:unknown_charset")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://127.0.0.1:1"},
    ],
)  # fmt: skip
async def test_a_form_of_another_site_is_refused_everywhere(whole: Whole, north: Town, headers: dict[str, str]):
    await whole.quiet.settled()
    before = await whole.stored_of(north)
    cookies = {"Cookie": f"duo_access={whole.token(north)}"}
    token = whole.link(north, Purpose.REPORT_PROBLEM, north.ids["duo"], north.ids["newcomer"])
    for path, data in (
        (f"/people/{north.ids['newcomer']}/leave", {}),
        (f"/duos/{north.ids['duo']}/end", {"reason": ""}),
        (
            f"/sessions/duos/{north.ids['duo']}/conversations",
            {"held_on": "2026-01-05", "minutes": "30", "medium": "video", "key": "k"},
        ),
        (f"/messages/{north.ids['message']}/retry", {}),
        (f"/problem/{token}", {"kind": "other"}),
        ("/sign-in", {"email": "x@example.org"}),
        ("/sign-out", {}),
        ("/session/renew", {}),
    ):
        answer = await whole.client.post(path, data=data, headers={**cookies, **headers})
        assert answer.status_code == 403, path
    assert await whole.stored_of(north) == before


async def test_every_answer_has_strict_headers(whole: Whole, north: Town):
    for path in ("/", "/people", "/duos/api/duos", "/nowhere", "/people/api/participants/x"):
        answer = await whole.client.get(path, headers=whole.desk(north))
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "server" not in answer.headers


def _fields(route: Any) -> list[str]:
    if route.body_field is None:
        return []
    names = [each.alias for each in route.dependant.body_params]
    model = getattr(route.dependant.body_params[0].field_info, "annotation", None)
    return list(model.model_fields) if len(names) == 1 and hasattr(model, "model_fields") else names


def _filled(path: str, town: Town) -> str:
    filled = path.replace("{action}", "pause")
    for name, kind in (("participant_id", "volunteer"), ("coordinator_id", "coordinator"), ("message_id", "message")):
        filled = filled.replace(f"{{{name}}}", town.ids[kind])
    for name in ("duo", "run", "conversation"):
        filled = filled.replace(f"{{{name}}}", town.ids[name])
    return filled


async def _send(
    whole: Whole, town: Town, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
) -> Any:
    return await whole.client.request(method, path, headers={**whole.desk(town), **(headers or {})}, **more)
