"""Activities as they are looked at: the desk's list and its pages, what is open to all, their words for whoever writes to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from duolangue.contracts.requests import ActivitiesAnswer
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.activity import PREPARED, Activity, Status
from duolangue.sessions.ports import Ports
from duolangue.sessions.ports.activities import Figures

PAGE = 50
"""Announced activities on one page of the desk."""
OVER_SHOWN = 50
KEPT_ON_DESK = timedelta(days=90)
"""How long what is over stays in the desk's list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An activity with its figures."""

    activity: Activity
    figures: Figures

    def free_for(self, side: Role) -> int:
        """How many places somebody of a side would get at once."""
        return self.figures.free_for(self.activity.room, side)


@dataclass(frozen=True, slots=True)
class OnDesk:
    """A page of what a coordinator looks after."""

    left: list[Listed]
    """Whoever was to give it left; it stands further down, too."""
    prepared: list[Listed]
    announced: list[Listed]
    over: list[Listed]
    number: int
    """Of the page, from 1."""
    last: int
    """The last page's."""

    @property
    def every(self) -> list[Listed]:
        """All of the page."""
        return [*self.prepared, *self.announced, *self.over]


async def desk_page(number: int, ports: Ports) -> OnDesk:
    """What a coordinator looks after, on pages: what is announced by when it meets next, some at a time; on the first page all that is
    prepared or was left by whoever gives it, and what was over last.
    """
    now = ports.clock.now()
    coming = sorted((each.next_at(now), each.id) for each in await ports.activities.announced())
    last = max(1, -(-len(coming) // PAGE))
    number = min(max(1, number), last)
    shown = [each for _, each in coming[(number - 1) * PAGE : number * PAGE]]
    announced = {each.id: each for each in await ports.activities.named(shown)}
    prepared = await ports.activities.with_status(PREPARED) if number == 1 else []
    over = await ports.activities.closed(now - KEPT_ON_DESK, OVER_SHOWN) if number == 1 else []
    left = await ports.activities.host_left() if number == 1 else []
    every = [*left, *prepared, *(announced[each] for each in shown if each in announced), *over]
    figures = await ports.enrolments.figures([each.id for each in every])
    listed = [Listed(each, figures.get(each.id, Figures())) for each in every]
    begins, ends = len(left) + len(prepared), len(listed) - len(over)
    return OnDesk(listed[: len(left)], listed[len(left) : begins], listed[begins:ends], listed[ends:], number, last)


async def listed(activity_id: str, ports: Ports) -> Listed:
    """One activity with its figures.

    Raises:
        Absent: there is no such activity.
    """
    activity = await ports.activities.get(activity_id)
    return Listed(activity, (await ports.enrolments.figures([activity_id])).get(activity_id, Figures()))


async def open_to_all(ports: Ports, *, begun: bool = False) -> list[Listed]:
    """What participants may enrol in now, the next first; with `begun` also what a coordinator may still let them into."""
    now = ports.clock.now()
    published = await ports.activities.with_status({Status.PUBLISHED})
    coming = [
        (starts, each)
        for each in published
        if (starts := each.next_start(now)) is not None and (begun or not each.begun(now))
    ]
    figures = await ports.enrolments.figures([each.id for _, each in coming])
    return [
        Listed(each, figures.get(each.id, Figures()))
        for _, each in sorted(coming, key=lambda pair: (pair[0], pair[1].id))
    ]


async def told(ids: list[str], ports: Ports) -> ActivitiesAnswer:
    """Words, times and places, for whoever writes to people."""
    return ActivitiesAnswer(activities={each.id: each.told() for each in await ports.activities.named(ids)})
