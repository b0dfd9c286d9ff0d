"""An association in memory: only the clock, registration and the mail server are pretended; the decisions are the service's own."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from duolangue.chassis import bus
from duolangue.chassis.store import Absent, Taken
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.matching import DuoConfirmed, DuoOrigin, DuoProposed, DuoStatus
from duolangue.contracts.facts.registration import AssociationRegistered, ParticipantRegistered, ParticipantStatus
from duolangue.contracts.requests import Contact, Person
from duolangue.contracts.vocabulary import Interest, Role
from duolangue.notifications import usecases
from duolangue.notifications.domain.message import MessageStatus
from duolangue.notifications.domain.weeks import NudgeMoment
from duolangue.notifications.ports import Ports
from duolangue.notifications.reactions_commitments import on

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""Of week 2026-W48; ten o'clock in Brussels."""


class Clock:
    def __init__(self, now):
        self.time = now

    def now(self):
        return self.time


class Kept:
    """Entities and projections alike, with the few operators the use cases ask for."""

    def __init__(self):
        self.rows = {}
        self.versions = {}
        self.facts = []

    async def find(self, entity_id):
        return self.rows.get(entity_id)

    async def get(self, entity_id):
        if entity_id not in self.rows:
            raise Absent(entity_id)
        return self.rows[entity_id]

    async def select(self, where=None, *, sort=(), limit=0, index=""):
        found = [
            row
            for row in self.rows.values()
            if all(fits(getattr(row, name), want) for name, want in (where or {}).items())
        ]
        for name, way in reversed(sort):
            found.sort(key=lambda row: getattr(row, name), reverse=way < 0)
        return found[: limit or None]

    async def count(self, where=None, *, index=""):
        return len(await self.select(where))

    async def summarise(self, where, *stages, index=""):
        found = await self.select(where)
        if "$count" in stages[0]:
            return [{"people": len(found)}] if found else []
        counted = Counter((row.kind.value, row.status.value) for row in found)
        return [{"_id": {"kind": kind, "status": status}, "count": count} for (kind, status), count in counted.items()]

    async def add(self, entity, *facts):
        if entity.id in self.rows:
            raise Taken("_id_")
        self.rows[entity.id] = entity
        self.facts.extend(facts)
        return entity

    async def update(self, entity_id, decide):
        change = decide(await self.get(entity_id))
        if change is not None:
            self.rows[entity_id] = change.state
            self.facts.extend(change.facts)
        return self.rows[entity_id]

    async def apply(self, state, version):
        newer = version > self.versions.get(state.id, 0)
        if newer:
            self.rows[state.id], self.versions[state.id] = state, version
        return newer


def fits(value, want):
    if isinstance(want, dict):
        [(operator, operand)] = want.items()
        return {"$in": lambda: value in operand, "$ne": lambda: value != operand, "$gte": lambda: value >= operand}[
            operator
        ]()
    return value == want


class Registration:
    """Answers like registration: contacts with links that name their person, purpose, entity and scope."""

    def __init__(self):
        self.contact = {}
        self.away = False
        self.asked = []

    async def people(self, association, ids):
        known = {each: self.contact.get(each) for each in ids}
        return {
            each: Person(
                first_name=found.first_name, last_name=found.last_name, age_band="35-44", municipality="Seraing"
            )
            if found and not self.away
            else Person(first_name=f"#{each[-6:]}", last_name="", age_band="", municipality="")
            for each, found in known.items()
        }

    async def contacts(self, association, ids, links=()):
        if self.away:
            raise bus.Unavailable("rpc.registration.contacts")
        self.asked.extend(links)
        signed = {
            each: {
                link.purpose: link.purpose.url(
                    "https://duo.example", "-".join(filter(None, (link.person, link.entity, link.scope)))
                )
                for link in links
                if link.person == each
            }
            for each in ids
        }
        return {
            each: self.contact[each].model_copy(update={"links": signed[each]}) for each in ids if each in self.contact
        }


class Sessions:
    """Answers like sessions: activities in their own words."""

    def __init__(self):
        self.told = {}
        self.away = False

    async def activities(self, association, ids):
        if self.away:
            raise bus.Unavailable("rpc.sessions.activities")
        return {each: self.told[each] for each in ids if each in self.told}


