"""What an operator of the platform sees and does: associations with their figures, and new ones. No association's people."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from duolangue.contracts.vocabulary import SLUG_PATTERN
from duolangue.registration.domain import values
from duolangue.registration.domain.association import Association, AssociationSettings
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Status
from duolangue.registration.ports import Ports, PortsOf
from duolangue.registration.usecases.associations import register_association
from duolangue.registration.usecases.coordinators import invite_coordinator

LONGEST_SLUG: Final = 40
SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class AssociationFigures:
    """An association as the platform's operators see it: figures, and nobody's name."""

    association: Association
    participants: int
    coordinators: int
    last_active: datetime | None
    """When a coordinator last signed in."""


async def associations_with_figures(ports: Ports, ports_of: PortsOf) -> list[AssociationFigures]:
    """All associations, by name."""
    known = sorted(await ports.all_associations(), key=lambda each: (each.name.casefold(), each.id))[:SHOWN]
    return list(await asyncio.gather(*(_figures(each, ports_of(each.id)) for each in known)))


async def _figures(association: Association, ports: Ports) -> AssociationFigures:
    active = await ports.coordinators.select({"active": True})
    seen = [each.signed_in_at for each in active if each.signed_in_at]
    people = await ports.participants.count({"status": {"$ne": Status.ERASED.value}})
    return AssociationFigures(association, people, len(active), max(seen, default=None))


async def create_association(slug: str, name: str, language: str, email: str, ports_of: PortsOf) -> Association:
    """A new association with its first administrator, who is invited by mail.

    Raises:
        Invalid: something of it cannot be taken, each with its field.
        AlreadyKnown: there is one of that name in addresses.
    """
    tidy = slug.strip().lower()
    if not re.fullmatch(SLUG_PATTERN, tidy) or not 2 <= len(tidy) <= LONGEST_SLUG:
        raise Invalid("slug_invalid", "Small letters, digits and dashes, as in interra-liege: 2 to 40.", field="slug")
    try:
        values.email(email)
    except Invalid as fault:
        fault.field = "email"
        raise
    try:
        settings = AssociationSettings(name=name, language=language)
    except ValidationError as error:
        wrong = error.errors()[0]
        own = wrong.get("ctx", {}).get("error")
        template = own.template if isinstance(own, Invalid) else "Something in the form is not right."
        raise Invalid("setting_invalid", template, field=str(wrong["loc"][0])) from error
    ports = ports_of(tidy)
    made = await register_association(settings, ports)
    await invite_coordinator(email, "", AccessLevel.ADMINISTER, None, ports, tell=True)
    return made
