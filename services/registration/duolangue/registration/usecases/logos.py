"""The picture beside an association's name: kept, shown, taken away."""

from __future__ import annotations

import asyncio

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Taken
from duolangue.registration import pictures
from duolangue.registration.domain import association, logo
from duolangue.registration.domain.logo import Logo
from duolangue.registration.ports import Ports


async def keep_logo(data: bytes, ports: Ports) -> Logo:
    """A picture stands beside the association's name from now on.

    Raises:
        Invalid: it is no picture that can be taken.
    """
    drawn = await asyncio.to_thread(pictures.redrawn, data)
    fresh = logo.kept(drawn, pictures.KIND, ports.clock.now())
    try:
        await ports.logos.add(fresh)
    except Taken:
        await ports.logos.update(fresh.id, lambda _: Change(fresh))
    await ports.associations.update(
        ports.association, lambda present: association.show_logo(present, fresh.fingerprint)
    )
    return fresh


async def take_logo_away(ports: Ports) -> None:
    """No picture any more."""
    await ports.associations.update(ports.association, lambda present: association.show_logo(present, ""))
    held = await ports.logos.find(logo.ONLY)
    if held is not None:
        await ports.logos.update(
            logo.ONLY, lambda present: Change(present.model_copy(update={"data": b"", "fingerprint": ""}))
        )


async def logo_shown(fingerprint: str, ports: Ports) -> Logo | None:
    """The picture with this fingerprint, while it is the association's."""
    held = await ports.logos.find(logo.ONLY)
    return held if held is not None and held.data and held.fingerprint == fingerprint else None
