"""What becomes of an activity: pure decisions. Proposed, prepared, announced, held; or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.activities import (
    ActivityCancelled,
    ActivityKind,
    ActivityPublished,
    ActivityUpdated,
)
from duolangue.sessions.domain.activity import COMING, MOST_PLACES, PREPARED, PUBLIC, Activity, Status, tell
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.domain.meeting import LONGEST, SHORTEST, Meeting

Decision = Change[Activity] | None
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 4000


class WordsMissing(RuleBroken):
    """An activity without a title or without words."""

    code = "words_missing"


class MeetingWrong(RuleBroken):
    """A time or a place that cannot be."""

    code = "meeting_wrong"


class PlacesWrong(RuleBroken):
    """Too few or too many places."""

    code = "places_wrong"


class NotNow(RuleBroken):
    """What the activity's state does not allow."""

    code = "not_now"
    status = 409


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a coordinator decides about an activity."""

    title: str
    text: str = ""
    meetings: Sequence[Meeting] = ()
    capacity: int = 12
    balanced: bool = False
    rules: Sequence[Rule] = ()
    shows_names: bool = False
    host: str | None = None
    relax_hours: int = 48
    offer_hours: int = 24
    reminder_hours: int = 24
    more: dict[str, Any] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """As the activity keeps them.

        Raises:
            WordsMissing, PlacesWrong: a field is not right.
        """
        title = " ".join(self.title.split())
        if not title:
            raise WordsMissing("Please give it a title.", field="title")
        if len(title) > LONGEST_TITLE:
            raise WordsMissing("A title has at most 120 letters.", field="title")
        if len(self.text) > LONGEST_TEXT:
            raise WordsMissing("This text is too long: at most 4,000 letters.", field="text")
        if not 1 <= self.capacity <= MOST_PLACES:
            raise PlacesWrong("There are between 1 and 500 places.", field="capacity")
        return {
            "title": title,
            "text": self.text.strip(),
            "meetings": tuple(sorted(self.meetings, key=lambda meeting: (meeting.day, meeting.begins, meeting.id))),
            "capacity": self.capacity,
            "balanced": self.balanced,
            "rules": tuple(rule for rule in Rule if rule in self.rules),
            "shows_names": self.shows_names,
            "host": self.host,
            "relax_hours": self.relax_hours,
            "offer_hours": self.offer_hours,
            "reminder_hours": self.reminder_hours,
            **self.more,
        }


def propose(activity: str, host: str, title: str, text: str, wishes: str, timezone: str, now: datetime) -> Activity:
    """A participant would like to give a workshop, in their own words.

    Raises:
        WordsMissing: it has no title, or nothing is said about it.
    """
    if not text.strip():
        raise WordsMissing("Please say in a few words what you want to show or do.", field="text")
    values = {**Plan(title, text, host=host).values(), "wishes": wishes.strip(), "proposed": True}
    return Activity(
        id=activity, kind=ActivityKind.WORKSHOP, status=Status.DRAFT, timezone=timezone, made_at=now, **values
    )


def begin(activity: str, kind: ActivityKind, plan: Plan, coordinator: str, timezone: str, now: datetime) -> Activity:
    """A coordinator begins one.

    Raises:
        WordsMissing, PlacesWrong: a field is not right.
    """
    values = _of_kind(kind, plan.values())
    return Activity(
        id=activity, kind=kind, status=Status.DRAFT, coordinator=coordinator, timezone=timezone, made_at=now, **values
    )


def again(activity: Activity, new_id: str, coordinator: str, now: datetime) -> Activity:
    """The same once more, as a draft without times."""
    kept = activity.model_copy(
        update={
            "id": new_id, "status": Status.DRAFT, "coordinator": coordinator, "meetings": (), "relaxed": False, "plan": 1, "reminded": (),
            "unsettled_at": None, "made_at": now, "published_at": None, "closed_at": None, "host_counted": "",
            "host": None if activity.host_left else activity.host, "host_left": False, "answers_forgotten": False,
            "proposed": False, **activity.without_words,
        }
    )  # fmt: skip
    return Activity.model_validate(kept.model_dump())


def change(activity: Activity, plan: Plan, coordinator: str, now: datetime, held: int = 0) -> Decision:
    """What a coordinator decided anew. Whoever has a place is told when a time or a place moved; nobody loses a place.

    Raises:
        WordsMissing, MeetingWrong, PlacesWrong: a field is not right.
        NotNow: it is over or cancelled.
    """
    if activity.status not in COMING:
        raise NotNow("This is over: it cannot be changed any more.")
    values = plan.values()
    if activity.status is Status.PUBLISHED:
        values["meetings"] = _with_begun(activity, values["meetings"], now)
    state = _anew(activity, {**_of_kind(activity.kind, values), "coordinator": activity.coordinator or coordinator})
    if state == activity:
        return None
    if activity.status in PREPARED:
        return Change(state)
    _announceable(state, now, begun=activity)
    if state.capacity < held:
        raise PlacesWrong("More people have a place already.", field="capacity")
    moved = _appointments(state) != _appointments(activity)
    same = {
        meeting.id
        for meeting in activity.meetings
        if (new := state.meeting(meeting.id)) and new.same_appointment(meeting)
    }
    state = state.model_copy(
        update={
            "plan": activity.plan + int(moved),
            "reminded": tuple(each for each in activity.reminded if each in same),
            "relaxed": activity.relaxed and state.relaxes_at is not None and state.relaxes_at <= now,
            "unsettled_at": now,
        }
    )
    return Change(state, (tell(ActivityUpdated, state),))


def widened(activity: Activity, capacity: int) -> Decision:
    """There are as many places as before after all: more people had one by the time there were to be fewer."""
    if activity.status is not Status.PUBLISHED or activity.capacity >= capacity:
        return None
    state = activity.model_copy(update={"capacity": capacity})
    return Change(state, (tell(ActivityUpdated, state),))


def ready(activity: Activity, coordinator: str, now: datetime) -> Decision:
    """Everything is agreed with the host: it can be announced.

    Raises:
        MeetingWrong: it has no time or place, or one that is over.
        NotNow: it was announced already, or is over.
    """
    if activity.status is Status.READY:
        return None
    if activity.status is not Status.DRAFT:
        raise NotNow("This was announced already.")
    _announceable(activity, now)
    return Change(
        activity.model_copy(update={"status": Status.READY, "coordinator": activity.coordinator or coordinator})
    )


def unready(activity: Activity, nobody: bool, now: datetime) -> Decision:
    """Back to the preparation: a ready one, or one that was announced while nobody has enrolled and none of it was held.

    Raises:
        NotNow: somebody has enrolled, or it has begun.
    """
    if activity.status is Status.DRAFT:
        return None
    if activity.status is Status.READY:
        return Change(activity.model_copy(update={"status": Status.DRAFT}))
    if activity.status is Status.PUBLISHED and activity.begun(now):
        raise NotNow("This has begun: it cannot go back to the preparation.")
    if activity.status is Status.PUBLISHED and nobody:
        state = activity.model_copy(update={"status": Status.CANCELLED})
        back = activity.model_copy(
            update={"status": Status.DRAFT, "published_at": None, "relaxed": False, "reminded": ()}
        )
        return Change(back, (tell(ActivityCancelled, state),))
    raise NotNow("Somebody has enrolled: cancel it, and they are told.")


def publish(activity: Activity, coordinator: str, now: datetime) -> Decision:
    """Announce it: people may enrol.

    Raises:
        MeetingWrong: it has no time or place, or one that is over.
        NotNow: it is over or cancelled.
    """
    if activity.status is Status.PUBLISHED:
        return None
    if activity.status not in PREPARED:
        raise NotNow("This is over. You can make it again.")
    _announceable(activity, now)
    state = activity.model_copy(
        update={
            "status": Status.PUBLISHED, "published_at": now, "coordinator": activity.coordinator or coordinator,
        }
    )  # fmt: skip
    return Change(state, (tell(ActivityPublished, state),))


def cancel(activity: Activity, now: datetime) -> Decision:
    """It does not take place: everybody who enrolled is told.

    Raises:
        NotNow: it is over.
    """
    if activity.status is Status.CANCELLED:
        return None
    if activity.status is Status.DONE:
        raise NotNow("This is over: it cannot be cancelled any more.")
    announced = activity.status is Status.PUBLISHED
    update: dict[str, Any] = {
        "status": Status.CANCELLED, "closed_at": now, "unsettled_at": now if announced else None, **activity.without_words
    }  # fmt: skip
    state = activity.model_copy(update=update)
    return Change(state, (tell(ActivityCancelled, state),) if announced else ())


def lasted(activity: Activity, meeting_id: str, minutes: int) -> Decision:
    """A meeting that has begun was longer or shorter than planned. Nobody is told: whoever came knows.

    Raises:
        MeetingWrong: shorter or longer than any meeting is.
        NotNow: it never took place.
    """
    if activity.status not in PUBLIC:
        raise NotNow("This does not take place (yet): there is nothing to note.")
    if not SHORTEST <= minutes <= LONGEST:
        raise MeetingWrong("Between 15 and 720 minutes.", field="minutes")
    meetings = tuple(
        each.model_copy(update={"minutes": minutes}) if each.id == meeting_id else each for each in activity.meetings
    )
    if meetings == activity.meetings:
        return None
    state = activity.model_copy(update={"meetings": meetings})
    return Change(state, (tell(ActivityUpdated, state),))


def _of_kind(kind: ActivityKind, values: dict[str, Any]) -> dict[str, Any]:
    """An hour for lessons is one, and one person's."""
    if kind is not ActivityKind.LESSON:
        return values
    if len(values["meetings"]) > 1:
        raise MeetingWrong("These are too many meetings for one activity.", field="meetings")
    return {**values, "capacity": 1, "balanced": False}


