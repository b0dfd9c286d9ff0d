"""What the use cases need of others who say who somebody is: providers of accounts, and devices that hold passkeys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from duolangue.registration.domain.own_accounts import OwnAccounts
from duolangue.registration.domain.passkey import Passkey, RelyingParty, Signed


class ProviderFailed(Exception):
    """A provider of accounts says nothing, or nothing that can be believed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a provider of accounts says somebody is."""

    email: str
    verified: bool
    """Whether the provider vouches for the address."""


class Providers(Protocol):
    """Providers of accounts that associations have of their own; each raises `ProviderFailed`."""

    async def address(self, accounts: OwnAccounts, trip: Mapping[str, str], back: str) -> str:
        """Where the browser signs in; `trip` holds the state, the nonce and the verifier, `back` is where it returns to."""
        ...

    async def identity(
        self, accounts: OwnAccounts, secret: str, code: str, trip: Mapping[str, str], back: str
    ) -> Identity:
        """Who came back with this code."""
        ...


class AnswerRefused(Exception):
    """An authenticator's answer is none, or cannot be believed; says why in one word."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a browser brings back from an authenticator, before it is verified."""

    credential: str
    """The id of the credential, in base64url."""
    challenge: bytes
    handle: bytes
    """The user handle it holds; empty where it says none."""


class Authenticators(Protocol):
    """Phones, computers and keys that hold passkeys, spoken to through a browser; each raises `AnswerRefused`."""

    @property
    def party(self) -> RelyingParty | None:
        """For whom they sign; none where browsers offer no passkeys."""
        ...

    def to_add(self, challenge: bytes, handle: bytes, name: str, display: str, known: Iterable[str]) -> str:
        """What a browser is asked, as JSON, so that a passkey is made; those that are known make no second one."""
        ...

    def to_sign_in(self, challenge: bytes) -> str:
        """What a browser is asked, as JSON, so that somebody signs in."""
        ...

    def read(self, answer: str) -> Answered:
        """What came back, before any of it is believed."""
        ...

    def added(self, answer: str, challenge: bytes) -> Signed:
        """The passkey that was made."""
        ...

    def signed(self, answer: str, challenge: bytes, known: Passkey) -> int:
        """How often this passkey says it signed, this time included."""
        ...
