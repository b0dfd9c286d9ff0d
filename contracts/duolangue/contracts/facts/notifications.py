"""Facts of notifications: what was really sent, what could not be, who cannot be reached."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime

from duolangue.contracts.envelope import Fact
from duolangue.contracts.vocabulary import EntityId


class MessageKind(StrEnum):
    """What a message is for."""

    WELCOME = "welcome"
    PROPOSAL = "proposal"
    REMINDER = "reminder"
    """The proposal still waits for an answer."""
    CONFIRMATION = "confirmation"
    WITHDRAWN = "withdrawn"
    """The proposal does not go on: the other side said no, or no answer came."""
    NUDGE = "nudge"
    """The week's reminder, with its log link."""
    NEXT_STEP = "next_step"
    """The weeks that a duo promised are over: do they go on, or end it with thanks?"""
    ENDED = "ended"
    PLACE = "place"
    """There is a place in an activity."""
    WAITING_LIST = "waiting_list"
    PLACE_OFFERED = "place_offered"
    """A place became free for somebody who waited: yes or no?"""
    PLACE_REMINDER = "place_reminder"
    """A meeting is near."""
    PLACE_CANCELLED = "place_cancelled"
    """An activity does not take place, or not for this participant."""
    PLACE_MOVED = "place_moved"
    """Times or places of an activity changed."""
    HOSTING = "hosting"
    """To who gives an activity: it is announced."""
    HOSTING_REMINDER = "hosting_reminder"
    """To who gives an activity: a meeting is near, with the link to note who came."""
    HOSTING_MOVED = "hosting_moved"
    """To who gives an activity: its days or hours changed."""
    HOSTING_CANCELLED = "hosting_cancelled"
    """To who gives an activity: it is not announced any more."""
    HOSTING_OVER = "hosting_over"
    """To who was to give an activity: somebody else does."""
    HOUR_FREE = "hour_free"
    """To who teaches an individual lesson that is near: whoever booked it does not come."""
    HOMEWORK = "homework"
    """There is a lesson to watch, with homework."""
    HOMEWORK_RETURNED = "homework_returned"
    """A teacher corrected somebody's homework."""
    ABSENCES = "absences"
    """Somebody missed some classes: a friendly word."""
    ABSENCES_SERIOUS = "absences_serious"
    ABSENCES_LAST = "absences_last"
    LAST_QUESTION = "last_question"
    """Do you still want to take part? To who stayed silent twice."""
    BREAK = "break"
    """A duo takes a break."""
    BREAK_OVER = "break_over"
    """A duo's break is over earlier than was said."""
    MILESTONE = "milestone"
    """A word of thanks for what a duo reached."""
    QUESTIONS_START = "questions_start"
    """Three questions, after the first conversation."""
    QUESTIONS_END = "questions_end"
    """The same three questions, once the weeks are over."""


class Channel(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    BY_HAND = "by_hand"
    """A coordinator hands it over: WhatsApp, a printed code, a call."""


class NotificationState(Fact):
    """One message to one person about one entity."""

    kind: MessageKind
    recipient: EntityId
    about: EntityId
    """The duo, the participant or the last question the message is about."""
    channel: Channel


class NotificationSent(NotificationState, owner="notifications", entity="notification", fact="sent"):
    """The message really left: the mail server took it, or a coordinator handed it over."""

    sent_at: AwareDatetime


class NotificationFailed(NotificationState, owner="notifications", entity="notification", fact="failed"):
    """The message will not arrive by this channel."""


class ContactUnreachable(Fact, owner="notifications", entity="contact", fact="unreachable"):
    """An address refused a message for good. The entity's id is the participant's."""

    channel: Channel
    since: AwareDatetime


class NotificationsErased(Fact, owner="notifications", entity="notifications", fact="erased"):
    """The service's part of an erasure is done: nothing here says any more who it was. The entity's id is the participant's."""

    erased_at: AwareDatetime
