"""Two people whom a coordinator keeps apart, for whatever reason: no run, no swap and no hand pairs them until that is taken back."""

from __future__ import annotations

import uuid
from contextlib import suppress
from functools import partial

from duolangue.chassis import log
from duolangue.chassis.store import Absent, Taken
from duolangue.matching.domain import life
from duolangue.matching.domain.duo import Status
from duolangue.matching.domain.people import Separation
from duolangue.matching.domain.rules import Unsuitable
from duolangue.matching.ports import Ports

logger = log.get(__name__)


async def keep(one: str, other: str, by: str, why: str, ports: Ports) -> Separation:
    """Keep two people apart from now on. Their draft is discarded and their proposal taken back; a duo that runs goes on.

    Raises:
        Unsuitable: it is one person.
    """
    if one == other:
        raise Unsuitable("oneself")
    first, second = sorted((one, other))
    separation = Separation(
        id=_id(one, other, ports), one=first, other=second, why=why.strip(), by=by, since=ports.clock.now()
    )
    try:
        await ports.separations.add(separation)
    except Taken:
        separation = await ports.separations.find(separation.id) or separation
    now = ports.clock.now()
    for duo in await ports.duos.between(one, other):
        if duo.status is Status.DRAFT:
            await ports.duos.update(duo.id, partial(life.drop_draft, now=now))
        elif duo.status is Status.PROPOSED:
            await ports.duos.update(duo.id, partial(life.withdraw, now=now))
    logger.info("separation.kept", entity=separation.id)
    return separation


async def keep_known(one: str, other: str, by: str, why: str, ports: Ports) -> Separation:
    """Keep two people apart whether or not they ever had to do with each other. Raises as `keep`; `Absent`: one of them is not known."""
    for person in (one, other):
        if await ports.people.find(person) is None:
            raise Absent(person)
    return await keep(one, other, by, why, ports)


async def allow(separation: str, ports: Ports) -> None:
    """Two people may meet again.

    Raises:
        Absent: nobody is kept apart under this id.
    """
    if await ports.separations.find(separation) is None:
        raise Absent(separation)
    await ports.separations.forget(separation)


async def are(one: str, other: str, ports: Ports) -> bool:
    """Whether two people are kept apart."""
    return await ports.separations.find(_id(one, other, ports)) is not None


async def carry(goes: str, stays: str, ports: Ports) -> None:
    """Two records are one person: with whom the one that gave way was in a duo, said no to, or was kept apart from, the one that stays is not
    paired either. Done twice it changes nothing more.
    """
    while (stayed := await ports.people.find(stays)) is not None and stayed.merged_into not in (None, goes):
        stays = stayed.merged_into
    others = {
        person: ("", "", duo.ended_at or ports.clock.now())
        for duo in await ports.duos.touching(goes)
        if duo.barred
        for person in (duo.newcomer, duo.volunteer)
    }
    for kept in await ports.separations.of(goes):
        others |= dict.fromkeys((kept.one, kept.other), (kept.why, kept.by, kept.since))
    for other, (why, by, since) in others.items():
        if other in (goes, stays):
            continue
        first, second = sorted((stays, other))
        carried = Separation(id=_id(stays, other, ports), one=first, other=second, why=why, by=by, since=since)
        with suppress(Taken):
            await ports.separations.add(carried)


async def forget(participant: str, ports: Ports) -> None:
    """Somebody is erased: nothing is left to keep apart."""
    for separation in await ports.separations.of(participant):
        await ports.separations.forget(separation.id)


def _id(one: str, other: str, ports: Ports) -> str:
    first, second = sorted((one, other))
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{ports.association}/apart/{first}/{second}"))
