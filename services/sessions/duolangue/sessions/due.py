"""What sessions does when time has passed."""

from __future__ import annotations

from duolangue.chassis.due import DueWork
from duolangue.sessions import usecases
from duolangue.sessions.ports import Ports
from duolangue.sessions.store import COMMITMENTS

due = DueWork[Ports]()


@due.on(COMMITMENTS)
async def check(duo: str, ports: Ports) -> None:
    """Weeks are over: judge them."""
    await usecases.check_commitment(duo, ports)
