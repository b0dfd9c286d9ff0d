"""Sessions: renewed, chosen between associations, listed, ended here or everywhere; and the short tokens made from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from duolangue.chassis import identity
from duolangue.chassis.store import Absent
from duolangue.registration.domain import coordinator, session, sign_in
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from duolangue.registration.domain.session import Session
from duolangue.registration.domain.sign_in import LinkRefused
from duolangue.registration.ports import Ports, PortsOf
from duolangue.registration.usecases.coordinators import remember_revocation


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a browser holds after signing in."""

    session: str
    access: str
    """Empty while somebody still chooses between associations."""
    known: str = ""
    """By which the browser is recognised when it asks again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk somebody may go to."""

    association: str
    name: str
    access: AccessLevel


async def _held(token: str, ports_of: PortsOf) -> tuple[Ports, Session] | None:
    association, secret = sign_in.untagged(token)
    ports = ports_of(association)
    found = await ports.sessions.find(sign_in.hashed(secret))
    return (ports, found) if found is not None and found.holds(ports.clock.now()) else None


async def renew(token: str, ports_of: PortsOf) -> SignedIn | None:
    """A fresh access token for a session, or none yet where somebody still chooses; none at all when it does not hold any more."""
    held = await _held(token, ports_of)
    if held is None:
        return None
    ports, found = held
    if found.coordinator is None:
        return SignedIn(token, "")
    one = await ports.coordinators.find(found.coordinator)
    return SignedIn(token, await access_token(one, ports)) if one is not None and one.active else None


async def desks(token: str, ports_of: PortsOf) -> list[Desk]:
    """Where this sign-in may lead; nowhere when the session does not hold any more."""
    held = await _held(token, ports_of)
    found = []
    for place in held[1].places if held else []:
        ports = ports_of(place.association)
        one = await ports.coordinators.find(place.coordinator)
        if held is not None and one is not None and coordinator.admits(one, held[1].began_at):
            name = "" if place.association == PLATFORM else (await ports.own()).name
            found.append(Desk(place.association, name, one.access))
    return sorted(found, key=lambda desk: desk.name.casefold())


async def go_to(association: str, token: str, ports_of: PortsOf) -> SignedIn:
    """Go to one of them; the session goes on there, and ends where it was.

    Raises:
        LinkRefused: this sign-in does not lead there.
    """
    held = await _held(token, ports_of)
    place = next((each for each in held[1].places if each.association == association), None) if held else None
    if held is None or place is None:
        raise LinkRefused("link_unknown", "This sign-in link is not complete. Ask for a new one.")
    before, present = held
    ports = ports_of(association)
    one = await ports.coordinators.get(place.coordinator)
    if not coordinator.admits(one, present.began_at):
        raise LinkRefused("link_unknown", "This sign-in link is not complete. Ask for a new one.")
    secret = sign_in.fresh_secret()
    await ports.sessions.add(session.go_on(present, secret, one.id))
    await before.sessions.update(present.id, partial(session.end, now=before.clock.now()))
    await ports.coordinators.update(one.id, partial(coordinator.signed_in, now=ports.clock.now()))
    return SignedIn(sign_in.tagged(association, secret), await access_token(one, ports))


async def sign_out(token: str, ports_of: PortsOf) -> None:
    """A session ends."""
    association, secret = sign_in.untagged(token)
    ports = ports_of(association)
    now = ports.clock.now()
    try:
        await ports.sessions.update(sign_in.hashed(secret), lambda present: session.end(present, now))
    except Absent:
        return


async def sessions_of(coordinator_id: str, ports: Ports) -> list[Session]:
    """The browsers in which a coordinator is signed in, the latest first."""
    return await ports.sessions.select(
        {"coordinator": {"$eq": coordinator_id}, "expires_at": {"$gt": ports.clock.now()}, "ended_at": None},
        sort=[("expires_at", -1)],
        limit=50,
    )


async def end_session(session_id: str, coordinator_id: str, ports: Ports) -> None:
    """A coordinator ends one of their own.

    Raises:
        Absent: it is not theirs.
    """
    found = await ports.sessions.get(session_id)
    if found.coordinator != coordinator_id:
        raise Absent("session")
    await ports.sessions.update(session_id, partial(session.end, now=ports.clock.now()))


async def sign_out_everywhere(coordinator_id: str, ports: Ports) -> None:
    """Every session of a coordinator ends, every token issued so far is worth nothing, on all services at once; and so are the links
    and codes that were asked for.
    """
    now = ports.clock.now()
    one = await ports.coordinators.get(coordinator_id)
    pending = {"places.coordinator": {"$eq": one.id}, "expires_at": {"$gt": now}}
    for asked in await ports.sign_ins.select(pending):
        await ports.sign_ins.update(asked.id, partial(sign_in.void, coordinator=one.id, now=now))
    while open_ones := await sessions_of(one.id, ports):
        for each in open_ones:
            await ports.sessions.update(each.id, partial(session.end, now=now))
    await remember_revocation(one.id, now, ports)
    await ports.coordinators.update(one.id, partial(coordinator.out_everywhere, now=now))


async def access_token(one: Coordinator, ports: Ports) -> str:
    """A coordinator's token for five minutes, with what stands on top of every page."""
    own = None if ports.association == PLATFORM else await ports.own()
    claims = identity.Coordinator(
        one.id,
        ports.association,
        identity.Access(one.access.value),
        one.language,
        brand=own.name if own else "",
        brand_logo=own.logo_path if own else "",
    )
    return ports.signer.access_token(claims, ports.clock.now())


async def forget_sign_in(sign_in_id: str, ports: Ports) -> None:
    """A sign-in is long over."""
    now = ports.clock.now()
    await ports.sign_ins.forget(sign_in_id, lambda present: present.expires_at <= now)


async def forget_session(session_id: str, ports: Ports) -> None:
    """A session is long over."""
    now = ports.clock.now()
    await ports.sessions.forget(session_id, lambda present: not present.holds(now))


async def forget_revocation(coordinator_id: str, ports: Ports) -> None:
    """No token from before it lives any more."""
    now = ports.clock.now()
    await ports.revocations.forget(coordinator_id, lambda present: present.over_at <= now)
