"""Associations join and change their settings; coordinators are invited and revoked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Taken
from duolangue.registration.domain import association, coordinator, door, values
from duolangue.registration.domain.association import Association, AssociationSettings
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from duolangue.registration.domain.invalid import AlreadyKnown, NotNow
from duolangue.registration.ports import Ports


async def register_association(settings: AssociationSettings, ports: Ports) -> Association:
    """A new association joins, under the slug its ports are bound to.

    Raises:
        AlreadyKnown: the slug is taken.
        Invalid: the slug is reserved.
    """
    change = association.register(ports.association, settings, ports.clock.now())
    try:
        return await ports.associations.add(change.state, *change.facts)
    except Taken as error:
        raise AlreadyKnown(
            "slug_taken", "There is an association called %(value)s already.", field="slug", value=ports.association
        ) from error


async def update_association(changes: Mapping[str, Any], ports: Ports) -> Association:
    """The association changes some of its settings.

    Raises:
        pydantic.ValidationError: a value cannot be taken.
    """

    def decide(present: Association) -> Change[Association] | None:
        settings = present.model_dump(include=set(AssociationSettings.model_fields))
        return association.update(present, AssociationSettings(**{**settings, **changes}))

    return await ports.associations.update(ports.association, decide)


async def invite_coordinator(
    email: str, name: str, access: AccessLevel, language: str | None, ports: Ports
) -> Coordinator:
    """Somebody may use the desk from now on.

    Raises:
        AlreadyKnown: the address is a coordinator's of this association.
    """
    own = await ports.own()
    invited = coordinator.invite(uuid.uuid4().hex, email, name, access, language or own.language, ports.clock.now())
    await _open_door(invited.email, ports)
    try:
        return await ports.coordinators.add(invited)
    except Taken as error:
        raise AlreadyKnown("coordinator_known", "This address is a coordinator's already.", field="email") from error


async def _open_door(email: str, ports: Ports) -> None:
    door_id = door.door_id(email)
    try:
        await ports.doors.add(door.Door(id=door_id, associations=[ports.association]))
    except Taken:
        await ports.doors.update(door_id, lambda present: door.opened_to(present, ports.association))


async def revoke_coordinator(coordinator_id: str, ports: Ports) -> Coordinator:
    """Somebody may not use the desk any more; their tokens are refused everywhere at once.

    Raises:
        Absent: there is no such coordinator.
        NotNow: nobody would be left who administers the association.
    """
    leaving = await ports.coordinators.get(coordinator_id)
    if leaving.active and leaving.access is AccessLevel.ADMINISTER:
        left = await ports.coordinators.count(
            {"active": True, "access": AccessLevel.ADMINISTER.value, "id": {"$ne": coordinator_id}}
        )
        if not left:
            raise NotNow(
                "last_administrator", "Nobody would be left who administers the association: invite somebody first."
            )
    now = leaving.revoked_at or ports.clock.now()
    await _remember_revocation(coordinator_id, now, ports)
    return await ports.coordinators.update(coordinator_id, lambda present: coordinator.revoke(present, now))


async def _remember_revocation(coordinator_id: str, now: datetime, ports: Ports) -> None:
    try:
        await ports.revocations.add(door.Revocation(id=coordinator_id, revoked_at=now))
    except Taken:
        return


async def coordinator_with(email: str, ports: Ports) -> Coordinator:
    """The active coordinator with this address.

    Raises:
        Absent: there is none in this association.
    """
    found = await ports.coordinators.select({"email": {"$eq": values.email(email)}, "active": True}, limit=1)
    if not found:
        raise Absent("coordinator")
    return found[0]
