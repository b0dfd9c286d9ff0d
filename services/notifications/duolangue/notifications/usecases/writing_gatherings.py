"""What a message about an activity speaks of: its title, times and places are asked of sessions at the moment of writing, and kept nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from duolangue.contracts.facts.activities import ActivityStatus
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import ActivityTold, LinkWanted
from duolangue.notifications.domain.gatherings import HOSTING, OF_GATHERING
from duolangue.notifications.domain.message import Message
from duolangue.notifications.ports import Ports
from duolangue.notifications.writing.mail import one_line
from duolangue.notifications.writing.occasion import Programme

LINK_DAYS: Final = 60
"""For how long the link to one's own activities opens."""
LINES: Final = 6
"""Meetings that one message names."""


async def activity_of(message: Message, ports: Ports) -> str:
    """The activity a message is about; empty where nothing is known of it."""
    if message.kind in OF_GATHERING:
        return message.about
    place = await ports.places.find(message.about)
    return place.activity if place else ""


def links(message: Message, activity: str, now: datetime) -> list[LinkWanted]:
    """The link a message about an activity carries: to one's own page, or to the list of who came."""
    hosts = HOSTING.get(message.kind) is ActivityStatus.PUBLISHED
    purpose = Purpose.HOST_ACTIVITY if hosts else Purpose.OWN_ACTIVITIES
    entity = activity if hosts else message.recipient
    return [
        LinkWanted(person=message.recipient, purpose=purpose, entity=entity, expires=now + timedelta(days=LINK_DAYS))
    ]


async def programme(message: Message, activity: str, language: str, ports: Ports) -> Programme | None:
    """The activity in words, with how long what the message offers is kept; none where sessions knows of no such activity (any more).

    Raises:
        bus.Unavailable, bus.Refused: sessions is away, or says no.
    """
    told = (await ports.programme.activities(ports.association, [activity])).get(activity)
    if told is None:
        return None
    now, hours = ports.clock.now(), told.offer_hours
    if message.lapses_at is not None:
        hours = max(1, min(hours, (message.lapses_at - now) // timedelta(hours=1)))
    return _in_words(activity, told.model_copy(update={"offer_hours": hours}), language, now)


def _in_words(activity: str, told: ActivityTold, language: str, now: datetime) -> Programme:
    zone = ZoneInfo(told.timezone)
    coming = [each for each in told.meetings if each.starts_at + timedelta(minutes=each.minutes) > now]
    lines = []
    for each in coming[:LINES]:
        when = format_datetime(each.starts_at.astimezone(zone), "EEEE d MMMM, HH:mm", locale=language)
        lines.append(one_line(": ".join(part for part in (when, each.place or each.link) if part)))
    return Programme(activity, one_line(told.title), tuple(lines), told.offer_hours)
