"""The page of one group, which several requests answer with; and what their forms share."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, page
from duolangue.contracts.facts.activities import EnrolmentStatus
from duolangue.sessions.activity_words import said
from duolangue.sessions.course_words import weekdays
from duolangue.sessions.domain.course import Need
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.usecases import associations, courses, homework, learners

MOST_FIELDS: Final = 200


async def shown(
    request: Request,
    desk: Desk[Ports],
    group_id: str,
    broken: RuleBroken | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """The page of one group."""
    seen = await courses.group(group_id, desk.ports)
    people = [each.enrolment.participant for each in (*seen.people, *seen.waiting)]
    hosts = [seen.activity.host] if seen.activity.host else []
    return page(
        request,
        "sessions/courses/group.html",
        desk.language,
        status=getattr(broken, "status", 422) if broken else 200,
        seen=seen,
        names=await names_of([*people, *hosts], desk.ports),
        other_level=await learners.of_another_level(seen, desk.ports),
        lessons=await homework.of_group(group_id, desk.ports),
        confirmed=EnrolmentStatus.CONFIRMED,
        needs=list(Need),
        typed=typed or {"key": str(uuid.uuid4())},
        broken=broken,
        now=desk.ports.clock.now(),
        may=desk.coordinator.access.covers(Access.COORDINATE),
        weekday=weekdays(desk.language),
        **said(desk.language),
    )


async def texts_of(request: Request) -> dict[str, str]:
    """The fields of a form."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


async def names_of(people: list[str], ports: Ports) -> dict[str, str]:
    """Whole names, by id."""
    known = await associations.names(people, ports)
    return {each: full_name(person) for each, person in known.items()}
