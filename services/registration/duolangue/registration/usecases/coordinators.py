"""Coordinators are invited, given more or less to do, and revoked; who has no e-mail gets a sign-in handed over."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.decision import Change
from duolangue.chassis.mail import Refused
from duolangue.chassis.store import Absent, Taken
from duolangue.registration import mails
from duolangue.registration.domain import coordinator, departures, door, sign_in, values
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from duolangue.registration.domain.departures import Departures
from duolangue.registration.domain.invalid import AlreadyKnown, Invalid, NotNow
from duolangue.registration.domain.sign_in import HANDED_MINUTES, Place
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.allowing import Limit, allowed

logger = log.get(__name__)
MOST_HANDED: Final = 10
"""Sign-ins handed over to one coordinator in an hour."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A sign-in to hand over: a link, and a code for who types their number on the sign-in page."""

    coordinator: Coordinator
    url: str
    code: str


async def invite_coordinator(
    email: str,
    name: str,
    access: AccessLevel,
    language: str | None,
    ports: Ports,
    *,
    phone: str = "",
    tell: bool = False,
) -> Coordinator:
    """Somebody may use the desk from now on (under the platform's own name: may operate it); `tell` has it mailed.

    Raises:
        Invalid: an address, a number or a name cannot be taken, or an association does not give this access.
        AlreadyKnown: the address is a coordinator's of this association.
    """
    _may_have(access, ports)
    spoken = language or await _working_language(ports)
    invited = coordinator.invite(
        uuid.uuid4().hex, email, name, access, spoken, ports.clock.now(), phone=phone, tell=tell
    )
    for address in filter(None, (invited.email, invited.phone)):
        await _open_door(address, ports)
    try:
        return await ports.coordinators.add(invited)
    except Taken as error:
        raise AlreadyKnown("coordinator_known", "This address is a coordinator's already.", field="email") from error


async def _working_language(ports: Ports) -> str:
    if ports.association == PLATFORM:
        return "fr"
    return (await ports.own()).language


def _may_have(access: AccessLevel, ports: Ports) -> None:
    if (access is AccessLevel.OPERATE) != (ports.association == PLATFORM):
        raise Invalid("access_unknown", "An association cannot give this access.", field="access")


async def _open_door(address: str, ports: Ports) -> None:
    door_id = door.door_id(address)
    try:
        await ports.doors.add(door.Door(id=door_id, associations=[ports.association]))
    except Taken:
        await ports.doors.update(door_id, lambda present: door.opened_to(present, ports.association))


async def tell_invited(coordinator_id: str, ports: Ports) -> None:
    """Mail the invitation: where to sign in, and with which address.

    Raises:
        mail.Unavailable: not now; it is to be tried again.
    """
    invited = await ports.coordinators.get(coordinator_id)
    if invited.due_at is None:
        return
    platform = ports.association == PLATFORM
    own = "Duolangue" if platform else (await ports.own()).name
    url = f"{ports.public_url.rstrip('/')}/sign-in{'' if platform else f'?at={ports.association}'}"
    try:
        await ports.mails.send(mails.invitation(own, invited, url, ports.mails.sender))
    except Refused:
        logger.warning("invitation.not_mailed", association=ports.association, coordinator=coordinator_id)
        await ports.coordinators.update(coordinator_id, partial(coordinator.bounced, now=ports.clock.now()))
        return
    await ports.coordinators.update(coordinator_id, coordinator.told)


async def invite_again(coordinator_id: str, ports: Ports) -> Coordinator:
    """Mail the invitation once more.

    Raises:
        Absent: there is no such coordinator.
        NotNow: that was done a few times already today.
    """
    limit = Limit(f"invitation/{ports.association}/{coordinator_id}", 3, timedelta(days=1))
    if not await allowed(limit, ports):
        raise NotNow("invited_often", "This invitation was sent a few times today already.")
    return await ports.coordinators.update(coordinator_id, partial(coordinator.tell_again, now=ports.clock.now()))


async def change_access(coordinator_id: str, access: AccessLevel, ports: Ports) -> Coordinator:
    """Somebody may do more or less, at once and everywhere.

    Raises:
        Absent: there is no such coordinator.
        Invalid: an association does not give this access.
        NotNow: nobody would be left who administers the association.
    """
    _may_have(access, ports)
    present = await ports.coordinators.get(coordinator_id)
    if present.access is access or not present.active:
        return present
    now = ports.clock.now()
    await _somebody_stays(present, now, ports)
    await remember_revocation(coordinator_id, now, ports)

    def decide(one: Coordinator) -> Change[Coordinator] | None:
        departures.in_time(now, ports.clock.now())
        return coordinator.give(one, access=access, now=now)

    return await ports.coordinators.update(coordinator_id, decide)


