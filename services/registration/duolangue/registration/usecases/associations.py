"""Associations join and change their settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Taken
from duolangue.registration.domain import association
from duolangue.registration.domain.association import Association, AssociationSettings
from duolangue.registration.domain.invalid import AlreadyKnown, Invalid
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
        Invalid: somebody named is no coordinator (any more).
    """
    for name in ("safeguarding", "minors_to", "calls_to"):
        await _must_be_coordinators(name, changes.get(name) or (), ports)

    def decide(present: Association) -> Change[Association] | None:
        settings = present.model_dump(include=set(AssociationSettings.model_fields))
        return association.update(present, AssociationSettings(**{**settings, **changes}))

    return await ports.associations.update(ports.association, decide)


async def _must_be_coordinators(field: str, ids: Sequence[str], ports: Ports) -> None:
    found = await ports.coordinators.select({"id": {"$in": list(ids)}, "active": True}) if ids else []
    if {each.id for each in found} != set(ids):
        raise Invalid("coordinator_unknown", "Somebody named here is no coordinator (any more).", field=field)
