"""Links of a participant, opened for the person as registration knows them today: of two records that were one, the one that stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from fastapi import Depends

from duolangue.chassis.web import ActionLink, opened
from duolangue.contracts.links import Purpose
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import people


def opened_today(*purposes: Purpose) -> Callable[..., Awaitable[ActionLink[Ports]]]:
    """A dependency as `opened`, whose person is the one that stays."""
    by_link = Depends(opened(*purposes))

    async def present(link: Any = by_link) -> ActionLink[Ports]:
        person = await people.who_stays(link.person, link.ports)
        return replace(link, person=person)

    return present
