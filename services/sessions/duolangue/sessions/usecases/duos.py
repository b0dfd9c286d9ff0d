"""Duos: followed from their confirmation to their end, and how they are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from duolangue.contracts.vocabulary import Medium
from duolangue.sessions.domain import commitment as commitments
from duolangue.sessions.domain import overview, weeks
from duolangue.sessions.domain.commitment import CommitmentStatus, Step
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


async def follow_duo(heard: DuoHeard, ports: Ports) -> None:
    """Take what matching tells of a duo into its commitment, in whatever order it arrives.

    Raises:
        AssociationUnknown: the association's time zone is not known yet; trying again helps.
    """
    association = await associations.known(ports)
    known = await ports.commitments.find(heard.duo)
    if known is None:
        if heard.confirmed_at is None and heard.step.status is CommitmentStatus.ENDED:
            return
        await ports.commitments.add(
            commitments.follow(
                heard.duo,
                newcomer=heard.newcomer,
                volunteer=heard.volunteer,
                since=heard.confirmed_at or heard.step.at,
                promised=association.commitment_minutes,
                step=heard.step,
                zone=association.zone,
            )
        )
    await ports.commitments.update(heard.duo, lambda now: commitments.take(now, heard.step, association.zone))


async def check_commitment(duo: str, ports: Ports) -> None:
    """Judge a duo's weeks that are over since the last look.

    Raises:
        AssociationUnknown: its time zone is not known.
    """
    zone = (await associations.known(ports)).zone
    minutes = (await ports.tally.weeks(duo)).get(duo, {})
    now = ports.clock.now()
    await ports.commitments.update(duo, lambda commitment: commitments.check(commitment, minutes, zone, now))


async def duo(duo_id: str, ports: Ports) -> DuoOverview:
    """How one duo is doing.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    association = await associations.known(ports)
    commitment = await ports.commitments.get(duo_id)
    minutes = await ports.tally.weeks(duo_id)
    return overview.overview(commitment, minutes.get(duo_id, {}), association.zone, ports.clock.now())


async def duos(ports: Ports) -> list[DuoOverview]:
    """How all duos are doing, ended ones included; the oldest first."""
    association = await associations.known(ports)
    known = await ports.commitments.select(sort=[("since", 1), ("id", 1)])
    minutes, now = await ports.tally.weeks(), ports.clock.now()
    return [overview.overview(each, minutes.get(each.id, {}), association.zone, now) for each in known]


async def totals(since: date | None, until: date | None, ports: Ports) -> Totals:
    """The association's figures between two days, both included; none is no bound."""
    association = await associations.known(ports)
    talked, by_medium = await ports.tally.period(since, until)
    told = await ports.commitments.select({"missed": {"$ne": []}})
    below = overview.with_missed_week(
        told,
        await ports.tally.weeks(),
        association.zone,
        *(weeks.week_of(day) for day in (since or date.min, until or date.max)),
    )
    each = {medium: by_medium.get(medium, MediumTotals()) for medium in Medium}
    return Totals(
        conversations=sum(part.conversations for part in each.values()),
        minutes=sum(part.minutes for part in each.values()),
        duos=talked,
        below_commitment=below,
        by_medium=each,
    )
