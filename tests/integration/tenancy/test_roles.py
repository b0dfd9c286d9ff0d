"""Every request of every service with every role, against the table in docs/roles.md: what is not allowed there is forbidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi.routing import APIRoute

from duolangue.chassis.identity import Access
from duolangue.contracts.links import Purpose
from duolangue.registration.domain.association import PLATFORM
from tests.architecture.sources import ROOT
from tests.integration.tenancy.whole import Town, Whole

LINKS = {
    "/problem/{token}": Purpose.REPORT_PROBLEM,
    "/duos/answer/{token}": Purpose.ANSWER_PROPOSAL,
    "/duos/still/{token}": Purpose.STILL_TAKING_PART,
    "/sessions/log/{token}": Purpose.LOG_CONVERSATION,
    "/sessions/log/{token}/break": Purpose.LOG_CONVERSATION,
    "/sessions/log/{token}/go-on": Purpose.LOG_CONVERSATION,
    "/sessions/mine/{token}": Purpose.OWN_ACTIVITIES,
    "/sessions/calendar/{token}": Purpose.CALENDAR,
    "/sessions/host/{token}": Purpose.HOST_ACTIVITY,
    "/sessions/next/{token}": Purpose.NEXT_STEP,
    "/sessions/questions/{token}": Purpose.THREE_QUESTIONS,
    "/sessions/attestation/{token}": Purpose.CONFIRM_ATTESTATION,
    "/me/{token}": Purpose.OWN_PAGE,
}
READS = {"GET", "HEAD"}
NAMED = "named"
"""Whom the association names for safety: coordinators, of whom a rule of its own lets in some."""
OPERATORS = Town(PLATFORM)


@cache
def table() -> list[tuple[str, str, str]]:
    """Method (or none), pattern and least access of every row of the second table."""
    text = (ROOT / "docs/roles.md").read_text(encoding="utf-8").split("## Requests")[1]
    rows = []
    for requests, least in re.findall(r"^\| [^|]+ \| ([^|]+) \| `(\w+)` \|$", text, re.MULTILINE):
        for request in re.findall(r"`([^`]+)`", requests):
            method, _, pattern = request.rpartition(" ")
            rows.append((method, pattern, least))
    return rows


def fits(method: str, path: str, row: tuple[str, str, str]) -> bool:
    wanted, pattern, _ = row
    if wanted and wanted != method:
        return False
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def least(method: str, path: str) -> str:
    """What the door asks for."""
    return Access.COORDINATE.value if (told := told_of(method, path)) == NAMED else told


def told_of(method: str, path: str) -> str:
    """What the table says."""
    rows = [row for row in table() if fits(method, path, row)]
    if rows:
        return max(rows, key=lambda row: (len(row[1].rstrip("*")), not row[1].endswith("*"), bool(row[0])))[2]
    return Access.READ.value if method in READS else Access.COORDINATE.value


def routes(app: Any) -> Iterator[tuple[str, APIRoute]]:
    for route in app.routes:
        if isinstance(route, APIRoute):
            for method in sorted(route.methods):
                yield method, route
        elif hasattr(route, "original_router"):
            yield from routes(route.original_router)
        else:
            assert re.fullmatch(r"/[a-z]+/(static|api/openapi.json)", route.path), route.path


def entrances(route: APIRoute) -> list[Any]:
    """What each access dependency of a route asks for: an `Access`, or a link's `Purpose`."""
    found, waiting = [], [route.dependant]
    while waiting:
        each = waiting.pop()
        waiting += each.dependencies
        if getattr(each.call, "__qualname__", "") in {"desk.<locals>.enter", "opened.<locals>.open_link"}:
            (cell,) = each.call.__closure__
            found += cell.cell_contents if isinstance(cell.cell_contents, tuple) else [cell.cell_contents]
    return found


def guarded(whole: Whole) -> Iterator[tuple[str, APIRoute, Access]]:
    """The requests that need a role, with the least one."""
    for app in whole.apps().values():
        for method, route in routes(app):
            if (needed := least(method, route.path)) not in {"public", "link"}:
                yield method, route, Access(needed)


def of(whole: Whole, town: Town, access: Access) -> dict[str, str]:
    return whole.desk(OPERATORS if access is Access.OPERATE else town, access)


async def test_every_request_asks_for_what_the_table_says(whole: Whole):
    seen, unlike = set(), []
    for app in whole.apps().values():
        for method, route in routes(app):
            seen.add((method, route.path))
            asked, wanted = entrances(route), least(method, route.path)
            if wanted == "public":
                good = asked == []
            elif wanted == "link":
                good = next(purpose for start, purpose in LINKS.items() if route.path.startswith(start)) in asked
                good = good and (
                    len(asked) == 1 or route.path.startswith(("/problem/", "/sessions/questions/"))
                )  # reached from the other links' pages too
            else:
                good = [getattr(each, "value", each) for each in asked] == [wanted]
            if not good:
                unlike.append(
                    f"{method} {route.path} asks for {[str(each) for each in asked]}, docs/roles.md says {wanted}"
                )
    assert not unlike, "\n".join(unlike)
    assert len(seen) > 100


async def test_every_row_of_the_table_is_of_a_request_that_exists(whole: Whole):
    every = [(method, route.path) for app in whole.apps().values() for method, route in routes(app)]
    assert [row for row in table() if not any(fits(*each, row) for each in every)] == []


async def test_nobody_enters_without_a_token(whole: Whole, north: Town):
    for method, route, _ in guarded(whole):
        path, said = _filled(route.path, north.ids["duo"]), f"{method} {route.path}"
        programs = "/api/" in path
        nobody = await whole.client.request(method, path)
        assert nobody.status_code == (401 if programs else 307), said
        if not programs:
            assert nobody.headers["location"].startswith("/session/renew?next=")
        forged = await whole.client.request(method, path, headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."})
        assert forged.status_code == 401, said


async def test_every_role_is_refused_whatever_the_table_does_not_give_it(whole: Whole, north: Town):
    refused = 0
    for method, route, needed in guarded(whole):
        path = _filled(route.path, north.ids["duo"])
        for access in Access:
            if not access.covers(needed):
                answer = await whole.client.request(method, path, headers=of(whole, north, access))
                assert answer.status_code == 403, f"{access.value}: {method} {route.path}"
                refused += 1
    assert refused > 200


async def test_every_role_may_look_at_what_the_table_gives_it(whole: Whole, north: Town):
    for method, route, needed in guarded(whole):
        if method not in READS or told_of(method, route.path) == NAMED:
            continue
        path = _filled(route.path, "nobody")
        for access in Access:
            if access.covers(needed):
                entered = await whole.client.get(path, headers=of(whole, north, access))
                assert entered.status_code in {200, 303, 404}, f"{access.value}: {path}: {entered.status_code}"


async def test_an_operator_with_an_associations_name_in_the_token_is_no_coordinator_of_it(whole: Whole, north: Town):
    token = whole.desk(north, Access.OPERATE)
    for path in ("/people", "/people/api/participants", "/duos", "/sessions", "/messages", "/association"):
        assert (await whole.client.get(path, headers=token)).status_code == 403, path


def _filled(path: str, value: str) -> str:
    return re.sub(r"\{action\}", "pause", re.sub(r"\{(?!action)[^}]+\}", value, path))
