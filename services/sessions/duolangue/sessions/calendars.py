"""Times of activities as a calendar (RFC 5545): with the time zone's own rules, so that a series keeps its hour when clocks change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from duolangue.contracts.facts.activities import EnrolmentStatus
from duolangue.sessions.domain.activity import Activity, Status
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.usecases.line_of_time import Entry, Part

EVERY_HOURS: Final = 6
"""How often a calendar is asked to look for news."""


def calendar(name: str, timezone: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """The calendar of one participant, by the association's name. What is cancelled stays in it, as cancelled."""
    made = Calendar()
    made.add("prodid", "-//Duolangue//activities//")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", timezone)
    made.add("refresh-interval", timedelta(hours=EVERY_HOURS), parameters={"VALUE": "DURATION"})
    for entry in entries:
        made.add_component(_event(entry, now))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(entry: Entry, now: datetime) -> Event:
    activity, meeting = entry.activity, entry.meeting
    if activity is None or meeting is None:
        raise TypeError("a calendar shows meetings of activities alone")
    begins = meeting.local(ZoneInfo(activity.timezone))
    event = Event()
    event.add("uid", f"{activity.id}-{meeting.id}@duolangue")
    event.add("dtstamp", now)
    event.add("dtstart", begins)
    event.add("duration", timedelta(minutes=meeting.minutes))
    event.add("summary", activity.title)
    event.add("sequence", activity.plan)
    if meeting.place:
        event.add("location", meeting.place)
    cancelled = _cancelled(activity, entry.enrolment, entry.part)
    if meeting.link and not cancelled:
        event.add("url", meeting.link)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _cancelled(activity: Activity, enrolment: Enrolment | None, part: Part) -> bool:
    given_up = part is Part.MEETING and (enrolment is None or enrolment.status is not EnrolmentStatus.CONFIRMED)
    return activity.status is Status.CANCELLED or given_up
