"""What the use cases need, bound to one association; a module here for each subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from duolangue.chassis.clock import Clock
from duolangue.chassis.erasure import Erased
from duolangue.chassis.identity import Directory
from duolangue.chassis.store import Aggregates, Projections
from duolangue.sessions.domain.activity_policy import ActivityPolicy
from duolangue.sessions.domain.association import Association
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.follow_up import FollowUpInForce
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.ports.activities import Activities, Attendances, Enrolments
from duolangue.sessions.ports.counting import Counting
from duolangue.sessions.ports.courses import CoursePorts
from duolangue.sessions.ports.duos import Rules, Tally

__all__ = ["Ports", "PortsOf", "Rules", "Tally"]


@dataclass(frozen=True)
class Ports:
    """Everything a use case reaches the outside with."""

    association: str
    clock: Clock
    associations: Projections[Association]
    commitments: Aggregates[Commitment]
    conversations: Aggregates[Conversation]
    tally: Tally
    follow_up: Aggregates[FollowUpInForce]
    rules: Rules
    erasures: Aggregates[Erased]
    directory: Directory
    participants: Projections[Participant]
    activities: Activities
    enrolments: Enrolments
    attendances: Attendances
    activity_policies: Aggregates[ActivityPolicy]
    counting: Counting
    courses: CoursePorts


PortsOf = Callable[[str], Ports]
"""The ports of an association, by its slug."""
