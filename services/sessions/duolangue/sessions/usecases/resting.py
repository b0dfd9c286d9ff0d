"""A duo takes a break, is back earlier, or a coordinator undoes it."""

from __future__ import annotations

from datetime import date
from functools import partial

from duolangue.sessions.domain import resting
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, following


async def take_break(duo: str, until: date, ports: Ports, *, person: str = "") -> Commitment:
    """A break from today to a last day, which one of the two asks for, or a coordinator notes who heard of it.

    Raises:
        Absent, NotInDuo, DuoOver, NoBreak: the link's sentence.
        BreakOutOfBounds: the field's sentence.
    """
    zone, now = (await associations.known(ports)).zone, ports.clock.now()
    side = (await ports.commitments.get(duo)).side_of(person) if person else None
    await ports.commitments.update(duo, partial(resting.take, until=until, side=side, zone=zone, now=now))
    return await following.look(duo, ports)


async def go_on(duo: str, person: str, ports: Ports) -> Commitment:
    """One of the two is back earlier.

    Raises:
        Absent, NotInDuo, DuoOver, NoBreak: the link's sentence.
    """
    zone, now = (await associations.known(ports)).zone, ports.clock.now()
    side = (await ports.commitments.get(duo)).side_of(person)
    await ports.commitments.update(duo, partial(resting.go_on, side=side, zone=zone, now=now))
    return await following.look(duo, ports)


async def undo(duo: str, ports: Ports) -> Commitment:
    """A coordinator takes a break back.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    zone, now = (await associations.known(ports)).zone, ports.clock.now()
    await ports.commitments.update(duo, partial(resting.undo, zone=zone, now=now))
    return await following.look(duo, ports)
