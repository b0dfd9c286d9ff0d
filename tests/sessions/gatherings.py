"""What the tests of activities share: people who take part, an activity that is announced, and what was told of it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from duolangue.chassis.store import across
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.facts.notifications import Channel, MessageKind, NotificationSent
from duolangue.contracts.facts.registration import ParticipantRegistered, ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.ports import Ports
from duolangue.sessions.store import ACTIVITIES, ATTENDANCES, ENROLMENTS
from duolangue.sessions.usecases import activities, enrolments

from .conftest import World

SATURDAY = Meeting(id="m1", day=date(2026, 12, 5), begins="14:00", minutes=120, place="Rue Pierreuse 23, Liège")
"""Seventeen days after the tests begin."""


def ports_of(world: World) -> Ports:
    ports: Ports = world.service.ports(world.association)
    return ports


async def takes_part(world: World, *people: str, role: Role = Role.NEWCOMER) -> None:
    """Registration tells of them."""
    for each in people:
        await world.hear(ParticipantRegistered(status=ParticipantStatus.ACTIVE, roles=[role]), each, 1)


async def announced(
    world: World,
    kind: ActivityKind = ActivityKind.WORKSHOP,
    *,
    meetings: tuple[Meeting, ...] = (SATURDAY,),
    **plan: Any,
) -> Activity:
    """An activity in which people may enrol."""
    ports = ports_of(world)
    begun = await activities.begin(kind, Plan("Syrian cooking", "We cook mujaddara.", meetings, **plan), "c-1", ports)
    return await activities.publish(begun.id, "c-1", ports)


async def enrols(world: World, activity: Activity, person: str, **more: Any) -> Enrolment:
    return await enrolments.enrol(activity.id, person, ports_of(world), **more)


async def places(world: World, activity: Activity) -> dict[str, str]:
    """How each person's enrolment stands."""
    found = await ports_of(world).enrolments.of_activity(activity.id)
    return {each.participant: each.status.value for each in found}


async def offer_left(world: World, enrolment: Enrolment) -> None:
    """Notifications tells that the message with an offer reached somebody."""
    fact = NotificationSent(
        kind=MessageKind.PLACE_OFFERED,
        recipient=enrolment.participant,
        about=enrolment.id,
        channel=Channel.MAIL,
        sent_at=world.clock.now(),
    )
    await world.hear(fact, str(uuid.uuid4()), 1)


async def told(world: World, *facts: str) -> list[Event]:
    """What this association's activities told, by names like enrolment.confirmed; in the order of each entity."""
    found = []
    for kind in (ACTIVITIES, ENROLMENTS, ATTENDANCES):
        for key, waiting in await across.outboxes(world.service.foundation.database, kind, 10_000):
            if key.startswith(f"{world.association}/"):
                found += [Event.model_validate_json(fact.body) for fact in waiting]
    return [each for each in found if not facts or any(f".{fact}." in each.type for fact in facts)]


async def desk(world: World, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
    if data is None:
        return await world.client.get(path, headers=world.desk(**more), follow_redirects=True)
    return await world.client.post(path, data=data, headers=world.desk(**more), follow_redirects=True)
