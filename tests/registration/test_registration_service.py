"""Registration as others meet it: its API, pages, links and answers, on a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from duolangue.chassis.identity import Access
from duolangue.chassis.mail import Unavailable
from duolangue.contracts.facts.notifications import Channel, ContactUnreachable
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import ContactsQuestion, LinkWanted, PeopleQuestion
from duolangue.registration import usecases
from duolangue.registration.domain.coordinator import AccessLevel
from tests.registration.conftest import World

SAMPLES = Path(__file__).parents[2] / "data"
RANIA: dict[str, Any] = {
    "first_name": "Rania", "last_name": "Haddad", "phone": "0470 12 34 56", "birth_year": 1990, "postcode": "4020", "consent": True,
    "ui_language": "ar", "newcomer": {"french_oral": "A1"},
}  # fmt: skip


async def register(world: World, **changes: Any) -> str:
    answer = await world.client.post("/people/api/participants", json={**RANIA, **changes}, headers=world.desk())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_participants_life_through_the_api(world: World) -> None:
    rania = await register(world)
    assert await world.told_of(rania) == []

    async def act(what: str, told: dict[str, Any] | None = None) -> httpx.Response:
        return await world.client.post(
            f"/people/api/participants/{rania}/{what}", json=told or {}, headers=world.desk()
        )

    assert (await act("pause")).status_code == 409
    assert (await act("interview", {"passed": True})).json()["status"] == "active"
    assert (await act("pause", {"until": "2026-12-24"})).json()["resumes_on"] == "2026-12-24"
    await world.time_passes(days=40)
    shown = await world.client.get(f"/people/api/participants/{rania}", headers=world.desk())
    assert shown.json()["status"] == "active"
    assert "identities" not in shown.json()
    assert (await act("leave")).json()["status"] == "left"
    assert [fact.split(".")[1] for fact in await world.told_of(rania)] == ["registered", "paused", "resumed", "left"]
    assert [event.entityversion for event in await world.told() if event.subject == rania] == [1, 2, 3, 4]


async def test_the_same_person_is_registered_once_even_by_many_at_once(world: World) -> None:
    answers = await asyncio.gather(
        *(world.client.post("/people/api/participants", json=RANIA, headers=world.desk()) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_a_fault_names_its_field(world: World) -> None:
    for told, field in (
        ({"postcode": "4999"}, "postcode"),
        ({"birth_year": 2012}, "birth_year"),
        ({"email": {"$ne": None}}, "email"),
    ):
        answer = await world.client.post("/people/api/participants", json={**RANIA, **told}, headers=world.desk())
        assert answer.status_code == 422
        assert answer.json()["field"] == field


async def test_changes_are_checked_like_what_was_told_first(world: World) -> None:
    rania = await register(world)
    address = f"/people/api/participants/{rania}"
    refused = await world.client.patch(address, json={"radius_km": 999}, headers=world.desk())
    assert (refused.status_code, refused.json()["field"]) == (422, "radius_km")
    changed = await world.client.patch(address, json={"radius_km": 5, "volunteer": {"places": 1}}, headers=world.desk())
    assert changed.json()["roles"] == ["newcomer", "volunteer"]
    assert (await world.client.patch(address, json={"phone": None}, headers=world.desk())).json()["field"] == "email"


async def test_a_file_is_imported_with_its_running_duos_and_sent_again_changes_nothing(world: World) -> None:
    body = (SAMPLES / "liege.csv").read_bytes()
    first = (await world.client.post("/people/api/imports", content=body, headers=world.desk())).json()
    assert (len(first["imported"]), first["rejected"], first["running"]) == (105, [], 4)
    again = (
        await world.client.post("/people/api/imports", files={"file": ("liege.csv", body)}, headers=world.desk())
    ).json()
    assert again["imported"] == []
    assert {(remark["code"], remark["field"]) for remark in again["rejected"]} == {("same_person", "email")}
    everybody: list[dict[str, Any]] = []
    after = ""
    while True:
        part = (await world.client.get(f"/people/api/participants?limit=50&after={after}", headers=world.desk())).json()
        everybody += part["participants"]
        if (after := part["next"]) is None:
            break
    assert len({each["id"] for each in everybody}) == 105
    paired = {each["id"]: each["current_partner"] for each in everybody if each["current_partner"]}
    assert len(paired) == 8
    assert all(paired[partner] == one for one, partner in paired.items())


async def test_an_imported_row_may_name_a_partner_registered_before(world: World) -> None:
    bea = await register(world, first_name="Bea", email="bea@example.org", newcomer=None, volunteer={})
    await world.client.post(f"/people/api/participants/{bea}/interview", json={"passed": True}, headers=world.desk())
    file = "role,first_name,phone,birth_year,postcode,french_level,current_partner,consent\nnewcomer,Ali,0470123499,1990,4000,A1,bea@example.org,yes"
    done = (await world.client.post("/people/api/imports", content=file.encode(), headers=world.desk())).json()
    assert (done["running"], done["warnings"]) == (1, [])
    (told,) = [event.data for event in await world.told() if event.subject == bea and event.type.endswith("updated.v1")]
    assert told["current_partner"] == done["imported"][0]["id"]


async def test_a_file_in_another_encoding_says_what_to_do(world: World) -> None:
    answer = await world.client.post("/people/api/imports", content="prénom".encode("mac-roman"), headers=world.desk())
    assert (answer.status_code, answer.json()["field"]) == (422, "file")
    assert "CSV UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "participants", Access.READ),
        ("GET", "association", Access.READ),
        ("POST", "participants", Access.COORDINATE),
        ("POST", "imports", Access.COORDINATE),
        ("GET", "reports", Access.ADMINISTER),
        ("PATCH", "association", Access.ADMINISTER),
        ("GET", "coordinators", Access.ADMINISTER),
        ("POST", "coordinators", Access.ADMINISTER),
        ("DELETE", "coordinators/none", Access.ADMINISTER),
    ],
)
async def test_each_route_needs_its_access(world: World, method: str, path: str, needed: Access) -> None:
    assert (await world.client.request(method, f"/people/api/{path}")).status_code == 401
    for access in Access:
        answer = await world.client.request(method, f"/people/api/{path}", headers=world.desk(access), json={})
        assert (answer.status_code == 403) == (not access.covers(needed))


async def test_another_association_sees_nothing(world: World) -> None:
    rania = await register(world)
    foreign = world.desk(Access.ADMINISTER, association="another-one")
    assert (await world.client.get(f"/people/api/participants/{rania}", headers=foreign)).status_code == 404
    assert (await world.client.post(f"/people/api/participants/{rania}/leave", headers=foreign)).status_code == 404
    assert (await world.client.get("/people/api/participants", headers=foreign)).json()["participants"] == []
    question = PeopleQuestion(association="another-one", people=[rania])
    assert (await usecases.people(question, world.service.ports("another-one"))).people == {}


async def contact_links(world: World, person: str) -> dict[Purpose, str]:
    wanted = LinkWanted(
        person=person, purpose=Purpose.REPORT_PROBLEM, entity="duo-1", expires=world.clock.now().replace(year=2027)
    )
    question = ContactsQuestion(association=world.association, people=[person], links=[wanted])
    return (await usecases.contacts(question, world.ports)).contacts[person].links


async def test_contacts_come_with_links_for_their_person_alone_and_not_for_who_left(world: World) -> None:
    rania, yonas = await register(world), await register(world, first_name="Yonas")
    wanted = LinkWanted(
        person=yonas, purpose=Purpose.ANSWER_PROPOSAL, entity="duo-1", expires=world.clock.now().replace(year=2027)
    )
    question = ContactsQuestion(association=world.association, people=[rania, yonas, "nobody"], links=[wanted])
    found = (await usecases.contacts(question, world.ports)).contacts
    assert set(found) == {rania, yonas}
    assert found[rania].links == {}
    assert found[rania].language == "ar"
    assert found[yonas].links[Purpose.ANSWER_PROPOSAL].startswith("http://desk.test/duos/answer/")
    await usecases.leave(yonas, world.ports)
    assert set((await usecases.contacts(question, world.ports)).contacts) == {rania}


async def test_a_reported_problem_reaches_coordinators_without_its_words_even_after_an_outage(world: World) -> None:
    address = f"{world.association}@interra.example"
    await usecases.invite_coordinator(address, "", AccessLevel.ADMINISTER, "en", world.ports)
    rania = await register(world)
    link = (await contact_links(world, rania))[Purpose.REPORT_PROBLEM].removeprefix("http://desk.test")
    assert (await world.client.get(link)).status_code == 200
    for _ in range(2):
        thanks = await world.client.post(link, data={"kind": "money", "words": "He asks for money"})
        assert thanks.status_code == 200
    world.post.failing = Unavailable("away")
    await world.time_passes(seconds=1)
    assert world.post.sent == []
    world.post.failing = None
    (report,) = await world.ports.reports.select()
    await usecases.tell_coordinators(report.id, world.ports)
    (mail,) = world.post.to(address)
    assert "money" not in mail.as_string()
    assert "Rania" not in mail.as_string()
    shown = await world.client.get("/people/api/reports", headers=world.desk(Access.ADMINISTER))
    assert [(each["person"], each["about"], each["words"]) for each in shown.json()] == [
        (rania, "duo-1", "He asks for money")
    ]


async def test_any_link_of_a_person_reports_and_an_altered_one_does_not(world: World) -> None:
    rania = await register(world)
    link = (await contact_links(world, rania))[Purpose.REPORT_PROBLEM].removeprefix("http://desk.test")
    expires = world.clock.now().replace(year=2027)
    other = world.ports.signer.action_token(world.association, Purpose.LOG_CONVERSATION, "duo-1", rania, expires, "fr")
    assert (await world.client.post(link[:-2], data={"kind": "money"})).status_code == 403
    assert await world.ports.reports.count() == 0
    assert (await world.client.post(f"/problem/{other}", data={"kind": "money"})).status_code == 200
    assert [(each.person, each.about) for each in await world.ports.reports.select()] == [(rania, "duo-1")]


async def test_who_cannot_be_reached_is_shown_on_the_desk(world: World) -> None:
    rania = await register(world)
    fact = ContactUnreachable(channel=Channel.MAIL, since=world.clock.now())
    await usecases.mark_unreachable(rania, fact.since, world.ports)
    await usecases.mark_unreachable("nobody", fact.since, world.ports)
    assert "cannot be reached" in (await world.client.get("/people", headers=world.desk())).text


async def test_the_desk_interviews_and_shows_names_as_text(world: World) -> None:
    rania = await register(world, last_name="<script>alert(1)</script>")
    page = (await world.client.get("/people", headers=world.desk())).text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    answer = await world.client.post(f"/people/{rania}/interview", data={"passed": "true"}, headers=world.desk())
    assert answer.status_code == 303
    person = (await world.client.get(f"/people/{rania}", headers=world.desk())).text
    assert "takes part" in person
    assert f"/people/{rania}/leave" in person


async def test_a_shared_address_is_remarked_upon_and_registered_all_the_same(world: World) -> None:
    await register(world)
    answer = await world.client.post(
        "/people/api/participants", json={**RANIA, "first_name": "Samir"}, headers=world.desk()
    )
    assert answer.status_code == 201
    assert [(each["field"], each["code"]) for each in answer.json()["warnings"]] == [("phone", "shared_address")]


async def test_a_running_duo_has_two_sides(world: World) -> None:
    rania = await register(world)
    other = {**RANIA, "first_name": "Samir", "current_partner": rania}
    assert (await world.client.post("/people/api/participants", json=other, headers=world.desk())).json()[
        "field"
    ] == "current_partner"
    bea = {**other, "newcomer": None, "volunteer": {}}
    assert (await world.client.post("/people/api/participants", json=bea, headers=world.desk())).status_code == 201
