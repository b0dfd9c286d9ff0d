"""A coordinator changes what is known of a person, with every fault next to its field."""

from __future__ import annotations

from duolangue.registration.domain import application, life, person_form
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.invalid import Invalid, NotNow
from duolangue.registration.domain.participant import Participant
from duolangue.registration.domain.person_form import Faults, Typed
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.participants import update_participant


class Meanwhile(Faults):
    """Somebody else changed the same fields while the form was open. `typed` is what stands in the form now: what the reader changed, and
    all else as it is known at present.
    """

    def __init__(self, fields: list[str], typed: dict[str, list[str]]) -> None:
        super().__init__({field: _changed(field) for field in fields})
        self.typed = typed


async def as_it_stands(participant_id: str, ports: Ports) -> tuple[Participant, dict[str, list[str]]]:
    """The person, and the form filled with what is known. Raises `Absent`."""
    one, own = await ports.participants.get(participant_id), await ports.own()
    since = own.today(one.newcomer.waiting_since) if one.newcomer else None
    return one, person_form.shown(one, since)


async def change_person(participant_id: str, typed: Typed, was: Typed | None, by: str, ports: Ports) -> Participant:
    """Change what was typed; `was` is what the form showed before, so that only what the reader changed is changed.

    Raises:
        Absent: there is no such participant.
        Meanwhile: somebody else changed the same.
        Faults: something cannot be taken, field by field.
    """
    one, present = await as_it_stands(participant_id, ports)
    if was is not None:
        typed, both = person_form.merged(was, typed, present)
        if both:
            raise Meanwhile(both, typed)
    changes = person_form.read(typed)
    own = await ports.own()
    today = own.today(ports.clock.now())
    told = Application.model_validate({**life.told_by(one, own).model_dump(), **changes})
    if found := list(application.faults(told, today)):
        raise Faults({_beside(fault): fault for fault in reversed(found)})
    try:
        return await update_participant(participant_id, changes, ports, by)
    except Invalid as fault:
        raise Faults({_beside(fault): fault}) from fault


def _changed(field: str) -> NotNow:
    return NotNow(
        "changed_meanwhile",
        "Somebody else changed this while you were typing. Send again to keep what stands here.",
        field=field,
    )


def _beside(fault: Invalid) -> str:
    """Next to which field of the form a fault of the rules is shown."""
    return {"partner_gender": "same_gender"}.get(fault.field, fault.field or "first_name")
