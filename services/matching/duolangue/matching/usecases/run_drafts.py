"""Drafts and proposals of a run, many at once: the same rules as for one, with what they need read once for all of them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from duolangue.chassis import log
from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain import life
from duolangue.matching.domain.duo import HELD, Duo, Status
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.places import free_places
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.rules import KeptApart, PersonAway, PersonExcluded, Refused, Unsuitable
from duolangue.matching.domain.run import Pair
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import drafts, suiting

logger = log.get(__name__)
AT_ONCE: Final = 64
"""Documents written at the same time."""
TOLD_AT_ONCE: Final = 32
"""Proposals written at the same time: while some are told of, the next are written."""
ItemT = TypeVar("ItemT")
DoneT = TypeVar("DoneT")


@dataclass(frozen=True, slots=True)
class Standing:
    """How some people stand, read at one moment."""

    people: dict[str, Person]
    excluded: set[str]
    apart: set[frozenset[str]]

    def present(self, newcomer: str, volunteer: str) -> tuple[Person, Person]:
        """Both people. Raises as `drafts.present`."""
        found: list[Person] = []
        for participant, side in ((newcomer, Role.NEWCOMER), (volunteer, Role.VOLUNTEER)):
            person = self.people.get(participant)
            if person is None or not person.available(side):
                raise PersonAway(field=side.value)
            if participant in self.excluded:
                raise PersonExcluded(field=side.value)
            found.append(person)
        if frozenset({newcomer, volunteer}) in self.apart:
            raise KeptApart(field="volunteer")
        return found[0], found[1]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of some pairs that a run found."""

    drafted: set[str]
    """The newcomers of those that stand."""
    proposed: int
    """How many of them people were asked about at once."""


async def make(run: str, pairs: Sequence[Pair], ports: Ports, *, terms: Policy | None = None) -> Made:
    """Draft pairs that a run found, looking at how everybody stands just before and just after; what came in between is passed over. With
    `terms`, those that stand are proposed at once. The same again gives the same duos, and tells nobody twice.
    """
    standing, around = await asyncio.gather(
        _standing(pairs, ports),
        ports.duos.around({pair.newcomer for pair in pairs}, {pair.volunteer for pair in pairs}),
    )
    fresh, others = _foreseen(run, pairs, standing, around, ports)
    refused = await ports.duos.add_many([Change(each) for each in fresh]) if fresh else {}
    others += [pair for pair in pairs if drafts.draft_id(ports.association, run, pair) in refused]
    singly = await _in_batches(others, partial(_drafted, run, standing=standing, around=around, ports=ports))
    made = [*(each for each in fresh if each.id not in refused), *(each for each in singly if each is not None)]
    after = await _standing(pairs, ports)
    kept = [duo for duo in made if await _stays(duo, after, ports)]
    asked = 0
    if terms is not None:
        known = {duo.id for duo in singly if duo is not None}
        new = [duo for duo in kept if duo.id not in known]
        old = [duo for duo in kept if duo.id in known and duo.status is Status.DRAFT]
        asked = sum(duo.public for duo in kept) + len(await _proposed(old, after, terms, "", ports, new))
    return Made({duo.newcomer for duo in kept}, asked)


async def approve(waiting: Sequence[Duo], by: str, ports: Ports) -> int:
    """Approve drafts; returns how many are to be asked now. Who left or paused meanwhile is passed over, and who suits the other no more."""
    standing, policy, against = await asyncio.gather(
        _standing(waiting, ports), drafts.terms(ports), suiting.objections(waiting, ports)
    )
    for duo_id, objection in against.items():
        logger.info("duo.not_approved", duo=duo_id, reason=objection.code)
    fitting = [duo for duo in waiting if duo.id not in against]
    return len(await _proposed(fitting, standing, policy, by, ports))


async def _stays(duo: Duo, standing: Standing, ports: Ports) -> bool:
    """Whether a draft's people can still be paired; one whose cannot is taken back."""
    if duo.status is Status.DRAFT:
        try:
            standing.present(duo.newcomer, duo.volunteer)
        except Refused as refused:
            logger.info("draft.passed_over", run=duo.run, reason=refused.code)
            await ports.duos.update(duo.id, partial(life.drop_draft, now=ports.clock.now()))
            return False
    return True


