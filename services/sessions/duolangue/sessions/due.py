"""What sessions does when time has passed."""

from __future__ import annotations

from duolangue.chassis.due import DueWork
from duolangue.sessions.ports import Ports
from duolangue.sessions.store import COMMITMENTS
from duolangue.sessions.usecases import duos

due = DueWork[Ports]()


@due.on(COMMITMENTS)
async def check(duo: str, ports: Ports) -> None:
    """Weeks are over: judge them."""
    await duos.check_commitment(duo, ports)
