"""A participant's life: registered, interviewed, on a break, changed, gone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Taken
from duolangue.registration.domain import application, known_already, life, partners
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.history import Act
from duolangue.registration.domain.interview import RefusalReason
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import exclusions, twins


async def register_participant(told: Application, ports: Ports) -> tuple[Participant, list[Invalid]]:
    """Somebody applied; they wait for a first interview. With them comes what a coordinator may want to look at.

    Raises:
        Invalid: a rule is broken.
        AlreadyKnown: the same person is registered.
        Absent: there is no such partner.
    """
    own, now = await ports.own(), ports.clock.now()
    if told.current_partner is not None:
        partners.may_run(told, await ports.participants.get(told.current_partner))
    fresh = application.register(told, uuid.uuid4().hex, own, now)
    sharing = await ports.participants.with_addresses({address for address in (told.email, told.phone) if address})
    registered = await add_participant(fresh, ports)
    await twins.await_search(ports)
    long_here = application.long_here(told, own, own.today(now))
    return registered, [*known_already.shared_addresses(fresh, sharing), *([long_here] if long_here else [])]


async def add_participant(participant: Participant, ports: Ports) -> Participant:
    """Keep a participant nobody else is, with a mark for a human look when they come by a held address. Raises `AlreadyKnown`."""
    try:
        return await ports.participants.add(await exclusions.marked(participant, ports))
    except Taken as error:
        raise known_already.same_person() from error


async def update_participant(
    participant_id: str, changes: Mapping[str, Any], ports: Ports, by: str = ""
) -> Participant:
    """Some of what somebody told has changed.

    Raises:
        Absent: there is no such participant.
        Invalid: a rule is broken.
        AlreadyKnown: somebody else is registered with this name, year and address.
        pydantic.ValidationError: a value cannot be taken.
    """
    own, now = await ports.own(), ports.clock.now()

    def decide(present: Participant) -> Change[Participant] | None:
        told = life.told_by(present, own).model_dump()
        change = life.update(present, Application.model_validate({**told, **changes}), own, now)
        return life.remembered(change, Act.CHANGED, now, by)

    return await change_participant(participant_id, decide, ports)


async def change_participant(
    participant_id: str, decide: Callable[[Participant], Change[Participant] | None], ports: Ports
) -> Participant:
    """Change what is known of somebody; who is somebody else's double by it, or has a held address from now on, is seen. Raises
    `AlreadyKnown`, and what `decide` does.
    """
    before: list[Participant] = []

    def deciding(present: Participant) -> Change[Participant] | None:
        before[:] = [present]
        return decide(present)

    try:
        changed = await ports.participants.update(participant_id, deciding)
    except Taken as error:
        raise known_already.same_person() from error
    (was,) = before
    reached = {was.email, was.phone}
    if changed.named_at != was.named_at:
        await twins.await_search(ports)
    if changed.status is not Status.EXCLUDED:
        fresh = {address for address in (changed.email, changed.phone) if address and address not in reached}
        return await exclusions.mark_again(changed, fresh, ports)
    return changed


async def interview(
    participant_id: str,
    passed: bool,
    reason: str,
    ports: Ports,
    *,
    because: RefusalReason | None = None,
    by: str = "",
    guards: bool = False,
) -> Participant:
    """The first interview took place. `guards`: who decides is in charge of safety. Raises as `life.interview`."""
    now = ports.clock.now()
    act = Act.ACCEPTED if passed else Act.REFUSED
    return await ports.participants.update(
        participant_id,
        lambda present: life.remembered(
            life.interview(present, now, passed=passed, reason=reason, because=because, guards=guards), act, now, by
        ),
    )


async def reopen(participant_id: str, by: str, ports: Ports) -> Participant:
    """The first interview is to come once more. Raises as `life.reopen`."""
    now = ports.clock.now()
    return await ports.participants.update(
        participant_id, lambda present: life.remembered(life.reopen(present), Act.REOPENED, now, by)
    )


async def pause(participant_id: str, until: date | None, ports: Ports, by: str = "") -> Participant:
    """Somebody takes a break."""
    own, now = await ports.own(), ports.clock.now()
    return await ports.participants.update(
        participant_id, lambda present: life.remembered(life.pause(present, until, own, now), Act.PAUSED, now, by)
    )


async def pause_if_active(participant_id: str, ports: Ports) -> None:
    """Somebody takes a break until they say otherwise, if they take part at all; who is away, or left, stays so."""
    one = await ports.participants.find(participant_id)
    if one is not None and one.status is Status.ACTIVE:
        await pause(participant_id, None, ports)


async def resume(participant_id: str, ports: Ports, by: str = "") -> Participant:
    """Somebody is back."""
    now = ports.clock.now()
    return await ports.participants.update(
        participant_id, lambda present: life.remembered(life.resume(present), Act.RESUMED, now, by)
    )


async def come_back(participant_id: str, ports: Ports) -> None:
    """The day has come on which somebody's break ends by itself."""
    now = ports.clock.now()
    await ports.participants.update(
        participant_id, lambda present: life.remembered(life.break_over(present, now), Act.RESUMED, now)
    )


async def leave(participant_id: str, ports: Ports, by: str = "") -> Participant:
    """Somebody leaves the association."""
    now = ports.clock.now()
    return await ports.participants.update(
        participant_id, lambda present: life.remembered(life.leave(present), Act.LEFT, now, by)
    )


async def mark_reached(participant_id: str, sent_at: datetime, ports: Ports) -> None:
    """A mail arrived where one was refused before; who is not known any more is let be."""
    try:
        await ports.participants.update(participant_id, lambda present: life.reached(present, sent_at))
    except Absent:
        return


async def mark_unreachable(participant_id: str, since: datetime, ports: Ports) -> None:
    """An address refused a message for good; who is not known any more is let be."""
    try:
        await ports.participants.update(participant_id, lambda present: life.unreachable(present, since))
    except Absent:
        return
