"""Facts of matching: duos and the figures of a run. Reasons for declining or ending stay in matching."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from duolangue.contracts.envelope import Fact
from duolangue.contracts.vocabulary import EntityId, Interest, Language, Role, Slot


class DuoStatus(StrEnum):
    """The public life of a duo; drafts are matching's own affair."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    PAUSED = "paused"
    DECLINED = "declined"
    EXPIRED = "expired"
    ENDED = "ended"


class DuoOrigin(StrEnum):
    """How a duo came to be."""

    RUN = "run"
    BY_HAND = "by_hand"
    IMPORT = "import"


class DuoState(Fact):
    """What others know of a duo."""

    newcomer: EntityId
    volunteer: EntityId
    status: DuoStatus
    origin: DuoOrigin
    accepted_by: list[Role] = []
    asking: list[Role] = [Role.NEWCOMER, Role.VOLUNTEER]
    """Who is asked at present, of those who have not answered; nobody once the proposal is closed."""
    shared_interests: list[Interest] = []
    shared_languages: list[Language] = []
    """Languages other than French that both speak."""
    shared_slots: list[Slot] = []
    """Moments that suit both, the most convenient for a first call first; empty when none is known."""
    proposed_at: AwareDatetime | None = None
    confirmed_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None

    def person(self, side: Role) -> str:
        """The participant on one side."""
        return self.newcomer if side is Role.NEWCOMER else self.volunteer


class DuoProposed(DuoState, owner="matching", entity="duo", fact="proposed"):
    """A coordinator approved the pair: both are to be asked."""


class DuoAccepted(DuoState, owner="matching", entity="duo", fact="accepted"):
    """One side said yes."""


class DuoUnanswered(DuoState, owner="matching", entity="duo", fact="unanswered"):
    """Somebody who was really asked has not answered for a while: they are to be reminded, once."""

    silent: list[Role] = []
    """Who is to be reminded."""


class DuoConfirmed(DuoState, owner="matching", entity="duo", fact="confirmed"):
    """Both said yes, or the duo was already running when it was imported."""


class DuoDeclined(DuoState, owner="matching", entity="duo", fact="declined"):
    """One side said no."""


class DuoExpired(DuoState, owner="matching", entity="duo", fact="expired"):
    """No answer came in time."""


class DuoPaused(DuoState, owner="matching", entity="duo", fact="paused"):
    """The duo takes a break: nothing is owed meanwhile."""


class DuoResumed(DuoState, owner="matching", entity="duo", fact="resumed"):
    """The duo goes on."""


class DuoEnded(DuoState, owner="matching", entity="duo", fact="ended"):
    """The duo is over, whatever the reason."""


class MatchingCompleted(Fact, owner="matching", entity="matching", fact="completed"):
    """A run is done. Figures only."""

    newcomers: int = Field(ge=0)
    """Who waited when it began."""
    volunteers: int = Field(ge=0)
    places: int = Field(ge=0)
    """Free places of the volunteers."""
    pairs: int = Field(ge=0)
    waiting: int = Field(ge=0)
    """Newcomers left without a pair."""
    score: int = Field(ge=0)
    """The pairs' total, in millionths."""
    started_at: AwareDatetime
    finished_at: AwareDatetime


class ShortageDetected(Fact, owner="matching", entity="shortage", fact="detected"):
    """A run is done and left people without a pair. Counts only; the entity is the run."""

    newcomers: int = Field(ge=1)
    """Who waited when it began."""
    places: int = Field(ge=0)
    """Free places of the volunteers when it began."""
    waiting: int = Field(ge=1)
    """Newcomers left without a pair."""
    nobody_fits: int = Field(default=0, ge=0)
    """Of those, for how many no volunteer is possible, free or not."""
    detected_at: AwareDatetime


class ParticipationStatus(StrEnum):
    """What became of the last question."""

    QUESTIONED = "questioned"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    DROPPED = "dropped"


class ParticipationState(Fact):
    """The last question to somebody who stayed silent twice: do you still want to take part?"""

    participant: EntityId
    status: ParticipationStatus


class ParticipationQuestioned(ParticipationState, owner="matching", entity="participation", fact="questioned"):
    """The question is to be put; no partner is looked for meanwhile."""


class ParticipationConfirmed(ParticipationState, owner="matching", entity="participation", fact="confirmed"):
    """They want to go on."""


class ParticipationLapsed(ParticipationState, owner="matching", entity="participation", fact="lapsed"):
    """They said no, or nothing: they are to be paused."""


class ParticipationDropped(ParticipationState, owner="matching", entity="participation", fact="dropped"):
    """The question does not matter any more: they take a break already, or left."""


class MatchingErased(Fact, owner="matching", entity="matching", fact="erased"):
    """The service's part of an erasure is done: nothing here says any more who it was. The entity's id is the participant's."""

    erased_at: AwareDatetime
