"""The pages of replays: what other policies would have made of a past year, asked for, waited for, side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, charts, desk, direction, page
from duolangue.chassis.web.charts import Bar
from duolangue.contracts.vocabulary import EntityId
from duolangue.matching import replay_form
from duolangue.matching.domain import policy_form, replay_sheet
from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.domain.policy_form import Fault
from duolangue.matching.domain.replay import Replay, ReplayStatus
from duolangue.matching.domain.replay_outcome import Outcome, Slice, Spread
from duolangue.matching.domain.replay_question import Behaviour
from duolangue.matching.domain.replay_sheet import NAMED, Sheet, UnfitFile
from duolangue.matching.domain.rules import Refused
from duolangue.matching.ports import Ports
from duolangue.matching.replay_form import FilledReplay
from duolangue.matching.sentences import Sentences
from duolangue.matching.usecases import policies, replays
from duolangue.matching.usecases.replays import Wanted

router = APIRouter(prefix="/duos/replay", include_in_schema=False)

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
ReplayId = Annotated[EntityId, Path()]
MOST_FIELDS: Final = 250
LOOK_AGAIN: Final = {"Refresh": "3"}
"""The browser asks again after three seconds, without any script."""
FIELDS: Final = {"": "form"}
SAMPLE: Final = "sample_replay.csv"


@router.get("")
async def overview(request: Request, at: Reader) -> HTMLResponse:
    """The last replays, and the form for another."""
    force = await policies.present(at.ports)
    return await _form(request, at, replay_form.blank(force.policy))


@router.post("")
async def ask(request: Request, at: At) -> Response:
    """Ask for a replay; where something is wrong nothing is computed, and what was typed stays."""
    force = await policies.present(at.ports)
    sheet: Sheet | None = None
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        filled = replay_form.read(_texts(form), force.policy)
        if filled.typed["source"] == "file":
            sheet = await _sheet(form, filled)
    if filled.count:
        return await _form(request, at, filled, sheet)
    wanted = Wanted(cases=filled.cases, first=filled.first, last=filled.last, told=filled.told, sheet=sheet)
    try:
        replay = await replays.request(wanted, at.coordinator.id, at.ports)
    except Refused as refused:
        filled.faults[FIELDS.get(refused.field, refused.field)] = Fault(refused.code, str(refused))
        return await _form(request, at, filled, sheet, status=refused.status)
    return RedirectResponse(f"/duos/replay/{replay.id}", 303)


@router.get("/sample.csv")
async def sample(_: Reader) -> Response:
    """A file as it may look: invented people of Liège."""
    text = resources.files("duolangue.matching").joinpath(SAMPLE).read_text(encoding="utf-8")
    headers = {"Content-Disposition": f'attachment; filename="{SAMPLE}"'}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{replay}")
async def see(request: Request, replay: ReplayId, at: Reader) -> HTMLResponse:
    """How far a replay is, or what it found."""
    one = await at.ports.replays.get(replay)
    sentences = Sentences(at.language)
    answer = page(
        request,
        "matching/replay.html",
        at.language,
        replay=one,
        outcomes=one.outcomes,
        charts=_charts(one, mirrored=direction(at.language) == "rtl") if one.status is ReplayStatus.DONE else {},
        criteria=[(name, sentences.title(name)) for name in CriterionName],
        behaviour=list(Behaviour.model_fields)[:-1],
        forms=[policy_form.of(case.policy) for case in one.cases],
        may=at.coordinator.access.covers(Access.COORDINATE),
    )
    if one.open:
        answer.headers.update(LOOK_AGAIN)
    return answer


@router.post("/{replay}/forget")
async def forget(replay: ReplayId, at: At) -> Response:
    """Take a replay away."""
    await replays.forget(replay, at.ports)
    return RedirectResponse("/duos/replay", 303)


def _texts(form: FormData) -> Mapping[str, list[str]]:
    return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}


async def _sheet(form: FormData, filled: FilledReplay) -> Sheet | None:
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        filled.faults["file"] = Fault("file_missing", "Choose a file first.")
        return None
    try:
        body = await sent.read(replay_sheet.MOST_BYTES + 1)
        sheet = await asyncio.to_thread(replay_sheet.read, body)
    except UnfitFile as unfit:
        filled.faults["file"] = Fault(unfit.code, unfit.template, unfit.values)
        return None
    if sheet.faults and not filled.typed["leave_out"]:
        filled.faults["file"] = Fault("faulty_rows", "Some rows of the file are not right. They are named below.")
    return sheet


async def _form(
    request: Request, at: Desk[Ports], filled: FilledReplay, sheet: Sheet | None = None, *, status: int = 422
) -> HTMLResponse:
    sentences = Sentences(at.language)
    latest = await at.ports.replays.newest(replays.KEPT)
    return page(
        request,
        "matching/replays.html",
        at.language,
        status=status if filled.count else 200,
        filled=filled,
        typed=filled.typed,
        faults=filled.faults,
        wrong_rows=sheet.faults[:NAMED] if sheet else [],
        wrong_count=len(sheet.faults) if sheet else 0,
        bounds=policy_form.NUMBERS,
        behaviour=replay_form.BEHAVIOUR,
        stated=Behaviour(),
        criteria=[(f"weight_{name.value}", sentences.title(name)) for name in CriterionName],
        columns=list(replay_sheet.COLUMNS),
        needed=replay_sheet.NEEDED,
        limits={"megabytes": replay_sheet.MOST_BYTES // 1024 // 1024, "rows": replay_sheet.MOST_ROWS},
        latest=latest,
        may=at.coordinator.access.covers(Access.COORDINATE),
    )


def _charts(replay: Replay, *, mirrored: bool) -> dict[str, object]:
    outcomes = replay.outcomes

    def drawn(values: Sequence[float | None], full: float | None = None) -> list[Bar]:
        return charts.bars(values, mirrored=mirrored, full=full)

    def waits(slices: list[tuple[str, int, list[Slice]]]) -> list[tuple[str, list[Bar]]]:
        longest = max((each.waited.mean for _, _, row in slices for each in row), default=0.0)
        return [(key, drawn([_told(each.waited) for each in row], longest)) for key, _, row in slices]

    levels, languages = _rows(outcomes, "by_level"), _rows(outcomes, "by_language")
    return {
        "duos": drawn([each.duos for each in outcomes]),
        "mean": drawn([_told(each.waited) for each in outcomes]),
        "percentile": drawn([each.waited.percentile_95 if each.waited.people else None for each in outcomes]),
        "longest": drawn([each.longest for each in outcomes]),
        "score": drawn([round(each.score / 10_000, 1) if each.duos else None for each in outcomes], 100.0),
        "distance": drawn([round(each.tenths_km.mean / 10, 1) if each.duos else None for each in outcomes]),
        "weeks": charts.lines([each.weeks for each in outcomes], mirrored=mirrored),
        "level_rows": levels,
        "levels": waits(levels),
        "language_rows": languages,
        "languages": waits(languages),
    }


def _told(days: Spread) -> float | None:
    return days.mean if days.people else None


def _rows(outcomes: Sequence[Outcome], by: str) -> list[tuple[str, int, list[Slice]]]:
    """By level or language: how many newcomers, and how each policy did. The people are the same under all of them."""
    return [
        (own[0].key, own[0].newcomers, list(own)) for own in zip(*(getattr(each, by) for each in outcomes), strict=True)
    ]
