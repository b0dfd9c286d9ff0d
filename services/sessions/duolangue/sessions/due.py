"""What sessions does when time has passed."""

from __future__ import annotations

from duolangue.chassis.due import DueWork
from duolangue.sessions.ports import Ports
from duolangue.sessions.store import ACTIVITIES, COMMITMENTS, ENROLMENTS, FOLLOW_UP, HOMEWORK, LESSONS
from duolangue.sessions.store.counting import ASKINGS
from duolangue.sessions.usecases import activities, asking, enrolments, following, homework

due = DueWork[Ports]()


@due.on(COMMITMENTS)
async def look(duo: str, ports: Ports) -> None:
    """Weeks are over, or silence has lasted: see how the duo stands."""
    await following.look(duo, ports)


@due.on(FOLLOW_UP)
async def look_at_all(_: str, ports: Ports) -> None:
    """The association changed its rules: see how all duos stand under them."""
    await following.look_at_all(ports)


@due.on(ACTIVITIES)
async def tend(activity: str, ports: Ports) -> None:
    """People are to be told or reminded, the balance relaxes, or it is over."""
    await activities.tend(activity, ports)


@due.on(ENROLMENTS)
async def settle(enrolment: str, ports: Ports) -> None:
    """An offer ended, or a place became free for whoever waits."""
    await enrolments.settle(enrolment, ports)


@due.on(LESSONS)
async def tell_of_lesson(lesson: str, ports: Ports) -> None:
    """A group is to be told of a lesson to watch."""
    await homework.spread(lesson, ports)


@due.on(HOMEWORK)
async def clear_away(work: str, ports: Ports) -> None:
    """An upload broke off: remove what there is of it."""
    await homework.clear_away(work, ports)


@due.on(ASKINGS)
async def ask_three_questions(participant: str, ports: Ports) -> None:
    """A newcomer's first conversation, or their last, is some days old: ask how they are."""
    await asking.ask(participant, ports)
