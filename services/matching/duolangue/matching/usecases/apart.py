"""Two people whom a coordinator keeps apart, for whatever reason: no run, no swap and no hand pairs them until that is taken back."""

from __future__ import annotations

import uuid
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


async def forget(participant: str, ports: Ports) -> None:
    """Somebody is erased: nothing is left to keep apart."""
    for separation in await ports.separations.of(participant):
        await ports.separations.forget(separation.id)


def _id(one: str, other: str, ports: Ports) -> str:
    first, second = sorted((one, other))
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{ports.association}/apart/{first}/{second}"))
