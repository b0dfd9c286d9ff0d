"""Every form of the desk works without scripts: its pages are walked as a browser has them that runs none, and every button they show is pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from duolangue.contracts.facts.activities import ActivityKind, CancelledBy
from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.usecases import activities, enrolments
from duolangue.standalone.operate import found_association
from tests.architecture.sources import ROOT
from tests.integration.tenancy.test_roles import least, routes
from tests.integration.tenancy.walking import Walk
from tests.integration.tenancy.whole import ADMINISTRATOR, HEADER, Town, Whole

TYPED: Final = {
    "birth_year": "1990", "postcode": "4000", "year": "2025", "month": "3", "minutes": "30", "code": "123456", "phone": "0470 99 88 77",
}  # fmt: skip
MORE: Final = f"""{HEADER}
newcomer,Amal,Said,,+32470111301,1990,4000,A1,cooking,,,yes
newcomer,Selam,Tesfay,selam@garden.example.org,,1990,4500,B2,music,,,yes
volunteer,Paul,Petit,,+32470111302,1990,4000,C2,cooking,2,A0,yes
volunteer,Rosa,Diaz,rosa@garden.example.org,,1991,4000,C2,music,1,A0,yes
"""
FOREIGN: Final = b"Wer;Rufname;Adresse;Jahr;PLZ;Einverstanden\nvolunteer;Anne;anne@example.org;1980;4000;yes\n"
NOUR: Final[dict[str, Any]] = {
    "first_name": "Nour", "birth_year": 1992, "postcode": "4000", "consent": True, "newcomer": {"french_oral": "A2"},
}  # fmt: skip
ELSEWHERE: Final = {
    "/account/passkeys": "registration/test_registration_passkeys_kept.py",  # a passkey is asked of the device by a script: decision 36
    "/account/passkeys/options": "registration/test_registration_passkeys_kept.py",
    "/account/passkeys/{passkey_id}/remove": "registration/test_registration_passkeys_kept.py",
    "/account/sessions/{session_id}/end": "registration/test_registration_sessions.py",
    "/association/audio/remove": "registration/test_sign_up_flow.py",
    "/association/logo/remove": "registration/test_registration_association_page.py",
    "/people/import/{batch_id}/take-back": "registration/test_imports_step_by_step.py",
    "/people/{participant_id}/again": "registration/test_signed_up_again.py",
    "/people/{participant_id}/reopen": "registration/test_signed_up_again.py",
    "/people/{participant_id}/notes/{note_id}/remove": "registration/test_people_desk.py",
    "/duos/separations": "matching/test_matching_meanwhile.py",
    "/duos/exclusions/{participant}/lift": "matching/test_matching_duos.py",
    "/duos/list/{listed}": "browser/test_browser_desks.py",
    "/duos/runs/{run}/approve": "matching/test_matching_run_page.py",
    "/duos/waiting/{participant}/anew": "browser/test_browser_drafts.py",
    "/duos/waiting/{participant}/still": "matching/test_matching_proposals.py",
    "/duos/{duo}/swap": "browser/test_browser_drafts.py",
    "/messages/{message_id}/retry": "notifications/test_messages_desk.py",
    "/sessions/activities/{activity}/enrolments/{enrolment}/check": "sessions/test_activity_pages.py",
    "/sessions/activities/{activity}/lasted": "sessions/test_hours_given.py",
    "/sessions/calls": "sessions/test_sessions_following.py",
    "/sessions/courses/{group}/publish": "sessions/test_courses_pages.py",
    "/sessions/duos/{duo}/break": "sessions/test_sessions_breaks.py",
    "/sessions/duos/{duo}/break/undo": "sessions/test_sessions_breaks.py",
    "/sessions/duos/{duo}/called": "sessions/test_sessions_following.py",
    "/sessions/duos/{duo}/conversations/{conversation}/read": "sessions/test_sessions_following.py",
    "/sessions/duos/{duo}/go-on": "sessions/test_sessions_following.py",
    "/sessions/duos/{duo}/not-called": "sessions/test_sessions_following.py",
    "/sessions/homework/{work}/parts/{part}": "sessions/test_courses_files.py",
    "/sessions/homework/{work}/parts/{part}/take-back": "sessions/test_courses_files.py",
}
"""What shows on no page of the garden, or only after weeks: the tests that press it."""


@dataclass(frozen=True)
class Then:
    """A moment that does not move."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@pytest.fixture(scope="module")
async def garden(whole: Whole) -> Town:
    """A town of its own, in which whatever a page can show is there to be seen; what happens to it happens to nobody else."""
    town = Town("garden")
    await found_association(whole.configuration, town.slug, "Garden", ADMINISTRATOR.format(town.slug))
    await whole.quiet.settled()
    await whole.live(town, "")
    people = (await whole.call("POST", "/people/api/imports", town, content=MORE.encode()))["imported"]
    for each in people:
        await whole.call("POST", f"/people/api/participants/{each['id']}/interview", town, json={"passed": True})
    await whole.quiet.settled()
    await whole.call("POST", "/duos/api/runs", town)
    await _people(whole, town, people[-1]["id"])
    await _workshops(whole, town)
    await whole.quiet.settled()
    return town


