"""What an association's work shows: the figures of a period, for everybody or for one of its zones."""

from __future__ import annotations

import asyncio

from duolangue.chassis import places
from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.places import zones
from duolangue.sessions.domain import counted, impact, period
from duolangue.sessions.domain.association import Association
from duolangue.sessions.domain.figures import Impact
from duolangue.sessions.domain.period import Period
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations


class NoSuchZone(RuleBroken):
    """The association has no zone of this name (any more)."""

    code = "no_such_zone"


async def chosen(first: str, last: str, ports: Ports) -> Period:
    """The period between two months as somebody typed them; the usual one where they typed neither.

    Raises:
        NoSuchPeriod: no months, in the wrong order, too many, or still to come.
    """
    today = await associations.today(ports)
    usual = period.usual(today)
    return period.period(first or usual.first, last or (usual.last if not first else max(first, usual.last)), today)


async def zone_names(ports: Ports) -> list[str]:
    """The association's zones that have a name."""
    return [zone.name for zone in (await associations.known(ports)).zones if zone.name]


async def report(chosen_period: Period, zone: str, ports: Ports) -> Impact:
    """The figures of a period.

    Raises:
        NoSuchZone: the association has no such zone.
    """
    association = await associations.known(ports)
    municipalities = _municipalities(association, zone)
    named = (each.name for each in association.zones if each.name and each.name != zone)
    others = tuple(found for each in named if (found := _municipalities(association, each)) is not None)
    material = await ports.counting.sums.material(chosen_period)
    return await asyncio.to_thread(impact.impact, material, chosen_period, zone, municipalities, others)


async def report_to_send(chosen_period: Period, zone: str, ports: Ports) -> Impact:
    """The same, as it may leave the desk: on paper, in a file, over the interface.

    Raises:
        NoSuchZone: the association has no such zone.
    """
    made = await report(chosen_period, zone, ports)
    parts = await among_others(zone, ports)
    return impact.to_send(made, chosen_period, await associations.today(ports), parts=parts)


async def among_others(zone: str, ports: Ports) -> bool:
    """Whether this is one zone among several."""
    return bool(zone) and len((await associations.known(ports)).zones) > 1


async def by_month(chosen_period: Period, zone: str, ports: Ports) -> list[Impact]:
    """The figures of each month of a period, counted as for a period of its own. Their breakdowns are left out: beside those of the whole
    period they could tell what is hidden in it.

    Raises:
        NoSuchZone: the association has no such zone.
    """
    municipalities = _municipalities(await associations.known(ports), zone)
    sums, known, made = ports.counting.sums, None, []
    for month in chosen_period.each():
        known = await sums.material(month) if known is None else await sums.within(known, month)
        made.append(await asyncio.to_thread(impact.impact, known, month, zone, municipalities, people_apart=False))
    return made


def _municipalities(association: Association, zone: str) -> frozenset[str] | None:
    """Those of a zone, by the first of their postcodes: somebody lives in it when that lies in it."""
    if not zone:
        return None
    found = [each for each in association.zones if each.name == zone]
    if not found:
        raise NoSuchZone("There is no zone of this name.", field="zone")
    standing_for = {counted.municipality(postcode) for postcode in places.table()}
    return frozenset(each for each in standing_for if any(zones.contains(part, each) for part in found))
