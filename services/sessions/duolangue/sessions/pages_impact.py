"""The report for those who fund the association: a page with charts, the same as a paper and as files."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, charts, desk, direction, page
from duolangue.contracts.vocabulary import Role
from duolangue.sessions import impact_paper, impact_sheet
from duolangue.sessions.domain.figures import TOPICS, Breakdown, Figure, Impact
from duolangue.sessions.domain.period import Period, first_day
from duolangue.sessions.impact_words import AMONG_OTHERS, Words
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, impact

router = APIRouter(prefix="/sessions/impact", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
MonthText = Annotated[str, Query(max_length=20)]
ZoneText = Annotated[str, Query(max_length=100)]
CSV: Final = "text/csv; charset=utf-8"
PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants a report of, as they typed it."""

    first: str
    last: str
    zone: str

    @property
    def query(self) -> str:
        """For the address of the same report in another form."""
        return urlencode({"first": self.first, "last": self.last, **({"zone": self.zone} if self.zone else {})})


def asked(first: MonthText = "", last: MonthText = "", zone: ZoneText = "") -> Asked:
    """The report that an address names."""
    return Asked(first.strip(), last.strip(), zone)


Wanted = Annotated[Asked, Depends(asked)]


@router.get("")
async def report(request: Request, desk: Reads, wanted: Wanted) -> HTMLResponse:
    """The figures of a period; of this year's months that are over, where none is chosen."""
    try:
        chosen = await impact.chosen(wanted.first, wanted.last, desk.ports)
        made = await impact.report(chosen, wanted.zone, desk.ports)
    except RuleBroken as broken:
        usual = await impact.chosen("", "", desk.ports)
        return await _page(request, desk, wanted, usual, None, broken)
    return await _page(request, desk, Asked(chosen.first, chosen.last, wanted.zone), chosen, made)


@router.get("/report.pdf")
async def paper(desk: Reads, wanted: Wanted) -> Response:
    """The same, to print or to send; in the association's language."""
    chosen = await impact.chosen(wanted.first, wanted.last, desk.ports)
    made = await impact.report_to_send(chosen, wanted.zone, desk.ports)
    association = await associations.known(desk.ports)
    drawn = await asyncio.to_thread(
        impact_paper.draw, made, association.name, association.language, desk.ports.clock.now()
    )
    return _file(drawn, PDF, f"impact-{chosen.first}-{chosen.last}.pdf")


@router.get("/figures.csv")
async def figures(desk: Reads, wanted: Wanted) -> Response:
    """The same as rows, for a spreadsheet."""
    chosen = await impact.chosen(wanted.first, wanted.last, desk.ports)
    made = await impact.report_to_send(chosen, wanted.zone, desk.ports)
    rows = impact_sheet.period(made, Words(desk.language))
    return _file(rows, CSV, f"impact-{chosen.first}-{chosen.last}.csv")


@router.get("/months.csv")
async def months(desk: Reads, wanted: Wanted) -> Response:
    """The figures of each month of the period, one row a month."""
    chosen = await impact.chosen(wanted.first, wanted.last, desk.ports)
    made = await impact.by_month(chosen, wanted.zone, desk.ports)
    rows = impact_sheet.months(made, Words(desk.language))
    return _file(rows, CSV, f"impact-months-{chosen.first}-{chosen.last}.csv")


async def _page(
    request: Request,
    desk: Desk[Ports],
    wanted: Asked,
    chosen: Period,
    made: Impact | None,
    broken: RuleBroken | None = None,
) -> HTMLResponse:
    words = Words(desk.language)
    mirrored = direction(words.language) == "rtl"
    return page(
        request,
        "sessions/impact/impact.html",
        desk.language,
        status=422 if broken else 200,
        wanted=wanted,
        since=chosen.since,
        until=chosen.until,
        zones=await impact.zone_names(desk.ports),
        report=made,
        among_others=AMONG_OTHERS if await impact.among_others(wanted.zone, desk.ports) else "",
        sent_apart=chosen.told_apart(await associations.today(desk.ports)),
        broken=broken,
        say=words,
        topics=TOPICS,
        drawn=_drawn(made, words.language, mirrored=mirrored) if made else {},
        headline=(Figure.NEWCOMERS_REACHED, Figure.VOLUNTEERS_REACHED, Figure.DUOS_FORMED, Figure.CONVERSATIONS),
        told=lambda value: "–" if value is None else format_decimal(value, locale=words.language),
    )


def _drawn(made: Impact, language: str, *, mirrored: bool) -> dict[str, Any]:
    talks = charts.lines([[each.minutes // 60 for each in made.months]], mirrored=mirrored)
    formed = charts.bars([each.duos_formed for each in made.months], mirrored=mirrored)
    return {
        "hours": talks,
        "formed": [
            (format_date(first_day(each.month), "MMM y", language), bar)
            for each, bar in zip(made.months, formed, strict=True)
        ],
        "breakdowns": [(each, _bars(each, mirrored=mirrored)) for each in made.breakdowns if each.total],
        "sides": {Role.NEWCOMER: Figure.NEWCOMERS_REACHED, Role.VOLUNTEER: Figure.VOLUNTEERS_REACHED},
    }


def _bars(each: Breakdown, *, mirrored: bool) -> list[charts.Bar]:
    return charts.bars(
        [*(cell.people for cell in each.cells), *([each.others] if each.others else [])],
        mirrored=mirrored,
        full=each.total,
    )


def _file(content: bytes | str, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
