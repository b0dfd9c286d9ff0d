"""The desk of the morning over the real bus: every service answers for this association, and for no other."""

from __future__ import annotations

import re

from tests.integration.tenancy.whole import Town, Whole


def figures(text: str) -> dict[str, int]:
    """The figures of a page by the address they lead to."""
    found = re.findall(r'<a class="card[^"]*" href="([^"]+)">.*?<span class="figure">(\d+)</span>', text, re.DOTALL)
    return {path: int(number) for path, number in found}


async def test_every_service_says_what_waits_in_this_association(whole: Whole, north: Town, south: Town):
    shown = await whole.client.get("/desk", headers=whole.desk(north))
    assert shown.status_code == 200
    assert "does not answer" not in shown.text
    known = figures(shown.text)
    assert known["/people?status=active"] == 4
    assert known["/duos#running"] == 1
    assert known["/duos#proposals"] == 1


async def test_an_association_in_which_nothing_happened_has_an_empty_desk(whole: Whole):
    shown = await whole.client.get("/desk", headers=whole.desk(Town("nowhere-yet")))
    assert shown.status_code in {200, 404}
    assert set(figures(shown.text).values()) <= {0}
