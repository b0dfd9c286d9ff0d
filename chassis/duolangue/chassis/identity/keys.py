"""With which keys tokens are verified: registration's own, or those it tells others over the bus."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

import jwt

from duolangue.chassis import log
from duolangue.chassis.bus.requests import Refused, Unavailable
from duolangue.chassis.clock import Clock
from duolangue.chassis.identity.tokens import (
    Coordinator,
    LinkClaims,
    Signer,
    TokenRefused,
    key_id_of,
    read_access,
    read_link,
)
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import KEYS, KeysAnswer

logger = log.get(__name__)

REFRESH_SECONDS: Final = 60.0
"""How long keys are believed before they are asked for again; revocations arrive as facts, at once."""
RETRY_SECONDS: Final = 1.0
"""How long to wait after asking before asking again: while registration is away, and when tokens name keys that do not exist."""


class Keys(Protocol):
    """Verifies tokens."""

    async def coordinator(self, token: str) -> Coordinator:
        """Who signed in. Raises `TokenRefused`, or `Unavailable` when no key could be had."""
        ...

    async def link(self, token: str, *purposes: Purpose) -> LinkClaims:
        """What a link made for one of these purposes allows. Raises like `coordinator`."""
        ...

    def revoke(self, coordinator: str, at: datetime) -> None:
        """Tokens issued up to then are refused from now on."""
        ...


class OwnKeys:
    """Registration verifies with the key it signs with."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._key = jwt.PyJWK(signer.jwks()[0])
        self._clock = clock
        self.revoked: dict[str, datetime] = {}

    async def coordinator(self, token: str) -> Coordinator:
        """Who signed in."""
        return _unless_revoked(read_access(token, self._key, self._clock.now()), self.revoked)

    async def link(self, token: str, *purposes: Purpose) -> LinkClaims:
        """What a link allows."""
        return read_link(token, self._key, purposes, self._clock.now())

    def revoke(self, coordinator: str, at: datetime) -> None:
        """Tokens issued up to then are refused from now on."""
        self.revoked[coordinator] = max(at, self.revoked.get(coordinator, at))


class Keyring:
    """The other services ask registration for its public keys, and keep them for a minute."""

    def __init__(self, ask: Callable[[], Awaitable[KeysAnswer]], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._revoked: dict[str, datetime] = {}
        self._asked = self._tried = -math.inf
        self._lock = asyncio.Lock()

    async def coordinator(self, token: str) -> Coordinator:
        """Who signed in."""
        key = await self._key(token)
        return _unless_revoked(read_access(token, key, self._clock.now()), self._revoked)

    async def link(self, token: str, *purposes: Purpose) -> LinkClaims:
        """What a link allows."""
        return read_link(token, await self._key(token), purposes, self._clock.now())

    def revoke(self, coordinator: str, at: datetime) -> None:
        """Tokens issued up to then are refused from now on."""
        self._revoked[coordinator] = max(at, self._revoked.get(coordinator, at))

    async def _key(self, token: str) -> jwt.PyJWK:
        wanted = key_id_of(token)
        being_asked = wanted in self._keys and self._lock.locked()  # who holds a key that is known waits for nobody
        if self._worth_asking(wanted) and not being_asked:
            async with self._lock:
                if self._worth_asking(wanted):
                    await self._refresh()
        if not self._keys:
            raise Unavailable(KEYS)
        if wanted not in self._keys:
            raise TokenRefused("altered")
        return self._keys[wanted]

    def _worth_asking(self, wanted: str) -> bool:
        now = time.monotonic()
        return now - self._tried > RETRY_SECONDS and (now - self._asked > REFRESH_SECONDS or wanted not in self._keys)

    async def _refresh(self) -> None:
        try:
            answer = await self._ask()
        except (Unavailable, Refused) as error:
            logger.warning("keys.away", error=type(error).__name__)
            return
        finally:
            self._tried = time.monotonic()
        self._keys = {str(key["kid"]): jwt.PyJWK(key) for key in answer.keys}
        for coordinator, at in answer.revoked.items():
            self.revoke(coordinator, at)
        self._asked = time.monotonic()


def _unless_revoked(coordinator: Coordinator, revoked: Mapping[str, datetime]) -> Coordinator:
    at = revoked.get(coordinator.id)
    if at is not None and coordinator.issued_at <= at:
        raise TokenRefused("revoked")
    return coordinator
