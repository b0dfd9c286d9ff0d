"""An import in one request: each row becomes a participant or is reported; duos that run already are taken over."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import Role
from duolangue.registration.domain import application, imports, known_already, life, partners
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.imports import Draft, Reading, Remark
from duolangue.registration.domain.participant import HELD, Participant
from duolangue.registration.domain.partners import Running
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import exclusions, twins
from duolangue.registration.usecases.signing_up import count_minors

LOOKED_UP: Final = 1000
"""Addresses asked for in one query."""
TOLD_EVERY: Final = 500
"""After so many people the progress is told."""

Told = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    imported: list[tuple[int, str, Role | None]]
    """Row, participant, role; no role for who only gives workshops."""
    rejected: list[Remark]
    warnings: list[Remark]
    running: int
    """Duos that ran already, now known."""
    paired: dict[str, str]
    """Who was known before and now has a running duo, with whom."""


@dataclass(slots=True)
class Settled:
    """Rows held against each other and against who is known; nothing is kept yet."""

    reading: Reading
    ids: dict[int, str]
    """The participant whom each good row becomes."""
    known: list[Participant]
    """Who is registered with one of the addresses."""
    planned: Running = field(default_factory=Running)

    def plan(self) -> None:
        """Find the duos that run already."""
        self.planned = partners.resolve(self.reading, self.ids, self.known)


async def import_participants(body: bytes, ports: Ports) -> Imported:
    """Import a file. Sent twice it changes nothing: every person is then registered already.

    Raises:
        sheet.NoSheet: the whole file cannot be read.
    """
    own, now = await ports.own(), ports.clock.now()
    read = await asyncio.to_thread(imports.read, body, own, now)
    await count_minors(len(imports.minors(read)), ports)
    settled = await settle(read, lambda _: uuid.uuid4().hex, ports)
    return await keep(settled, own, ports)


async def settle(read: Reading, id_of: Callable[[int], str], ports: Ports) -> Settled:
    """Hold what was read against each other and against who is registered."""
    ids = {draft.row: id_of(draft.row) for draft in read.drafts}
    ours = set(ids.values())
    known = [each for each in await _known(known_already.addresses(read), ports) if each.id not in ours]
    reading = await asyncio.to_thread(known_already.settle, read, known)
    settled = Settled(reading, {draft.row: ids[draft.row] for draft in reading.drafts}, known)
    settled.plan()
    return settled


async def keep(
    settled: Settled, own: Association, ports: Ports, *, accepted: bool = False, told: Told | None = None
) -> Imported:
    """Keep the good rows as participants; `accepted`: their first interview took place before, so they take part at once.

    A row that was kept before under its id is not kept again. `told` hears how many are done.
    """
    reading = settled.reading
    late = await _keep_all(settled, own, ports, accepted=accepted, told=told)
    if late:
        gone = {remark.row for remark in late}
        settled.ids = {row: each for row, each in settled.ids.items() if row not in gone}
        reading.rejected = sorted([*reading.rejected, *late], key=lambda remark: remark.row)
        reading.warnings = [remark for remark in reading.warnings if remark.row not in gone]
        settled.plan()
    if settled.ids:
        await twins.await_search(ports)
    paired = {each.id: settled.planned.partner[each.id] for each in settled.known if each.id in settled.planned.partner}
    for participant, partner in paired.items():
        await ports.participants.update(participant, partial(life.pair_with, partner=partner))
    return Imported(
        imported=[
            (draft.row, settled.ids[draft.row], draft.role) for draft in reading.drafts if draft.row in settled.ids
        ],
        rejected=reading.rejected,
        warnings=sorted([*reading.warnings, *settled.planned.remarks], key=lambda remark: remark.row),
        running=len(settled.planned.pairs),
        paired=paired,
    )


async def _known(addresses: set[str], ports: Ports) -> list[Participant]:
    wanted = sorted(addresses)
    found: dict[str, Participant] = {}
    for start in range(0, len(wanted), LOOKED_UP):
        for participant in await ports.participants.with_addresses(wanted[start : start + LOOKED_UP]):
            found[participant.id] = participant
    return list(found.values())


async def _keep_all(
    settled: Settled, own: Association, ports: Ports, *, accepted: bool, told: Told | None
) -> list[Remark]:
    """Keep the drafts; whom somebody else registered in this very moment comes back as a remark."""
    now, late, partner = ports.clock.now(), [], settled.planned.partner
    drafts, ids = settled.reading.drafts, settled.ids
    for start in range(0, len(drafts), TOLD_EVERY):
        some = drafts[start : start + TOLD_EVERY]
        addresses = {address for draft in some for address in (draft.told.email, draft.told.phone) if address}
        held = await exclusions.held_among(addresses, ports)
        become = partial(_newly, ids=ids, partner=partner, own=own, held=held, now=now, accepted=accepted)
        changes = await asyncio.to_thread(_all, become, some)
        taken = await ports.participants.add_many(changes)
        kept = {each.id for each in await ports.participants.with_ids(taken)} if taken else set()
        late += [
            Remark(draft.row, known_already.same_person())
            for draft in some
            if ids[draft.row] in taken and ids[draft.row] not in kept  # whom we kept before a process died
        ]
        if told is not None:
            await told(start + len(some))
    return late


def _all(become: Callable[[Draft], Change[Participant]], drafts: list[Draft]) -> list[Change[Participant]]:
    return [become(draft) for draft in drafts]


def _newly(
    draft: Draft,
    *,
    ids: Mapping[int, str],
    partner: Mapping[str, str],
    own: Association,
    held: Collection[str],
    now: datetime,
    accepted: bool,
) -> Change[Participant]:
    """The participant whom a row becomes. Who comes by a held address waits for a human look, whatever was said of all."""
    told = draft.told.model_copy(update={"current_partner": partner.get(ids[draft.row])})
    fresh = application.register(told, ids[draft.row], own, now)
    if {fresh.email, fresh.phone} & set(held):
        return Change(fresh.model_copy(update={"to_look_at": [*fresh.to_look_at, HELD]}))
    return (life.interview(fresh, now, passed=True) if accepted else None) or Change(fresh)
