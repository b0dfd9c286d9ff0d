"""Somebody who is known signed up once more: a coordinator holds the two side by side and takes over what is right."""

from __future__ import annotations

from collections.abc import Mapping

from duolangue.chassis.decision import Change
from duolangue.registration.domain import again, life
from duolangue.registration.domain.history import Act
from duolangue.registration.domain.merging import Choice, Comparison
from duolangue.registration.domain.participant import Participant
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.participants import change_participant


async def compare(participant_id: str, ports: Ports) -> Comparison:
    """Hold the two side by side.

    Raises:
        Absent: there is no such participant.
        NotNow: they did not sign up again, or somebody looked at it.
    """
    known = await ports.participants.get(participant_id)
    return Comparison(known, again.as_said(known, await ports.own()))


async def take_over(
    participant_id: str, choices: Mapping[str, Choice], by: str, ports: Ports, *, guards: bool
) -> Participant:
    """Take over what was chosen, and what they agreed to. Raises as `again.taken`, and `AlreadyKnown`."""
    own, now = await ports.own(), ports.clock.now()

    def decide(present: Participant) -> Change[Participant] | None:
        change = again.taken(present, choices, own, now, guards=guards)
        return life.remembered(change, Act.RETOLD, now, by)

    return await change_participant(participant_id, decide, ports)
