"""The wiring of sessions, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from duolangue.chassis.service import Declaration, Foundation
from duolangue.contracts.requests import CONTACTS, FIND, KEYS, PEOPLE
from duolangue.sessions import (
    api_activities,
    api_courses,
    api_duos,
    api_impact,
    pages_activities,
    pages_activity_settings,
    pages_attendance,
    pages_attestation,
    pages_courses,
    pages_desk,
    pages_duos,
    pages_follow_up,
    pages_homework,
    pages_hosting,
    pages_hours,
    pages_impact,
    pages_learners,
    pages_lessons,
    pages_log,
    pages_mine,
    pages_my_courses,
    pages_next,
    pages_participant,
    pages_questions,
    pages_teacher,
    store,
    uploads,
)
from duolangue.sessions.answers import answers
from duolangue.sessions.due import due
from duolangue.sessions.ports import Ports
from duolangue.sessions.reactions import on
from duolangue.sessions.settings import Settings
from duolangue.sessions.store import ASSOCIATIONS, COMMITMENTS, CONVERSATIONS, ERASURES, FOLLOW_UP, KINDS, StoredTally

AT_WORK: Final = 1000
"""Associations whose ports are kept at hand."""

DECLARATION = Declaration[Ports, Settings](
    name="sessions",
    prefix="/sessions",
    package="duolangue.sessions",
    settings=Settings,
    kinds=KINDS,
    reactions=on,
    due=due,
    answers=answers,
    asks=(PEOPLE, FIND, CONTACTS, KEYS),
    large={"/sessions/mine/*": uploads.LARGEST, "/sessions/homework/*": uploads.LARGEST},
    routers=(
        pages_log.router,  # first: most requests are logs
        api_duos.router,
        api_activities.router,
        api_courses.router,
        api_impact.router,
        pages_impact.router,
        pages_hours.router,
        pages_attestation.router,
        pages_questions.router,
        pages_desk.router,
        pages_follow_up.router,
        pages_next.router,
        pages_duos.router,
        pages_activity_settings.router,
        pages_activities.router,
        pages_hosting.router,
        pages_attendance.router,
        pages_mine.router,
        pages_participant.router,
        pages_courses.router,
        pages_learners.router,
        pages_homework.router,
        pages_teacher.router,
        pages_lessons.router,
        pages_my_courses.router,
    ),
)


def wire(foundation: Foundation[Settings]) -> Callable[[str], Ports]:
    """Ports for any one association; made once for each of those that are at work, since they hold nothing but the way to its data."""

    @lru_cache(maxsize=AT_WORK)
    def ports(association: str) -> Ports:
        tenant = foundation.tenant(association)
        conversations, commitments = tenant.aggregates(CONVERSATIONS), tenant.aggregates(COMMITMENTS)
        follow_up = tenant.aggregates(FOLLOW_UP)
        return Ports(
            association=association,
            clock=foundation.clock,
            associations=store.RememberedAssociations(tenant, ASSOCIATIONS),
            commitments=commitments,
            conversations=conversations,
            tally=StoredTally(conversations, commitments),
            follow_up=follow_up,
            rules=store.RememberedRules(follow_up),
            erasures=tenant.aggregates(ERASURES),
            directory=foundation.directory,
            participants=tenant.projections(store.PARTICIPANTS),
            activities=store.StoredActivities(tenant, store.ACTIVITIES),
            enrolments=store.StoredEnrolments(tenant, store.ENROLMENTS),
            attendances=store.StoredAttendances(tenant, store.ATTENDANCES),
            activity_policies=tenant.aggregates(store.ACTIVITY_POLICIES),
            counting=store.counting_ports(tenant),
            courses=store.course_ports(tenant),
        )

    return ports
