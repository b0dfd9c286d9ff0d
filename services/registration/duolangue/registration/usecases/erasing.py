"""Erasing somebody: here at once, in the other services when they hear of it, visible until all have answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from duolangue.chassis import log
from duolangue.chassis.store import Absent, Taken
from duolangue.registration.domain import audit, batch_rows, erasure, exclusion, forgotten_rows, report
from duolangue.registration.domain.audit import Act, Actor
from duolangue.registration.domain.erasure import Cause, Erasure
from duolangue.registration.domain.exclusion import fingerprints
from duolangue.registration.domain.participant import Participant
from duolangue.registration.domain.report import Report
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import signing_up, whole
from duolangue.registration.usecases.exclusions import forget_words
from duolangue.registration.usecases.notes import forget_notes
from duolangue.registration.usecases.people_desk import forget_happenings

logger = log.get(__name__)
NOBODY = "system"
"""In place of a coordinator, where the platform itself keeps an address recognisable."""


async def erase(participant_id: str, cause: Cause, by: Actor, ports: Ports) -> Erasure:
    """Erase somebody for good. Whoever is half erased, after a crash, is taken up again by due work; twice is as once.

    Raises:
        Absent: nobody has this id.
    """
    now = ports.clock.now()
    coordinator = by.id if by.kind is audit.ActorKind.COORDINATOR else None
    known = await ports.erasures.find(participant_id)
    if known is None:
        if not await ports.participants.erased(participant_id):
            await ports.participants.get(participant_id)
        try:
            known = await ports.erasures.add(erasure.ask(participant_id, cause, coordinator, now))
        except Taken:
            known = await ports.erasures.get(participant_id)
        await ports.audit.record(by, Act.ERASED, [participant_id], cause.value)
        logger.info("erasure.asked", association=ports.association, participant=participant_id, reason=cause.value)
    await finish_erasure(participant_id, ports)
    return await ports.erasures.get(participant_id)


async def finish_erasure(participant_id: str, ports: Ports) -> None:
    """The own part of registration: the person becomes a tombstone, and what was written about them goes."""
    present = await ports.participants.find(participant_id)
    if present is not None:  # what is found by their addresses goes first: a tombstone has none
        await _keep_recognisable(present, ports)
        await signing_up.forget_unfinished(present.first_name, (present.email, present.phone), ports)
        await _forget_in_files(present, ports)
    asked = await ports.erasures.get(participant_id)
    await ports.journal.note(participant_id, asked.cause, asked.requested_at)
    await ports.participants.erase(participant_id)
    await _forget_around(participant_id, ports)
    for other in await ports.participants.select({"merged_into": {"$type": "string", "$eq": participant_id}}):
        await erase(other.id, Cause.ASKED, audit.SYSTEM, ports)
    await answered(participant_id, "registration", ports.clock.now(), ports)


async def answered(participant_id: str, service: str, at: datetime, ports: Ports) -> None:
    """A service is done with its part. One that answers for somebody whose erasure is not known here is let be."""
    try:
        done = await ports.erasures.update(participant_id, lambda present: erasure.answer(present, service, at))
    except Absent:
        return
    if done.closed_at is not None:
        await forget_notes(participant_id, ports)  # what was written while it was under way
        await forget_happenings(participant_id, ports)
        logger.info("erasure.closed", association=ports.association, participant=participant_id)


async def erase_again(participants: Iterable[str], ports: Ports) -> int:
    """After a restore: who had been erased and is there again goes. Returns how many that were."""
    count = 0
    for participant_id in participants:
        if await ports.participants.find(participant_id) is None:
            continue
        await erase(participant_id, Cause.RESTORED, Actor(kind=audit.ActorKind.OPERATOR), ports)
        count += 1
    return count


async def forget_words_of_closed_reports(ports: Ports) -> None:
    """Reports that were open when somebody they concern was erased keep their words until they are closed."""
    closed = {
        "closed_at": {"$type": "date"},
        "$or": [{"state.words": {"$ne": ""}}, {"state.notes.0": {"$exists": True}}],
    }
    for each in await ports.reports.select(closed):
        sides = {each.person, each.about, *await _sides(each, ports)}
        if any([await ports.participants.erased(one) for one in sides]):
            await ports.reports.update(each.id, report.forget)


async def _forget_around(participant_id: str, ports: Ports) -> None:
    await forget_notes(participant_id, ports)
    await forget_words(participant_id, ports)
    await forget_happenings(participant_id, ports)
    for side in ("one", "other"):
        for pair in await ports.pairs.select({side: {"$eq": participant_id}}):
            await ports.pairs.forget(pair.id)
    await ports.wishes.forget(participant_id)
    await _forget_rows(participant_id, ports)
    for each in await _reports_about(participant_id, ports):
        if each.closed_at is not None:
            await ports.reports.update(each.id, report.forget)


async def _forget_in_files(present: Participant, ports: Ports) -> None:
    """Files that wait to be imported, or were a short while ago, hold no row about them; and no row of others names them."""
    addresses = frozenset(address for address in (present.email, present.phone) if address)
    person = forgotten_rows.Erased(present.first_name, addresses)
    for imported in await ports.batches.select():
        for part_id in imported.part_ids:
            if await ports.batch_parts.find(part_id) is not None:
                await ports.batch_parts.update(
                    part_id, partial(forgotten_rows.without_person, person=person, places=imported.places)
                )


async def _forget_rows(participant_id: str, ports: Ports) -> None:
    """A file that was imported a short while ago may still hold the row that the person came with."""
    for imported in await ports.batches.select():
        for row in imported.imported:
            if imported.participant(row) == participant_id:
                for part_id in imported.part_ids:
                    if await ports.batch_parts.find(part_id) is not None:
                        await ports.batch_parts.update(part_id, partial(batch_rows.without_row, row=row))


async def _keep_recognisable(present: Participant, ports: Ports) -> None:
    """Whoever is erased while a report about them is open is looked at by a human when they come back."""
    own_records = await whole.records(present.id, ports)
    open_ones = [
        each
        for each in await _reports_about(present.id, ports)
        if each.closed_at is None and each.person not in own_records
    ]
    hashes = fingerprints(ports.exclusion_key, ports.association, (present.email, present.phone))
    if not open_ones or not hashes:
        return
    own = await ports.own()
    fresh = exclusion.begin(present.id, hashes, "", NOBODY, own.exclusion_months, ports.clock.now())
    try:
        await ports.exclusions.add(fresh)
    except Taken:
        await ports.exclusions.update(present.id, lambda before: exclusion.again(before, fresh))


async def _reports_about(participant_id: str, ports: Ports) -> list[Report]:
    own_records = sorted(await whole.records(participant_id, ports))
    sides = [{f"state.{side}": {"$in": own_records}} for side in ("newcomer", "volunteer")]
    duos = [duo.id for duo in await ports.duos.select({"$or": sides})]
    return await ports.reports.select(
        {"$or": [{"state.person": {"$in": own_records}}, {"state.about": {"$in": [*own_records, *duos]}}]}
    )


async def _sides(present: Report, ports: Ports) -> tuple[str, ...]:
    duo = await ports.duos.find(present.about)
    return (duo.newcomer, duo.volunteer) if duo else ()
