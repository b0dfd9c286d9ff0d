"""The drafts nobody was told of, looked at anew with everybody who came since: what the best assignment would change, and doing it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from duolangue.chassis import log
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.rules import ChangedMeanwhile, RunUnfinished
from duolangue.matching.domain.run import Pair
from duolangue.matching.engine import compute
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import pool as pools
from duolangue.matching.usecases import rearrangements

logger = log.get(__name__)
CLOSE: Final = 65_536
"""Up to so many pairs of people it is computed here, and drafts give way to none that is only as good; beyond, as a run is."""


@dataclass(frozen=True, slots=True)
class Anew:
    """What would become of the drafts."""

    stay: tuple[Duo, ...]
    move: tuple[tuple[Duo, Pair], ...]
    """Whose newcomer would get another volunteer."""
    fall: tuple[Duo, ...]
    """Whose newcomer would wait again."""
    come: tuple[Pair, ...]
    """Who waits and would have a draft."""
    run: str
    """The last run of which there is a draft: what comes joins it."""

    @property
    def changes(self) -> bool:
        """Whether anything does."""
        return bool(self.move or self.fall or self.come)

    @property
    def leaving(self) -> list[Duo]:
        """The drafts that would make way."""
        return [duo for duo, _ in self.move] + list(self.fall)

    @property
    def pairs(self) -> list[Pair]:
        """The pairs that would be made."""
        return [pair for _, pair in self.move] + list(self.come)

    @property
    def more(self) -> int:
        """How many people more would have a draft."""
        return len(self.come) - len(self.fall)

    @property
    def difference(self) -> int:
        """By how much the drafts' scores change together, in millionths."""
        return sum(pair.score for pair in self.pairs) - sum(duo.score for duo in self.leaving)

    def volunteer_of(self, newcomer: str) -> str | None:
        """Whom somebody would get who waits or is drafted now; none where they would wait."""
        stays = {duo.newcomer: duo.volunteer for duo in self.stay}
        return (stays | {pair.newcomer: pair.volunteer for pair in self.pairs}).get(newcomer)

    @property
    def digest(self) -> str:
        """What is agreed to with it: the same as long as it would do the same."""
        said = sorted(duo.id for duo in self.leaving) + sorted(
            f"{pair.newcomer}+{pair.volunteer}" for pair in self.pairs
        )
        return sha256("\n".join(said).encode()).hexdigest()[:32]


async def look(ports: Ports) -> Anew | None:
    """What the best assignment of everybody who waits or is in a draft would change; none where there is no draft that could.

    Drafts that a coordinator made, by hand or by a swap, stay; and what people were asked stays. Changes nothing.

    Raises:
        ComputationFailed: a large pool could not be computed; asking again may help.
    """
    drafts = [duo for duo in await ports.duos.with_status([Status.DRAFT]) if duo.run and not duo.drafted_by]
    pool, free = await _without(drafts, ports)
    if not free:
        return None
    association, policy = await pools.association_of(ports), (await pools.policy_of(ports)).policy
    question = pools.question(pool, association, policy, ports)
    now = {duo.newcomer: duo for duo in free}
    return _compared(now, await _paired(question, {each: duo.volunteer for each, duo in now.items()}, ports))


async def carry_out(seen: str, by: str, ports: Ports) -> Anew:
    """Do it; `seen` is the digest of what was shown.

    Raises:
        RunUnfinished: a run is under way that drafts just now.
        ChangedMeanwhile: it would not do any more what was shown.
        Refused: somebody else was faster.
    """
    if await ports.runs.unfinished() is not None:
        raise RunUnfinished
    found = await look(ports)
    if found is None or not found.changes or found.digest != seen:
        raise ChangedMeanwhile
    await rearrangements.carry_out(found.leaving, found.pairs, ports, run=found.run)
    logger.info("drafts.rearranged", coordinator=by, pairs=len(found.pairs))
    return found


async def _without(drafts: list[Duo], ports: Ports) -> tuple[pools.Pool, list[Duo]]:
    """The pool as if these drafts were not there, but for those that must stay: whose newcomer is not looked for at present, or whose
    volunteer took fewer places since, so that leaving one would lose it.
    """
    while True:
        pool = await pools.look(ports, {duo.id for duo in drafts})
        waiting, drafted = {person.id for person in pool.waiting}, Counter(duo.volunteer for duo in drafts)
        free = [
            duo
            for duo in drafts
            if duo.newcomer in waiting and pool.capacity.get(duo.volunteer, 0) >= drafted[duo.volunteer]
        ]
        if len(free) == len(drafts):
            return pool, free
        drafts = free


async def _paired(question: compute.Question, now: Mapping[str, str], ports: Ports) -> list[Pair]:
    if len(question.newcomers) * len(question.volunteers) <= CLOSE:
        return await asyncio.to_thread(compute.keeping, question, now)
    return list((await ports.computation.plan(question)).pairs)


def _compared(now: Mapping[str, Duo], pairs: list[Pair]) -> Anew:
    stay, move, come = list[Duo](), list[tuple[Duo, Pair]](), list[Pair]()
    for pair in pairs:
        duo = now.get(pair.newcomer)
        if duo is None:
            come.append(pair)
        elif duo.volunteer == pair.volunteer:
            stay.append(duo)
        else:
            move.append((duo, pair))
    paired = {pair.newcomer for pair in pairs}
    latest = max(now.values(), key=lambda duo: (duo.drafted_at.timestamp() if duo.drafted_at else 0.0, duo.id))
    return Anew(
        stay=tuple(stay),
        move=tuple(move),
        fall=tuple(duo for newcomer, duo in now.items() if newcomer not in paired),
        come=tuple(come),
        run=latest.run,
    )
