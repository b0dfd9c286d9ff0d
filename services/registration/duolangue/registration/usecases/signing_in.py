"""Signing in by a link or a code, and the way from there to a desk. Sessions and tokens are next door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.decision import Change
from duolangue.chassis.mail import Refused, Unavailable
from duolangue.chassis.store import Absent, Contended
from duolangue.registration import mails
from duolangue.registration.domain import coordinator, door, session, sign_in, values
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.sign_in import (
    HANDED_MINUTES,
    LINK_MINUTES,
    MOST_LINKS,
    CodeRefused,
    LinkRefused,
    Place,
    SignIn,
)
from duolangue.registration.ports import Ports, PortsOf
from duolangue.registration.usecases.allowing import Limit, all_allowed
from duolangue.registration.usecases.coordinators import coordinators_with
from duolangue.registration.usecases.sessions import SignedIn, access_token

logger = log.get(__name__)
SHORT: Final = timedelta(minutes=LINK_MINUTES)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
NETWORK_SHORT: Final = 30
"""Sign-ins asked for from one network in ten minutes, for any addresses: an office is one network."""
ADDRESS_HOUR: Final = 12
ADDRESS_DAY: Final = 40
"""Mails to one address, whoever asks: with five tries a code this leaves a guesser 1 chance in 5,000 a day."""
ASSOCIATION_HOUR: Final = 120
OPEN: Final = 10
"""Open sign-ins of one browser among which a code is looked for."""
KNOWN: Final = "known"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks to sign in, as far as a request tells."""

    browser: str
    """The secret in its cookie."""
    network: str = "unknown"
    known: str = ""
    """What a browser that signed in before was given, sealed."""


async def start_sign_in(address: str, asking: Asking, ports_of: PortsOf) -> None:
    """Mail a link and a code, where this address is a coordinator's; else nothing happens, and nobody can tell.

    Who asks too often gets nothing. Strangers share the limits of an address; a browser that signed in with it before has its own,
    so that nobody can use those of somebody else up.
    """
    try:
        tidy = values.email(address) if "@" in address else values.phone(address)
    except Invalid:
        return
    platform = ports_of(PLATFORM)
    found = await _people(tidy, ports_of)
    own_browser = _signed_in_before(asking.known, [one.id for _, one in found], platform)
    if not await all_allowed(_limits(door.door_id(tidy), found, asking, own_browser=own_browser), platform):
        logger.warning("sign_in.too_many", count=len(found))
        return
    secret, code = sign_in.fresh_secret(), sign_in.fresh_code()
    places = [Place(association=slug, coordinator=one.id) for slug, one in found]
    minutes = LINK_MINUTES if "@" in tidy else HANDED_MINUTES
    now = platform.clock.now()
    await platform.sign_ins.add(sign_in.asked(secret, code, asking.browser, places, now, minutes=minutes))
    if found and "@" in tidy:
        await _mail(found, secret, code, ports_of)


async def _people(address: str, ports_of: PortsOf) -> list[tuple[str, Coordinator]]:
    """As whom, and where, this address may sign in."""
    known = await ports_of(PLATFORM).doors.find(door.door_id(address))
    return [
        (slug, one)
        for slug in (known.associations if known else [])
        for one in await coordinators_with(address, ports_of(slug))
    ]


def _limits(
    address: str, found: Sequence[tuple[str, Coordinator]], asking: Asking, *, own_browser: bool
) -> tuple[Limit, ...]:
    if own_browser:
        return (Limit(f"sign-in/own/{address}", MOST_LINKS, SHORT),)
    return (
        Limit(f"sign-in/{address}/{asking.network}", MOST_LINKS, SHORT),
        Limit(f"sign-in/network/{asking.network}", NETWORK_SHORT, SHORT),
        Limit(f"sign-in/hour/{address}", ADDRESS_HOUR, HOUR),
        Limit(f"sign-in/day/{address}", ADDRESS_DAY, DAY),
        *(Limit(f"sign-in/association/{slug}", ASSOCIATION_HOUR, HOUR) for slug, _ in found[:1]),
    )


def _signed_in_before(known: str, ids: Sequence[str], ports: Ports) -> bool:
    told = ports.sealer.unsealed(KNOWN, known, ports.clock.now())
    return bool(told) and not set(ids).isdisjoint(told.split(","))


async def _mail(found: Sequence[tuple[str, Coordinator]], secret: str, code: str, ports_of: PortsOf) -> None:
    slug, one = found[0]
    ports = ports_of(slug)
    alone = len({each for each, _ in found}) == 1 and slug != PLATFORM
    name = (await ports.own()).name if alone else "Duolangue"
    url = f"{ports.public_url.rstrip('/')}/sign-in/{sign_in.tagged(PLATFORM, secret)}"
    try:
        await ports.mails.send(mails.sign_in(name, one, url, code, ports.mails.sender))
    except (Unavailable, Refused) as error:
        logger.warning("sign_in.not_mailed", association=slug, coordinator=one.id, error=type(error).__name__)
        if isinstance(error, Refused):
            await ports.coordinators.update(one.id, partial(coordinator.bounced, now=ports.clock.now()))
    else:
        await ports.coordinators.update(one.id, coordinator.mailed)


