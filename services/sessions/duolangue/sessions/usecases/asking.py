"""The three questions are asked of a newcomer at the right moment, once each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.activities import ActivityKind, Presence
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import asking
from duolangue.sessions.domain.activity import COMING, Activity
from duolangue.sessions.domain.asking import DAYS_AFTER_END, Asking
from duolangue.sessions.domain.story import Moment
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations

AT_THE_END: Final = timedelta(weeks=12)
"""After so long with a duo the questions of the end are asked."""
LEARNING: Final = frozenset({ActivityKind.COURSE, ActivityKind.MODULE})
"""What somebody follows for weeks, also who never has a duo."""
BY_MILESTONE: Final = {Milestone.FIRST_TALK: Moment.START, Milestone.TWELVE_WEEKS: Moment.END}


async def moment_of(participant: str, ports: Ports) -> Moment:
    """Whether somebody is asked as at the start or as at the end: their first duo is twelve weeks old, or all of theirs are over; of who has
    and had none, all courses and modules they came to. A duo that ended before the two talked was none.
    """
    today = await associations.today(ports)
    every = await ports.counting.formed.select({Role.NEWCOMER.value: {"$eq": participant}})
    duos = [each for each in every if each.runs_on(today) or await _talked(each.id, ports)]
    if not duos:
        return Moment.END if await _learnt(participant, ports) else Moment.START
    old = min(each.confirmed_on for each in duos) + AT_THE_END <= today
    return Moment.END if old or not any(each.runs_on(today) for each in duos) else Moment.START


async def asked(participant: str, ports: Ports) -> Moment | None:
    """Which questions are open for somebody: none for whoever is no newcomer, or has answered."""
    if not await is_newcomer(participant, ports):
        return None
    moment, told = await moment_of(participant, ports), await ports.counting.stories.find(participant)
    return None if told and told.answers(moment) else moment


async def is_newcomer(participant: str, ports: Ports) -> bool:
    """Whether somebody is asked at all: whoever wants to speak French."""
    known = await ports.counting.counted.find(participant)
    return known is not None and bool(known.history) and Role.NEWCOMER in known.history[-1].roles


async def after_milestone(newcomer: str, milestone: Milestone, ports: Ports) -> None:
    """Their duo talked for the first time, or for twelve weeks: they are asked on the next morning."""
    if (moment := BY_MILESTONE.get(milestone)) is not None:
        await _plan(newcomer, moment, 1, ports)


async def after_end(duo: str, newcomer: str, ports: Ports) -> None:
    """Their duo is over: they are asked some days later, where the two ever talked."""
    known = await ports.commitments.find(duo)
    if known is not None and known.standing.talks:
        await _plan(newcomer, Moment.END, DAYS_AFTER_END, ports)


async def after_class(participant: str, kind: ActivityKind, ports: Ports) -> None:
    """They came to a class of a course, or to a module: whoever is at the start is asked on the next morning, and whoever is at the end by
    the time the list is filled in some days later.
    """
    if kind in LEARNING and (moment := await asked(participant, ports)) is not None:
        await _plan(participant, moment, 1 if moment is Moment.START else DAYS_AFTER_END, ports)


async def after_course(activity: Activity, ports: Ports) -> None:
    """A course or module is over: those who came to it are asked some days later."""
    if activity.kind not in LEARNING:
        return
    noted = await ports.attendances.of_activity(activity.id)
    for participant in sorted({each.participant for each in noted if each.presence is Presence.PRESENT}):
        if await is_newcomer(participant, ports):
            await _plan(participant, Moment.END, DAYS_AFTER_END, ports)


async def ask(participant: str, ports: Ports) -> None:
    """The moment may have come."""
    person = await ports.participants.find(participant)
    there = person is not None and person.takes_part
    open_now = await asked(participant, ports) if there else None
    await ports.counting.askings.update(participant, partial(asking.ask, open_now=open_now, now=ports.clock.now()))


async def answered(participant: str, moment: Moment, ports: Ports) -> None:
    """They answered by themselves: nobody need ask them."""
    await _decided(participant, partial(asking.answered, moment=moment), ports)


async def erase(participant: str, ports: Ports) -> None:
    """Nothing more is asked of them; who was never to be asked leaves nothing."""
    if await ports.counting.askings.find(participant) is not None:
        await ports.counting.askings.update(participant, asking.erased)


async def _talked(duo: str, ports: Ports) -> bool:
    known = await ports.commitments.find(duo)
    return known is not None and known.standing.talks > 0


async def _learnt(participant: str, ports: Ports) -> bool:
    """Whether they came to courses or modules, and all of these are over."""
    noted = await ports.attendances.of_participant(participant)
    came = {each.activity for each in noted if each.kind in LEARNING and each.presence is Presence.PRESENT}
    known = await ports.activities.named(came) if came else []
    return bool(known) and not any(each.status in COMING and not each.over(ports.clock.now()) for each in known)


async def _plan(participant: str, moment: Moment, days: int, ports: Ports) -> None:
    known = await ports.counting.counted.find(participant)
    if known is None or known.erased:
        return
    zone, now = (await associations.known(ports)).zone, ports.clock.now()
    await _decided(participant, partial(asking.plan, moment=moment, days=days, zone=zone, now=now), ports)


async def _decided(participant: str, decide: Callable[[Asking], Change[Asking] | None], ports: Ports) -> None:
    """Changed in one write, also where nothing was kept before: a second one would answer the same event twice."""
    if await ports.counting.askings.find(participant) is None:
        fresh = decide(Asking(id=participant))
        if fresh is None:
            return
        with suppress(Taken):
            await ports.counting.askings.add(fresh.state, *fresh.facts)
            return
    await ports.counting.askings.update(participant, decide)
