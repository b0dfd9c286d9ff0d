"""What is due for an activity that was announced: pure decisions. People are told and reminded, the balance relaxes, it is over."""

from __future__ import annotations

from datetime import datetime

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.activities import ActivityApproaching, ActivityDone, ActivityKind
from duolangue.sessions.domain.activity import Activity, Status, tell
from duolangue.sessions.domain.announcing import Decision
from duolangue.sessions.domain.meeting import Meeting


def settled(activity: Activity, since: datetime | None) -> Decision:
    """Its enrolments were looked at, as they were to be since then."""
    if activity.unsettled_at is None or activity.unsettled_at != since:
        return None
    return Change(activity.model_copy(update={"unsettled_at": None}))


def approaching(activity: Activity, now: datetime) -> list[Meeting]:
    """The meetings whose people are to be reminded now."""
    if activity.status is not Status.PUBLISHED:
        return []
    return [
        each for each in activity.meetings if each.id not in activity.reminded and activity.reminder_at(each) <= now
    ]


def reminded(activity: Activity, meeting: Meeting, now: datetime, *, anybody: bool = True) -> Decision:
    """The people of a meeting were reminded; one that has begun meanwhile, or an hour that nobody booked, is passed over in silence."""
    present = activity.meeting(meeting.id)
    if meeting.id in activity.reminded or present is None or not present.same_appointment(meeting):
        return None
    state = activity.model_copy(update={"reminded": (*activity.reminded, meeting.id)})
    begun = meeting.starts_at(activity.zone) <= now
    quiet = begun or (activity.kind is ActivityKind.LESSON and not anybody)
    told = () if quiet else (tell(ActivityApproaching, state, meeting_at=meeting.starts_at(activity.zone)),)
    return Change(state, told)


def relax(activity: Activity, now: datetime) -> Decision:
    """Places are no longer kept for sides, once it is time: none is to stay empty. They are filled after that, whatever crashes between."""
    at = activity.relaxes_at
    if activity.status is not Status.PUBLISHED or activity.relaxed or at is None or at > now:
        return None
    return Change(activity.model_copy(update={"relaxed": True, "unsettled_at": now}))


def forget_answers(activity: Activity, now: datetime) -> Decision:
    """Nothing is left of what people answered about whom it was for."""
    until = activity.answers_until
    return (
        Change(activity.model_copy(update={"answers_forgotten": True})) if until is not None and until <= now else None
    )


def finish(activity: Activity, now: datetime) -> Decision:
    """Its last meeting is over."""
    if activity.status is not Status.PUBLISHED or activity.ends_at is None or activity.ends_at > now:
        return None
    state = activity.model_copy(
        update={"status": Status.DONE, "closed_at": now, "unsettled_at": now, **activity.without_words}
    )
    return Change(state, (tell(ActivityDone, state),))
