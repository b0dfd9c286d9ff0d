"""Following duos up: each is looked at when something is told of it and when time has passed; and what the association decides about it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.decision import Change
from duolangue.chassis.store import Taken
from duolangue.sessions.domain import follow_up, health, next_step, weeks
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.follow_up import IN_FORCE, FollowUp, FollowUpInForce
from duolangue.sessions.domain.period import first_day, month_of
from duolangue.sessions.domain.standing import RUNNING
from duolangue.sessions.domain.talked import Talked
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations

logger = log.get(__name__)

OPEN: Final = timedelta(weeks=2)
"""How long a week is still read anew once the week after it was judged: by its link the other side may tell of the same conversations, which
is no news to anybody else.
"""
AT_A_TIME: Final = 100
"""Duos that are looked at anew before it is written down how far that went."""


async def look(duo: str, ports: Ports, rules: FollowUp | None = None, *, week: str | None = None) -> Commitment:
    """See how a duo stands now: its weeks that are over, its health, what it reached. Doing it again changes nothing.

    What it talked lately, from the beginning of a month on, is read after the duo itself, and counts only if nobody changed the duo meanwhile:
    so whoever looks last has seen all. Where something changed in an earlier `week`, it is read from there on; what was noted before stands.

    Raises:
        Absent: no such duo was ever confirmed.
        AssociationUnknown: its time zone is not known.
        Contended: others were faster too often; trying again later helps.
    """
    zone = (await associations.known(ports)).zone
    now, held = ports.clock.now(), rules or await ports.rules.present()

    async def find_out(state: Commitment) -> Change[Commitment] | None:
        return health.look(state, await _talked(state, week, ports), held, zone, now)

    return await ports.commitments.update_after(duo, find_out)


async def called(duo: str, ports: Ports) -> Commitment:
    """A coordinator spoke with the duo: it is not to be called again for the same reason for a while.

    Raises:
        Absent: no such duo was ever confirmed.
        NothingToCallFor: there is no reason to call it.
    """
    zone, now = (await associations.known(ports)).zone, ports.clock.now()
    await ports.commitments.update(duo, partial(next_step.called, now=now, zone=zone))
    return await look(duo, ports)


async def not_called(duo: str, ports: Ports) -> Commitment:
    """The last call was noted by mistake.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    await ports.commitments.update(duo, partial(next_step.not_called, now=ports.clock.now()))
    return await look(duo, ports)


async def present(ports: Ports) -> FollowUpInForce:
    """The rules that hold now, since when and by whom; number 0 is the platform's default."""
    return await ports.follow_up.find(IN_FORCE) or FollowUpInForce()


async def change_rules(rules: FollowUp, by: str, ports: Ports, *, expected: int | None = None) -> FollowUpInForce:
    """Decide otherwise. Every running duo is looked at anew, by whichever replica has time.

    Raises:
        FollowUpOutdated: `expected` is given, and another number is in force.
    """
    if await ports.follow_up.find(IN_FORCE) is None:
        try:
            await ports.follow_up.add(FollowUpInForce())
        except Taken:
            logger.info("follow_up.kept_already")
    decide = partial(follow_up.change, rules=rules, by=by, now=ports.clock.now(), expected=expected)
    kept = await ports.follow_up.update(IN_FORCE, decide)
    logger.info("follow_up.changed", association=ports.association, version=kept.number)
    return kept


async def look_at_all(ports: Ports) -> None:
    """The rules were changed: look at every running duo under them, in the order of their ids. Who takes over goes on where it was left."""
    while (held := await present(ports)).due_at is not None:
        some = await ports.commitments.select(
            {"id": {"$gt": held.looked_until}, "standing.health": {"$in": [each.value for each in RUNNING]}},
            sort=[("id", 1)],
            limit=AT_A_TIME,
            index="by_id",
        )
        for each in some:
            await look(each.id, ports, held.rules)
        last = some[-1].id if len(some) == AT_A_TIME else None
        decide = partial(follow_up.looked, number=held.number, last=last, now=ports.clock.now())
        await ports.follow_up.update(IN_FORCE, decide)


async def _talked(state: Commitment, week: str | None, ports: Ports) -> Talked:
    if state.talked is None or state.months is None or state.checked is None:
        return await ports.tally.of(state.id)
    since = weeks.monday_of(state.checked) - OPEN
    month = month_of(min(since, weeks.monday_of(week)) if week else since)
    first = weeks.week_of(first_day(month))
    return Talked.read(state.talked, state.months).read_anew(await ports.tally.of(state.id, first), first, month)
