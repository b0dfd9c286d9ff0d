"""People written into a file, a page at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Final

from duolangue.registration.domain import export, headers
from duolangue.registration.domain.batch import Batch
from duolangue.registration.domain.filters import Filters
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.ports import Ports

AT_ONCE: Final = 500


async def people(filters: Filters, language: str, ports: Ports) -> AsyncIterator[str]:
    """Whom the filters find, in their order, as pieces of a CSV file."""
    own, now, after = await ports.own(), ports.clock.now(), ""
    yield export.MARK + export.lines([export.heading(language)])
    while found := await ports.participants.listed(filters, now, after=after, limit=AT_ONCE):
        partners = await _partners(found, ports)
        yield export.lines(
            export.row(one, partners.get(one.current_partner or ""), own, language)
            for one in found
            if one.status is not Status.ERASED
        )
        after = found[-1].id


async def _partners(found: list[Participant], ports: Ports) -> dict[str, Participant]:
    wanted = {one.current_partner for one in found if one.current_partner}
    return {each.id: each for each in await ports.participants.with_ids(wanted)} if wanted else {}


async def faulty_rows(
    batch: Batch, language: str, translated: Callable[[str], str], ports: Ports
) -> AsyncIterator[str]:
    """The rows of an import that could not be imported, with what is wrong in words: to be corrected and sent again."""
    named = headers.headings(language)
    columns = [column or f"#{place}" for place, column in enumerate(batch.places)]
    titles = [named.get(column, batch.header[place]) for place, column in enumerate(columns)]
    yield export.MARK + export.lines([[*titles, named["wrong"]]])
    for part_id in batch.part_ids:
        part = await ports.batch_parts.get(part_id)
        if not part.faulty:
            continue
        wrong: dict[int, list[str]] = {}
        for each in part.noted:
            if each.fault:
                title = named.get(each.field, "")
                sentence = translated(each.template) % each.values if each.values else translated(each.template)
                wrong.setdefault(each.row, []).append(f"{title}: {sentence}" if title else sentence)
        yield export.lines(
            export.faulty_row(dict(zip(columns, row.cells or (), strict=False)), columns, wrong[row.number])
            for row in part.cells
            if row.number in wrong
        )
