"""Who came to a meeting, as its host or a coordinator noted it. Pure decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.activities import ActivityKind, AttendanceRecorded, Presence
from duolangue.contracts.vocabulary import EntityId, Role
from duolangue.sessions.domain.activity import PUBLIC, Activity, Status
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.meeting import Meeting

EARLY: Final = timedelta(hours=1)
"""Before a meeting begins its list can be filled in, as people arrive."""


class TooEarly(RuleBroken):
    """Who came cannot be known yet."""

    code = "too_early"
    status = 409


class Attendance(BaseModel):
    """Whether one participant came to one meeting. Its id is made of the enrolment and the meeting."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    activity: EntityId
    meeting: EntityId
    enrolment: EntityId
    kind: ActivityKind
    participant: EntityId
    side: Role
    held_on: date
    minutes: int = Field(ge=1, le=1440)
    presence: Presence
    given_by: str | None = None
    """The participant who gave the meeting; empty where nobody who takes part did. None where it was noted before this was kept."""
    noted_by: str = ""
    """The coordinator; empty where the host noted it."""
    noted_at: AwareDatetime

    def fact(self) -> AttendanceRecorded:
        """As it is told."""
        return AttendanceRecorded(
            activity=self.activity,
            enrolment=self.enrolment,
            kind=self.kind,
            participant=self.participant,
            side=self.side,
            held_on=self.held_on,
            minutes=self.minutes,
            presence=self.presence,
        )


def open_list(activity: Activity, meeting: Meeting, now: datetime) -> None:
    """Whether it can be noted now who came.

    Raises:
        TooEarly: the meeting is still to come, or never takes place; what was held before a cancellation took place.
    """
    starts_at = meeting.starts_at(activity.zone)
    never = activity.status is Status.CANCELLED and (activity.closed_at is None or activity.closed_at < starts_at)
    if activity.status not in PUBLIC or never:
        raise TooEarly("This does not take place (yet): there is nothing to note.")
    if now < starts_at - EARLY:
        raise TooEarly("You can note who came from one hour before it begins.")


def note(
    attendance_id: str,
    enrolment: Enrolment,
    meeting: Meeting,
    presence: Presence,
    by: str,
    now: datetime,
    host: str = "",
) -> Change[Attendance]:
    """For the first time; `host` is the participant who gives it at that moment."""
    state = Attendance(
        id=attendance_id,
        activity=enrolment.activity,
        meeting=meeting.id,
        enrolment=enrolment.id,
        kind=enrolment.kind,
        participant=enrolment.participant,
        side=enrolment.side,
        held_on=meeting.day,
        minutes=meeting.minutes,
        presence=presence,
        given_by=host,
        noted_by=by,
        noted_at=now,
    )
    return Change(state, (state.fact(),))


def corrected(
    known: Attendance, presence: Presence, by: str, now: datetime, meeting: Meeting | None = None
) -> Change[Attendance] | None:
    """Somebody noted it differently, or the meeting was moved since; the same again changes nothing."""
    when = {"held_on": meeting.day, "minutes": meeting.minutes} if meeting else {}
    state = known.model_copy(update={"presence": presence, **when})
    if state == known:
        return None
    state = state.model_copy(update={"noted_by": by, "noted_at": now})
    return Change(state, (state.fact(),))


def given(known: Attendance, host: str) -> Change[Attendance] | None:
    """Whoever gave the meeting is another record, or nobody any more."""
    return None if known.given_by == host else Change(known.model_copy(update={"given_by": host}))


def better(own: Attendance, other: Attendance) -> bool:
    """Whether the other of two records of one person at one meeting says more for them."""
    return _WORTH.index(other.presence) < _WORTH.index(own.presence)


_WORTH: Final = (Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT)
