"""Duos: followed from their confirmation to their end, and how they are doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from duolangue.contracts.vocabulary import Medium
from duolangue.sessions.domain import commitment as commitments
from duolangue.sessions.domain import health, overview, weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, Step
from duolangue.sessions.domain.overview import DuoOverview, MediumTotals, Totals
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations


@dataclass(frozen=True, slots=True)
class DuoHeard:
    """What matching told of a running duo."""

    duo: str
    newcomer: str
    volunteer: str
    confirmed_at: datetime | None
    step: Step
    imported: bool = False
    """They talked before the association came here."""


async def follow_duo(heard: DuoHeard, ports: Ports) -> None:
    """Take what matching tells of a duo into its commitment, in whatever order it arrives.

    Raises:
        AssociationUnknown: the association's time zone is not known yet; trying again helps.
    """
    association = await associations.known(ports)
    rules, now = await ports.rules.present(), ports.clock.now()
    known = await ports.commitments.find(heard.duo)
    if known is None:
        if heard.confirmed_at is None and heard.step.status is CommitmentStatus.ENDED:
            return
        fresh = commitments.follow(
            heard.duo,
            newcomer=heard.newcomer,
            volunteer=heard.volunteer,
            since=heard.confirmed_at or heard.step.at,
            promised=association.commitment_minutes,
            step=heard.step,
            zone=association.zone,
            imported=heard.imported,
        )
        await ports.commitments.add(health.begun(fresh, rules, association.zone, now))
    await ports.commitments.update(
        heard.duo, partial(health.heard, step=heard.step, rules=rules, zone=association.zone, now=now)
    )


async def duo(duo_id: str, ports: Ports) -> DuoOverview:
    """How one duo is doing.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    association = await associations.known(ports)
    commitment = await ports.commitments.get(duo_id)
    minutes = await ports.tally.weeks([duo_id])
    return overview.overview(commitment, minutes.get(duo_id, {}), association.zone, ports.clock.now())


async def one(duo_id: str, ports: Ports) -> Commitment:
    """A duo as it stands.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    return await ports.commitments.get(duo_id)


async def known(ids: Sequence[str], ports: Ports) -> list[Commitment]:
    """These duos, as they stand; who is unknown is absent."""
    return await ports.commitments.select({"id": {"$in": list(ids)}}, index="by_id") if ids else []


async def some(after: str, most: int, ports: Ports) -> list[DuoOverview]:
    """How duos are doing, ended ones included, week by week: so many after the one of this id, in the order of their ids."""
    zone, now = (await associations.known(ports)).zone, ports.clock.now()
    found = await ports.commitments.select({"id": {"$gt": after}}, sort=[("id", 1)], limit=most, index="by_id")
    minutes = await ports.tally.weeks([each.id for each in found])
    return [overview.overview(each, minutes.get(each.id, {}), zone, now) for each in found]


async def totals(since: date | None, until: date | None, ports: Ports) -> Totals:
    """The association's figures between two days, both included: the last twelve months where none is named.

    Raises:
        PeriodTooLong: more than a year and a day, or days in the wrong order.
    """
    association = await associations.known(ports)
    last_day = until or max(since or date.min, await associations.today(ports))
    first_day = since or overview.a_year_before(last_day)
    overview.within_a_year(first_day, last_day)
    talked, by_medium = await ports.tally.period(first_day, last_day)
    first, last = weeks.week_of(first_day), weeks.week_of(last_day)
    told = await ports.commitments.select({"missed": {"$elemMatch": {"$gte": first, "$lte": last}}}, index="missed")
    minutes = await ports.tally.weeks([each.id for each in told], first, last)
    below = overview.with_missed_week(told, minutes, association.zone, first, last)
    each = {medium: by_medium.get(medium, MediumTotals()) for medium in Medium}
    return Totals(
        conversations=sum(part.conversations for part in each.values()),
        minutes=sum(part.minutes for part in each.values()),
        duos=talked,
        below_commitment=below,
        by_medium=each,
    )
