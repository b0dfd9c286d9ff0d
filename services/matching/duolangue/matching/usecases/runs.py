"""Runs: asked for at once, done by whichever replica comes first, done again after a crash without doubling anything."""

from __future__ import annotations

import asyncio
import uuid
from functools import partial

from duolangue.chassis import log
from duolangue.matching.domain import run as runs
from duolangue.matching.domain.reasons import Reason
from duolangue.matching.domain.rules import Refused
from duolangue.matching.domain.run import Pair, Run, RunStatus, Waiting
from duolangue.matching.engine import compute
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import drafts, duos
from duolangue.matching.usecases import pool as pools

logger = log.get(__name__)
AT_ONCE = 16
"""Drafts written at the same time; progress is told after each such batch."""


async def request(coordinator: str, ports: Ports) -> Run:
    """Ask for a run. It is queued; its result tells nobody before a coordinator approves."""
    run = Run(id=str(uuid.uuid4()), status=RunStatus.QUEUED, requested_at=ports.clock.now(), requested_by=coordinator)
    return await ports.runs.add(run)


async def perform(run_id: str, ports: Ports) -> None:
    """Compute a run and draft its pairs; takes up where it stopped."""
    run = await ports.runs.update(run_id, partial(runs.begin, now=ports.clock.now()))
    if run.status is RunStatus.COMPUTING:
        question = pools.question(await pools.look(ports), await pools.association_of(ports), ports)
        plan = await asyncio.to_thread(compute.plan, question)
        run = await ports.runs.update(run_id, partial(runs.planned, plan=plan))
    if run.status is RunStatus.DRAFTING:
        await _draft_all(run, ports)


async def approve_all(run_id: str, ports: Ports) -> int:
    """Approve every draft of a run; returns how many are to be asked now. Who left or paused meanwhile is passed over."""
    await ports.runs.get(run_id)
    approved = 0
    waiting = await ports.duos.drafts_of(run_id)
    for start in range(0, len(waiting), AT_ONCE):
        batch = waiting[start : start + AT_ONCE]
        done = await asyncio.gather(*(_approved(duo.id, ports) for duo in batch))
        approved += sum(done)
    return approved


async def _approved(duo_id: str, ports: Ports) -> bool:
    try:
        await duos.approve(duo_id, ports)
    except Refused as refused:
        logger.info("duo.not_approved", duo=duo_id, reason=refused.code)
        return False
    return True


async def _draft_all(run: Run, ports: Ports) -> None:
    drafted: set[str] = set()
    for start in range(0, len(run.pairs), AT_ONCE):
        batch = run.pairs[start : start + AT_ONCE]
        done = await asyncio.gather(*(_drafted(run.id, pair, ports) for pair in batch))
        drafted |= {pair.newcomer for pair, made in zip(batch, done, strict=True) if made}
        await ports.runs.update(run.id, partial(runs.progressed, drafted=len(drafted)))
    missed = [await _missed(pair, ports) for pair in run.pairs if pair.newcomer not in drafted]
    still_here = tuple(each for each in missed if each is not None)
    await ports.runs.update(run.id, partial(runs.finish, drafted=drafted, missed=still_here, now=ports.clock.now()))
    logger.info("run.done", run=run.id, pairs=len(drafted), waiting=run.figures.newcomers - len(drafted))


async def _drafted(run_id: str, pair: Pair, ports: Ports) -> bool:
    try:
        await drafts.add(drafts.draft_id(ports.association, run_id, pair), pair, ports, run=run_id)
    except Refused as refused:
        logger.info("draft.passed_over", run=run_id, reason=refused.code)
        return False
    return True


async def _missed(pair: Pair, ports: Ports) -> Waiting | None:
    """A newcomer whose pair came to nothing between computing and drafting: the next run looks again."""
    person = await ports.people.find(pair.newcomer)
    if person is None or person.newcomer is None:
        return None
    return Waiting(participant=person.id, since=person.newcomer.waiting_since, reason=Reason(code="next_run"))
