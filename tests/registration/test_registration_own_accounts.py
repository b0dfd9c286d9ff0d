"""Signing in with an association's own accounts, against a provider that runs on this machine (OpenID Connect)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest

from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.usecases.own_accounts import ROUND_TRIP


@pytest.fixture(scope="module")
def provider() -> Any:
    with oidc_provider_mock.run_server_in_thread(require_client_registration=True, require_nonce=True) as server:
        url = f"http://localhost:{server.server_port}"
        client = httpx.post(f"{url}/oauth2/clients", json={"redirect_uris": ["http://desk.test/sign-in/back"]}).json()
        yield {"url": url, **client}


@pytest.fixture
async def interra(world: Any, provider: Any) -> AsyncIterator[Any]:
    world.clock.moment = datetime.now(UTC)
    await agreed(world, provider)
    await usecases.invite_coordinator(address(world), "", AccessLevel.COORDINATE, None, world.ports)
    yield world
    await usecases.stop_accounts(world.association, world.service.ports(PLATFORM))


async def agreed(world: Any, provider: Any, *, secret: str = "", domains: str = "") -> None:
    await usecases.agree_accounts(
        world.association,
        "Interra",
        provider["url"],
        provider["client_id"],
        secret or provider["client_secret"],
        domains,
        world.service.ports,
    )


def address(world: Any) -> str:
    return f"claire@{world.association}.example"


async def known(provider: Any, email: str, **claims: Any) -> None:
    async with httpx.AsyncClient() as client:
        told = {"email": email, "email_verified": True, **claims}
        (await client.put(f"{provider['url']}/users/{email}", json=told)).raise_for_status()


async def sent_back(world: Any, email: str) -> str:
    """The way back from the provider, where somebody signed in with this address."""
    left = await world.client.get(f"/sign-in/with/{world.association}")
    assert left.status_code == 303
    async with httpx.AsyncClient() as client:
        answer = await client.post(left.headers["location"], data={"sub": email})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == "http://desk.test"
    return f"{back.path}?{back.query}"


async def test_an_invited_coordinator_signs_in_with_a_verified_address(interra: Any, provider: Any) -> None:
    await known(provider, address(interra))
    page = await interra.client.get("/sign-in")
    assert f'href="/sign-in/with/{interra.association}"' in page.text
    left = await interra.client.get(f"/sign-in/with/{interra.association}")
    asked = parse_qs(urlsplit(left.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid email"]
    assert asked["state"] != asked["nonce"]
    entered = await interra.client.get(await sent_back(interra, address(interra)))
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk")
    assert (await interra.client.get("/account")).status_code == 200


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}])
async def test_an_address_the_provider_does_not_vouch_for_opens_nothing(
    interra: Any, provider: Any, claims: Any
) -> None:
    await known(provider, address(interra), **claims)
    assert (await interra.client.get(await sent_back(interra, address(interra)))).status_code == 403
    assert "duo_session" not in interra.client.cookies


async def test_who_was_not_invited_stays_out_and_so_does_who_was_revoked(interra: Any, provider: Any) -> None:
    stranger = f"stranger@{interra.association}.example"
    await known(provider, stranger)
    assert (await interra.client.get(await sent_back(interra, stranger))).status_code == 403
    await usecases.invite_coordinator(
        f"ann@{interra.association}.example", "", AccessLevel.ADMINISTER, None, interra.ports
    )
    claire = await usecases.coordinator_with(address(interra), interra.ports)
    await usecases.revoke_coordinator(claire.id, interra.ports)
    await known(provider, address(interra))
    assert (await interra.client.get(await sent_back(interra, address(interra)))).status_code == 403


async def test_only_addresses_of_the_domains_agreed_on_are_taken(interra: Any, provider: Any) -> None:
    await known(provider, address(interra))
    await agreed(interra, provider, domains="elsewhere.example")
    assert (await interra.client.get(await sent_back(interra, address(interra)))).status_code == 403
    await agreed(interra, provider, domains=f"@{interra.association}.example, elsewhere.example")
    assert (await interra.client.get(await sent_back(interra, address(interra)))).status_code == 303


async def test_the_way_back_leads_in_once_in_the_browser_that_left(interra: Any, provider: Any) -> None:
    await known(provider, address(interra))
    back = await sent_back(interra, address(interra))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(interra.service.app), base_url="http://desk.test"
    ) as other:
        assert (await other.get(back)).status_code == 403
    altered = back.replace("state=", "state=x")
    trip = interra.client.cookies["duo_trip"]
    assert (await interra.client.get(altered)).status_code == 403
    interra.client.cookies.set("duo_trip", trip, domain="desk.test")
    assert (await interra.client.get(back)).status_code == 303
    interra.client.cookies.set("duo_trip", trip, domain="desk.test")
    assert (await interra.client.get(back)).status_code == 403


async def test_a_token_made_for_another_sign_in_is_not_believed(interra: Any, provider: Any) -> None:
    await known(provider, address(interra))
    back = await sent_back(interra, address(interra))
    sealer, now = interra.ports.sealer, interra.clock.now()
    trip = json.loads(sealer.unseal(ROUND_TRIP, interra.client.cookies["duo_trip"], now))
    other = sealer.seal(ROUND_TRIP, json.dumps({**trip, "nonce": "another"}), now)
    interra.client.cookies.clear()
    interra.client.cookies.set("duo_trip", other, domain="desk.test")
    assert (await interra.client.get(back)).status_code == 403


async def test_the_way_back_is_open_for_ten_minutes(interra: Any, provider: Any) -> None:
    await known(provider, address(interra))
    back = await sent_back(interra, address(interra))
    await interra.time_passes(minutes=11)
    assert (await interra.client.get(back)).status_code == 403


async def test_a_wrong_secret_or_a_provider_that_is_away_end_in_a_sentence(interra: Any, provider: Any) -> None:
    await known(provider, address(interra))
    await agreed(interra, provider, secret="wrong")
    assert (await interra.client.get(await sent_back(interra, address(interra)))).status_code == 403
    await agreed(interra, {**provider, "url": "http://localhost:9"})
    away = await interra.client.get(f"/sign-in/with/{interra.association}")
    assert away.status_code == 503
    assert 'role="alert"' in away.text
    assert (await interra.client.get("/sign-in/with/nowhere")).status_code == 404


async def test_the_secret_lies_encrypted_in_the_database_and_the_cookie_tells_nothing(
    interra: Any, provider: Any
) -> None:
    kept = await interra.service.ports(PLATFORM).accounts.get(interra.association)
    assert provider["client_secret"] not in kept.model_dump_json()
    await interra.client.get(f"/sign-in/with/{interra.association}")
    assert interra.association not in interra.client.cookies["duo_trip"]


@pytest.mark.parametrize(
    "issuer",
    [
        "http://provider.example",
        "ftp://x",
        "https://",
        "https://a.example/?x=1",
        "https://u@a.example",
        "",
        "javascript:1",
    ],
)
async def test_a_provider_is_reached_by_https(interra: Any, provider: Any, issuer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await agreed(interra, {**provider, "url": issuer})
    assert refusal.value.field == "issuer"


async def test_one_network_leaves_for_providers_a_few_times(interra: Any) -> None:
    answers = await asyncio.gather(*(interra.client.get(f"/sign-in/with/{interra.association}") for _ in range(40)))
    assert sum(answer.status_code == 303 for answer in answers) <= 30
    assert {answer.status_code for answer in answers} == {303, 429}
