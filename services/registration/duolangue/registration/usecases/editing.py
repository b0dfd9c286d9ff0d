"""A coordinator changes what is known of a person, with every fault next to its field."""

from __future__ import annotations

from duolangue.registration.domain import application, life, person_form
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Participant
from duolangue.registration.domain.person_form import Faults, Typed
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.participants import update_participant


async def as_it_stands(participant_id: str, ports: Ports) -> tuple[Participant, dict[str, list[str]]]:
    """The person, and the form filled with what is known. Raises `Absent`."""
    one, own = await ports.participants.get(participant_id), await ports.own()
    since = own.today(one.newcomer.waiting_since) if one.newcomer else None
    return one, person_form.shown(one, since)


async def change_person(participant_id: str, typed: Typed, by: str, ports: Ports) -> Participant:
    """Change what was typed.

    Raises:
        Absent: there is no such participant.
        Faults: something cannot be taken, field by field.
    """
    changes = person_form.read(typed)
    one, own = await ports.participants.get(participant_id), await ports.own()
    today = own.today(ports.clock.now())
    told = Application.model_validate({**life.told_by(one, own).model_dump(), **changes})
    if found := list(application.faults(told, today)):
        raise Faults({_beside(fault): fault for fault in reversed(found)})
    try:
        return await update_participant(participant_id, changes, ports, by)
    except Invalid as fault:
        raise Faults({_beside(fault): fault}) from fault


def _beside(fault: Invalid) -> str:
    """Next to which field of the form a fault of the rules is shown."""
    return {"partner_gender": "same_gender"}.get(fault.field, fault.field or "first_name")
