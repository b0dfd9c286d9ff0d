"""Replays: what other policies would have made of a past time. Asked for by a coordinator, done beside the service by whichever replica comes first."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from duolangue.chassis import log
from duolangue.matching.domain import own_history
from duolangue.matching.domain import replay as replays
from duolangue.matching.domain.replay import PART_SIZE, Replay, ReplayPart, Source
from duolangue.matching.domain.replay_question import MOST_CASES, Case, History, ReplayQuestion
from duolangue.matching.domain.replay_sheet import Sheet
from duolangue.matching.domain.rules import NobodyCame, ReplayUnderWay, UnfitCases, UnfitPeriod
from duolangue.matching.ports import ComputationFailed, Due, Ports
from duolangue.matching.usecases import pool as pools

logger = log.get(__name__)

KEPT: Final = 20
"""Replays that are kept; the oldest are forgotten."""
MOST_SECONDS: Final = 1800.0
"""Of computing; then a replay is given up, since others wait for their turn."""
TOO_LONG: Final = "TooLong"
YEAR: Final = timedelta(days=365)
SHORTEST, LONGEST = timedelta(days=7), timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be replayed."""

    cases: Sequence[Case]
    """Beside the policy in force."""
    first: date | None = None
    """Without it: a year before the last day, or a file's first day."""
    last: date | None = None
    """The last day looked at; without it today, or a file's last day."""
    told: Mapping[str, float] = field(default_factory=dict)
    """Figures of people's behaviour that do not come from the association's own history."""
    seed: int = 1
    sheet: Sheet | None = None
    """A file that takes the place of the association's own history."""


async def request(wanted: Wanted, coordinator: str, ports: Ports) -> Replay:
    """Ask for a replay. The policy in force is always its first case.

    Raises:
        ReplayUnderWay, UnfitPeriod, UnfitCases, NobodyCame.
    """
    if len(wanted.cases) >= MOST_CASES:
        raise UnfitCases
    if await ports.replays.unfinished() is not None:
        raise ReplayUnderWay
    (first, last), (begins, ends) = await _period(wanted, ports)
    stays = wanted.sheet.stays if wanted.sheet else []
    if wanted.sheet and not any(
        stay.person.newcomer and stay.came_at < ends and (stay.left_at is None or stay.left_at > begins)
        for stay in stays
    ):
        raise NobodyCame(field="file")
    force = await pools.policy_of(ports)
    cases = [Case(policy=force.policy), *wanted.cases]
    replay = Replay(
        id=str(uuid.uuid4()),
        requested_at=ports.clock.now(),
        requested_by=coordinator,
        source=Source.FILE if wanted.sheet else Source.HISTORY,
        parts=-(-len(stays) // PART_SIZE),
        rows_left_out=wanted.sheet.rows_left_out if wanted.sheet else 0,
        first=first,
        last=last,
        begins=begins,
        ends=ends,
        cases=tuple(case.model_copy(update={"assumed_rhythm": case.policy.schedule is None}) for case in cases),
        told=dict(wanted.told),
        seed=wanted.seed,
    )
    for number in range(replay.parts):
        some = tuple(stays[number * PART_SIZE : (number + 1) * PART_SIZE])
        await ports.replay_parts.add(
            ReplayPart(id=f"{replay.id}-{number}", replay=replay.id, number=number, stays=some)
        )
    await ports.replays.add(replay)
    ports.made_due(Due.REPLAYS)
    for old in await ports.replays.over(beyond=KEPT - 1):
        await _forget_file(old, ports)
        await ports.replays.forget(old.id)
    return replay


async def perform(replay_id: str, ports: Ports) -> None:
    """Compute a replay; one that was broken off begins anew, which gives the same result.

    Raises:
        ComputationFailed: it could not be computed; asking again may help.
    """
    replay = await ports.replays.update(replay_id, partial(replays.begin, now=ports.clock.now()))
    if not replay.open:
        if replay.trouble:
            logger.error("replay.given_up", entity=replay.id, error=replay.trouble)
        await _forget_file(replay, ports)
        return
    question = await _question(replay, ports)

    limit = asyncio.timeout(None)

    async def tell(share: int) -> None:
        if limit.when() is None:  # its turn has come
            limit.reschedule(asyncio.get_running_loop().time() + MOST_SECONDS)
        await ports.replays.update(replay.id, partial(replays.progressed, attempt=replay.attempts, share=share))

    try:
        async with limit:
            outcomes = await ports.comparison.compare(question, await pools.association_of(ports), tell)
    except TimeoutError:
        over = partial(replays.given_up, attempt=replay.attempts, error=TOO_LONG, now=ports.clock.now())
        await _forget_file(await ports.replays.update(replay.id, over), ports)
        logger.warning("replay.given_up", entity=replay.id, error=TOO_LONG)
        return
    except ComputationFailed as error:
        await ports.replays.update(replay.id, partial(replays.troubled, attempt=replay.attempts, error=error.kind))
        raise
    done = partial(replays.found, attempt=replay.attempts, asked=question, outcomes=outcomes, now=ports.clock.now())
    await _forget_file(await ports.replays.update(replay.id, done), ports)
    logger.info("replay.done", entity=replay.id)


async def forget(replay_id: str, ports: Ports) -> None:
    """Take one away, with the people of its file.

    Raises:
        Absent: there is none.
    """
    replay = await ports.replays.get(replay_id)
    await ports.replays.forget(replay.id)
    await _forget_file(replay, ports)


async def _question(replay: Replay, ports: Ports) -> ReplayQuestion:
    duos = await ports.duos.every()
    if replay.source is Source.FILE:
        parts = await ports.replay_parts.of(replay.id)
        history = History(stays=tuple(stay for part in parts for stay in part.stays))
    else:
        history = await asyncio.to_thread(
            own_history.history,
            await ports.people.everybody(),
            duos,
            await ports.separations.select(),
            await ports.exclusions.select(),
            replay.begins,
            replay.ends,
        )
    return ReplayQuestion(
        begins=replay.begins,
        ends=replay.ends,
        cases=replay.cases,
        behaviour=await asyncio.to_thread(own_history.behaviour, duos, replay.told, ports.clock.now()),
        seed=replay.seed,
        history=history,
    )


async def _period(wanted: Wanted, ports: Ports) -> tuple[tuple[date, date], tuple[datetime, datetime]]:
    """The first and the last day; from that morning to that midnight, on the association's clocks."""
    zone = ZoneInfo((await pools.association_of(ports)).timezone)
    today = ports.clock.now().astimezone(zone).date()
    first, last = wanted.first, wanted.last
    if wanted.sheet and wanted.sheet.stays:
        days = [moment.date() for stay in wanted.sheet.stays for moment in (stay.came_at, stay.left_at) if moment]
        last = last or min(max(days), today)
        first = first or max(min(days), last - YEAR)
    last = last or today
    first = first or last - YEAR
    if last > today or not SHORTEST <= last - first <= LONGEST:
        raise UnfitPeriod(field="first")
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return (first, last), (begins, min(ends, ports.clock.now()))


async def _forget_file(replay: Replay, ports: Ports) -> None:
    for number in range(replay.parts):
        await ports.replay_parts.forget(f"{replay.id}-{number}")
