"""Providers of accounts, spoken to with OpenID Connect Core 1.0: authorization code, PKCE (RFC 7636), state and nonce."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from ssl import SSLContext, create_default_context
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from duolangue.chassis.clock import Clock
from duolangue.registration.domain.own_accounts import LOOPBACK, OwnAccounts
from duolangue.registration.ports import Identity, ProviderFailed

ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures by a key of the provider's; never `none`, and never by the shared secret."""
SCOPE: Final = "openid email"
SECONDS: Final = 5.0
LEEWAY: Final = timedelta(minutes=2)
MOST_BYTES: Final = 1_000_000


class OpenIdProviders:
    """Asks providers; keeps nothing of what they say."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @cached_property
    def _trusted(self) -> SSLContext:
        """Whom the machine trusts: read once, since that takes a while."""
        return create_default_context()

    async def address(self, accounts: OwnAccounts, trip: Mapping[str, str], back: str) -> str:
        """Where the browser signs in.

        Raises:
            ProviderFailed: the provider does not say.
        """
        async with self._client(accounts, "", back) as client:
            told = await self._discover(client, accounts)
            url, _ = client.create_authorization_url(
                _endpoint(told, "authorization_endpoint"),
                state=trip["state"],
                nonce=trip["nonce"],
                code_verifier=trip["verifier"],
            )
        return str(url)

    async def identity(
        self, accounts: OwnAccounts, secret: str, code: str, trip: Mapping[str, str], back: str
    ) -> Identity:
        """Who the provider says came back.

        Raises:
            ProviderFailed: it says nothing, or what it says cannot be believed.
        """
        async with self._client(accounts, secret, back) as client:
            told = await self._discover(client, accounts)
            try:
                token = await client.fetch_token(
                    _endpoint(told, "token_endpoint"), code=code, code_verifier=trip["verifier"]
                )
                keys = KeySet.import_key_set({"keys": (await self._json(client, _endpoint(told, "jwks_uri")))["keys"]})
                claims = jwt.decode(str(token.get("id_token", "")), keys, algorithms=ALGORITHMS).claims
                self._believe(claims, accounts, str(told["issuer"]), trip["nonce"])
                if "email" not in claims and told.get("userinfo_endpoint"):
                    more = await self._json(client, _endpoint(told, "userinfo_endpoint"), signed=True)
                    if more.get("sub") == claims["sub"]:
                        claims = {**more, **claims}
            except (OAuthError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
                raise ProviderFailed(type(error).__name__) from error
        return Identity(email=str(claims.get("email", "")), verified=claims.get("email_verified") is True)

    def _client(self, accounts: OwnAccounts, secret: str, back: str) -> Any:
        return AsyncOAuth2Client(
            accounts.client_id,
            secret or None,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=SECONDS,
            verify=self._trusted,
            follow_redirects=False,
        )

    def _believe(self, claims: Mapping[str, Any], accounts: OwnAccounts, issuer: str, nonce: str) -> None:
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": accounts.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        rules.validate(dict(claims))
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if len(audiences) > 1 and claims.get("azp") != accounts.client_id:
            raise ProviderFailed("azp")

    async def _discover(self, client: Any, accounts: OwnAccounts) -> dict[str, Any]:
        address = f"{accounts.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            told = await self._json(client, address)
        except (httpx2.HTTPError, ValueError, TypeError) as error:
            raise ProviderFailed(type(error).__name__) from error
        if str(told.get("issuer", "")).rstrip("/") != accounts.issuer.rstrip("/"):
            raise ProviderFailed("issuer")
        return told

    async def _json(self, client: Any, address: str, *, signed: bool = False) -> dict[str, Any]:
        answer = await client.request("GET", address, withhold_token=not signed)
        answer.raise_for_status()
        if len(answer.content) > MOST_BYTES:
            raise ValueError(address)
        told = answer.json()
        if not isinstance(told, dict):
            raise TypeError(address)
        return told


def _endpoint(told: Mapping[str, Any], name: str) -> str:
    address = str(told.get(name, ""))
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return address
    raise ProviderFailed(name)
