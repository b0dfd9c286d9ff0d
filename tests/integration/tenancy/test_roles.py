"""Every route of every service against every access: what is not allowed by name is forbidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute

from duolangue.chassis.identity import Access
from duolangue.contracts.links import Purpose
from tests.integration.tenancy.whole import Whole

PUBLIC = {
    "/me",  # asks for a link: the same answer for everybody
    "/", "/sign-in", "/sign-in/{token}", "/session/renew", "/sign-out",  # signing in: the secret in the address or the cookie decides
    "/livez", "/readyz", "/metrics", "/people/docs", "/duos/docs", "/sessions/docs", "/messages/docs",
}  # fmt: skip
LINKS = {
    "/problem/{token}": Purpose.REPORT_PROBLEM,
    "/duos/answer/{token}": Purpose.ANSWER_PROPOSAL,
    "/sessions/log/{token}": Purpose.LOG_CONVERSATION,
    **{
        f"/me/{{token}}{action}": Purpose.OWN_PAGE
        for action in ("", "/change", "/download", "/pause", "/resume", "/leave", "/consent", "/erase")
    },
}
ADMINISTRATORS = {
    ("GET", "/people/audit"), ("GET", "/people/retention"),
    ("PATCH", "/people/api/association"), ("GET", "/people/api/coordinators"), ("POST", "/people/api/coordinators"),
    ("DELETE", "/people/api/coordinators/{coordinator_id}"),
}  # fmt: skip
BELOW = {Access.READ: None, Access.COORDINATE: Access.READ, Access.ADMINISTER: Access.COORDINATE}


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


async def test_every_route_asks_for_a_token_a_link_or_is_public_by_name(whole: Whole):
    seen = set()
    for app in whole.apps().values():
        for method, route in routes(app):
            seen.add(route.path)
            asked = entrances(route)
            if route.path in PUBLIC:
                assert asked == []
            elif route.path in LINKS:
                assert LINKS[route.path] in asked
                assert len(asked) == 1 or route.path == "/problem/{token}"  # reached from the other links' pages too
            else:
                least = Access.READ if method == "GET" else Access.COORDINATE
                wanted = Access.ADMINISTER if (method, route.path) in ADMINISTRATORS else None
                assert len(asked) == 1, f"{method} {route.path} has no access dependency"
                assert asked[0].covers(least), f"{method} {route.path} lets in {asked[0]}"
                assert wanted is None or asked[0] is wanted
    assert seen >= {*PUBLIC, *LINKS, *(path for _, path in ADMINISTRATORS)}
    assert len(seen) > 60


async def test_nobody_enters_without_a_token_or_with_too_little_access(whole: Whole, north):
    for app in whole.apps().values():
        for method, route in routes(app):
            if route.path in PUBLIC or route.path in LINKS:
                continue
            path, said = _filled(route.path, north.ids["duo"]), f"{method} {route.path}"
            programs = "/api/" in path
            nobody = await whole.client.request(method, path)
            assert nobody.status_code == (401 if programs else 307), said
            if not programs:
                assert nobody.headers["location"].startswith("/session/renew?next=")
            forged = await whole.client.request(
                method, path, headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
            )
            assert forged.status_code == 401, said
            if (less := BELOW[entrances(route)[0]]) is not None:
                refused = await whole.client.request(method, path, headers=whole.desk(north, less))
                assert refused.status_code == 403, said


async def test_whoever_has_the_access_gets_past_the_door(whole: Whole, north):
    for app in whole.apps().values():
        for method, route in routes(app):
            if method == "GET" and route.path not in PUBLIC and route.path not in LINKS:
                path = _filled(route.path, "nobody")
                entered = await whole.client.get(path, headers=whole.desk(north, entrances(route)[0]))
                assert entered.status_code in {200, 404}, f"{path}: {entered.status_code}"


def _filled(path: str, value: str) -> str:
    return re.sub(r"\{action\}", "pause", re.sub(r"\{(?!action)[^}]+\}", value, path))
