"""The desk of activities: its pages, who is found by name, the list to sign."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.registration import AssociationRegistered
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.usecases import activities, activities_shown

from .conftest import World
from .gatherings import SATURDAY, announced, desk, enrols, places, ports_of, takes_part


async def test_somebody_is_found_by_name_at_the_activitys_page_and_enrolled_from_there(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "alina", "bea")
    activity = await announced(world)
    page = f"/sessions/activities/{activity.id}"
    await enrols(world, activity, "alina")
    found = (await world.client.get(f"{page}?who=Ali", headers=world.desk())).text
    assert "Bea &lt;b&gt;" not in found
    assert "already here" in found, "Alina has a place"
    [form] = re.findall(r'action="(/sessions/people/[a-z]+/enrol)"', found)
    sent = await world.client.post(form, data={"activity": activity.id, "back": "activity"}, headers=world.desk())
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page}#who")
    assert (await places(world, activity))["ali"] == "confirmed"
    assert (
        "Nobody who takes part is called so." in (await world.client.get(f"{page}?who=Zoe", headers=world.desk())).text
    )
    reader = (await world.client.get(f"{page}?who=Ali", headers=world.desk(Access.READ))).text
    assert "/enrol" not in reader
    asked = await announced(world, rules=(Rule.INCOME,))
    guided = (await world.client.get(f"/sessions/activities/{asked.id}?who=bea", headers=world.desk())).text
    [there] = re.findall(r'href="(/sessions/people/bea\?wanted=[^"#]+)#enrol"', guided)
    opened = (await world.client.get(there, headers=world.desk())).text
    assert "<details open>" in opened, "the questions are asked before"


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_the_list_of_a_meeting_is_printed_to_sign_with_empty_lines_for_whoever_comes_besides(
    world: World, language: str
) -> None:
    await world.hear(AssociationRegistered(name="Interra", language=language), world.association, 1)
    await takes_part(world, *(f"person{number:02}" for number in range(30)))
    activity = await announced(world, capacity=40)
    for number in range(30):
        await enrols(world, activity, f"person{number:02}")
    page = f"/sessions/activities/{activity.id}/attendance"
    assert f"{page}.pdf?meeting=m1" in (await world.client.get(page, headers=world.desk())).text
    answer = await world.client.get(f"{page}.pdf?meeting=m1", headers=world.desk(Access.READ))
    assert answer.headers["content-type"] == "application/pdf"
    sheets = [each.extract_text() for each in PdfReader(BytesIO(answer.content)).pages]
    assert len(sheets) == 2
    text = "".join(sheets)
    assert all(f"Person{number:02}" in text for number in range(30))
    assert "35" in text, "five empty lines"
    assert (await world.client.get(f"{page}.pdf?meeting=m9", headers=world.desk())).status_code == 404


async def test_many_activities_are_on_pages_those_that_meet_next_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities_shown, "PAGE", 2)
    await world.founded()
    made = [
        await announced(
            world, meetings=(SATURDAY.model_copy(update={"day": SATURDAY.day + timedelta(days=7 * weeks)}),)
        )
        for weeks in (3, 0, 2, 1)
    ]
    gone = await announced(world)
    await activities.cancel(gone.id, ports_of(world))
    first, second = [(await desk(world, f"/sessions/activities?page={number}")).text for number in (1, 2)]
    order = [made[each].id for each in (1, 3, 2, 0)]
    assert re.findall(r"/sessions/activities/([0-9a-f-]{36})\"", first) == [*order[:2], gone.id]
    assert re.findall(r"/sessions/activities/([0-9a-f-]{36})\"", second) == order[2:]
    assert "Page 1 of 2" in first
