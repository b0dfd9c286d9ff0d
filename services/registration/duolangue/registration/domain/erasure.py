"""An erasure: asked for, done here at once, done when every service has answered. Only opaque ids are left of who it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantStatus
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.participant import NO_YEAR, NOWHERE, Consent, ConsentChannel, Participant, Status

SERVICES: Final = ("registration", "matching", "sessions", "notifications")
"""Whose answers close an erasure."""
LOOKED_AT_AGAIN: Final = timedelta(minutes=1)
"""When an erasure that was interrupted is taken up again."""
NEVER: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Cause(StrEnum):
    """Why somebody is erased."""

    ASKED = "asked"
    """They asked for it on their own page."""
    COORDINATOR = "coordinator"
    """A coordinator did it for them."""
    RETENTION = "retention"
    """They left long ago, or their application led nowhere."""
    RESTORED = "restored"
    """They had been erased before a backup was restored that still held them."""


class Erasure(BaseModel):
    """One erasure. Its id is the participant's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    cause: Cause
    by: EntityId | None = None
    """The coordinator who did it, if one did."""
    requested_at: datetime
    answered: dict[str, datetime] = {}
    """When each service was done, by its name."""
    closed_at: datetime | None = None
    due_at: datetime | None = None
    """When this service's own part is taken up (again); none once it is done."""

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The services that have not answered."""
        return tuple(name for name in SERVICES if name not in self.answered)


def ask(participant: str, cause: Cause, by: str | None, now: datetime) -> Erasure:
    """Somebody is to be erased."""
    return Erasure(id=participant, cause=cause, by=by, requested_at=now, due_at=now + LOOKED_AT_AGAIN)


def answer(erasure: Erasure, service: str, at: datetime) -> Change[Erasure] | None:
    """A service is done with its part; the erasure is closed when all are."""
    if service in erasure.answered:
        return None
    answered = {**erasure.answered, service: at}
    closed = at if all(name in answered for name in SERVICES) else None
    done = {"due_at": None} if service == "registration" else {}
    return Change(erasure.model_copy(update={"answered": answered, "closed_at": closed, **done}))


def tombstone(participant: Participant) -> Change[Participant] | None:
    """All that is known of somebody becomes nothing but their id; none when that is so already."""
    if participant.status is Status.ERASED:
        return None
    left = Participant(
        id=participant.id,
        status=Status.ERASED,
        roles=[],
        first_name="",
        birth_year=NO_YEAR,
        postcode=NOWHERE,
        ui_language="fr",
        consent=Consent(given_at=NEVER, channel=ConsentChannel.WEB, text_version=""),
        applied_at=NEVER,
        identities=[f"erased|{participant.id}"],
    )
    return Change(left, (ParticipantErased(status=ParticipantStatus.ERASED, roles=[]),))
