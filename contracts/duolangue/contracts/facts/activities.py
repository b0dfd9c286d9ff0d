"""Facts of sessions about activities: what is announced, who has a place in it, who came. No title, no name, no address, no answer."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from duolangue.contracts.envelope import Fact, Payload
from duolangue.contracts.vocabulary import EntityId, Role


class ActivityKind(StrEnum):
    """What an association organises."""

    WORKSHOP = "workshop"
    COURSE = "course"
    LESSON = "lesson"
    """An hour of one teacher for one participant."""
    OUTING = "outing"
    MODULE = "module"
    """Activation: volunteering inside the CPAS, an integration group, preparation for work."""


class ActivityStatus(StrEnum):
    """Where an activity that was announced stands."""

    PUBLISHED = "published"
    DONE = "done"
    CANCELLED = "cancelled"


class MeetingTime(Payload):
    """One of an activity's meetings."""

    starts_at: AwareDatetime
    minutes: int = Field(ge=1, le=1440)
    online: bool = False


class ActivityState(Fact):
    """What others know of an activity. Its words and places are asked of sessions."""

    kind: ActivityKind
    status: ActivityStatus
    host: EntityId | None = None
    """The participant who gives it, where one does."""
    meetings: list[MeetingTime] = Field(max_length=250)
    capacity: int = Field(ge=1)
    balanced: bool = False
    """Whether half of its places are kept for newcomers and half for locals."""
    plan: int = Field(default=1, ge=1)
    """The number of its present times and places: it grows when one of them moves."""
    reminder_hours: int = Field(default=24, ge=1)
    """How long before a meeting its people are reminded of it."""


class ActivityPublished(ActivityState, owner="sessions", entity="activity", fact="published"):
    """An activity is announced: people may enrol."""


class ActivityUpdated(ActivityState, owner="sessions", entity="activity", fact="updated"):
    """Something about an announced activity changed."""


class ActivityApproaching(ActivityState, owner="sessions", entity="activity", fact="approaching"):
    """One of its meetings is near."""

    meeting_at: AwareDatetime


class ActivityDone(ActivityState, owner="sessions", entity="activity", fact="done"):
    """Its last meeting is over."""


class ActivityCancelled(ActivityState, owner="sessions", entity="activity", fact="cancelled"):
    """It does not take place (any more)."""


class EnrolmentStatus(StrEnum):
    """Where an enrolment stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    """A place became free and is kept for this participant until they answer."""
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    """The offer was not answered in time."""
    CANCELLED = "cancelled"


class CancelledBy(StrEnum):
    """Who gave an enrolment up."""

    PARTICIPANT = "participant"
    ASSOCIATION = "association"
    ACTIVITY = "activity"
    """The activity itself was cancelled."""
    DEPARTURE = "departure"
    """The participant left the association or was erased."""


class EnrolmentState(Fact):
    """One participant's place in one activity, or on its waiting list."""

    activity: EntityId
    kind: ActivityKind
    participant: EntityId
    side: Role
    """On which side they count where places are balanced: a local counts as a volunteer."""
    status: EnrolmentStatus
    cancelled_by: CancelledBy | None = None


class EnrolmentConfirmed(EnrolmentState, owner="sessions", entity="enrolment", fact="confirmed"):
    """Somebody has a place."""


class EnrolmentWaitlisted(EnrolmentState, owner="sessions", entity="enrolment", fact="waitlisted"):
    """Somebody waits for a place."""


class EnrolmentOffered(EnrolmentState, owner="sessions", entity="enrolment", fact="offered"):
    """A place became free for somebody who waited."""

    kept_until: AwareDatetime
    """At the latest; sooner once the offer was really sent."""


class EnrolmentLapsed(EnrolmentState, owner="sessions", entity="enrolment", fact="lapsed"):
    """An offer was not answered in time: the place goes to the next."""


class EnrolmentCancelled(EnrolmentState, owner="sessions", entity="enrolment", fact="cancelled"):
    """Somebody's place, or wait for one, is given up."""


class EnrolmentReminded(EnrolmentState, owner="sessions", entity="enrolment", fact="reminded"):
    """A meeting is near in which somebody has a place."""

    meeting_at: AwareDatetime


class EnrolmentMoved(EnrolmentState, owner="sessions", entity="enrolment", fact="moved"):
    """Times or places changed of an activity in which somebody has a place or waits for one."""

    kept_until: AwareDatetime | None = None
    """Until when their place is kept now, where it is offered to them."""


class EnrolmentTransferred(EnrolmentState, owner="sessions", entity="enrolment", fact="transferred"):
    """Two records were one person: the same place, under the id of the record that stays. Nobody needs to be told who knows of it."""

    kept_until: AwareDatetime | None = None
    """Until when their place is kept, where it is offered to them."""


class Presence(StrEnum):
    """Whether somebody who was expected came."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


class AttendanceRecorded(Fact, owner="sessions", entity="attendance", fact="recorded"):
    """It was noted whether somebody came to a meeting. Told again when it is corrected."""

    activity: EntityId
    enrolment: EntityId
    kind: ActivityKind
    participant: EntityId
    side: Role
    held_on: date
    minutes: int = Field(ge=1, le=1440)
    presence: Presence