async def finish_sign_in(token: str, browser: str | None, ports_of: PortsOf, device: str = "") -> SignedIn:
    """Use a sign-in link. Of many who try at once, one succeeds.

    Raises:
        LinkRefused: it opens nothing (any more).
    """
    association, secret = sign_in.untagged(token)
    platform = ports_of(PLATFORM)
    now = platform.clock.now()
    if association != PLATFORM:
        raise _unknown()
    try:
        used = await platform.sign_ins.update(
            sign_in.hashed(secret), lambda present: sign_in.use(present, browser, now)
        )
    except Absent as error:
        raise _unknown() from error
    return await enter(used.places, device, ports_of)


async def finish_with_code(code: str, browser: str | None, ports_of: PortsOf, device: str = "") -> SignedIn:
    """Use a code, in the browser that asked to sign in: the one of a mail, or the one an administrator handed over.

    Raises:
        CodeRefused: it opens nothing.
    """
    platform = ports_of(PLATFORM)
    now, tidy = platform.clock.now(), sign_in.typed(code)
    asked = await platform.sign_ins.select(
        {"browser": {"$eq": sign_in.hashed(browser or "")}, "expires_at": {"$gt": now}},
        sort=[("expires_at", -1)],
        limit=OPEN,
    )
    waiting = [each for each in asked if each.open(now)]
    if not waiting:
        raise CodeRefused("code_void", "No code works here any more. Ask for a new one.", field="code")
    if len(tidy) != sign_in.CODE_DIGITS:
        raise CodeRefused("code_short", "The code has six digits.", field="code")
    people = {place.coordinator for each in waiting for place in each.places}
    handed = await platform.sign_ins.select(
        {"places.coordinator": {"$in": sorted(people)}, "browser": None, "expires_at": {"$gt": now}},
        sort=[("expires_at", -1)],
        limit=OPEN,
    )
    for each in (*waiting, *handed):
        if await _opens(each, tidy, platform):
            return await enter(each.places, device, ports_of)
    raise CodeRefused(
        "code_wrong", "This is not the right code. Look at the newest message, and try again.", field="code"
    )


async def _opens(one: SignIn, code: str, ports: Ports) -> bool:
    """Whether the code is this sign-in's; of many who try at once, one is told so. Any other counts as a try."""
    now, right = ports.clock.now(), False

    def decide(present: SignIn) -> Change[SignIn] | None:
        nonlocal right
        change = sign_in.try_code(present, code, now)
        right = change is not None and change.state.used_at is not None
        return change

    try:
        await ports.sign_ins.update(one.id, decide)
    except (Absent, Contended):
        return False
    return right


async def enter(places: Sequence[Place], device: str, ports_of: PortsOf) -> SignedIn:
    """Go where a sign-in leads: to the one desk, or to the choice between several.

    Raises:
        LinkRefused: nowhere (any more).
    """
    standing: list[tuple[Place, Coordinator]] = []
    for place in places:
        one = await ports_of(place.association).coordinators.find(place.coordinator)
        if one is not None and one.active:
            standing.append((place, one))
    if not standing:
        raise _unknown()
    here = [place for place, _ in standing]
    secret, platform = sign_in.fresh_secret(), ports_of(PLATFORM)
    known = platform.sealer.seal(KNOWN, ",".join(one.id for _, one in standing[:OPEN]), platform.clock.now())
    if len(standing) > 1:
        begun = session.begin(secret, None, platform.clock.now(), places=here, device=device)
        await platform.sessions.add(begun)
        return SignedIn(sign_in.tagged(PLATFORM, secret), "", known)
    (place, one) = standing[0]
    ports = ports_of(place.association)
    await ports.sessions.add(session.begin(secret, one.id, ports.clock.now(), places=here, device=device))
    await ports.coordinators.update(one.id, partial(coordinator.signed_in, now=ports.clock.now()))
    return SignedIn(sign_in.tagged(place.association, secret), await access_token(one, ports), known)


def _unknown() -> LinkRefused:
    return LinkRefused("link_unknown", "This sign-in link is not complete. Ask for a new one.")


async def network_allowed(network: str, ports_of: PortsOf, step: str = "network") -> bool:
    """Whether this network may begin another sign-in for now; or take another `step` of one, each with its own limit."""
    limit = Limit(f"sign-in/{step}/{network}", NETWORK_SHORT, SHORT)
    return await all_allowed((limit,), ports_of(PLATFORM))
