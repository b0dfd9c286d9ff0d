"""The import of a file: what can be imported is, what cannot is reported, and running duos are taken over."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from functools import partial
from typing import Final

from duolangue.contracts.vocabulary import Role
from duolangue.registration.domain import application, imports, life, partners
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.imports import Draft, Reading, Remark
from duolangue.registration.domain.invalid import AlreadyKnown
from duolangue.registration.domain.participant import Participant
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.participants import add_participant

AT_ONCE: Final = 16
LOOKED_UP: Final = 1000
"""Addresses asked for in one query."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    imported: list[tuple[int, str, Role]]
    """Row, participant, role."""
    rejected: list[Remark]
    warnings: list[Remark]
    running: int
    """Duos that ran already, now known."""


async def import_participants(body: bytes, ports: Ports) -> Imported:
    """Import a file. Sent twice it changes nothing: every person is then registered already.

    Raises:
        sheet.NoSheet: the whole file cannot be read.
    """
    own, now = await ports.own(), ports.clock.now()
    read = await asyncio.to_thread(imports.read, body, own, now)
    known = await _known(imports.addresses(read), ports)
    reading = imports.settle(read, known)
    ids = {draft.row: uuid.uuid4().hex for draft in reading.drafts}
    planned = partners.resolve(reading, ids, known)
    late = await _keep(reading, ids, planned.partner, own, ports)
    if late:
        gone = {remark.row for remark in late}
        ids = {row: each for row, each in ids.items() if row not in gone}
        reading.rejected = sorted([*reading.rejected, *late], key=lambda remark: remark.row)
        reading.warnings = [remark for remark in reading.warnings if remark.row not in gone]
        planned = partners.resolve(reading, ids, known)
    await _pair_known(planned.partner, known, ports)
    return Imported(
        imported=[(draft.row, ids[draft.row], draft.role) for draft in reading.drafts if draft.row in ids],
        rejected=reading.rejected,
        warnings=sorted([*reading.warnings, *planned.remarks], key=lambda remark: remark.row),
        running=len(planned.pairs),
    )


async def _known(addresses: set[str], ports: Ports) -> list[Participant]:
    wanted = sorted(addresses)
    found: dict[str, Participant] = {}
    for start in range(0, len(wanted), LOOKED_UP):
        for participant in await ports.participants.with_addresses(wanted[start : start + LOOKED_UP]):
            found[participant.id] = participant
    return list(found.values())


async def _keep(
    reading: Reading, ids: dict[int, str], partner: dict[str, str], own: Association, ports: Ports
) -> list[Remark]:
    """Keep the drafts; whom somebody else registered in this very moment comes back as a remark."""
    free = asyncio.Semaphore(AT_ONCE)
    now = ports.clock.now()

    async def keep(draft: Draft) -> Remark | None:
        told = draft.told.model_copy(update={"current_partner": partner.get(ids[draft.row])})
        async with free:
            try:
                await add_participant(application.register(told, ids[draft.row], own, now), ports)
            except AlreadyKnown as error:
                return Remark(draft.row, error)
        return None

    remarks = await asyncio.gather(*(keep(draft) for draft in reading.drafts))
    return [remark for remark in remarks if remark is not None]


async def _pair_known(partner: dict[str, str], known: list[Participant], ports: Ports) -> None:
    for participant in known:
        if participant.id in partner:
            await ports.participants.update(participant.id, partial(life.pair_with, partner=partner[participant.id]))
