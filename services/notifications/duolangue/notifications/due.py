"""What must happen later: messages to send, weekly nudges."""

from __future__ import annotations

from typing import Final

from duolangue.chassis.due import DueWork
from duolangue.notifications import usecases
from duolangue.notifications.ports import Ports
from duolangue.notifications.store import FOLLOWED, MESSAGES

due: Final = DueWork[Ports]()


@due.on(MESSAGES)
async def message_due(message_id: str, ports: Ports) -> None:
    """Send it, put it on the desk, or drop it."""
    await usecases.deliver(message_id, ports)


@due.on(FOLLOWED)
async def nudge_due(duo_id: str, ports: Ports) -> None:
    """Remind a duo of this week's conversation."""
    await usecases.nudge(duo_id, ports)
