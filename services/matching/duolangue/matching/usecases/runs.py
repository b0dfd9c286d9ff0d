"""Runs: asked for at once, by schedule or dry; done by whichever replica comes first, done again after a crash without doubling anything."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from duolangue.chassis import log
from duolangue.chassis.store import Taken
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain import run as runs
from duolangue.matching.domain.duo import Status
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.reasons import Reason
from duolangue.matching.domain.run import Pair, Part, Phase, Plan, Run, RunStatus, Waiting
from duolangue.matching.ports import ComputationFailed, Due, Ports
from duolangue.matching.usecases import pool as pools
from duolangue.matching.usecases import run_drafts

logger = log.get(__name__)
TOLD_EVERY = 16
"""Parts kept between two words on how far it is."""
SLOW_SECONDS = 0.3
"""After which it is said that a run is being computed."""
DRY_KEPT = 20
"""Dry runs that are kept to be compared."""


async def request(coordinator: str, ports: Ports) -> Run:
    """Ask for a run; one that is asked for already and not over is the answer. Its result tells nobody before a coordinator approves."""
    under_way = await ports.runs.unfinished()
    if under_way is not None:
        return under_way
    return await _asked_for(runs.request(str(uuid.uuid4()), ports.clock.now(), by=coordinator), ports)


async def request_dry(coordinator: str, ports: Ports, policy: Policy | None = None) -> Run:
    """Ask for a run that is only looked at, under the association's policy or one that is tried out. The oldest such ones are forgotten."""
    for old in await ports.runs.dry(beyond=DRY_KEPT - 1):
        await _forget_parts(old.id, runs.NO_ATTEMPT, ports)
        await ports.runs.forget(old.id)
    fresh = runs.request(str(uuid.uuid4()), ports.clock.now(), by=coordinator, dry=True, policy=policy)
    return await _asked_for(fresh, ports)


async def _asked_for(run: Run, ports: Ports) -> Run:
    kept = await ports.runs.add(run)
    ports.made_due(Due.RUNS)
    return kept


async def found(run: Run, ports: Ports) -> tuple[list[Pair], list[Waiting]]:
    """What a run found: the pairs of a dry one (of others they are drafts by now), and who was left waiting."""
    parts = await ports.parts.of(run.id, run.attempts) if run.parts else []
    return [pair for part in parts for pair in part.pairs], [each for part in parts for each in part.waiting]


async def best(run: Run, most: int, ports: Ports) -> list[Pair]:
    """The pairs that a run found and did not draft, those that fit best, without their reasons: all there are of a dry one."""
    return await ports.parts.best(run.id, run.attempts, most) if run.parts else []


async def perform(run_id: str, ports: Ports) -> None:
    """Compute a run and draft its pairs; takes up where it stopped.

    Raises:
        ComputationFailed: it could not be computed; asking again may help.
    """
    now = ports.clock.now()
    force = await pools.policy_of(ports)
    run = await ports.runs.update(run_id, partial(runs.begin, policy=force.policy, number=force.number, now=now))
    parts: list[Part] | None = None
    if run.status is RunStatus.COMPUTING:
        run, parts = await _computed(run, ports)
    if run.status in {RunStatus.DRAFTING, RunStatus.PROPOSING}:
        await _draft_all(run, parts, ports)
    if run.status is RunStatus.FAILED:
        logger.error("run.given_up", run=run.id, error=run.trouble)


async def approve_all(run_id: str, coordinator: str, ports: Ports) -> int:
    """Approve every draft of a run; returns how many are to be asked now. Who left or paused meanwhile is passed over."""
    await ports.runs.get(run_id)
    return await run_drafts.approve(await ports.duos.drafts_of(run_id), coordinator, ports)


async def approve_every_draft(coordinator: str, ports: Ports, *, seen: datetime | None = None) -> int:
    """Approve all drafts there are, whoever made them; returns how many are to be asked now. What was drafted after somebody looked at
    them (`seen`) waits until they look again.
    """
    drafts = await ports.duos.with_status([Status.DRAFT])
    known = [duo for duo in drafts if seen is None or duo.drafted_at is None or duo.drafted_at <= seen]
    return await run_drafts.approve(known, coordinator, ports)


