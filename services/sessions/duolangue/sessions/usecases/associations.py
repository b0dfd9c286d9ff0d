"""What sessions knows of the association itself: its rule, its time zone, the names of its people."""

from __future__ import annotations

from datetime import date

from duolangue.chassis.bus import Refused, Unavailable
from duolangue.chassis.decision import RuleBroken
from duolangue.contracts.requests import Person
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.association import Association
from duolangue.sessions.ports import Ports


class AssociationUnknown(RuleBroken):
    """Registration's fact about the association has not come yet; it will."""

    code = "association_unknown"
    status = 503


async def learn_association(association: Association, version: int, ports: Ports) -> None:
    """Keep what registration tells of the association."""
    await ports.associations.apply(association, version)


async def known(ports: Ports) -> Association:
    """The association as registration last told of it.

    Raises:
        AssociationUnknown: its fact has not come yet.
    """
    association = await ports.associations.find(ports.association)
    if association is None:
        raise AssociationUnknown("Your association is being set up. Please try again in a minute.")
    return association


async def names(people: list[str], ports: Ports) -> dict[str, Person]:
    """Who people are; a short code for a name when registration is away."""
    return await ports.directory.people(ports.association, people)


async def called(who: str, ports: Ports) -> tuple[dict[str, Person], bool]:
    """Who is called so, and takes part; and whether registration, which alone knows names, is away."""
    try:
        return await ports.directory.find(ports.association, who), False
    except (Unavailable, Refused):
        return {}, True


async def today(ports: Ports) -> date:
    """The day it is for the association."""
    return weeks.day_at(ports.clock.now(), (await known(ports)).zone)
