"""What registration tells of participants."""

from __future__ import annotations

from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import enrolments


async def know(participant: Participant, version: int, ports: Ports) -> None:
    """Keep how somebody stands, if that is news; who left gives up their places, in whatever order facts come."""
    await ports.participants.apply(participant, version)
    present = await ports.participants.find(participant.id)
    if present is not None and present.status is ParticipantStatus.LEFT:
        await enrolments.leave(participant.id, ports)