async def revoke_coordinator(coordinator_id: str, ports: Ports) -> Coordinator:
    """Somebody may not use the desk any more; their tokens are refused everywhere at once.

    Raises:
        Absent: there is no such coordinator.
        NotNow: nobody would be left who administers the association.
    """
    leaving = await ports.coordinators.get(coordinator_id)
    begun = ports.clock.now()
    await _somebody_stays(leaving, begun, ports)
    now = leaving.revoked_at or begun
    await remember_revocation(coordinator_id, now, ports)

    def decide(one: Coordinator) -> Change[Coordinator] | None:
        departures.in_time(begun, ports.clock.now())
        return coordinator.revoke(one, now)

    revoked = await ports.coordinators.update(coordinator_id, decide)
    for each in await ports.passkeys.select({"place.coordinator": {"$eq": coordinator_id}}):
        await ports.passkeys.forget(each.id, lambda _: True)
    return revoked


async def _somebody_stays(leaving: Coordinator, now: datetime, ports: Ports) -> None:
    """One document says who is going; whoever counted on somebody who goes meanwhile is refused."""
    highest = AccessLevel.OPERATE if ports.association == PLATFORM else AccessLevel.ADMINISTER
    if not leaving.active or leaving.access is not highest:
        return
    found = await ports.coordinators.select({"active": True, "access": {"$eq": highest.value}})
    go = partial(departures.go, one=leaving.id, administrators={each.id for each in found}, now=now)
    try:
        await ports.departures.update(ports.association, go)
    except Absent:
        try:
            await ports.departures.add(go(Departures(id=ports.association)).state)
        except Taken:  # somebody else was faster
            await ports.departures.update(ports.association, go)


async def remember_revocation(coordinator_id: str, now: datetime, ports: Ports) -> None:
    """Tokens issued to this coordinator up to now are worth nothing; told with the keys for a while."""
    try:
        await ports.revocations.add(door.Revocation(id=coordinator_id, revoked_at=now))
    except Taken:
        await ports.revocations.update(coordinator_id, partial(door.revoked_again, at=now))


async def coordinators_with(address: str, ports: Ports) -> list[Coordinator]:
    """The active coordinators with this e-mail address or telephone number, as `values` writes them."""
    field = "email" if "@" in address else "phone"
    return await ports.coordinators.select({field: {"$eq": address}, "active": True}, limit=10)


async def coordinator_with(email: str, ports: Ports) -> Coordinator:
    """The active coordinator with this e-mail address.

    Raises:
        Absent: there is none in this association.
        Invalid: it is no address.
    """
    found = await coordinators_with(values.email(email), ports)
    if not found:
        raise Absent("coordinator")
    return found[0]


async def hand_over(coordinator_id: str, ports: Ports) -> Handed:
    """A sign-in for somebody without e-mail, who gets it from an administrator: for half an hour, once, in any browser.

    Raises:
        Absent: there is no such coordinator.
        NotNow: the person has e-mail, or had too many.
    """
    one = await ports.coordinators.get(coordinator_id)
    if not one.active:
        raise Absent("coordinator")
    if one.email:
        raise NotNow("has_mail", "This person signs in by e-mail.")
    limit = Limit(f"handed/{ports.association}/{coordinator_id}", MOST_HANDED, timedelta(hours=1))
    if not await allowed(limit, ports):
        raise NotNow("handed_often", "Enough sign-ins were made for this person. Please wait an hour.")
    code = sign_in.fresh_code()
    url = await _handed(one, ports, code, HANDED_MINUTES)
    logger.info("sign_in.handed_over", association=ports.association, coordinator=coordinator_id)
    return Handed(one, url, code)


async def operator_link(email: str, ports: Ports) -> str:
    """A sign-in link for a coordinator that any browser may use, made by whoever runs the machine.

    Raises:
        Absent: the address is no coordinator's of this association.
    """
    return await _handed(await coordinator_with(email, ports), ports)


async def _handed(one: Coordinator, ports: Ports, code: str = "", minutes: int = sign_in.LINK_MINUTES) -> str:
    secret = sign_in.fresh_secret()
    place = Place(association=ports.association, coordinator=one.id)
    await ports.sign_ins.add(sign_in.handed(secret, place, ports.clock.now(), code=code, minutes=minutes))
    return f"{ports.public_url.rstrip('/')}/sign-in/{sign_in.tagged(PLATFORM, secret)}"
