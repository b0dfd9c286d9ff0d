"""Another volunteer for a drafted newcomer: what that would cost the others, and doing it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from duolangue.chassis import log
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.rules import ChangedMeanwhile, NoFreePlace, NotADraft, Refused, SamePair
from duolangue.matching.domain.run import Pair
from duolangue.matching.engine import compute
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import drafts, rearrangements
from duolangue.matching.usecases import pool as pools

logger = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Swap:
    """What a swap does."""

    draft: Duo
    """That makes way."""
    pair: Pair
    """That comes in its place."""
    falls: Duo | None
    """The draft that loses its volunteer to it; none where a place is free."""
    instead: Pair | None
    """Whom the newcomer of the fallen draft gets then; none where nobody is free for them."""

    @property
    def digest(self) -> str:
        """By which somebody who saw it says that this is what they mean."""
        pairs = [f"{each.newcomer}/{each.volunteer}" for each in (self.pair, self.instead) if each]
        return " ".join([self.falls.id if self.falls else "-", *pairs])

    @property
    def difference(self) -> int:
        """By how much the drafts' scores change together, in millionths; less than nothing is a loss."""
        before = self.draft.score + (self.falls.score if self.falls else 0)
        return self.pair.score + (self.instead.score if self.instead else 0) - before


async def preview(duo_id: str, volunteer: str, ports: Ports) -> Swap:
    """What it would cost to give the newcomer of a draft another volunteer. Changes nothing.

    Raises:
        NotADraft: it is none, or no more.
        SamePair: they are paired already.
        NoFreePlace: the volunteer's places are held by duos and proposals, which do not make way.
        Refused: one of the rules of a run says no.
    """
    draft = await ports.duos.get(duo_id)
    if draft.status is not Status.DRAFT:
        raise NotADraft
    if draft.volunteer == volunteer:
        raise SamePair(field="volunteer")
    newcomer, other = await drafts.present(draft.newcomer, volunteer, ports)
    pool = await pools.look(ports, {draft.id})
    today = replace(pool, waiting=[person for person in pool.waiting if person.id != newcomer.id])
    pair, _ = await drafts.fit(newcomer, other, ports, pool=today)
    if pool.capacity.get(volunteer, 0):
        return Swap(draft, pair, None, None)
    held = [duo for duo in await ports.duos.held_by(volunteer) if duo.volunteer == volunteer]
    yielding = [duo for duo in held if duo.status is Status.DRAFT]
    if not yielding or len(held) > other.places:
        raise NoFreePlace(field="volunteer")
    falls, instead = await _least_harm(yielding, pool, today, ports)
    return Swap(draft, pair, falls, instead)


async def swap(duo_id: str, volunteer: str, by: str, ports: Ports, *, seen: str | None = None) -> Swap:
    """Do it, as it stands now: both drafts make way, the new ones are made. A crash in between is made good by the next replica.

    Raises as `preview`; `ChangedMeanwhile`: it would not do any more what somebody saw (`seen`).
    """
    planned = await preview(duo_id, volunteer, ports)
    if seen is not None and seen != planned.digest:
        raise ChangedMeanwhile
    leaving = [planned.draft, planned.falls] if planned.falls else [planned.draft]
    pairs = [planned.pair, planned.instead] if planned.instead else [planned.pair]
    await rearrangements.carry_out(leaving, pairs, ports, by=by, essential=1)
    logger.info("duo.swapped", duo=duo_id)
    return planned


async def _least_harm(
    yielding: list[Duo], pool: pools.Pool, today: pools.Pool, ports: Ports
) -> tuple[Duo, Pair | None]:
    """Of the drafts that could fall the one whose newcomer has somebody else and loses least by it; else whose has waited least."""
    people = {person.id: person for person in await ports.people.named({duo.newcomer for duo in yielding})}
    found: list[tuple[tuple[bool, float, int, str], Duo, Pair | None]] = []
    for duo in yielding:
        instead = await _instead(duo, pool, today, ports)
        person = people.get(duo.newcomer)
        since = person.newcomer.waiting_since.timestamp() if person and person.newcomer else 0.0
        loss = duo.score - (instead.score if instead else 0)
        found.append(((instead is None, 0.0 if instead else -since, loss, duo.id), duo, instead))
    _, falls, instead = min(found, key=lambda each: each[0])
    return falls, instead


async def _instead(falls: Duo, pool: pools.Pool, today: pools.Pool, ports: Ports) -> Pair | None:
    """The best that is left for the newcomer of a fallen draft, in a pool where the other draft's volunteer is free again."""
    newcomer = await ports.people.find(falls.newcomer)
    if newcomer is None or newcomer.newcomer is None:
        return None
    alone = replace(pool, waiting=[newcomer])
    association, policy = await pools.association_of(ports), await drafts.terms(ports)
    plan = await asyncio.to_thread(compute.plan, pools.question(alone, association, policy, ports))
    if not plan.pairs:
        return None
    other = await ports.people.find(plan.pairs[0].volunteer)
    assert other is not None
    try:
        return (await drafts.fit(newcomer, other, ports, pool=today))[0]
    except Refused:
        return None
