"""Makes a draft: at most one for a newcomer, never more than a volunteer's places, whoever else drafts at the same time."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from duolangue.chassis.store import Taken
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain import life
from duolangue.matching.domain.duo import Duo, Override, Status
from duolangue.matching.domain.override import SOFT, Case, may_meet_again, without, worth
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.places import free_places
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.reasons import common_ground
from duolangue.matching.domain.rules import (
    KeptApart,
    NewcomerTaken,
    NoFreePlace,
    NotOverridable,
    PersonAway,
    PersonExcluded,
    ReasonMissing,
    Refused,
    Unsuitable,
)
from duolangue.matching.domain.run import Pair
from duolangue.matching.engine import prospects
from duolangue.matching.engine.compute import examine
from duolangue.matching.engine.feasibility import ORDER
from duolangue.matching.engine.prospects import Surroundings
from duolangue.matching.ports import ONE_NEWCOMER, Ports
from duolangue.matching.usecases import apart, surroundings
from duolangue.matching.usecases import pool as pools


def draft_id(association: str, run: str, pair: Pair) -> str:
    """The id of a run's draft: the same however often the run is done again."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{association}/{run}/{pair.newcomer}/{pair.volunteer}"))


async def add(
    duo_id: str, pair: Pair, ports: Ports, *, run: str = "", by: str = "", override: Override | None = None
) -> Duo:
    """Draft a pair, looking at how both stand just before and just after. The same id again gives the same draft.

    Raises:
        PersonAway, PersonExcluded: one of the two cannot be paired (any more).
        NewcomerTaken, NoFreePlace: somebody else was faster.
        KeptApart: a coordinator keeps them apart.
        Unsuitable: the two have a history, and it is not set aside.
    """
    kept = await ports.duos.find(duo_id)
    if kept is None:
        newcomer, volunteer = await present(pair.newcomer, pair.volunteer, ports)
        common = await ports.duos.between(newcomer.id, volunteer.id)
        kept = next((duo for duo in common if duo.id == duo_id), None)  # a second worker on the same run was faster
        aside = override is not None and "history" in override.rules and may_meet_again(common)
        if kept is None and any(duo.held or (duo.barred and not aside) for duo in common):
            raise Unsuitable("history")
        kept = kept or await place(duo_id, pair, newcomer, volunteer, ports, run=run, by=by, override=override)
    if kept.status is not Status.DRAFT:
        return kept
    try:
        await present(pair.newcomer, pair.volunteer, ports)
    except Refused:
        await ports.duos.update(duo_id, partial(life.drop_draft, now=ports.clock.now()))
        raise
    return kept


async def by_hand(newcomer: str, volunteer: str, by: str, ports: Ports, *, why: str = "", aside: bool = False) -> Duo:
    """Draft a pair that the coordinator thought of: the same rules hold as in a run. With `aside`, those that a coordinator may set
    aside for one pair are, and the draft says which, who did it and why.

    Raises:
        Unsuitable: a rule or a wish says no, and is not set aside.
        ReasonMissing: rules are to be set aside without saying why.
        NotOverridable: the rule in the way holds for everybody.
        Refused: one of the two is away, kept out, kept apart or taken.
    """
    if newcomer == volunteer:
        raise Unsuitable("oneself")
    if aside and not why.strip():
        raise ReasonMissing(field="why")
    for duo in await ports.duos.between(newcomer, volunteer):
        if duo.held and duo.newcomer == newcomer:
            return duo
    one, other = await present(newcomer, volunteer, ports)
    if any(duo.newcomer == newcomer for duo in await ports.duos.held_by(newcomer)):
        raise NewcomerTaken(field="newcomer")
    found, rules = await fit(one, other, ports, aside=aside)
    override = Override(rules=rules, by=by, why=why.strip(), at=ports.clock.now()) if rules else None
    return await add(str(uuid.uuid4()), found, ports, by=by, override=override)


async def fit(
    one: Person, other: Person, ports: Ports, *, aside: bool = False, pool: pools.Pool | None = None
) -> tuple[Pair, tuple[str, ...]]:
    """How two people fit within today's pool, or one that is given, and which rules had to be set aside for it, in the order they were met.

    Raises:
        Unsuitable, NotOverridable: as `by_hand`.
        KeptApart: a coordinator keeps them apart.
    """
    if await apart.are(one.id, other.id, ports):
        raise KeptApart(field="volunteer")
    common = await ports.duos.between(one.id, other.id)
    case = Case(
        newcomer=one,
        volunteer=other,
        association=await pools.association_of(ports),
        policy=(await pools.policy_of(ports)).policy,
        apart=any(duo.held or duo.barred for duo in common),
    )
    policy, rules = case.policy, list[str]()
    examined = partial(_examined, pool, ports) if pool is not None else await _within(case, ports)
    while isinstance(found := await asyncio.to_thread(examined, case), str):
        if not aside:
            raise Unsuitable(found)
        may = found in SOFT and found not in rules
        if found == "history":
            may = may and may_meet_again(common)
        if not may:
            raise NotOverridable(field="volunteer")
        rules.append(found)
        case = without(case, found)
    return worth(found, rules, policy), tuple(rules)