async def _computed(run: Run, ports: Ports) -> tuple[Run, list[Part] | None]:
    assert run.policy is not None
    pool, association = await asyncio.gather(pools.look(ports), pools.association_of(ports))
    tell = partial(_tell, run.id, Phase.COMPUTING, ports)
    telling = asyncio.create_task(_tell_if_slow(tell))
    try:
        plan = await ports.computation.plan(pools.question(pool, association, run.policy, ports), tell)
    except ComputationFailed as error:
        await ports.runs.update(run.id, partial(runs.troubled, attempt=run.attempts, error=error.kind))
        raise
    finally:
        telling.cancel()
    return await _keep(run, plan, ports)


async def _tell_if_slow(tell: Callable[[int], Awaitable[None]]) -> None:
    """That it is being computed; what is done at once needs no word between."""
    await asyncio.sleep(SLOW_SECONDS)
    await tell(0)


async def _keep(run: Run, plan: Plan, ports: Ports) -> tuple[Run, list[Part] | None]:
    """Keep what was found, in parts; from the moment the run says how many they are, they count. Returns them, unless another attempt's
    count by now.
    """
    if run.attempts > 1:
        await _forget_parts(run.id, run.attempts, ports)
    parts = runs.parts(run, plan)
    for number, part in enumerate(parts):
        try:
            await ports.parts.add(part)
        except Taken:
            logger.info("run.part_kept", run=run.id)
        if number and number % TOLD_EVERY == 0:
            await _tell(run.id, Phase.KEEPING, ports, 100 * number // len(parts))
    kept = await ports.runs.update(
        run.id, partial(runs.planned, attempt=run.attempts, plan=plan, count=len(parts), now=ports.clock.now())
    )
    return kept, parts if kept.attempts == run.attempts else None


async def _forget_parts(run_id: str, but: int, ports: Ports) -> None:
    for part in await ports.parts.besides(run_id, but):
        await ports.parts.forget(part.id)


async def _tell(run_id: str, phase: Phase, ports: Ports, share: int) -> None:
    await ports.runs.update(run_id, partial(runs.progressed, phase=phase, share=share))


async def _draft_all(run: Run, parts: list[Part] | None, ports: Ports) -> None:
    """Draft what was found, part after part, and propose it where the policy asks people at once."""
    if parts is None:
        parts = await ports.parts.of(run.id, run.attempts)
        if run.status is RunStatus.PROPOSING:  # an older version proposed all of them at the end
            await run_drafts.approve(await ports.duos.drafts_of(run.id), "", ports)
    phase = Phase.PROPOSING if run.status is RunStatus.PROPOSING else Phase.DRAFTING
    settled: list[Part] = []
    for part in parts:
        settled.append(part if part.settled else await _draft_part(run, part, ports))
        if len(settled) < len(parts):
            share, drafted = 100 * len(settled) // len(parts), sum(each.drafted for each in settled)
            await ports.runs.update(run.id, partial(runs.progressed, phase=phase, share=share, drafted=drafted))
    done = await ports.runs.update(run.id, partial(runs.settled, parts=settled, now=ports.clock.now()))
    logger.info("run.drafted", run=run.id, pairs=done.figures.pairs, waiting=done.figures.waiting)


async def _draft_part(run: Run, part: Part, ports: Ports) -> Part:
    terms = run.policy if run.status is RunStatus.PROPOSING else None
    made = await run_drafts.make(run.id, part.pairs, ports, terms=terms)
    missed = [await _missed(pair, ports) for pair in part.pairs if pair.newcomer not in made.drafted]
    still_here = tuple(each for each in missed if each is not None)
    settle = partial(runs.settle, drafted=made.drafted, missed=still_here, proposed=made.proposed)
    return await ports.parts.update(part.id, settle)


async def _missed(pair: Pair, ports: Ports) -> Waiting | None:
    """A newcomer whose pair came to nothing between computing and drafting, and who waits still: the next run looks again."""
    person = await ports.people.find(pair.newcomer)
    if person is None or person.newcomer is None or not person.available(Role.NEWCOMER):
        return None
    if any(duo.newcomer == person.id for duo in await ports.duos.held_by(person.id)):
        return None
    return Waiting(participant=person.id, since=person.newcomer.waiting_since, reason=Reason(code="next_run"))
