"""Signing in, renewing, being revoked: over all four services."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from duolangue.chassis.identity import Access
from duolangue.standalone.catcher import text_of
from tests.integration.running import until
from tests.integration.tenancy.whole import ADMINISTRATOR, Town, Whole

EVERYWHERE = ("/people/api/association", "/duos/api/duos", "/sessions/api/duos", "/messages/api/messages")


def browser(whole: Whole) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=str(whole.client.base_url), timeout=30)


async def link_for(whole: Whole, client: httpx.AsyncClient, town: Town) -> str:
    """The path of the sign-in link that this browser's request brought."""
    address = ADMINISTRATOR.format(town.slug)
    before = len(whole.catcher.to(address))
    asked = await client.post("/sign-in", data={"email": address.upper()})
    assert asked.status_code == 303

    async def arrived() -> bool:
        return len(whole.catcher.to(address)) > before

    await until(arrived)
    found = re.search(r"/sign-in/\S+", text_of(whole.catcher.to(address)[-1]))
    assert found
    return found[0]


async def test_a_sign_in_link_used_fifty_times_at_once_lets_one_in(whole: Whole, north: Town):
    async with browser(whole) as client:
        path = await link_for(whole, client, north)
        async with browser(whole) as other:
            assert (await other.post(path)).status_code == 403
        assert (await client.get(path)).status_code == 200
        cookie = {"Cookie": f"duo_browser={client.cookies['duo_browser']}"}
        answers = await asyncio.gather(*(whole.client.post(path, headers=cookie) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [303] + [403] * 49
        assert sum("duo_session=" in str(answer.headers.get_list("set-cookie")) for answer in answers) == 1
        held = await whole.stored("registration")
        secret = path.rpartition(".")[2]
        assert not [key for key, document in held.items() if secret in document]


async def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(whole: Whole, north: Town):
    async with browser(whole) as client:
        path = await link_for(whole, client, north)
        entered = await client.post(path)
        for name in ("duo_session", "duo_access"):
            cookie = next(each for each in entered.headers.get_list("set-cookie") if each.startswith(f"{name}="))
            assert "HttpOnly" in cookie
            assert "samesite=lax" in cookie.lower()


async def test_an_expired_token_is_renewed_and_the_form_kept_unless_the_session_is_over(whole: Whole, north: Town):
    async with browser(whole) as client:
        await client.post(await link_for(whole, client, north))
        old = whole.token(north, minutes=-1)
        client.cookies.set("duo_access", old, domain="127.0.0.1")
        pause = f"/people/{north.ids['volunteer']}/pause"
        first = await client.post(pause, data={"until": "2030-01-01"})
        assert first.status_code == 307
        kept = await client.post(pause, data={"until": "2030-01-01"}, follow_redirects=True)
        assert kept.status_code == 200, kept.text
        now = await whole.call("GET", f"/people/api/participants/{north.ids['volunteer']}", north)
        assert (now["status"], now["resumes_on"]) == ("paused", "2030-01-01")
        await whole.call("POST", f"/people/api/participants/{north.ids['volunteer']}/resume", north)
        await client.post("/sign-out")
        client.cookies.set("duo_access", old, domain="127.0.0.1")
        over = await client.post(pause, data={"until": "2030-01-01"}, follow_redirects=True)
        assert over.url.path == "/sign-in"
    await whole.quiet.settled()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "http://[",
        "//[",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        "x",
    ],
)
async def test_renewing_leads_nowhere_else(whole: Whole, north: Town, elsewhere: str):
    session = await _session(whole, north)
    back = await whole.client.get(
        "/session/renew", params={"next": elsewhere}, headers={"Cookie": f"duo_session={session}"}
    )
    assert back.status_code == 307
    assert back.headers["location"] == "/desk"


async def test_a_revoked_coordinator_is_refused_at_once_on_all_services(whole: Whole, north: Town):
    invited = await whole.call("POST", "/people/api/coordinators", north, json={"email": "temp@north.example.org"})
    theirs = whole.desk(north, Access.COORDINATE, invited["id"])
    for path in EVERYWHERE:
        assert (await whole.client.get(path, headers=theirs)).status_code == 200
    await whole.call("DELETE", f"/people/api/coordinators/{invited['id']}", north)

    async def refused() -> bool:
        answers = [await whole.client.get(path, headers=theirs) for path in EVERYWHERE]
        return all(answer.status_code == 401 for answer in answers)

    await until(refused, seconds=2)


async def test_a_burst_of_requests_sends_few_mails(whole: Whole, south: Town):
    address = ADMINISTRATOR.format(south.slug)
    before = len(whole.catcher.to(address))
    answers = await asyncio.gather(*(whole.client.post("/sign-in", data={"email": address}) for _ in range(40)))
    unknown = await whole.client.post("/sign-in", data={"email": "nobody@example.org"})
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.text for answer in answers} == {unknown.text}
    assert len(whole.catcher.to(address)) - before <= 5


async def _session(whole: Whole, town: Town) -> str:
    from duolangue.standalone.operate import operator_link

    link = await operator_link(whole.configuration, town.slug, ADMINISTRATOR.format(town.slug))
    entered = await whole.client.post(link[link.index("/sign-in/") :])
    assert entered.status_code == 303
    whole.client.cookies.clear()
    return entered.cookies["duo_session"]
