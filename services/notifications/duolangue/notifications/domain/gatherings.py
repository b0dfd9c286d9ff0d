"""What sessions told of activities and of places in them, and whether a message about them still makes sense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from duolangue.contracts.facts.activities import ActivityStatus, CancelledBy, EnrolmentStatus
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.vocabulary import EntityId

OPEN: Final = frozenset({EnrolmentStatus.WAITING, EnrolmentStatus.OFFERED, EnrolmentStatus.CONFIRMED})
TO_BE_TOLD: Final = frozenset({CancelledBy.ACTIVITY, CancelledBy.ASSOCIATION})
"""Who gave a place up that its participant does not know of."""


class Gathering(BaseModel):
    """An announced activity; its words are asked of sessions when they are needed."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    host: EntityId | None = None
    status: ActivityStatus
    starts_at: AwareDatetime | None = None
    """When its first meeting begins; none where it was told before this was kept."""
    ends_at: AwareDatetime | None = None
    """When its last meeting is over."""
    reminder_hours: int = 24
    """How long before a meeting its people are reminded."""
    plan: int = 1
    """The number of its times and places."""
    host_named_by: str = ""
    """The event that told of this host first: whoever gives it is told by that one, and by no later one."""
    host_before: EntityId | None = None
    """Who was to give it until then."""
    moved_by: str = ""
    """The event that told of these times and places first, where there were others before."""

    def near(self, now: datetime) -> bool:
        """Whether it is so soon that its reminder has left: of what comes later that one speaks."""
        if self.ends_at is None or self.ends_at <= now:
            return False
        begins = self.starts_at or self.ends_at - timedelta(hours=1)
        return begins <= now + timedelta(hours=self.reminder_hours)


class Place(BaseModel):
    """Somebody's place in an activity, or wait for one. Its id is the enrolment's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    activity: EntityId
    participant: EntityId
    status: EnrolmentStatus
    cancelled_by: CancelledBy | None = None


WHILE: Final[Mapping[MessageKind, Callable[[Place], bool]]] = {
    MessageKind.PLACE: lambda place: place.status is EnrolmentStatus.CONFIRMED,
    MessageKind.WAITING_LIST: lambda place: place.status is EnrolmentStatus.WAITING,
    MessageKind.PLACE_OFFERED: lambda place: place.status is EnrolmentStatus.OFFERED,
    MessageKind.PLACE_REMINDER: lambda place: place.status is EnrolmentStatus.CONFIRMED,
    MessageKind.PLACE_MOVED: lambda place: place.status in OPEN,
    **dict.fromkeys(
        (
            MessageKind.HOMEWORK,
            MessageKind.HOMEWORK_RETURNED,
            MessageKind.ABSENCES,
            MessageKind.ABSENCES_SERIOUS,
            MessageKind.ABSENCES_LAST,
        ),
        lambda place: place.status is EnrolmentStatus.CONFIRMED,
    ),
    MessageKind.PLACE_CANCELLED: lambda place: (
        place.status is EnrolmentStatus.CANCELLED and place.cancelled_by in TO_BE_TOLD
    ),
}
"""How a place must stand for a message about it."""
HOSTING: Final[Mapping[MessageKind, ActivityStatus]] = {
    MessageKind.HOSTING: ActivityStatus.PUBLISHED,
    MessageKind.HOSTING_REMINDER: ActivityStatus.PUBLISHED,
    MessageKind.HOSTING_MOVED: ActivityStatus.PUBLISHED,
    MessageKind.HOUR_FREE: ActivityStatus.PUBLISHED,
    MessageKind.HOSTING_CANCELLED: ActivityStatus.CANCELLED,
}
"""How an activity must stand for a message to whoever gives it."""
OF_GATHERING: Final = frozenset({*HOSTING, MessageKind.HOSTING_OVER})
"""The messages to whoever gives an activity, or was to."""
EXPECTING: Final = frozenset({MessageKind.HOSTING, MessageKind.HOSTING_MOVED, MessageKind.HOSTING_REMINDER})
"""The messages after which somebody prepares to give an activity."""
KINDS: Final = frozenset(WHILE) | OF_GATHERING
"""The messages about activities."""


def still_wanted(kind: MessageKind, recipient: str, place: Place | None, gathering: Gathering | None) -> bool:
    """Whether a message about an activity makes sense now: of a place while it stands so, to a host while it is theirs and stands so."""
    if kind is MessageKind.HOSTING_OVER:
        return gathering is not None and gathering.host != recipient and gathering.status is ActivityStatus.PUBLISHED
    if kind in HOSTING:
        return gathering is not None and gathering.host == recipient and gathering.status is HOSTING[kind]
    return place is not None and place.participant == recipient and WHILE[kind](place)


def following(before: Gathering | None, told: Gathering, event: str) -> Gathering:
    """What an event told of an activity, with what is new in it: told again, it says the same."""
    if before is None:
        return told
    same_host, same_plan = before.host == told.host, before.plan == told.plan
    return told.model_copy(
        update={
            "host_named_by": before.host_named_by if same_host else event,
            "host_before": before.host_before if same_host else before.host,
            "moved_by": before.moved_by if same_plan else event,
        }
    )
