"""What sessions does when time has passed."""

from __future__ import annotations

from duolangue.chassis.due import DueWork
from duolangue.sessions.ports import Ports
from duolangue.sessions.store import ACTIVITIES, COMMITMENTS, ENROLMENTS
from duolangue.sessions.usecases import activities, duos, enrolments

due = DueWork[Ports]()


@due.on(COMMITMENTS)
async def check(duo: str, ports: Ports) -> None:
    """Weeks are over: judge them."""
    await duos.check_commitment(duo, ports)


@due.on(ACTIVITIES)
async def tend(activity: str, ports: Ports) -> None:
    """People are to be told or reminded, the balance relaxes, or it is over."""
    await activities.tend(activity, ports)


@due.on(ENROLMENTS)
async def settle(enrolment: str, ports: Ports) -> None:
    """An offer ended, or a place became free for whoever waits."""
    await enrolments.settle(enrolment, ports)