async def _proposed(
    waiting: Sequence[Duo], standing: Standing, policy: Policy, by: str, ports: Ports, fresh: Sequence[Duo] = ()
) -> list[Duo]:
    """Ask the people of these drafts, and of those that were made just now; returns those who are asked. Who stands otherwise by now is
    passed over.
    """
    now = ports.clock.now()

    def approved(duo: Duo) -> Change[Duo] | None:
        try:
            newcomer, volunteer = standing.present(duo.newcomer, duo.volunteer)
            return life.approve(duo, newcomer=newcomer, volunteer=volunteer, now=now, policy=policy, by=by)
        except Refused as refused:
            logger.info("duo.not_approved", duo=duo.id, reason=refused.code)
            return None

    found = list[Duo]()
    for start in range(0, max(len(waiting), len(fresh)), TOLD_AT_ONCE):
        end = start + TOLD_AT_ONCE
        some = await ports.duos.update_many([duo.id for duo in waiting[start:end]], approved, fresh=fresh[start:end])
        found += [duo for duo in some.values() if duo.status in HELD - {Status.DRAFT}]
    return found


async def _standing(pairs: Iterable[Pair | Duo], ports: Ports) -> Standing:
    ids = {person for pair in pairs for person in (pair.newcomer, pair.volunteer)}
    people, exclusions, separations = await asyncio.gather(
        ports.people.named(ids), ports.exclusions.select(), ports.separations.select()
    )
    return Standing(
        people={person.id: person for person in people},
        excluded={each.id for each in exclusions},
        apart={frozenset({each.one, each.other}) for each in separations},
    )


def _foreseen(
    run: str, pairs: Sequence[Pair], standing: Standing, around: list[Duo], ports: Ports
) -> tuple[list[Duo], list[Pair]]:
    """Drafts that nothing stands against, each on the lowest place that is free then, to be kept on one way; and the pairs that must be
    looked at singly.
    """
    fresh, others = list[Duo](), list[Pair]()
    held: dict[str, set[int]] = defaultdict(set)
    for duo in around:
        if duo.held:
            held[duo.volunteer].add(duo.place)
    known = {frozenset({duo.newcomer, duo.volunteer}) for duo in around}
    for pair in pairs:
        try:
            newcomer, volunteer = standing.present(pair.newcomer, pair.volunteer)
        except Refused:
            others.append(pair)
            continue
        free = free_places(held[volunteer.id], volunteer.places)
        if not free or frozenset({newcomer.id, volunteer.id}) in known:
            others.append(pair)
            continue
        held[volunteer.id].add(free[0])
        duo_id = drafts.draft_id(ports.association, run, pair)
        fresh.append(drafts.drafted(duo_id, pair, newcomer, volunteer, free[0], ports, run=run))
    return fresh, others


async def _drafted(run: str, pair: Pair, *, standing: Standing, around: list[Duo], ports: Ports) -> Duo | None:
    duo_id = drafts.draft_id(ports.association, run, pair)
    two = {pair.newcomer, pair.volunteer}
    between = [duo for duo in around if {duo.newcomer, duo.volunteer} == two]
    kept = next((duo for duo in between if duo.id == duo_id), None)
    if kept is not None:
        return kept
    try:
        newcomer, volunteer = standing.present(pair.newcomer, pair.volunteer)
        if between:
            raise Unsuitable("history")
        held = {duo.place for duo in around if duo.held and duo.volunteer == volunteer.id}
        return await drafts.place(duo_id, pair, newcomer, volunteer, ports, run=run, held=held)
    except Refused as refused:
        logger.info("draft.passed_over", run=run, reason=refused.code)
        return None


async def _in_batches(items: Sequence[ItemT], work: Callable[[ItemT], Awaitable[DoneT]]) -> list[DoneT]:
    done: list[DoneT] = []
    for start in range(0, len(items), AT_ONCE):
        done += await asyncio.gather(*map(work, items[start : start + AT_ONCE]))
    return done
