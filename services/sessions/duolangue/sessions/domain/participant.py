"""What sessions needs to know of a participant: whether they take part, and on which side. Who they are is registration's."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import EntityId, Level, Role

TAKING_PART: Final = frozenset({ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED})
"""Who can enrol: a break is one from duos, not from workshops."""


class Participant(BaseModel):
    """A participant as registration last told of them."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    status: ParticipantStatus
    roles: tuple[Role, ...] = ()
    oral: Level | None = None
    """Of French, as told by whoever wants to speak it."""
    written: Level | None = None
    merged_into: EntityId | None = None
    """The record that stays, where this one was the same person's."""

    @property
    def takes_part(self) -> bool:
        """Whether they can enrol."""
        return self.status in TAKING_PART

    @property
    def side(self) -> Role:
        """Newcomer or local: who is (also) a newcomer counts as one, whoever wants no partner as a local."""
        return Role.NEWCOMER if Role.NEWCOMER in self.roles else Role.VOLUNTEER
