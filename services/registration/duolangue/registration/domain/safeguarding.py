"""Who looks after reported problems: they alone read a report's words and notes, and are mailed that there is one."""

from __future__ import annotations

from collections.abc import Iterable

from duolangue.registration.domain.association import Association
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator


def may_read(association: Association, coordinator_id: str, *, administers: bool) -> bool:
    """Whether somebody may read reports: the named people, and whoever administers the association."""
    return administers or coordinator_id in association.safeguarding


def guardians(association: Association, coordinators: Iterable[Coordinator]) -> list[Coordinator]:
    """Who is mailed about a report: the named people who may still use the desk to act; everybody who administers where none is left."""
    active = [each for each in coordinators if each.active]
    named = [each for each in active if each.id in association.safeguarding and each.access is not AccessLevel.READ]
    return named or administrators(active)


def administrators(coordinators: Iterable[Coordinator]) -> list[Coordinator]:
    """Who is told where nobody else can be."""
    return [each for each in coordinators if each.active and each.access is AccessLevel.ADMINISTER]
