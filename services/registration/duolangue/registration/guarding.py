"""Who may enter where reports of problems are read: the people the association named for it, and whoever administers it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, HTTPException

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.registration.domain import safeguarding
from duolangue.registration.ports import Ports


def guards(at: Desk[Ports], association: Any) -> bool:
    """Whether the coordinator at the desk looks after reports."""
    administers = at.coordinator.access.covers(Access.ADMINISTER)
    coordinates = at.coordinator.access.covers(Access.COORDINATE)
    return coordinates and safeguarding.may_read(association, at.coordinator.id, administers=administers)


async def guardian(at: Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]) -> Desk[Ports]:
    """A dependency that lets in those alone who look after reports."""
    if not guards(at, await at.ports.own()):
        raise HTTPException(403, "Reports are read by the person in charge of safety and by administrators.")
    return at


Guardian = Annotated[Desk[Ports], Depends(guardian)]
