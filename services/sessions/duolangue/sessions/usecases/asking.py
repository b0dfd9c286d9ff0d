"""The three questions are asked of a newcomer at the right moment, once each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import asking
from duolangue.sessions.domain.asking import DAYS_AFTER_END, Asking
from duolangue.sessions.domain.story import Moment
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations

AT_THE_END: Final = timedelta(weeks=12)
"""After so long with a duo the questions of the end are asked."""
BY_MILESTONE: Final = {Milestone.FIRST_TALK: Moment.START, Milestone.TWELVE_WEEKS: Moment.END}


async def moment_of(participant: str, ports: Ports) -> Moment:
    """Whether somebody is asked as at the start or as at the end: their first duo is twelve weeks old, or all of theirs are over."""
    duos = await ports.counting.formed.select({Role.NEWCOMER.value: {"$eq": participant}})
    if not duos:
        return Moment.START
    today = await associations.today(ports)
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
