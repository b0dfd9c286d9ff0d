"""The desk of the morning over the real bus: every service answers for this association, and for no other."""

from __future__ import annotations

import re

from duolangue.chassis.identity import Access
from duolangue.standalone.operate import found_association
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


async def test_the_rooms_are_the_same_in_every_service_and_say_in_which_one_is(whole: Whole, north: Town):
    rooms = ["/desk", "/people", "/duos", "/sessions", "/messages"]
    for room in rooms:
        page = (await whole.client.get(room, headers=whole.desk(north))).text
        shown = re.search(r'<nav class="rooms".*?</nav>', page, re.DOTALL)[0]
        assert re.findall(r'href="([^"]+)"', shown) == rooms
        assert re.findall(r'href="([^"]+)" aria-current="page"', shown) == [room]
        assert re.search(r'<html lang="en" dir="ltr">', page)


async def test_an_association_in_which_nothing_happened_has_an_empty_desk(whole: Whole):
    shown = await whole.client.get("/desk", headers=whole.desk(Town("nowhere-yet")))
    assert shown.status_code in {200, 404}
    assert set(figures(shown.text).values()) <= {0}


async def test_a_refused_mail_is_on_the_desk_the_list_and_the_timeline_until_one_is_taken(whole: Whole):
    town, address = Town("bounce"), "gone@bounce.example.org"
    await found_association(whole.configuration, town.slug, "Bounce", "desk@bounce.example.org")
    await whole.quiet.settled()
    told = {
        "first_name": "Lina",
        "email": address,
        "birth_year": 1990,
        "postcode": "4000",
        "volunteer": {"places": 1},
        "consent": True,
    }
    person = (await whole.call("POST", "/people/api/participants", town, json=told))["id"]
    whole.catcher.refuses.add(address)
    await whole.call("POST", f"/people/api/participants/{person}/interview", town, json={"passed": True})
    await whole.quiet.settled()
    signed_in = whole.desk(town)
    assert figures((await whole.client.get("/desk", headers=signed_in)).text)["/people?mark=unreachable"] == 1
    assert "Lina" in (await whole.client.get("/people?mark=unreachable", headers=signed_in)).text
    assert "A mail was refused by the address" in (await whole.client.get(f"/people/{person}", headers=signed_in)).text
    readers = whole.desk(town, access=Access.READ)
    shown = (await whole.client.get("/desk", headers=readers)).text
    rooms = re.findall(r'href="([^"]+)"', re.search(r'<nav class="rooms".*?</nav>', shown, re.DOTALL)[0])
    leads = {*figures(shown), *rooms}
    assert {"/people?mark=unreachable", "/duos"} <= leads
    answers = {path: (await whole.client.get(path, headers=readers)).status_code for path in leads}
    assert set(answers.values()) == {200}, "who only reads is led nowhere that is closed to them"
    whole.catcher.refuses.clear()
    found = (await whole.call("GET", "/messages/api/messages", town))["messages"]
    assert [message["status"] for message in found] == ["failed"]
    await whole.call("PATCH", f"/people/api/participants/{person}", town, json={"radius_km": 20})
    await whole.quiet.settled()
    message = found[0]["id"]
    await whole.client.post(f"/messages/{message}/retry", headers=signed_in)
    await whole.quiet.settled()
    assert whole.catcher.to(address)
    assert "/people?mark=unreachable" not in figures((await whole.client.get("/desk", headers=signed_in)).text)
    lately = (await whole.client.get("/messages", headers=signed_in)).text
    assert re.search(r'<span class="figure">1</span>[^<]*7', lately), "one was sent, in the last seven days"
