"""An activity: what it is and how it stands. What becomes of it is decided in `announcing`, who has a place in it in `enrolment`."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import RuleBroken
from duolangue.contracts.facts.activities import ActivityKind, ActivityState, ActivityStatus
from duolangue.contracts.requests import ActivityTold
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.domain.seats import Room

MOST_PLACES: Final = 500
MOST_MEETINGS: Final = 250


ANSWERS_KEPT: Final = timedelta(days=90)
"""How long what people answered about whom an activity is for is kept once it is over: as long as who pays for it asks."""


class Status(StrEnum):
    """The life of an activity; what is public of it has the same names in the contracts."""

    DRAFT = "draft"
    """Somebody proposed it, or a coordinator began it."""
    READY = "ready"
    """Prepared with its host: when, where, for how many."""
    PUBLISHED = "published"
    DONE = "done"
    CANCELLED = "cancelled"


PUBLIC: Final = frozenset({Status.PUBLISHED, Status.DONE, Status.CANCELLED})
PREPARED: Final = frozenset({Status.DRAFT, Status.READY})
"""Nobody outside the desk knows of it but its host."""
COMING: Final = PREPARED | {Status.PUBLISHED}
"""It may take place yet."""


class NotOpen(RuleBroken):
    """An activity that nobody can enrol in now."""

    code = "not_open"
    status = 409


class Activity(BaseModel):
    """What an association organises: a workshop, an outing, an activation module, a course."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    kind: ActivityKind
    status: Status
    title: str = Field(max_length=120)
    text: str = Field(default="", max_length=4000)
    """What it is about, in the host's own words."""
    wishes: str = Field(default="", max_length=1000)
    """When it suits the host and what is needed: for the coordinator."""
    proposed: bool = False
    """Its host proposed it, in their own words: while nobody else knows of it, it goes when they are erased."""
    host: EntityId | None = None
    """The participant who gives it; none where the association's own people do."""
    host_counted: str = ""
    """The key under which figures count a host who was erased; it leads to nobody and stays here."""
    words_go: bool = False
    """Its words are those of a host who was erased: they are needed until it is over."""
    host_left: bool = False
    """Whoever was to give it left the association, and nobody was named instead."""
    coordinator: str = ""
    """The coordinator who accompanies it."""
    timezone: str
    """Its hours are on these clocks."""
    meetings: tuple[Meeting, ...] = Field(default=(), max_length=MOST_MEETINGS)
    """In order of time."""
    capacity: int = Field(default=12, ge=1, le=MOST_PLACES)
    balanced: bool = False
    """Half newcomers, half locals, until the rule relaxes."""
    relaxed: bool = False
    """The rule no longer holds, so that no place stays empty."""
    relax_hours: int = Field(default=48, ge=0, le=720)
    """How long before the first meeting the rule relaxes: an hour at least, for whoever waits to hear of it."""
    offer_hours: int = Field(default=24, ge=1, le=168)
    """How long an offered place is kept, once the offer was really sent."""
    reminder_hours: int = Field(default=24, ge=1, le=168)
    """How long before a meeting its people are reminded."""
    rules: tuple[Rule, ...] = ()
    """What whoever enrols is asked."""
    shows_names: bool = False
    """Whether whoever has a place sees the first names of the others."""
    plan: int = Field(default=1, ge=1)
    """The number of the present times and places: it grows when one moves after publication."""
    reminded: tuple[EntityId, ...] = ()
    """The meetings whose people were reminded."""
    unsettled_at: AwareDatetime | None = None
    """Since when its enrolments are to be looked at: something changed that concerns them."""
    made_at: AwareDatetime
    published_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    """When it was done or cancelled."""
    answers_forgotten: bool = False
    """Whether what people answered about whom it is for is gone."""

    @property
    def without_words(self) -> dict[str, Any]:
        """What is forgotten once it is over."""
        return {"text": "", "words_go": False} if self.words_go else {}

    @cached_property
    def zone(self) -> ZoneInfo:
        """Its clocks."""
        return ZoneInfo(self.timezone)

    @property
    def starts_at(self) -> datetime | None:
        """When the first meeting begins, in UTC."""
        return min((meeting.starts_at(self.zone) for meeting in self.meetings), default=None)

    @property
    def ends_at(self) -> datetime | None:
        """When the last meeting is over, in UTC."""
        return max((meeting.ends_at(self.zone) for meeting in self.meetings), default=None)

    def begun(self, now: datetime) -> bool:
        """Whether its first meeting has begun."""
        return self.starts_at is not None and self.starts_at <= now

    def next_start(self, now: datetime) -> datetime | None:
        """When its next meeting begins, in UTC; none once the last one has begun."""
        return min((at for each in self.meetings if (at := each.starts_at(self.zone)) > now), default=None)

    @property
    def room(self) -> Room:
        """Its places, as they are kept now."""
        return Room(self.capacity, self.balanced and not self.relaxed)

    def meeting(self, meeting_id: str) -> Meeting | None:
        """One of its meetings."""
        return next((meeting for meeting in self.meetings if meeting.id == meeting_id), None)

    def next_meeting(self, now: datetime) -> Meeting | None:
        """The first that is not over."""
        return next((meeting for meeting in self.meetings if meeting.ends_at(self.zone) > now), None)

    @property
    def relaxes_at(self) -> datetime | None:
        """When places are no longer kept for sides; none where they never were."""
        starts_at = self.starts_at
        return starts_at - timedelta(hours=max(1, self.relax_hours)) if self.balanced and starts_at else None

    def reminder_at(self, meeting: Meeting) -> datetime:
        """When the people of a meeting are reminded of it."""
        return meeting.starts_at(self.zone) - timedelta(hours=self.reminder_hours)

    @property
    def answers_until(self) -> datetime | None:
        """Until when what people answered about whom it is for is kept, once it is over; none where nothing was asked."""
        asked = self.rules and not self.answers_forgotten
        return self.closed_at + ANSWERS_KEPT if asked and self.closed_at is not None else None

    @property
    def due_at(self) -> datetime | None:
        """When something is to be done about it next."""
        moments = [self.unsettled_at]
        if self.status is Status.PUBLISHED:
            moments.append(self.ends_at)
            moments += [self.reminder_at(meeting) for meeting in self.meetings if meeting.id not in self.reminded]
            if not self.relaxed:
                moments.append(self.relaxes_at)
        moments.append(self.answers_until)
        return min((moment for moment in moments if moment is not None), default=None)

    def over(self, now: datetime) -> bool:
        """Whether all of it took place: who had a place then, had one."""
        return self.status is Status.DONE or (
            self.status is Status.PUBLISHED and self.ends_at is not None and self.ends_at <= now
        )

    def open_to_people(self, now: datetime, *, waited: bool = False) -> None:
        """Whether a participant may enrol: until the first meeting begins; who `waited` for a place already, until the last one does.

        Raises:
            NotOpen: it is not announced, over, cancelled, or has begun.
        """
        self.open_to_desk()
        if self.next_start(now) is None or (self.begun(now) and not waited):
            raise NotOpen("This has begun already. Ask your coordinator whether you can still come.")

    def open_to_desk(self) -> None:
        """Whether a coordinator may enrol somebody: until it is over.

        Raises:
            NotOpen: it is not announced, over or cancelled.
        """
        match self.status:
            case Status.CANCELLED:
                raise NotOpen("This does not take place any more.")
            case Status.DONE:
                raise NotOpen("This is over.")
            case Status.DRAFT | Status.READY:
                raise NotOpen("This is not announced yet.")
            case Status.PUBLISHED:
                return

    def told(self) -> ActivityTold:
        """Its words, times and places, for whoever writes to its people."""
        return ActivityTold(
            kind=self.kind,
            title=self.title,
            timezone=self.timezone,
            meetings=[meeting.told(self.zone) for meeting in self.meetings],
            offer_hours=self.offer_hours,
        )

    def state(self) -> dict[str, Any]:
        """The values of its facts.

        Raises:
            ValueError: nothing of it is public.
        """
        return {
            "kind": self.kind,
            "status": ActivityStatus(self.status.value),
            "host": self.host,
            "meetings": [meeting.time_told(self.zone) for meeting in self.meetings],
            "capacity": self.capacity,
            "balanced": self.balanced,
            "plan": self.plan,
            "reminder_hours": self.reminder_hours,
        }


def tell(kind: type[ActivityState], activity: Activity, **more: Any) -> ActivityState:
    """The fact of this kind about an activity as it stands."""
    return kind(**activity.state(), **more)
