"""Signing in by a link, sessions, and the short tokens made from them."""

from __future__ import annotations

from dataclasses import dataclass

from duolangue.chassis import identity, log
from duolangue.chassis.mail import Refused, Unavailable
from duolangue.chassis.store import Absent, Taken
from duolangue.registration import mails
from duolangue.registration.domain import door, sign_in, values
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.sign_in import LinkRefused
from duolangue.registration.ports import Ports, PortsOf
from duolangue.registration.usecases.associations import coordinator_with

logger = log.get(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a browser holds after signing in."""

    session: str
    access: str


async def start_sign_in(email: str, browser: str, ports_of: PortsOf) -> None:
    """Mail a sign-in link for each association in which this address is a coordinator's; else nothing happens, and nobody can tell."""
    try:
        address = values.email(email)
    except Invalid:
        return
    known = await ports_of(PLATFORM).doors.find(door.door_id(address))
    for association in known.associations if known else []:
        ports = ports_of(association)
        try:
            coordinator = await coordinator_with(address, ports)
        except Absent:
            continue
        url = await _link(coordinator, browser, ports)
        if url is None:
            logger.warning("sign_in.too_many", association=association, coordinator=coordinator.id)
            continue
        own = await ports.own()
        try:
            await ports.mails.send(mails.sign_in(own.name, coordinator, url, ports.mails.sender))
        except (Unavailable, Refused) as error:
            logger.warning(
                "sign_in.not_mailed", association=association, coordinator=coordinator.id, error=type(error).__name__
            )


async def operator_link(email: str, ports: Ports) -> str:
    """A sign-in link for a coordinator that any browser may use, made by whoever runs the machine.

    Raises:
        Absent: the address is no coordinator's of this association.
    """
    url = await _link(await coordinator_with(email, ports), None, ports)
    assert url is not None, "an operator's link has a slot of its own"
    return url


async def _link(coordinator: Coordinator, browser: str | None, ports: Ports) -> str | None:
    """A fresh link, or none where too many were asked for; a unique index counts, also when all are asked for at once."""
    secret, now = sign_in.fresh_secret(), ports.clock.now()
    for number in range(1, sign_in.MOST_LINKS + 1):
        try:
            await ports.sign_ins.add(sign_in.link(secret, coordinator.id, now, browser, number))
        except Taken:
            continue
        return f"{ports.public_url.rstrip('/')}/sign-in/{sign_in.tagged(ports.association, secret)}"
    return None


async def finish_sign_in(token: str, browser: str | None, ports_of: PortsOf) -> SignedIn:
    """Use a sign-in link. Of many who try at once, one succeeds.

    Raises:
        LinkRefused: it opens nothing (any more).
    """
    association, secret = sign_in.untagged(token)
    ports = ports_of(association)
    now = ports.clock.now()
    try:
        used = await ports.sign_ins.update(sign_in.hashed(secret), lambda present: sign_in.use(present, browser, now))
    except Absent as error:
        raise LinkRefused("link_unknown", "This sign-in link is not complete. Ask for a new one.") from error
    coordinator = await ports.coordinators.get(used.coordinator)
    if not coordinator.active:
        raise LinkRefused("link_unknown", "This sign-in link is not complete. Ask for a new one.")
    cookie = sign_in.fresh_secret()
    await ports.sessions.add(sign_in.begin(cookie, coordinator.id, now))
    return SignedIn(sign_in.tagged(association, cookie), _access(coordinator, ports))


async def renew(session: str, ports_of: PortsOf) -> str | None:
    """A fresh access token for a session; none when it does not hold (any more)."""
    association, secret = sign_in.untagged(session)
    ports = ports_of(association)
    found = await ports.sessions.find(sign_in.hashed(secret))
    if found is None or not found.holds(ports.clock.now()):
        return None
    coordinator = await ports.coordinators.find(found.coordinator)
    return _access(coordinator, ports) if coordinator is not None and coordinator.active else None


async def sign_out(session: str, ports_of: PortsOf) -> None:
    """A session ends."""
    association, secret = sign_in.untagged(session)
    ports = ports_of(association)
    now = ports.clock.now()
    try:
        await ports.sessions.update(sign_in.hashed(secret), lambda present: sign_in.end(present, now))
    except Absent:
        return


def _access(coordinator: Coordinator, ports: Ports) -> str:
    claims = identity.Coordinator(
        coordinator.id, ports.association, identity.Access(coordinator.access.value), coordinator.language
    )
    return ports.signer.access_token(claims, ports.clock.now())
