"""An activity through all four services: mails with links of registration and words of sessions; the bus carries neither."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from datetime import timedelta
from typing import Any

from icalendar import Calendar

from duolangue.contracts.facts.activities import ActivityKind, EnrolmentStatus
from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.usecases import activities
from duolangue.standalone.catcher import text_of
from tests.integration.tenancy.test_tenancy import _messages
from tests.integration.tenancy.whole import CANARY, Town, Whole

TITLE = "Zelfgemaakte-mujaddara"


async def _mail(whole: Whole, address: str, subject: str) -> str:
    found: list[Any] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(20):
            while not found:
                await whole.quiet.settled()
                found = [each for each in whole.catcher.to(address) if subject in str(each["Subject"])]
    assert found, [str(each["Subject"]) for each in whole.catcher.to(address)]
    return text_of(found[-1])


def _path(mail: str, start: str) -> str:
    return re.search(rf"http://[^/\s]+({re.escape(start)}\S+)", mail)[1]


async def test_a_place_a_wait_an_offer_and_a_yes_by_mail_and_link(whole: Whole, north: Town):
    ports: Any = whole.apps()["sessions"].state.ports(north.slug)
    day = whole.clock.now().date() + timedelta(days=12)
    meeting = Meeting(id="m1", day=day, begins="18:00", minutes=60, place="Rue-Secrète 7")
    plan = Plan(TITLE, "Songs.", (meeting,), capacity=1, host=north.ids["volunteer"])
    begun = await activities.begin(ActivityKind.WORKSHOP, plan, "c-test", ports)
    await activities.publish(begun.id, "c-test", ports)
    address = f"/sessions/api/activities/{begun.id}/enrolments"
    first = await whole.call("POST", address, north, json={"participant": north.ids["newcomer"]})
    second = await whole.call("POST", address, north, json={"participant": north.ids["asked"]})
    assert (first["status"], second["status"]) == ("confirmed", "waiting")
    told = await _mail(whole, f"{CANARY.lower()}@north.example.org", TITLE)
    assert "18:00: Rue-Secrète 7" in told
    own = _path(told, "/sessions/mine/")
    page = await whole.client.get(own)
    assert TITLE in page.text
    await whole.client.post(f"{own}/activities/{begun.id}/cancel")
    offer = await _mail(whole, "lan@north.example.org", TITLE)
    kept = await ports.enrolments.get(second["id"])
    assert (kept.status, kept.offer_sent_at is not None) == (EnrolmentStatus.OFFERED, True)
    answer = _path(offer, "/sessions/mine/")
    token = answer.split("/")[3]
    yes = await whole.client.post(f"/sessions/mine/{token}/activities/{begun.id}/enrol", follow_redirects=True)
    assert yes.status_code == 200
    assert (await ports.enrolments.get(second["id"])).status is EnrolmentStatus.CONFIRMED
    subscribed = await whole.client.get(f"/sessions/mine/{token}/calendar")
    feed = _path(subscribed.text.replace('"', " "), "/sessions/calendar/")
    shown = Calendar.from_ical((await whole.client.get(feed)).content)
    assert TITLE in {str(each["summary"]) for each in shown.walk("VEVENT")}
    await whole.quiet.settled()
    streams = "\n".join(await _messages(whole))
    assert first["id"] in streams
    for secret in (TITLE, "Rue-Secr", "Songs."):
        assert secret not in streams
        assert secret not in whole.logs.getvalue()


async def test_ones_own_page_at_registration_leads_to_ones_activities(whole: Whole, north: Town):
    own = whole.link(north, Purpose.OWN_PAGE, north.ids["newcomer"], north.ids["newcomer"])
    page = await whole.client.get(f"{Purpose.OWN_PAGE.path}/{own}")
    mine = await whole.client.get(_path(page.text.replace('"', " "), "/sessions/mine/"))
    assert mine.status_code == 200
    assert "Singing" in mine.text
