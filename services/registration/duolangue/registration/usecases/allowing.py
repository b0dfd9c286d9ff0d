"""Limits in number and time, counted in the database: every replica counts the same, and a restart forgets nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from duolangue.chassis.store import Absent, Contended, Taken
from duolangue.registration.domain import allowance
from duolangue.registration.domain.allowance import UsedUp
from duolangue.registration.ports import Ports


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in a span of time, of what is named."""

    what: str
    """Such as `sign-in/<network>`; kept as a hash alone."""
    most: int
    span: timedelta


async def allowed(limit: Limit, ports: Ports) -> bool:
    """Take one of what may be asked; false when all were taken. Of many who ask at once, no more than that get one."""
    fresh = allowance.first(limit.what, limit.span, ports.clock.now())
    more = partial(allowance.take, most=limit.most)
    try:
        try:
            await ports.allowances.update(fresh.id, more)
        except Absent:
            try:
                await ports.allowances.add(fresh)
            except Taken:
                await ports.allowances.update(fresh.id, more)
    except (UsedUp, Contended):
        return False
    return True


async def all_allowed(limits: tuple[Limit, ...], ports: Ports) -> bool:
    """Take one of each, the narrowest first: what one refuses uses nothing up of those after it."""
    for limit in limits:
        if not await allowed(limit, ports):
            return False
    return True


async def forget_allowance(allowance_id: str, ports: Ports) -> None:
    """A span is over."""
    await ports.allowances.forget(allowance_id, lambda present: present.until <= ports.clock.now())
