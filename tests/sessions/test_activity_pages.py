"""Activities on their pages: the desk, a participant's own page by a link, the host's list on a phone, a calendar."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, Presence
from duolangue.contracts.facts.registration import ParticipantLeft, ParticipantStatus
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Contact
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.usecases import activities_shown, enrolments, hosting
from tests.worlds import says

from .conftest import World
from .gatherings import SATURDAY, announced, desk, enrols, places, ports_of, takes_part

FORM = {
    "title": "Syrian cooking", "text": "We cook mujaddara.\nBring a bowl.", "capacity": "3", "balanced": "yes",
    "relax_hours": "48", "offer_hours": "24", "reminder_hours": "24",
    "day-new": "2026-12-05", "begins-new": "14:00", "minutes-new": "120", "place-new": "Rue Pierreuse 23", "times-new": "2",
}  # fmt: skip


def link(world: World, person: str, purpose: Purpose = Purpose.OWN_ACTIVITIES, entity: str = "", **more: Any) -> str:
    expires = world.clock.now() + timedelta(days=7)
    token = world.signer.action_token(world.association, purpose, entity or person, person, expires, "en", **more)
    return f"{purpose.path}/{token}"


async def test_a_coordinator_makes_a_workshop_announces_it_and_sees_who_comes(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    empty = await desk(world, "/sessions/activities")
    assert "Nothing is planned yet." in empty.text
    form = await desk(world, "/sessions/activities/new?kind=workshop")
    key = re.search(r'name="key" value="([^"]+)"', form.text)[1]
    wrong = await desk(world, "/sessions/activities/new?kind=workshop", {**FORM, "key": key, "begins-new": "25:00"})
    assert (wrong.status_code, "as in 18:30" in wrong.text, "Rue Pierreuse 23" in wrong.text) == (422, True, True)
    for field, value, sentence in (
        ("day-new", "0001-01-01", "choose a day"), ("day-new", "9999-12-31", "choose a day"), ("place-new", "x" * 300, "200 letters"),
        ("text", "x" * 4001, "too long"), ("link-new", "javascript:alert(1)", "begins with https"), ("times-new", "61", "60 weeks"),
        ("capacity", "0", "whole number"), ("minutes-new", "9999999999", "720 minutes"), ("title", " ", "a title"),
    ):  # fmt: skip
        refused = await desk(world, "/sessions/activities/new?kind=workshop", {**FORM, "key": key, field: value})
        assert (refused.status_code, sentence in refused.text) == (422, True), (field, value)
    for _ in range(2):
        made = await desk(world, "/sessions/activities/new?kind=workshop", {**FORM, "key": key})
    assert made.status_code == 200, made.text
    assert "in preparation" in made.text
    [activity] = [each.activity for each in await listed(world)]
    assert [each.day.isoformat() for each in activity.meetings] == ["2026-12-05", "2026-12-12"]
    path = f"/sessions/activities/{activity.id}"
    assert (await desk(world, f"{path}/publish", {}, access=Access.READ)).status_code == 403
    published = await desk(world, f"{path}/publish", {})
    assert "Saturday 5 December, 14:00" in published.text
    assert "Nobody has enrolled yet." in published.text
    person = await desk(world, "/sessions/people/ali")
    assert "Put on the waiting list" not in person.text
    enrolled = await desk(world, "/sessions/people/ali/enrol", {"activity": activity.id})
    assert "Saturday 12 December, 14:00" in enrolled.text
    assert await places(world, activity) == {"ali": "confirmed"}
    shown = await desk(world, path)
    assert "Ali &lt;b&gt;" in shown.text
    edited = {
        **FORM,
        **rows(activity),
        "capacity": "3",
        "day-new": "",
        f"place-{activity.meetings[0].id}": "Maison Arc-en-Ciel",
    }
    moved = await desk(world, f"{path}/edit", edited)
    assert "Maison Arc-en-Ciel" in moved.text
    unsure = await desk(world, f"{path}/cancel", {})
    assert "announced" in unsure.text
    gone = await desk(world, f"{path}/cancel", {"sure": "true"})
    assert (gone.status_code, await places(world, activity)) == (200, {"ali": "cancelled"})
    copied = await desk(world, f"{path}/again", {})
    assert "The first day" in copied.text


async def listed(world: World) -> Any:
    return (await activities_shown.desk_page(1, ports_of(world))).every


def rows(activity: Any) -> dict[str, str]:
    return {
        f"{name}-{each.id}": str(getattr(each, name))
        for each in activity.meetings
        for name in ("day", "begins", "minutes", "place", "link")
    }


async def test_one_click_takes_a_place_and_another_gives_it_back(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    activity = await announced(world, capacity=1)
    own = link(world, "ali")
    page = await world.client.get(own)
    assert "Syrian cooking" in page.text
    assert "1 place is free" in page.text
    done = await world.client.post(f"{own}/activities/{activity.id}/enrol", follow_redirects=True)
    assert "You have a place. See you there!" in done.text
    assert "Saturday 5 December, 14:00" in done.text
    waits = await world.client.post(f"{link(world, 'bea')}/activities/{activity.id}/enrol", follow_redirects=True)
    assert "on the waiting list" in waits.text
    seen = await world.client.get(f"{link(world, 'bea')}/activities/{activity.id}")
    assert not says("Ali", seen.text)
    back = await world.client.post(f"{own}/activities/{activity.id}/cancel", follow_redirects=True)
    assert "It is cancelled." in back.text
    offered = await world.client.get(link(world, "bea"))
    assert "A place is free for you!" in offered.text
    yes = await world.client.post(f"{link(world, 'bea')}/activities/{activity.id}/enrol", follow_redirects=True)
    assert "You have a place." in yes.text
    assert await places(world, activity) == {"ali": "cancelled", "bea": "confirmed"}


async def test_names_are_shown_to_those_who_have_a_place_and_first_names_alone(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea", "cal")
    activity = await announced(world, shows_names=True)
    for each in ("ali", "bea"):
        await enrols(world, activity, each)
    inside = await world.client.get(f"{link(world, 'ali')}/activities/{activity.id}")
    assert "With you: Bea" in inside.text
    assert "&lt;b&gt;" not in inside.text
    outside = await world.client.get(f"{link(world, 'cal')}/activities/{activity.id}")
    assert not says("Bea", outside.text)


async def test_a_refusal_is_explained_and_the_answers_typed_stay(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    activity = await announced(world, ActivityKind.MODULE, rules=(Rule.INCOME, Rule.OUTSIDE_EU))
    path = f"{link(world, 'ali')}/activities/{activity.id}"
    asked = await world.client.get(path)
    assert "Do you receive an income from the CPAS?" in asked.text
    refused = await world.client.post(f"{path}/enrol", data={"rule-cpas_income": "no", "rule-outside_eu": "yes"})
    assert refused.status_code == 422
    assert "The French courses, the workshops and the outings are open to you all the same." in refused.text
    assert re.search(r'name="rule-outside_eu" value="yes" required checked', refused.text)
    placed = await world.client.post(
        f"{path}/enrol", data={"rule-cpas_income": "yes", "rule-outside_eu": "yes"}, follow_redirects=True
    )
    assert "You have a place." in placed.text
    [enrolment] = await ports_of(world).enrolments.of_activity(activity.id)
    at = f"/sessions/activities/{activity.id}/enrolments/{enrolment.id}"
    assert "not checked" in (await desk(world, f"/sessions/activities/{activity.id}")).text
    await desk(world, f"{at}/check", {"rule": "cpas_income", "yes": "false"})
    explained = await world.client.get(path)
    assert "people who receive an income from the CPAS" in explained.text


async def test_a_workshop_is_proposed_in_ones_own_words(world: World) -> None:
    await world.founded()
    await takes_part(world, "amina")
    own = link(world, "amina")
    form = await world.client.get(f"{own}/propose")
    key = re.search(r'name="key" value="([^"]+)"', form.text)[1]
    empty = await world.client.post(f"{own}/propose", data={"title": "الخط العربي", "text": "", "key": key})
    assert (empty.status_code, "الخط العربي" in empty.text) == (422, True)
    sent = {"title": "الخط العربي", "text": "<script>alert(1)</script>", "wishes": "Saturdays", "key": key}
    for _ in range(2):
        thanks = await world.client.post(f"{own}/propose", data=sent, follow_redirects=True)
    assert "A coordinator will talk about it with you." in thanks.text
    seen = await desk(world, "/sessions/activities")
    assert seen.text.count("الخط العربي") == 1
    [each] = await listed(world)
    assert "<script>alert" not in (await desk(world, f"/sessions/activities/{each.activity.id}")).text


async def test_the_host_notes_who_came_on_a_phone_without_signing_in(world: World) -> None:
    await world.founded()
    await takes_part(world, "amina", "ali", "bea")
    activity = await announced(world, host="amina")
    ali, bea = [await enrols(world, activity, each) for each in ("ali", "bea")]
    path = link(world, "amina", Purpose.HOST_ACTIVITY, activity.id)
    early = await world.client.get(path)
    assert "2 people come." in early.text
    assert (await world.client.post(path, data={f"presence-{ali.id}": "present"})).status_code == 409
    world.clock.moment = SATURDAY.starts_at(activity.zone)
    path = link(world, "amina", Purpose.HOST_ACTIVITY, activity.id)
    sent = {f"presence-{ali.id}": "present", f"presence-{bea.id}": "absent", "presence-nobody": "present"}
    kept = await world.client.post(path, data=sent, follow_redirects=True)
    assert "Thank you! It is noted." in kept.text
    assert "&lt;b&gt;" not in kept.text, "a host sees first names alone"
    noted = {each.participant: each.presence for each in await ports_of(world).attendances.of_activity(activity.id)}
    assert noted == {"ali": Presence.PRESENT, "bea": Presence.ABSENT}
    assert "did not come 1 time" in (await desk(world, f"/sessions/activities/{activity.id}")).text
    other = link(world, "ali", Purpose.HOST_ACTIVITY, activity.id)
    assert (await world.client.get(other)).status_code == 404
    assert (await world.client.post(other, data=sent)).status_code == 404


async def test_a_calendar_keeps_the_hour_across_summer_time_and_shows_what_is_cancelled(world: World) -> None:
    await world.founded()
    world.clock.moment = world.clock.moment.fromisoformat("2026-10-01T09:00:00+00:00")
    await takes_part(world, "ali")
    weekly = tuple(
        SATURDAY.model_copy(update={"id": f"m{n}", "day": SATURDAY.day.replace(month=10, day=24 + 7 * n)})
        for n in range(2)
    )
    activity = await announced(world, meetings=weekly)
    await enrols(world, activity, "ali")
    answer = await world.client.get(link(world, "ali", Purpose.CALENDAR))
    assert answer.headers["content-type"].startswith("text/calendar")
    read = Calendar.from_ical(answer.content)
    assert [each["tzid"] for each in read.walk("VTIMEZONE")] == ["Europe/Brussels"]
    begins = [each.decoded("dtstart") for each in read.walk("VEVENT")]
    assert [each.strftime("%d %H:%M") for each in begins] == ["24 14:00", "31 14:00"]
    assert [each.astimezone(ZoneInfo("UTC")).hour for each in begins] == [12, 13]
    assert {str(each["summary"]) for each in read.walk("VEVENT")} == {"Syrian cooking"}
    await world.client.post(f"{link(world, 'ali')}/activities/{activity.id}/cancel")
    after = Calendar.from_ical((await world.client.get(link(world, "ali", Purpose.CALENDAR))).content)
    assert {str(each["status"]) for each in after.walk("VEVENT")} == {"CANCELLED"}


async def test_a_calendar_shows_once_what_somebody_gives_though_they_had_a_place_in_it_before(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    activity = await announced(world)
    mine = await enrols(world, activity, "ali")
    await enrolments.give_up(mine.id, CancelledBy.PARTICIPANT, ports_of(world))
    await hosting.entrust(activity.id, "ali", "c-1", ports_of(world))
    answer = await world.client.get(link(world, "ali", Purpose.CALENDAR))
    assert [str(each["status"]) for each in Calendar.from_ical(answer.content).walk("VEVENT")] == ["CONFIRMED"]


async def test_the_address_of_a_calendar_is_signed_by_registration(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")

    async def contacts(association: str, ids: Any, links: Any) -> dict[str, Contact]:
        [wanted] = links
        assert (wanted.purpose, wanted.person) == (Purpose.CALENDAR, "ali")
        address = {Purpose.CALENDAR: "https://duo.example/sessions/calendar/x"}
        return {"ali": Contact(first_name="Ali", last_name="", language="fr", links=address)}

    world.service.foundation.directory.contacts = contacts  # type: ignore[attr-defined]
    page = await world.client.get(f"{link(world, 'ali')}/calendar")
    assert 'href="webcal://duo.example/sessions/calendar/x"' in page.text


async def test_ones_own_page_leads_to_this_weeks_conversations_whatever_message_came(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "carl")
    await world.confirmed("duo-1")
    world.clock.moment = world.clock.moment.fromisoformat("2026-11-25T09:00:00+00:00")  # a Wednesday: no link came yet

    async def contacts(association: str, ids: Any, links: Any) -> dict[str, Contact]:
        [wanted] = links
        token = world.signer.action_token(
            association, wanted.purpose, wanted.entity, wanted.person, wanted.expires, "en", wanted.scope
        )
        address = {wanted.purpose: f"{wanted.purpose.path}/{token}"}
        return {wanted.person: Contact(first_name="Ali", last_name="", language="fr", links=address)}

    world.service.foundation.directory.contacts = contacts  # type: ignore[attr-defined]
    own = link(world, "ali")
    assert f'href="{own}/duo/duo-1"' in (await world.client.get(own)).text
    page = await world.client.get(f"{own}/duo/duo-1", follow_redirects=True)
    assert (page.status_code, "Your conversations with Bea" in page.text) == (200, True)
    world.clock.moment += timedelta(days=6)
    assert (await world.client.get(str(page.url))).status_code == 200
    for path in (f"{link(world, 'carl')}/duo/duo-1", f"{own}/duo/other"):
        assert (await world.client.get(path)).status_code in {404, 422}


async def test_the_links_of_somebody_who_left_show_nothing_any_more(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    given, visited = await announced(world, host="ali"), await announced(world)
    await enrols(world, visited, "ali")
    await enrols(world, given, "bea")
    await world.hear(ParticipantLeft(status=ParticipantStatus.LEFT, roles=[Role.NEWCOMER]), "ali", 2)
    for path in (
        link(world, "ali"),
        link(world, "ali", Purpose.HOST_ACTIVITY, given.id),
        f"{link(world, 'ali')}/propose",
    ):
        assert (await world.client.get(path)).status_code == 404, path
    assert "Syrian" not in (await world.client.get(link(world, "ali", Purpose.CALENDAR))).text
    post = await world.client.post(f"{link(world, 'ali')}/activities/{visited.id}/enrol")
    assert (post.status_code, "do not take part" in post.text) == (404, False)


@pytest.mark.parametrize("purpose", [Purpose.OWN_ACTIVITIES, Purpose.CALENDAR, Purpose.HOST_ACTIVITY])
async def test_a_link_for_somebody_unknown_or_of_another_purpose_shows_nothing(world: World, purpose: Purpose) -> None:
    await world.founded()
    await takes_part(world, "ali", role=Role.VOLUNTEER)
    activity = await announced(world)
    shown = await world.client.get(link(world, "stranger", purpose, activity.id))
    assert "Syrian cooking" not in shown.text
    wrong = await world.client.get(f"{purpose.path}/{link(world, 'ali', Purpose.LOG_CONVERSATION).rpartition('/')[2]}")
    assert wrong.status_code == 403


async def test_an_administrator_decides_with_what_activities_begin(world: World) -> None:
    await world.founded()
    settings = {
        "relax_hours": "72",
        "offer_hours": "12",
        "reminder_hours": "48",
        "chosen": ["rule-outing-zone", "balanced-outing"],
    }
    path = "/sessions/activities/settings"
    assert (await desk(world, path, settings)).status_code == 403
    kept = await desk(world, path, settings, access=Access.ADMINISTER)
    assert "Kept." in kept.text
    wrong = await desk(world, path, {**settings, "offer_hours": "0"}, access=Access.ADMINISTER)
    assert (wrong.status_code, "whole number" in wrong.text) == (422, True)
    form = await desk(world, "/sessions/activities/new?kind=outing")
    assert 'value="zone" checked' in form.text
    assert 'name="offer_hours" type="number" inputmode="numeric" min="1" max="168" value="12"' in form.text
