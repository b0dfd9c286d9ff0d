"""Signing in with an association's own accounts: out to its provider, and back with what it says of an address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Taken
from duolangue.registration.domain import own_accounts, sign_in
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.own_accounts import OwnAccounts
from duolangue.registration.domain.sign_in import LINK_MINUTES, LinkRefused, Place
from duolangue.registration.ports import Ports, PortsOf, ProviderFailed
from duolangue.registration.sealing import Unsealed
from duolangue.registration.usecases.coordinators import coordinators_with
from duolangue.registration.usecases.sessions import SignedIn
from duolangue.registration.usecases.signing_in import enter

logger = log.get(__name__)
SECRET: Final = "client-secret"  # noqa: S105 - what is sealed, not a secret
ROUND_TRIP: Final = "provider"
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Outward:
    """The way to a provider, and what the browser brings back from there."""

    url: str
    sealed: str


async def accounts_to_choose(ports: Ports) -> list[OwnAccounts]:
    """With which accounts people may sign in."""
    return await ports.accounts.select({"active": True}, sort=[("label", 1)], limit=SHOWN)


async def agree_accounts(
    association: str, label: str, issuer: str, client_id: str, secret: str, domains: str, ports_of: PortsOf
) -> OwnAccounts:
    """An association's coordinators may sign in with this provider; an empty secret keeps the one that is known.

    Raises:
        Absent: there is no such association.
        Invalid: something of it cannot be taken.
    """
    platform = ports_of(PLATFORM)
    own = await ports_of(association).own()
    before = await platform.accounts.find(own.id)
    if secret:
        sealed = platform.sealer.seal(f"{SECRET}/{own.id}", secret, platform.clock.now())
    elif before is not None and before.sealed_secret:
        sealed = before.sealed_secret
    else:
        raise Invalid("secret_missing", "The provider's secret is needed.", field="secret")
    agreed = own_accounts.agree(own.id, label or own.name, issuer, client_id, sealed, domains)
    try:
        return await platform.accounts.add(agreed)
    except Taken:
        return await platform.accounts.update(own.id, lambda _: Change(agreed))


async def stop_accounts(association: str, ports: Ports) -> None:
    """Nobody signs in with it any more."""
    await ports.accounts.update(association, own_accounts.stop)


async def leave_for_provider(association: str, ports_of: PortsOf) -> Outward:
    """Where to send the browser.

    Raises:
        Absent: the association has no accounts of its own.
        ProviderFailed: the provider does not answer.
    """
    platform = ports_of(PLATFORM)
    accounts = await platform.accounts.find(association)
    if accounts is None or not accounts.active:
        raise Absent("accounts")
    trip = {"association": association, **{name: sign_in.fresh_secret() for name in ("state", "nonce", "verifier")}}
    url = await platform.providers.address(accounts, trip, _back(platform))
    return Outward(url, platform.sealer.seal(ROUND_TRIP, json.dumps(trip), platform.clock.now()))


async def come_from_provider(code: str, state: str, sealed: str, ports_of: PortsOf, device: str = "") -> SignedIn:
    """Sign in whoever the provider says it is: an invited coordinator of that association, by a verified address.

    Raises:
        LinkRefused: it leads nowhere.
    """
    platform = ports_of(PLATFORM)
    try:
        trip = json.loads(platform.sealer.unseal(ROUND_TRIP, sealed, platform.clock.now(), LINK_MINUTES * 60))
    except Unsealed as error:
        raise _refused() from error
    if not state or state != trip["state"]:
        raise _refused()
    association: str = trip["association"]
    accounts = await platform.accounts.find(association)
    if accounts is None or not accounts.active:
        raise _refused()
    try:
        secret = platform.sealer.unseal(f"{SECRET}/{association}", accounts.sealed_secret, platform.clock.now())
        known = await platform.providers.identity(accounts, secret, code, trip, _back(platform))
    except (ProviderFailed, Unsealed) as error:
        logger.warning("provider.failed", association=association, error=type(error).__name__, reason=str(error))
        raise _refused() from error
    address = known.email.strip().lower()
    found = await coordinators_with(address, ports_of(association)) if "@" in address else []
    if not known.verified or not accounts.takes(address) or not found:
        logger.warning("provider.stranger", association=association)
        raise LinkRefused(
            "not_invited", "Your association's account is not one of an invited coordinator. Ask an administrator."
        )
    return await enter([Place(association=association, coordinator=found[0].id)], device, ports_of)


def _back(ports: Ports) -> str:
    return f"{ports.public_url.rstrip('/')}/sign-in/back"


def _refused() -> LinkRefused:
    return LinkRefused("provider_refused", "Signing in with that account did not work. Please try again.")