def _anew(activity: Activity, values: dict[str, Any]) -> Activity:
    return Activity.model_validate({**activity.model_dump(), **values})


def _with_begun(activity: Activity, meetings: Sequence[Meeting], now: datetime) -> tuple[Meeting, ...]:
    """What was held can neither be taken away nor moved: people came to it."""
    held = {each.id: each for each in activity.meetings if each.starts_at(activity.zone) <= now}
    coming = [each for each in meetings if each.id not in held]
    return tuple(sorted((*coming, *held.values()), key=lambda meeting: (meeting.day, meeting.begins, meeting.id)))


def _appointments(activity: Activity) -> list[dict[str, Any]]:
    return [meeting.model_dump() for meeting in activity.meetings]


def _announceable(activity: Activity, now: datetime, begun: Activity | None = None) -> None:
    """Times and places are there, and to come; of one that has begun only what moves must be."""
    if not activity.meetings:
        raise MeetingWrong("Say at least one day and hour.", field="meetings")
    for meeting in activity.meetings:
        before = begun.meeting(meeting.id) if begun else None
        if before is not None and before.same_appointment(meeting):
            continue
        if not (meeting.place.strip() or meeting.link):
            raise MeetingWrong("Say where it is: a place, or the link of a video room.", field="meetings")
        if meeting.starts_at(activity.zone) <= now:
            raise MeetingWrong("This moment is over already.", field="meetings")
