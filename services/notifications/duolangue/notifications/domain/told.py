"""What other services told of their entities: only what deciding and writing messages needs."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.facts.matching import DuoOrigin, DuoStatus, ParticipationStatus
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import EntityId, Interest, Language, Role, Slot, Week


class Association(BaseModel):
    """The association, by its slug."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    language: Language
    timezone: str
    commitment_minutes: int


class Participant(BaseModel):
    """Whether somebody is still there, and in which roles."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    status: ParticipantStatus
    roles: tuple[Role, ...] = ()
    merged_into: EntityId | None = None
    """The record that stays, where this one was the same person's."""
    runs_a_duo: bool = False
    """Came with a duo that was already running."""

    @property
    def gone(self) -> bool:
        """Left or erased: nothing more is told."""
        return self.status in {ParticipantStatus.LEFT, ParticipantStatus.ERASED}


class Duo(BaseModel):
    """A duo as matching last told it."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    newcomer: EntityId
    volunteer: EntityId
    status: DuoStatus
    origin: DuoOrigin
    accepted_by: tuple[Role, ...] = ()
    asking: tuple[Role, ...] = tuple(Role)
    """Who is asked at present, of those who have not answered."""
    shared_interests: tuple[Interest, ...] = ()
    shared_slots: tuple[Slot, ...] = ()

    @property
    def awaited(self) -> tuple[Role, ...]:
        """Whose answer is waited for: asked, and nothing heard. An older fact says of both that they are asked."""
        open_sides = self.asking if self.status is DuoStatus.PROPOSED else ()
        return tuple(side for side in open_sides if side not in self.accepted_by)

    def side(self, person: str) -> Role:
        """On which side somebody stands."""
        return Role.NEWCOMER if person == self.newcomer else Role.VOLUNTEER

    def person(self, side: Role) -> str:
        """Who stands on a side."""
        return self.newcomer if side is Role.NEWCOMER else self.volunteer

    def partner(self, person: str) -> str:
        """The other one."""
        return self.person(self.side(person).other)

    @property
    def running(self) -> bool:
        """Confirmed and not ended; perhaps on a break."""
        return self.status in {DuoStatus.CONFIRMED, DuoStatus.PAUSED}


class LastQuestion(BaseModel):
    """Whether somebody who stayed silent is still asked if they want to take part."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    participant: EntityId
    status: ParticipationStatus

    @property
    def open(self) -> bool:
        """An answer is waited for."""
        return self.status is ParticipationStatus.QUESTIONED


class Conversation(BaseModel):
    """A logged conversation; its id is the session's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    duo: EntityId
    week: Week
    minutes: int
