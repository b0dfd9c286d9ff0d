"""What the tests of a whole platform share: two towns, whoever knocks at them, and everything that is stored."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

import httpx
from fastapi import FastAPI
from motor.motor_asyncio import AsyncIOMotorClient

from duolangue.chassis.clock import ShiftedClock
from duolangue.chassis.identity import Access, Coordinator, Signer
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.links import Purpose
from duolangue.matching.domain.question import Question
from duolangue.provision.platform import PLATFORM
from duolangue.registration.domain import passkey
from duolangue.registration.domain.passkey import Signed
from duolangue.registration.domain.sign_in import Place
from duolangue.sessions.domain import timetable
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.domain.timetable import WeeklyClass
from duolangue.sessions.usecases import activities, attestations, courses, enrolments, homework, lessons
from duolangue.sessions.usecases.courses import GroupPlan
from duolangue.sessions.usecases.lessons import HoursPlan
from duolangue.standalone.catcher import Catcher
from duolangue.standalone.configuration import Configuration
from duolangue.standalone.host import Host
from duolangue.standalone.settling import Settling

ADMINISTRATOR: Final = "desk@{}.example.org"
CANARY: Final = "Zanarivka"
CANARY_PHONES: Final = ("+32470987651", "+32470987652")
HEADER: Final = (
    "role,first_name,last_name,email,phone,birth_year,postcode,french_level,interests,max_duos,comfort_level,consent"
)
DONE: Final = (200, 201, 202, 204, 303)


@dataclass
class Town:
    """An association and the ids of what happened in it."""

    slug: str
    ids: dict[str, str] = field(default_factory=dict)
    """By kind: newcomer, volunteer, run, duo (running), proposal, conversation, message, coordinator."""


@dataclass
class Whole:
    """The platform, and its two associations."""

    configuration: Configuration
    host: Host
    client: httpx.AsyncClient
    catcher: Catcher
    clock: ShiftedClock
    quiet: Settling
    logs: io.StringIO
    north: Town = field(default_factory=lambda: Town("north"))
    south: Town = field(default_factory=lambda: Town("south"))

    @cached_property
    def signer(self) -> Signer:
        return Signer(self.configuration.servers.secrets.path("signing-key.pem").read_bytes())

    def token(self, town: Town, access: Access = Access.ADMINISTER, coordinator: str = "c-test", **more: Any) -> str:
        claims = Coordinator(coordinator, town.slug, access, "en")
        return self.signer.access_token(claims, self.clock.now(), **more)

    def desk(self, town: Town, access: Access = Access.ADMINISTER, coordinator: str = "c-test") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(town, access, coordinator)}"}

    def link(
        self,
        town: Town,
        purpose: Purpose,
        entity: str,
        person: str,
        *,
        expires: datetime | None = None,
        scope: str = "",
    ) -> str:
        until = expires or self.clock.now() + timedelta(days=3)
        return self.signer.action_token(town.slug, purpose, entity, person, until, "en", scope)

    async def call(self, method: str, path: str, town: Town, **more: Any) -> Any:
        """As this town's administrator; anything but success fails the test."""
        answer = await self.client.request(method, path, headers=self.desk(town), **more)
        assert answer.status_code in DONE, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def apps(self) -> dict[str, FastAPI]:
        """The application of each service, as it runs now."""
        return {name: service.app for name, service in self.host._running.items()}

    async def stored(self, *services: str) -> dict[str, Any]:
        """Every document of these services (of all by default), by service, collection and id, as text; leases left out."""
        root: Any = AsyncIOMotorClient(self.configuration.servers.mongodb_root_url)
        found: dict[str, str] = {}
        for name in services or [member.name for member in PLATFORM]:
            for collection in await root[name].list_collection_names():
                async for document in root[name][collection].find():
                    document.pop("lease", None)
                    found[f"{name}/{collection}/{document['_id']}"] = repr(document)
        root.close()
        return found

    async def stored_of(self, town: Town) -> dict[str, Any]:
        """What is kept of one town."""
        return {key: value for key, value in (await self.stored()).items() if f"/{town.slug}/" in key}

    async def _passkey(self, town: Town) -> str:
        place, signed = Place(association=town.slug, coordinator=town.ids["coordinator"]), Signed(town.slug, b"key", 0)
        held = passkey.keep(place, signed, "Phone", [], self.clock.now())
        await self.apps()["registration"].state.ports(town.slug).passkeys.add(held)
        return held.id

    async def _activity(self, town: Town) -> dict[str, str]:
        """A workshop of the volunteer, in which the newcomer has a place."""
        ports = self.apps()["sessions"].state.ports(town.slug)
        day = self.clock.now().date() + timedelta(days=9)
        meeting = Meeting(id="m1", day=day, begins="18:00", minutes=60, place="Here")
        plan = Plan("Singing", "Songs.", (meeting,), host=town.ids["volunteer"])
        begun = await activities.begin(ActivityKind.WORKSHOP, plan, "c-test", ports)
        await activities.publish(begun.id, "c-test", ports)
        placed = await enrolments.enrol(begun.id, town.ids["newcomer"], ports)
        return {"activity": begun.id, "enrolment": placed.id}

    async def _course(self, town: Town) -> dict[str, str]:
        """A group of a French course in which the newcomer who was asked has a place and handed in homework to a volunteer; a teacher's open hour."""
        ports = self.apps()["sessions"].state.ports(town.slug)
        first = self.clock.now().date() + timedelta(days=7)
        term = timetable.timetable(
            first, first + timedelta(days=27), [WeeklyClass(weekday=first.weekday(), begins="09:00", minutes=120)]
        )
        group = (
            await courses.open_group(
                GroupPlan("FLE 1", "level-1", term, place="Here", teacher=town.ids["volunteer"]), "c-test", ports
            )
        ).activity.id
        await activities.publish(group, "c-test", ports)
        await enrolments.enrol(group, town.ids["asked"], ports, by="c-test")
        lesson = await homework.set_lesson(group, "Au marché", "Racontez.", "https://example.org/v", None, ports)
        work = await homework.for_learner(lesson.id, town.ids["asked"], ports)
        handed = await homework.hand_in_text(work.id, "Bonjour", ports, key="k")
        hours = lessons.hours_between(first, first, [first.weekday()], "14:00", "15:00")
        await lessons.open_hours(HoursPlan("Lire", hours, place="Here"), "c-test", ports)
        hour = (await lessons.free(ports))[0].activity.id
        return {"group": group, "lesson": lesson.id, "work": work.id, "part": handed.parts[0].id, "hour": hour}

    async def _attestation(self, town: Town) -> str:
        """The newcomer's, for the conversation that was told of today."""
        day = self.clock.now().date()
        issued = await attestations.issue(
            town.ids["newcomer"], day - timedelta(days=7), day, "c-test", self.apps()["sessions"].state.ports(town.slug)
        )
        return issued.id

    async def live(self, town: Town, mark: str) -> None:
        """Two pairs: one talks already, one is asked. `mark` stands in one newcomer's name and addresses."""
        name = mark or "Ali"
        people = (
            f"newcomer,{name},{name}son,{name.lower()}@{town.slug}.example.org,{CANARY_PHONES[0] if mark else ''},1990,4000,A1,cooking,,,yes",
            f"newcomer,Lan,Chen,lan@{town.slug}.example.org,,1991,4000,A1,music,,,yes",
            f"volunteer,Louise,Gérard,louise@{town.slug}.example.org,{CANARY_PHONES[1] if mark else ''},1990,4000,C2,cooking,1,A0,yes",
            f"volunteer,Marc,Dupont,marc@{town.slug}.example.org,,1991,4000,C2,music,1,A0,yes",
        )
        sheet = "\n".join((HEADER, *people)).encode()
        report = await self.call("POST", "/people/api/imports", town, content=sheet)
        assert not report["rejected"], report
        ids = {row["row"]: row["id"] for row in report["imported"]}
        for each in ids.values():
            await self.call("POST", f"/people/api/participants/{each}/interview", town, json={"passed": True})
        await self.quiet.settled()
        town.ids["run"] = (await self.call("POST", "/duos/api/runs", town))["run"]
        await self.quiet.settled()
        await self.call("POST", f"/duos/api/runs/{town.ids['run']}/approve", town)
        await self.quiet.settled()
        duos = (await self.call("GET", "/duos/api/duos", town))["duos"]
        beside = {"name": "Twice a week", "policy": {"schedule": {"days": [1, 4]}, "day_waited": 50_000}}
        town.ids["replay"] = (await self.call("POST", "/duos/api/replays", town, json={"cases": [beside]}))["replay"]
        talking = next(duo for duo in duos if duo["newcomer"] == ids[1])
        asked = next(duo for duo in duos if duo["newcomer"] == ids[2])
        town.ids |= {"duo": talking["id"], "newcomer": ids[1], "volunteer": talking["volunteer"]}
        town.ids |= {"proposal": asked["id"], "asked": ids[2], "asked_too": asked["volunteer"]}
        for side in ("newcomer", "volunteer"):
            answer = {"side": side, "accept": True}
            await self.call("POST", f"/duos/api/duos/{talking['id']}/answers", town, json=answer)
        await self.quiet.settled()
        told = {"held_on": self.clock.now().date().isoformat(), "minutes": 30, "medium": "video"}
        logged = await self.call("POST", f"/sessions/api/duos/{talking['id']}/conversations", town, json=told)
        messages = (await self.call("GET", "/messages/api/messages", town))["messages"]
        coordinators = await self.call("GET", "/people/api/coordinators", town)
        town.ids |= {"conversation": logged["id"], "message": messages[0]["id"], "coordinator": coordinators[0]["id"]}
        apart = await self.call("POST", f"/duos/api/duos/{talking['id']}/keep-apart", town, json={})
        town.ids["passkey"] = await self._passkey(town)
        town.ids |= await self._activity(town)
        town.ids |= await self._course(town)
        town.ids["number"] = await self._attestation(town)
        town.ids["separation"], town.ids["question"] = apart["id"], f"question-{town.slug}"
        question = Question(id=town.ids["question"], participant=town.ids["asked"], asked_at=self.clock.now())
        await self.apps()["matching"].state.ports(town.slug).questions.add(question)
        signed_in, volunteer = self.desk(town), town.ids["volunteer"]
        await self.client.post(f"/people/{volunteer}/notes", data={"note": "Calls on Mondays"}, headers=signed_in)
        done = await self.client.post("/people/bulk", data={"act": "resume", "people": [volunteer]}, headers=signed_in)
        notes = [
            each for each in await self.stored("registration") if each.startswith(f"registration/notes/{town.slug}/")
        ]
        town.ids |= {"bulk": done.headers["location"].rpartition("/")[2], "note": notes[0].rpartition("/")[2]}
        town.ids["call"] = "4000-A0-any-any-any"
        begun = await self.client.post("/people/new", headers=signed_in)
        town.ids["sign_up"] = begun.headers["location"].split("/")[3]
        drafted = await self.client.post("/people/import", files={"file": ("people.csv", sheet)}, headers=signed_in)
        town.ids["batch"] = drafted.headers["location"].split("/")[3]
        problem = self.link(town, Purpose.REPORT_PROBLEM, town.ids["duo"], town.ids["newcomer"])
        await self.client.post(f"{Purpose.REPORT_PROBLEM.path}/{problem}", data={"kind": "other", "words": "unkind"})
        town.ids["report"] = next(
            each.rpartition("/")[2]
            for each in await self.stored("registration")
            if each.startswith(f"registration/reports/{town.slug}/")
        )
        await self.quiet.settled()
