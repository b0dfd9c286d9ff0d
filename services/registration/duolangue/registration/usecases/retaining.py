"""Retention: who will be erased by themselves and when; administrators are told before; then it happens."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.mail import Refused, Unavailable
from duolangue.chassis.store import Taken
from duolangue.registration import mails
from duolangue.registration.domain import audit, retention
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.erasure import Cause
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.domain.retention import AHEAD, OVER, Leaving, Watch
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.erasing import erase, forget_words_of_closed_reports

logger = log.get(__name__)
MOST_LISTED: Final = 500
AT_ONCE: Final = 200
"""Erased in one look at most; the rest at the next."""


async def watch_retention(ports: Ports) -> Watch:
    """The association's watch; begun when there is none."""
    known = await ports.watches.find(ports.association)
    if known is not None:
        return known
    try:
        return await ports.watches.add(Watch(id=ports.association, due_at=ports.clock.now()))
    except Taken:
        return await ports.watches.get(ports.association)


async def leaving(until: datetime, ports: Ports, most: int = MOST_LISTED) -> list[Leaving]:
    """Who is to be erased by themselves up to a moment, whoever goes first comes first: so many at most, or all where `most` is 0. Looking
    changes nothing.
    """
    own = await ports.own()
    found: list[Leaving] = []
    for status, since in retention.bounds(own, until).items():
        for one in await _standing(status, since, ports, most):
            day = retention.leaves_on(one, own)
            if day is not None and day <= until:
                found.append(Leaving(one, status, day))
    return sorted(found, key=lambda each: (each.on, each.participant.id))[: most or None]


async def look_after_retention(ports: Ports) -> int:
    """The daily look: tell administrators whom it concerns soon, and erase whose time is over. Returns how many went."""
    own, now = await ports.own(), ports.clock.now()
    await _date_the_undated(ports)
    before = await watch_retention(ports)
    soon = len(await leaving(now + AHEAD, ports))
    fresh = retention.looked(before, own, soon, now).state
    gone = 0
    if retention.may_erase(before, own, now):
        for each in await leaving(now, ports, AT_ONCE):
            await erase(each.participant.id, Cause.RETENTION, audit.SYSTEM, ports)
            gone += 1
    if fresh.told_at != before.told_at:
        await _tell_administrators(soon, ports)
    await forget_words_of_closed_reports(ports)
    await ports.watches.update(ports.association, lambda present: retention.looked(present, own, soon, now))
    if gone:
        logger.info("retention.erased", association=ports.association, count=gone)
    return gone


async def _standing(status: Status, since: datetime, ports: Ports, most: int) -> list[Participant]:
    before = {"status": status.value, "standing_since": {"$lte": since}}
    found = await ports.participants.select(before, sort=[("standing_since", 1)], limit=most)
    if status is Status.APPLIED:
        undated = {"status": status.value, "standing_since": None, "applied_at": {"$lte": since}}
        found += await ports.participants.select(undated, sort=[("applied_at", 1)], limit=most)
    return found


async def _date_the_undated(ports: Ports) -> None:
    """Of who left before that was kept, the time counts from now."""
    undated = {"status": {"$in": [status.value for status in OVER]}, "standing_since": None}
    now = ports.clock.now()
    for one in await ports.participants.select(undated, limit=MOST_LISTED):
        await ports.participants.update(one.id, lambda present: retention.dated(present, now))


async def _tell_administrators(count: int, ports: Ports) -> None:
    own = await ports.own()
    url = f"{ports.public_url.rstrip('/')}/people/retention"
    administering = {"active": True, "access": AccessLevel.ADMINISTER.value, "email": {"$gt": ""}}
    for each in await ports.coordinators.select(administering):
        try:
            await ports.mails.send(mails.retention(own.name, each, url, count, ports.mails.sender))
        except (Refused, Unavailable) as error:
            logger.warning("retention.not_mailed", coordinator=each.id, error=type(error).__name__)
