"""Follows what registration tells of people, and does what it means for their duos."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from duolangue.chassis import log
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain import life
from duolangue.matching.domain import run as runs
from duolangue.matching.domain.duo import RUNNING
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.places import next_place
from duolangue.matching.domain.reasons import common_ground
from duolangue.matching.ports import ONE_NEWCOMER, ONE_PLACE, Ports
from duolangue.matching.usecases import apart, policies, questions

logger = log.get(__name__)
ATTEMPTS = 25


async def learn_association(association: Association, version: int, ports: Ports) -> None:
    """Keep what is told of the association."""
    await ports.associations.apply(association, version)
    await policies.follow_clocks(ports)


async def learn(person: Person, version: int, at: datetime | None, ports: Ports) -> None:
    """Keep what is told of somebody, and since when they stand so."""
    await ports.people.apply(person.following(await ports.people.find(person.id), at), version)


async def settle(participant: str, ports: Ports) -> None:
    """Bring somebody's duos in line with how they stand now; doing it again changes nothing more."""
    person = await ports.people.find(participant)
    if person is None:
        return
    if person.status is not ParticipantStatus.ACTIVE:
        await questions.drop(participant, ports)
    if person.status is ParticipantStatus.ERASED:
        await _erase(participant, ports)
        return
    for duo in await ports.duos.held_by(participant):
        side, now = duo.side(participant), ports.clock.now()
        if person.gone:
            await ports.duos.update(duo.id, partial(life.leave, now=now, side=side))
        elif not person.available(side):
            await ports.duos.update(duo.id, partial(life.rest, now=now, side=side))
    if person.merged_into is not None:
        await apart.carry(person.id, person.merged_into, ports)
    if person.status is ParticipantStatus.ACTIVE:
        await _take_over(person, ports)


async def _erase(participant: str, ports: Ports) -> None:
    for duo in await ports.duos.touching(participant):
        erase = partial(life.erase, now=ports.clock.now(), side=duo.side(participant))
        await ports.duos.update(duo.id, erase)
    for part in await ports.parts.naming(participant):
        await ports.parts.update(part.id, partial(runs.forget, participant=participant))
    await apart.forget(participant, ports)


async def _take_over(person: Person, ports: Ports) -> None:
    """Make the duo that somebody was in when they were imported, once both are known and active."""
    partners = {other.id: other for other in await ports.people.naming(person.id)}
    if person.current_partner and person.current_partner not in partners:
        named = await ports.people.find(person.current_partner)
        if named is not None:
            partners[named.id] = named
    for other in partners.values():
        await _take_over_pair(person, other, ports)


async def _take_over_pair(one: Person, other: Person, ports: Ports) -> None:
    sides = _sides(one, other)
    if sides is None or await ports.exclusions.find(one.id) or await ports.exclusions.find(other.id):
        return
    newcomer, volunteer = sides
    duo_id = str(
        uuid.uuid5(uuid.NAMESPACE_OID, f"{ports.association}/import/{min(one.id, other.id)}/{max(one.id, other.id)}")
    )
    if await ports.duos.find(duo_id) is not None:
        return
    ground = common_ground(newcomer, volunteer)
    for _ in range(ATTEMPTS):
        held = {duo.place for duo in await ports.duos.held_by(volunteer.id) if duo.volunteer == volunteer.id}
        change = life.already_running(duo_id, newcomer.id, volunteer.id, next_place(held), ports.clock.now(), ground)
        try:
            await ports.duos.add(change.state, *change.facts)
        except Taken as taken:
            if taken.index == ONE_PLACE or (taken.index == ONE_NEWCOMER and await _make_way(newcomer.id, ports)):
                continue
            if taken.index == ONE_NEWCOMER:
                logger.warning("duo.import_refused", participant=newcomer.id, reason="has another running duo")
        return


def _sides(one: Person, other: Person) -> tuple[Person, Person] | None:
    """Newcomer and volunteer, the same whoever of the two was heard of last."""
    first, second = sorted((one, other), key=lambda person: person.id)
    if first.id == second.id:
        return None
    for newcomer, volunteer in ((first, second), (second, first)):
        if newcomer.available(Role.NEWCOMER) and volunteer.available(Role.VOLUNTEER):
            return newcomer, volunteer
    return None


async def _make_way(newcomer: str, ports: Ports) -> bool:
    """A draft or a proposal yields to the duo that really runs. Returns whether trying again makes sense."""
    for duo in await ports.duos.held_by(newcomer):
        if duo.newcomer == newcomer:
            left = await ports.duos.update(duo.id, partial(life.withdraw, now=ports.clock.now()))
            if left.status in RUNNING:
                return False
    return True