class Post:
    sender = "Duolangue <bonjour@duo.example>"

    def __init__(self):
        self.mails = []
        self.refuses = None

    async def send(self, message):
        if self.refuses is not None:
            raise self.refuses
        self.mails.append(message)


class World:
    def __init__(self):
        self.clock = Clock(MONDAY)
        self.directory = Registration()
        self.post = Post()
        self.programme = Sessions()
        self.ports = Ports(
            "interra",
            self.clock,
            Kept(),
            Kept(),
            Kept(),
            Kept(),
            Kept(),
            Kept(),
            Kept(),
            Kept(),
            Kept(),
            self.directory,
            self.post,
            NudgeMoment(),
            Kept(),
            Kept(),
            self.programme,
            Kept(),
            Kept(),
        )
        self._versions = itertools.count(1)

    async def hear(self, fact, subject, *, event_id=None, version=None, replayed=False):
        """A fact arrives, as the bus brings it."""
        number = version or next(self._versions)
        event = Event.of(
            fact, event_id=event_id or f"event-{number}", association="interra", entity_id=subject, entity_version=number,
            time=self.clock.now(), replayed=replayed,
        )  # fmt: skip
        await on.handlers[type(fact)](fact, event, self.ports)

    async def association(self, **changes):
        values = {
            "name": "Interra",
            "language": "fr",
            "timezone": "Europe/Brussels",
            "commitment_minutes": 30,
            **changes,
        }
        await self.hear(AssociationRegistered(**values), "interra")

    async def person(
        self, entity_id, first_name, *, language="fr", email="x@example.org", phone=None, role=Role.NEWCOMER
    ):
        self.directory.contact[entity_id] = Contact(
            first_name=first_name, last_name="Secretname", language=language, email=email, phone=phone
        )
        fact = ParticipantRegistered(status=ParticipantStatus.ACTIVE, roles=[role])
        await self.hear(fact, entity_id)

    async def pair(self, **volunteer):
        await self.association()
        await self.person("amina", "Amina", email="amina@example.org", phone="+32470000001")
        await self.person(
            "paul",
            "Paul",
            **{"email": "paul@example.org", "phone": "+32470000002", "role": Role.VOLUNTEER, **volunteer},
        )
        await self.deliver()
        self.post.mails.clear()

    async def deliver(self):
        """The sweeper's work: everything that is due now."""
        now = self.clock.now()
        for message in list(self.ports.messages.rows.values()):
            if message.due_at is not None and message.due_at <= now:
                await usecases.deliver(message.id, self.ports)
        return self.post.mails

    async def nudge(self):
        for duo in list(self.ports.followed.rows.values()):
            if duo.nudge_at is not None and duo.nudge_at <= self.clock.now():
                await usecases.nudge(duo.id, self.ports)
        return await self.deliver()

    def later(self, **span):
        self.clock.time += timedelta(**span)

    def messages(self, **wanted):
        return [m for m in self.ports.messages.rows.values() if all(getattr(m, k) == v for k, v in wanted.items())]

    def statuses(self, kind):
        return {m.recipient: m.status for m in self.messages(kind=kind)}

    @staticmethod
    def duo(fact=DuoProposed, status=DuoStatus.PROPOSED, **changes):
        return fact(
            newcomer="amina", volunteer="paul", status=status,
            **{
                "origin": DuoOrigin.RUN, "shared_interests": [Interest.COOKING], "shared_slots": ["tue_evening"], **changes
            },
        )  # fmt: skip

    async def confirmed(self, **changes):
        await self.hear(self.duo(DuoConfirmed, DuoStatus.CONFIRMED, **changes), "duo1")

    @property
    def told(self):
        return self.ports.messages.facts

    def __repr__(self):
        return f"{len(self.post.mails)} mails, {[s.value for s in MessageStatus]}"


@pytest.fixture
def world():
    return World()


@pytest.fixture
async def talking(world):
    """A duo that was told of each other, and has read it."""
    await world.pair()
    await world.confirmed()
    await world.deliver()
    world.post.mails.clear()
    return world