async def _people(whole: Whole, town: Town, volunteer: str) -> None:
    """Who may be here twice, who is kept out and came again, a break of many, a file with other columns, a minor, two problems."""
    twins = [
        (await whole.call("POST", "/people/api/participants", town, json=NOUR | {"phone": f"+3247011120{last}"}))["id"]
        for last in range(3)
    ]
    signed_in = whole.desk(town)

    async def send(path: str, **more: Any) -> str:
        answer = await whole.client.post(path, headers=signed_in, **more)
        assert answer.status_code == 303, f"{path}: {answer.text}"
        return str(answer.headers["location"])

    await send(f"/people/{twins[2]}/exclude", data={"reason": "x", "sure": "true"})
    town.ids["paused"] = await send("/people/bulk", data={"act": "pause", "people": [volunteer]})
    await send("/people/import", files={"file": ("people.csv", FOREIGN)})
    await send("/duos/missing")
    held = {"first_name": "Noor", "phone": "+32470111202", "birth_year": 1950}
    await whole.call("POST", "/people/api/participants", town, json=NOUR | held)
    await whole.call("PATCH", "/people/api/association", town, json={"feeds": ["Forem"]})
    for reached in ({"email": "anna@garden.example.org"}, {"phone": "+32470111999"}):
        await whole.call("POST", "/people/api/coordinators", town, json=reached)
    young = (await send("/people/new")).rpartition("/")[0]
    await send(f"{young}/wish", data={"wish": "speak"})
    town.ids["young"] = await send(f"{young}/birth", data={"birth_year": "2015"})
    problem = whole.link(town, Purpose.REPORT_PROBLEM, town.ids["duo"], town.ids["volunteer"])
    told = await whole.client.post(f"{Purpose.REPORT_PROBLEM.path}/{problem}", data={"kind": "money", "words": "x"})
    assert told.status_code == 200


async def _workshops(whole: Whole, town: Town) -> None:
    """One that is being prepared, one nobody asked for yet, one that took place yesterday, one of which a place is offered."""
    ports, now = whole.apps()["sessions"].state.ports(town.slug), whole.clock.now()
    then = replace(ports, clock=Then(now - timedelta(days=9)))

    async def planned(days: int, by: Any) -> str:
        meeting = Meeting(id="m1", day=(now + timedelta(days=days)).date(), begins="10:00", minutes=60, place="Here")
        plan = Plan(f"Workshop {days}", "Words.", (meeting,), capacity=1)
        return str((await activities.begin(ActivityKind.WORKSHOP, plan, "c-test", by)).id)

    await planned(8, ports)
    unasked, yesterday, coming = await planned(6, ports), await planned(-1, then), await planned(7, ports)
    town.ids["workshop"] = (await activities.publish(unasked, "c-test", ports)).id
    await activities.publish(yesterday, "c-test", then)
    await enrolments.enrol(yesterday, town.ids["newcomer"], then)
    await activities.publish(coming, "c-test", ports)
    held = await enrolments.enrol(coming, town.ids["newcomer"], ports)
    await enrolments.enrol(coming, town.ids["asked"], ports)
    await enrolments.give_up(held.id, CancelledBy.PARTICIPANT, ports)


@pytest.mark.timeout(600)  # some six hundred requests, one after the other
async def test_every_button_a_coordinator_sees_does_something_without_scripts(whole: Whole, garden: Town) -> None:
    """It leads on, or a sentence says what is wrong; and every request of the desk is reached by links and buttons alone."""
    day = (whole.clock.now() + timedelta(days=2)).date().isoformat()
    walk = Walk(whole, whole.desk(garden, coordinator=garden.ids["coordinator"]), {**TYPED, "date": day})
    workshop = f"/sessions/activities/{garden.ids['workshop']}"
    await walk.look((workshop, "/desk", "/association", garden.ids["young"], garden.ids["paused"]))
    await walk.press()
    assert not walk.faults, "\n".join(walk.faults)
    missed = sorted(_of_the_desk(whole) - {path for _, path in walk.reached} - set(ELSEWHERE))
    assert missed == [], "no page leads there"


def test_what_is_pressed_elsewhere_is_pressed_there() -> None:
    for path, file in ELSEWHERE.items():
        (word,) = re.findall(r"[a-z.-]+(?=(?:/\{[a-z_]+\})?$)", path)
        assert re.search(word.replace("-", "[-_]"), (ROOT / "tests" / file).read_text(encoding="utf-8")), path


def _of_the_desk(whole: Whole) -> set[str]:
    return {
        route.path
        for app in whole.apps().values()
        for method, route in routes(app)
        if "/api/" not in route.path and least(method, route.path) not in {"public", "link", "operate"}
    }
