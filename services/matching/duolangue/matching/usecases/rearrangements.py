"""Lets drafts make way for others. Whatever dies in between is finished or undone by the next replica; nobody loses a draft by it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from duolangue.chassis import log
from duolangue.chassis.store import Absent
from duolangue.matching.domain import life
from duolangue.matching.domain.duo import Closing, Duo, Status
from duolangue.matching.domain.rearrangement import Rearrangement, Step, go_on
from duolangue.matching.domain.rules import NotADraft, Refused
from duolangue.matching.domain.run import Pair
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import drafts

logger = log.get(__name__)


async def carry_out(
    leaving: Sequence[Duo], pairs: Sequence[Pair], ports: Ports, *, by: str = "", run: str = "", essential: int = 0
) -> None:
    """Let these drafts make way and make these pairs, a coordinator's or a run's, as it stands now. Where one of the drafts is none any more, or one of the first
    `essential` pairs cannot be made, nothing changes.

    Raises:
        Refused: so it is; the reason why.
    """
    state = Rearrangement(
        id=str(uuid.uuid4()),
        by=by,
        run=run,
        asked_at=ports.clock.now(),
        leaving=tuple(duo.id for duo in leaving),
        pairs=tuple(pairs),
        essential=essential,
    )
    await ports.rearrangements.add(state)
    refused = await go_on_with(state.id, ports)
    if refused is not None:
        raise refused


async def go_on_with(rearrangement_id: str, ports: Ports) -> Refused | None:
    """Do what is left of it; returns why it was undone. Two who do it at the same time do the same."""
    refused: Refused | None = None
    try:
        state = await ports.rearrangements.get(rearrangement_id)
        if state.step is Step.LEAVING:
            refused = await _leave(state, ports)
            step = Step.UNDOING if refused else Step.MAKING
            state = await ports.rearrangements.update(state.id, partial(go_on, step=step))
        if state.step is Step.MAKING:
            refused = await _make(state, ports)
            if refused is not None:
                state = await ports.rearrangements.update(state.id, partial(go_on, step=Step.UNDOING))
        if state.step is Step.UNDOING:
            for duo in state.leaving:
                await _again(duo, state, ports)
        await ports.rearrangements.forget(state.id)
    except Absent:
        logger.info("rearrangement.done_already")
    return refused


async def _leave(state: Rearrangement, ports: Ports) -> Refused | None:
    for duo_id in state.leaving:
        gone = await ports.duos.update(duo_id, partial(life.make_way, now=ports.clock.now(), rearrangement=state.id))
        if gone.made_way_for != state.id:
            return NotADraft()
    return None


async def _make(state: Rearrangement, ports: Ports) -> Refused | None:
    """Make the pairs; a newcomer whose pair cannot be made gets the former draft back, if that can be. Returns why one that must be could not."""
    passed_over: set[str] = set()
    for number, pair in enumerate(state.pairs):
        try:
            await drafts.add(state.draft_id(number), pair, ports, run=state.run, by=state.by)
        except Refused as refused:
            if number < state.essential:
                return refused
            logger.info("draft.passed_over", reason=refused.code)
            passed_over.add(pair.newcomer)
    for duo_id in state.leaving if passed_over else ():
        if (await ports.duos.get(duo_id)).newcomer in passed_over:
            await _again(duo_id, state, ports)
    return None


async def _again(duo_id: str, state: Rearrangement, ports: Ports) -> None:
    """A draft that made way for nothing is made again."""
    duo = await ports.duos.get(duo_id)
    if duo.status is not Status.DISCARDED or duo.closing is not Closing.SWAPPED or duo.made_way_for != state.id:
        return
    pair = Pair(newcomer=duo.newcomer, volunteer=duo.volunteer, score=duo.score, reasons=duo.reasons)
    try:
        await drafts.add(state.again_id(duo_id), pair, ports, run=duo.run, by=duo.drafted_by, override=duo.override)
    except Refused as refused:
        logger.info("draft.passed_over", reason=refused.code)
