"""Makes a draft: at most one for a newcomer, never more than a volunteer's places, whoever else drafts at the same time."""

from __future__ import annotations

import asyncio
import uuid
from functools import partial

from duolangue.chassis.store import Taken
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain import life
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.places import free_places
from duolangue.matching.domain.reasons import common_ground
from duolangue.matching.domain.rules import NewcomerTaken, NoFreePlace, PersonAway, PersonExcluded, Refused, Unsuitable
from duolangue.matching.domain.run import Pair
from duolangue.matching.engine.compute import examine
from duolangue.matching.ports import ONE_NEWCOMER, Ports
from duolangue.matching.usecases import pool as pools


def draft_id(association: str, run: str, pair: Pair) -> str:
    """The id of a run's draft: the same however often the run is done again."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{association}/{run}/{pair.newcomer}/{pair.volunteer}"))


async def add(duo_id: str, pair: Pair, ports: Ports, *, run: str = "") -> Duo:
    """Draft a pair, looking at how both stand just before and just after. The same id again gives the same draft.

    Raises:
        PersonAway, PersonExcluded: one of the two cannot be paired (any more).
        NewcomerTaken, NoFreePlace: somebody else was faster.
        Unsuitable: the two have a history.
    """
    kept = await ports.duos.find(duo_id)
    if kept is None:
        newcomer, volunteer = await present(pair.newcomer, pair.volunteer, ports)
        common = await ports.duos.between(newcomer.id, volunteer.id)
        kept = next((duo for duo in common if duo.id == duo_id), None)  # a second worker on the same run was faster
        if kept is None and any(duo.held or duo.barred for duo in common):
            raise Unsuitable("history")
        kept = kept or await _place(duo_id, pair, newcomer, volunteer, run, ports)
    if kept.status is not Status.DRAFT:
        return kept
    try:
        await present(pair.newcomer, pair.volunteer, ports)
    except Refused:
        await ports.duos.update(duo_id, partial(life.drop_draft, now=ports.clock.now()))
        raise
    return kept


async def by_hand(newcomer: str, volunteer: str, ports: Ports) -> Duo:
    """Draft a pair that the coordinator thought of: the same rules hold as in a run.

    Raises:
        Refused: one of the rules says no.
    """
    if newcomer == volunteer:
        raise Unsuitable("oneself")
    for duo in await ports.duos.between(newcomer, volunteer):
        if duo.held and duo.newcomer == newcomer:
            return duo
    one, other = await present(newcomer, volunteer, ports)
    pool = await pools.look(ports)
    if any(duo.newcomer == newcomer for duo in await ports.duos.held_by(newcomer)):
        raise NewcomerTaken(field="newcomer")
    everybody = pools.Pool(
        waiting=[one, *(person for person in pool.waiting if person.id != newcomer)],
        expected=[],
        volunteers=[other, *(person for person in pool.volunteers if person.id != volunteer)],
        capacity=pool.capacity,
        apart=pool.apart,
    )
    asked = pools.question(everybody, await pools.association_of(ports), ports)
    found = await asyncio.to_thread(examine, asked, newcomer, volunteer)
    if isinstance(found, str):
        raise Unsuitable(found)
    return await add(str(uuid.uuid4()), found, ports)


async def present(newcomer: str, volunteer: str, ports: Ports) -> tuple[Person, Person]:
    """Both people as they stand now.

    Raises:
        PersonAway: one is unknown, not active, or not on this side.
        PersonExcluded: one is kept out of the pool.
    """
    found: list[Person] = []
    for participant, side in ((newcomer, Role.NEWCOMER), (volunteer, Role.VOLUNTEER)):
        person = await ports.people.find(participant)
        if person is None or not person.available(side):
            raise PersonAway(field=side.value)
        if await ports.exclusions.find(participant) is not None:
            raise PersonExcluded(field=side.value)
        found.append(person)
    return found[0], found[1]


async def _place(duo_id: str, pair: Pair, newcomer: Person, volunteer: Person, run: str, ports: Ports) -> Duo:
    """Insert the draft on the lowest place that is free and stays so."""
    held = {duo.place for duo in await ports.duos.held_by(volunteer.id) if duo.volunteer == volunteer.id}
    ground = common_ground(newcomer, volunteer)
    for place in free_places(held, volunteer.places):
        draft = life.draft(
            duo_id,
            newcomer.id,
            volunteer.id,
            place,
            ports.clock.now(),
            ground=ground,
            score=pair.score,
            reasons=pair.reasons,
            run=run,
            expiry_days=ports.expiry_days,
        )
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
