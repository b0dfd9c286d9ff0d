"""Coordinators whom the association names for it are mailed, once a morning, that duos are to be called."""

from __future__ import annotations

from functools import partial

from duolangue.chassis import log
from duolangue.chassis.mail import Refused
from duolangue.chassis.store import Taken
from duolangue.registration import mails
from duolangue.registration.domain import calls
from duolangue.registration.ports import Ports

logger = log.get(__name__)


async def note_call(duo: str, ports: Ports) -> None:
    """A duo is worth a call from now on: told with the next morning's mail, where anybody is named for it."""
    own = await ports.own()
    if not own.calls_to:
        return
    fresh = calls.notice(duo, calls.morning(ports.clock.now(), own.timezone))
    try:
        await ports.calls.add(fresh)
    except Taken:
        await ports.calls.update(fresh.id, partial(calls.another, duo=duo))


async def tell_of_calls(notice_id: str, ports: Ports) -> None:
    """Send the morning's mail, then forget what it was about.

    Raises:
        mail.Unavailable: some could not be told for now.
    """
    present, own = await ports.calls.get(notice_id), await ports.own()
    url = f"{ports.public_url.rstrip('/')}/sessions"
    named = {"active": True, "email": {"$gt": ""}, "id": {"$in": list(own.calls_to)}}
    for coordinator in await ports.coordinators.select(named):
        if coordinator.id in present.told:
            continue
        try:
            await ports.mails.send(mails.calls(own.name, coordinator, url, len(present.duos), ports.mails.sender))
        except Refused:
            logger.warning("calls.not_mailed", association=ports.association, coordinator=coordinator.id)
        await ports.calls.update(notice_id, partial(calls.tell, coordinator=coordinator.id))
    await ports.calls.forget(notice_id)
