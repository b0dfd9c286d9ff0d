"""Two records that are one person become one. Each step may be done again, so that a crash between two of them costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from duolangue.registration.domain import duplicates, known_already, life, merging, note
from duolangue.registration.domain.merging import Choice, Comparison
from duolangue.registration.domain.participant import Participant, identities
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import people_desk, twins


async def compare(one_id: str, other_id: str, ports: Ports) -> Comparison:
    """Hold two records side by side.

    Raises:
        Absent: one of them is not there.
        NotNow: they cannot be made one.
    """
    one, other = await ports.participants.get(one_id), await ports.participants.get(other_id)
    if one.id == other.id:
        raise known_already.same_person()
    running = {
        each.id for each in (one, other) if any(duo.running for duo in await people_desk.duos_of(each.id, ports))
    }
    stays, goes = merging.who_stays(one, other, frozenset(running))
    return Comparison(stays, goes)


async def merge(one_id: str, other_id: str, choices: Mapping[str, Choice], by: str, ports: Ports) -> Participant:
    """Make one record of two.

    Raises:
        Absent: one of them is not there.
        NotNow: they cannot be made one.
        Invalid: the values chosen break a rule together.
        AlreadyKnown: a third record is the person that would come of it.
    """
    compared = await compare(one_id, other_id, ports)
    stays, goes = compared.stays, compared.goes
    own, now = await ports.own(), ports.clock.now()
    joined = merging.joined(stays, goes, choices, own, now, by)
    if joined is not None:
        await _nobody_else_is(joined.state, {stays.id, goes.id}, ports)
    await ports.participants.update(goes.id, lambda present: merging.giving_way(present, stays.id))
    kept = await ports.participants.update(
        stays.id, lambda present: merging.joined(present, goes, choices, own, now, by)
    )
    await _lead_here(goes, stays.id, ports)
    await ports.participants.update(goes.id, merging.emptied)
    return kept


async def _nobody_else_is(fresh: Participant, both: set[str], ports: Ports) -> None:
    wanted = set(identities(fresh.first_name, fresh.last_name, fresh.birth_year, fresh.email, fresh.phone))
    for other in await ports.participants.with_addresses({each for each in (fresh.email, fresh.phone) if each}):
        if other.id not in both and wanted & set(other.identities):
            raise known_already.same_person()


async def _lead_here(goes: Participant, stays: str, ports: Ports) -> None:
    """What was about the record that goes is about the one that stays."""
    if goes.current_partner is not None:
        partner = next(iter(await ports.participants.with_ids({goes.current_partner})), None)
        if partner is not None and partner.current_partner == goes.id:
            await ports.participants.update(partner.id, partial(life.pair_with, partner=stays))
    for each in await ports.notes.select({"person": {"$eq": goes.id}}):
        await ports.notes.update(each.id, partial(note.move, person=stays))
    for pair in await twins.open_pairs_of({goes.id}, ports):
        await ports.pairs.update(pair.id, duplicates.close)
    await twins.await_search(ports)