async def _within(case: Case, ports: Ports) -> Callable[[Case], Pair | str]:
    """How two people are held against each other among those whom the roll knows; somebody who is not looked for now is not among those."""
    newcomer, volunteer = case.newcomer.id, case.volunteer.id
    around = await surroundings.of({newcomer, volunteer}, await ports.roll.now(), case.policy, ports)
    if newcomer in around.everybody.newcomers:
        return partial(_met, around)
    return partial(_examined, await pools.look(ports), ports)


def _met(around: Surroundings, case: Case) -> Pair | str:
    """One pair among all whom the roll knows, or the rule that says no."""
    here = replace(around, association=case.association, policy=case.policy)
    pair = (case.newcomer, case.volunteer)
    broken = {*prospects.broken([pair], case.association, case.policy, around.now)[0]}
    broken |= {"history"} if case.apart else set()
    if broken:
        return next(name for name in ORDER if name in broken)
    (found,) = prospects.pairs(here, [pair])
    return "minimum_score" if found.score < case.policy.minimum_score else found


def _examined(pool: pools.Pool, ports: Ports, case: Case) -> Pair | str:
    """One pair within its pool, or the rule that says no."""
    newcomer, volunteer = case.newcomer, case.volunteer
    together = frozenset({newcomer.id, volunteer.id})
    everybody = pools.Pool(
        waiting=[newcomer, *(person for person in pool.waiting if person.id != newcomer.id)],
        expected=[],
        questioned=[],
        volunteers=[volunteer, *(person for person in pool.volunteers if person.id != volunteer.id)],
        capacity=pool.capacity,
        apart=pool.apart if case.apart else pool.apart - {together},
    )
    question = pools.question(everybody, case.association, case.policy, ports)
    found = examine(question, newcomer.id, volunteer.id)
    if isinstance(found, Pair) and found.score < case.policy.minimum_score:
        return "minimum_score"
    return found


async def present(newcomer: str, volunteer: str, ports: Ports) -> tuple[Person, Person]:
    """Both people as they stand now.

    Raises:
        PersonAway: one is unknown, not active, or not on this side.
        PersonExcluded: one is kept out of the pool.
        KeptApart: a coordinator keeps them apart.
    """
    found: list[Person] = []
    for participant, side in ((newcomer, Role.NEWCOMER), (volunteer, Role.VOLUNTEER)):
        person = await ports.people.find(participant)
        if person is None or not person.available(side):
            raise PersonAway(field=side.value)
        if await ports.exclusions.find(participant) is not None:
            raise PersonExcluded(field=side.value)
        found.append(person)
    if await apart.are(newcomer, volunteer, ports):
        raise KeptApart(field="volunteer")
    return found[0], found[1]


async def terms(ports: Ports) -> Policy:
    """How people are asked, as the association decided."""
    return (await pools.policy_of(ports)).policy


def drafted(
    duo_id: str,
    pair: Pair,
    newcomer: Person,
    volunteer: Person,
    place: int,
    ports: Ports,
    *,
    run: str = "",
    by: str = "",
    override: Override | None = None,
) -> Duo:
    """The draft of a pair on one of the volunteer's places, as it is to be kept."""
    return life.draft(
        duo_id,
        newcomer.id,
        volunteer.id,
        place,
        ports.clock.now(),
        ground=common_ground(newcomer, volunteer),
        score=pair.score,
        reasons=pair.reasons,
        run=run,
        by=by,
        override=override,
    )


async def place(
    duo_id: str,
    pair: Pair,
    newcomer: Person,
    volunteer: Person,
    ports: Ports,
    *,
    run: str = "",
    by: str = "",
    override: Override | None = None,
    held: set[int] | None = None,
) -> Duo:
    """Insert the draft on the lowest place that is free and stays so; `held` are those that are known to be taken.

    Raises:
        NewcomerTaken, NoFreePlace: somebody else was faster.
    """
    if held is None:
        held = {duo.place for duo in await ports.duos.held_by(volunteer.id) if duo.volunteer == volunteer.id}
    for place in free_places(held, volunteer.places):
        draft = drafted(duo_id, pair, newcomer, volunteer, place, ports, run=run, by=by, override=override)
        try:
            return await ports.duos.add(draft)
        except Taken as taken:
            existing = await ports.duos.find(duo_id)
            if existing is not None:
                return existing
            if taken.index == ONE_NEWCOMER:
                raise NewcomerTaken(field="newcomer") from taken
    if (existing := await ports.duos.find(duo_id)) is not None:
        return existing
    raise NoFreePlace(field="volunteer")
