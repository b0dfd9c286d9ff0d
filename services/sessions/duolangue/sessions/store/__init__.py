"""What sessions keeps; a module here for each subject, the only places that know how."""

from __future__ import annotations

from typing import Any, Final

from duolangue.chassis.erasure import erasures
from duolangue.chassis.store import Kind
from duolangue.contracts.facts.sessions import SessionsErased
from duolangue.sessions.store.activities import (
    ACTIVITIES,
    ACTIVITY_POLICIES,
    ATTENDANCES,
    ENROLMENTS,
    PARTICIPANTS,
    StoredActivities,
    StoredAttendances,
    StoredEnrolments,
)
from duolangue.sessions.store.associations import ASSOCIATIONS, RememberedAssociations, RememberedRules
from duolangue.sessions.store.counting import COUNTING_KINDS, counting_ports
from duolangue.sessions.store.courses import COURSE_KINDS, HOMEWORK, LESSONS, course_ports
from duolangue.sessions.store.duos import COMMITMENTS, CONVERSATIONS, FOLLOW_UP, StoredTally

__all__ = [
    "ACTIVITIES",
    "ACTIVITY_POLICIES",
    "ASSOCIATIONS",
    "ATTENDANCES",
    "COMMITMENTS",
    "CONVERSATIONS",
    "ENROLMENTS",
    "ERASURES",
    "FOLLOW_UP",
    "HOMEWORK",
    "KINDS",
    "LESSONS",
    "PARTICIPANTS",
    "RememberedAssociations",
    "RememberedRules",
    "StoredActivities",
    "StoredAttendances",
    "StoredEnrolments",
    "StoredTally",
    "counting_ports",
    "course_ports",
]

ERASURES: Final = erasures(SessionsErased)
KINDS: Final[tuple[Kind[Any], ...]] = (
    ASSOCIATIONS,
    CONVERSATIONS,
    COMMITMENTS,
    FOLLOW_UP,
    ERASURES,
    ACTIVITIES,
    ENROLMENTS,
    ATTENDANCES,
    ACTIVITY_POLICIES,
    PARTICIPANTS,
    *COUNTING_KINDS,
    *COURSE_KINDS,
)
