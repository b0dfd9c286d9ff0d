"""What registration tells of participants."""

from __future__ import annotations

from typing import Final

from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import enrolments, hosting

MOST_MERGES: Final = 5
"""Records of one person, one after the other."""


async def know(participant: Participant, version: int, ports: Ports) -> None:
    """Keep how somebody stands, if that is news; who left gives up their places and gives nothing more, in whatever order facts come."""
    await ports.participants.apply(participant, version)
    present = await ports.participants.find(participant.id)
    if present is not None and present.status is ParticipantStatus.LEFT:
        await enrolments.leave(participant.id, ports)
        await hosting.leave(participant.id, ports)


async def who_stays(participant: str, ports: Ports) -> str:
    """Whose record somebody's is today: another one where two were one person."""
    for _ in range(MOST_MERGES):
        known = await ports.participants.find(participant)
        if known is None or known.merged_into is None:
            break
        participant = known.merged_into
    return participant
