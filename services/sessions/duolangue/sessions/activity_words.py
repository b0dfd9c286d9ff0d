"""Moments of activities as people say them, on the clocks of the association."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from babel.dates import format_date, format_datetime, format_time

from duolangue.chassis.web import spoken
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.meeting import Meeting


def said(language: str) -> dict[str, Any]:
    """What templates of activities call: `day_of`, `hour_of`, `moment_of`, each for a moment in its own time zone."""
    locale = spoken(language)
    return {
        "day_of": partial(format_date, format="EEEE d MMMM y", locale=locale),
        "hour_of": partial(format_time, format="HH:mm", locale=locale),
        "moment_of": partial(format_datetime, format="EEEE d MMMM, HH:mm", locale=locale),
        "local": local,
        "at": at,
    }


def local(meeting: Meeting, activity: Activity) -> datetime:
    """When a meeting begins, on its clocks."""
    return meeting.local(activity.zone)


def at(moment: datetime, activity: Activity) -> datetime:
    """A moment on an activity's clocks."""
    return moment.astimezone(activity.zone)
