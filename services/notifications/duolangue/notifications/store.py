"""What is kept, and how it is found. None of it names or reaches a person."""

from __future__ import annotations

from typing import Any, Final

from duolangue.chassis.erasure import erasures
from duolangue.chassis.store import AggregateKind, Index, Kind, ProjectionKind
from duolangue.contracts.facts.notifications import NotificationsErased
from duolangue.notifications.domain import contact, message
from duolangue.notifications.domain.commitments import Rest, ThreeQuestions
from duolangue.notifications.domain.contact import Contact
from duolangue.notifications.domain.gatherings import Gathering, Place
from duolangue.notifications.domain.message import Message, MessageStatus
from duolangue.notifications.domain.told import Association, Conversation, Duo, LastQuestion, Participant
from duolangue.notifications.domain.weeks import FollowedDuo

MESSAGES: Final = AggregateKind(
    "messages",
    Message,
    indexes=(
        Index("standing", ("status", "made_at")),
        Index("to_hand_over", ("status", "kind", "made_at"), where={"status": MessageStatus.WAITING.value}),
        Index("lately", ("made_at", "status", "kind")),
        Index("about", ("about", "kind")),
        Index("recipient", ("recipient", "status")),
    ),
    due=lambda each: each.due_at,
    snapshot=message.snapshot,
)
CONTACTS: Final = AggregateKind(
    "contacts", Contact, indexes=(Index("unreachable", ("unreachable_since",)),), snapshot=contact.snapshot
)
FOLLOWED: Final = AggregateKind("followed_duos", FollowedDuo, due=lambda each: each.nudge_at)
ASSOCIATIONS: Final = ProjectionKind("associations", Association)
PARTICIPANTS: Final = ProjectionKind("participants", Participant)
DUOS: Final = ProjectionKind("duos", Duo)
QUESTIONS: Final = ProjectionKind("questions", LastQuestion)
GATHERINGS: Final = ProjectionKind("gatherings", Gathering)
RESTS: Final = ProjectionKind("rests", Rest)
THREE_QUESTIONS: Final = ProjectionKind("three_questions", ThreeQuestions)
PLACES: Final = ProjectionKind("places", Place)
CONVERSATIONS: Final = ProjectionKind("conversations", Conversation, indexes=(Index("week", ("duo", "week")),))

ERASURES: Final = erasures(NotificationsErased)

KINDS: Final[tuple[Kind[Any], ...]] = (
    MESSAGES, CONTACTS, FOLLOWED, ASSOCIATIONS, PARTICIPANTS, DUOS, QUESTIONS, CONVERSATIONS, GATHERINGS, PLACES, RESTS, THREE_QUESTIONS,
    ERASURES,
)  # fmt: skip
