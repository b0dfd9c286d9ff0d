"""Associations join and change their settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from duolangue.chassis import places
from duolangue.chassis.decision import Change
from duolangue.chassis.places.zones import contains
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.registration import ParticipantStatus, Zone
from duolangue.registration.domain import association
from duolangue.registration.domain.association import Association, AssociationSettings
from duolangue.registration.domain.invalid import AlreadyKnown, Invalid
from duolangue.registration.domain.participant import NOWHERE
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.retaining import watch_retention


async def register_association(settings: AssociationSettings, ports: Ports) -> Association:
    """A new association joins, under the slug its ports are bound to.

    Raises:
        AlreadyKnown: the slug is taken.
        Invalid: the slug is reserved.
    """
    change = association.register(ports.association, settings, ports.clock.now())
    try:
        joined = await ports.associations.add(change.state, *change.facts)
    except Taken as error:
        raise AlreadyKnown(
            "slug_taken", "There is an association called %(value)s already.", field="slug", value=ports.association
        ) from error
    await watch_retention(ports)
    return joined


async def update_association(changes: Mapping[str, Any], ports: Ports) -> Association:
    """The association changes some of its settings.

    Raises:
        pydantic.ValidationError: a value cannot be taken.
        Invalid: somebody named is no coordinator (any more); nobody who takes part lives in the zones.
    """
    for name in ("safeguarding", "minors_to", "calls_to"):
        await _must_be_coordinators(name, changes.get(name) or (), ports)

    def wanted(present: Association) -> AssociationSettings:
        settings = present.model_dump(include=set(AssociationSettings.model_fields))
        return AssociationSettings(**{**settings, **changes})

    own = await ports.own()
    if (zones := wanted(own).zones) and zones != own.zones:
        await _must_be_lived_in(zones, ports)

    def decide(present: Association) -> Change[Association] | None:
        return association.update(present, wanted(present))

    return await ports.associations.update(ports.association, decide)


async def _must_be_lived_in(zones: Sequence[Zone], ports: Ports) -> None:
    """Zones in which nobody lives who takes part would let nobody have a duo: a slip in the postcodes."""
    there = [postcode for postcode in places.table() if any(contains(zone, postcode) for zone in zones)]
    taking_part = {"status": ParticipantStatus.ACTIVE.value, "postcode": {"$ne": NOWHERE}}
    somebody = await ports.participants.count(taking_part, most=1)
    if somebody and not await ports.participants.count({**taking_part, "postcode": {"$in": there}}, most=1):
        raise Invalid(
            "zones_forbid_everybody",
            "Nobody who takes part lives in these zones: nobody could have a duo. Please look at the postcodes.",
            field="zones",
        )


async def _must_be_coordinators(field: str, ids: Sequence[str], ports: Ports) -> None:
    found = await ports.coordinators.select({"id": {"$in": list(ids)}, "active": True}) if ids else []
    if {each.id for each in found} != set(ids):
        raise Invalid("coordinator_unknown", "Somebody named here is no coordinator (any more).", field=field)
