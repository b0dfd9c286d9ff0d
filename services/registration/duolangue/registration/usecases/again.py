"""Somebody who is known signed up once more: a coordinator holds the two side by side and takes over what is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from duolangue.chassis.decision import Change
from duolangue.registration.domain import again, life, merging
from duolangue.registration.domain.history import Act
from duolangue.registration.domain.merging import Choice
from duolangue.registration.domain.participant import Participant
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.participants import change_participant


@dataclass(frozen=True, slots=True)
class Retold:
    """What is known, and what they said when they signed up again."""

    known: Participant
    said: Participant
    fields: list[str]

    def proposed(self, field: str) -> Choice:
        """What is chosen where nobody chooses: lists are joined, gaps filled, all else stays as it is known."""
        return merging.proposed(self.known, self.said, field)


async def compare(participant_id: str, ports: Ports) -> Retold:
    """Hold the two side by side.

    Raises:
        Absent: there is no such participant.
        NotNow: they did not sign up again, or somebody looked at it.
    """
    known = await ports.participants.get(participant_id)
    said = again.as_said(known, await ports.own())
    return Retold(known, said, merging.differing(known, said))


async def take_over(
    participant_id: str, choices: Mapping[str, Choice], by: str, ports: Ports, *, guards: bool
) -> Participant:
    """Take over what was chosen, and what they agreed to. Raises as `again.taken`, and `AlreadyKnown`."""
    own, now = await ports.own(), ports.clock.now()

    def decide(present: Participant) -> Change[Participant] | None:
        change = again.taken(present, choices, own, now, guards=guards)
        return life.remembered(change, Act.RETOLD, now, by)

    return await change_participant(participant_id, decide, ports)
