"""Who is missing: looked for after each run and when somebody asks, kept as counts, made into calls for volunteers."""

from __future__ import annotations

from functools import partial

from duolangue.chassis.store import Absent, Taken
from duolangue.matching.domain import missing
from duolangue.matching.domain.missing import MISSING, Call, Missing
from duolangue.matching.domain.run import RunStatus
from duolangue.matching.ports import Due, Ports
from duolangue.matching.usecases import pool as pools


async def see(ports: Ports) -> Missing | None:
    """What was last found; none where nobody ever asked."""
    return await ports.missing.find(MISSING)


async def want(ports: Ports) -> Missing:
    """Have it looked for anew, at once."""
    state = await _wanted(ports)
    ports.made_due(Due.MISSING)
    return state


async def follow(run_id: str, ports: Ports) -> None:
    """A run is done: who is missing now may have changed, and is looked for soon. Dry ones changed nothing."""
    run = await ports.runs.get(run_id)
    if run.status is RunStatus.DONE and not run.dry:
        await _wanted(ports)


async def _wanted(ports: Ports) -> Missing:
    now = ports.clock.now()
    try:
        return await ports.missing.add(Missing(wanted_at=now))
    except Taken:
        return await ports.missing.update(MISSING, partial(missing.want, now=now))


async def look(ports: Ports) -> Missing:
    """Look at the pool as it stands now: drafts and proposals hold their places.

    Raises:
        ComputationFailed: it could not be computed; asking again may help.
    """
    asked = await ports.missing.get(MISSING)
    policy = (await pools.policy_of(ports)).policy
    question = pools.question(await pools.look(ports), await pools.association_of(ports), policy, ports)
    finding = await ports.lookout.find(question)
    now = ports.clock.now()
    return await ports.missing.update(
        MISSING, partial(missing.found, finding=finding, wanted_at=asked.wanted_at, now=now)
    )


async def call(call_id: str, ports: Ports) -> Call:
    """One kind of volunteer who is missing.

    Raises:
        Absent: it is not among those last found.
    """
    state = await see(ports)
    for each in state.finding.calls if state else ():
        if each.profile.id == call_id:
            return each
    raise Absent(call_id)
