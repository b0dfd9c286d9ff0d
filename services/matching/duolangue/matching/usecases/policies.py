"""What an association decides about its matching: kept with who decided it; what would forbid everybody is refused. And its rhythm."""

from __future__ import annotations

import uuid
from functools import partial

from duolangue.chassis import log
from duolangue.chassis.store import Taken
from duolangue.matching.domain import in_force, rules
from duolangue.matching.domain import run as runs
from duolangue.matching.domain.in_force import IN_FORCE, InForce
from duolangue.matching.domain.policy import Policy
from duolangue.matching.ports import ComputationFailed, Due, Ports
from duolangue.matching.usecases import pool as pools

logger = log.get(__name__)


async def present(ports: Ports) -> InForce:
    """What holds now, since when and by whom; number 0 is the platform's default."""
    return await pools.policy_of(ports)


async def change(policy: Policy, coordinator: str, ports: Ports, *, expected: int | None = None) -> InForce:
    """Decide otherwise, from now on. Runs that are being computed keep the policy they began with.

    Raises:
        Outdated: `expected` is given, and another number is in force.
        NotComputed: whether anybody could be paired under it could not be found out.
        ForbidsEverybody: somebody of today's pool could be paired, and nobody could be under this policy.
    """
    await _must_allow_somebody(policy, ports)
    timezone = (await pools.association_of(ports)).timezone
    await _kept(ports)
    kept = await ports.policies.update(
        IN_FORCE,
        partial(
            in_force.change,
            policy=policy,
            by=coordinator,
            now=ports.clock.now(),
            timezone=timezone,
            expected=expected,
        ),
    )
    logger.info("policy.changed", association=ports.association, version=kept.number)
    return kept


async def keep_time(ports: Ports) -> None:
    """The moment of a scheduled run has come: ask for it, and wait for the next one. One that was missed is made up for once."""
    held = await ports.policies.find(IN_FORCE)
    if held is None or held.next_run_at is None or held.next_run_at > ports.clock.now():
        return
    moment, now = held.next_run_at, ports.clock.now()
    run_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{ports.association}/schedule/{moment.isoformat()}"))
    try:
        await ports.runs.add(runs.request(run_id, now))
        ports.made_due(Due.RUNS)
    except Taken:
        logger.info("run.asked_for_already", run=run_id)
    await _timed(ports)


async def follow_clocks(ports: Ports) -> None:
    """The association's time zone may have changed: the next run is at the same hour on its new clocks."""
    held = await ports.policies.find(IN_FORCE)
    if held is not None and held.next_run_at is not None and held.next_run_at > ports.clock.now():
        await _timed(ports)


async def _timed(ports: Ports) -> None:
    timezone = (await pools.association_of(ports)).timezone
    await ports.policies.update(IN_FORCE, partial(in_force.timed, now=ports.clock.now(), timezone=timezone))


async def _kept(ports: Ports) -> None:
    if await ports.policies.find(IN_FORCE) is None:
        try:
            await ports.policies.add(InForce())
        except Taken:
            logger.info("policy.kept_already")


async def _must_allow_somebody(policy: Policy, ports: Ports) -> None:
    """The rules that can forbid everybody, tried on the people of today. A pool where nobody can be paired anyway allows everything."""
    if policy.minimum_score == 0 and not policy.common_time:
        return
    pool, association = await pools.look(ports), await pools.association_of(ports)

    async def best(tried: Policy) -> int | None:
        try:
            plan = await ports.computation.plan(pools.question(pool, association, tried, ports))
        except ComputationFailed as error:
            raise rules.NotComputed from error
        return max((pair.score for pair in plan.pairs), default=None)

    if await best(policy) is not None:
        return
    reachable = await best(policy.model_copy(update={"minimum_score": 0}))
    if reachable is not None:
        raise rules.ForbidsEverybody(
            "Nobody of today's people could be paired: no pair fits as well as this.", field="minimum_score"
        )
    if await best(policy.model_copy(update={"minimum_score": 0, "common_time": False})) is not None:
        raise rules.ForbidsEverybody(
            "Nobody of today's people could be paired: no two of them have a moment in common.", field="common_time"
        )
