"""That nobody forgot a page: whatever a browser can open is looked at by axe, or named here with why not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from fastapi.routing import APIRoute

from duolangue.provision.platform import PLATFORM
from tests.architecture.sources import ROOT
from tests.browser import test_browser_desks, test_browser_links

LOOKED_AT: Final = {
    "/join/{slug}": "sign_up", "/join/{slug}/{name}": "sign_up", "/join/{slug}/summary": "sign_up", "/join/{slug}/thanks": "sign_up",
    "/join/{slug}/later": "sign_up", "/join/{slug}/young": "sign_up", "/join/resume/{token}": "sign_up",
    "/people/new/{sign_up_id}/young": "sign_up",
    "/sign-in/{token}": "sign_in", "/sign-in/choice": "sign_in", "/platform": "sign_in", "/platform/account": "sign_in",
    "/platform/associations/{slug}": "sign_in", "/people/reports/{report_id}": "safety", "/people/{one_id}/merge/{other_id}": "desks",
    "/people/{participant_id}/again": "desks",
    "/duos/{duo}/swap": "drafts", "/duos/waiting/{participant}/anew": "drafts", "/duos/missing/{call}": "missing",
}  # fmt: skip
"""Pages on the way through something: the test that goes there."""
NO_PAGE: Final = {
    "/session/renew": "leads back, or to the sign-in",
    "/sign-in/with/{association}": "leads to the accounts of the association",
    "/sign-in/back": "leads on from there",
    "/sessions/mine/{token}/duo/{duo}": "leads to this week's page of a duo",
    "/sessions/calls": "leads to the list of duos",
    "/association/logo/{slug}/{fingerprint}": "a picture",
    "/messages/{message_id}/qr.svg": "a picture",
    "/join/{slug}/audio/{name}/{language}": "a sound",
    "/people/import/{batch_id}/faulty.csv": "a file",
    "/people/export": "a file",
    "/people/{participant_id}/personal-data/download": "a file",
    "/me/{token}/download": "a file",
    "/duos/replay/sample.csv": "a file",
    "/duos/missing/{call}/poster": "a file",
    "/sessions/impact/report.pdf": "a file",
    "/sessions/impact/figures.csv": "a file",
    "/sessions/impact/months.csv": "a file",
    "/sessions/hours/{participant}/attestations/{number}": "a file",
    "/sessions/activities/{activity}/attendance.pdf": "a file",
    "/sessions/calendar/{token}": "a file",
    "/sessions/homework/{work}/parts/{part}": "a file",
    "/sessions/host/{token}/homework/{work}/parts/{part}": "a file",
    "/sessions/mine/{token}/courses/{group}/lessons/{lesson}/parts/{part}": "a file",
}


def test_every_page_is_looked_at_in_a_browser_or_is_none() -> None:
    routes = list(pages())
    answering = (next((each.path for each in routes if each.path_regex.match(address)), "") for address in walked())
    every, seen = {each.path for each in routes}, set(answering)
    assert sorted(every - seen - set(LOOKED_AT) - set(NO_PAGE)) == [], "add it to DESKS or PAGES; or say here why not"
    assert sorted({*LOOKED_AT, *NO_PAGE} - every) == [], "there is no such page any more"
    assert sorted({*LOOKED_AT, *NO_PAGE} & seen) == [], "it is looked at"
    for path, name in LOOKED_AT.items():
        words = (ROOT / "tests/browser" / f"test_browser_{name}.py").read_text(encoding="utf-8")
        assert re.split(r"/\{", path)[0].rpartition("/")[2] in words, path


def pages() -> Iterator[APIRoute]:
    """The route of every page, in the order in which a service looks for the one that answers."""
    for member in PLATFORM:
        for router in member.declaration.routers:
            for route in router.routes:
                if isinstance(route, APIRoute) and "GET" in route.methods and "/api/" not in route.path:
                    yield route


def walked() -> Iterator[str]:
    """Where the tests of desks and of links go."""
    ids: defaultdict[str, str] = defaultdict(lambda: "x")
    for address in test_browser_desks.DESKS.values():
        yield address.format_map(ids).partition("?")[0]
    found = test_browser_links.addresses(ids, lambda *_, **__: "x", "2026-W02")
    assert set(found) == set(test_browser_links.PAGES)
    yield from found.values()
