"""What waits for a coordinator."""

from __future__ import annotations

from duolangue.contracts.requests import Concern, Figure
from duolangue.sessions.domain import overview
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import duos


async def concerns(ports: Ports) -> list[Figure]:
    """What waits for a coordinator: duos to call. None of an association whose facts have not come yet."""
    if await ports.associations.find(ports.association) is None:
        return []
    return [
        Figure(
            concern=Concern.TO_CALL, count=len(overview.by_urgency(await duos.duos(ports))), path="/sessions#to-call"
        )
    ]
