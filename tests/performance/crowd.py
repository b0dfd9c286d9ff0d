"""Many invented people in one association: kept as an import keeps them, or as a file."""

from __future__ import annotations

import asyncio
import csv
import io
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from duolangue.chassis import places
from duolangue.chassis.decision import Change
from duolangue.chassis.store import Tenant
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.vocabulary import SLOTS, Gender, Interest, Level
from duolangue.matching.domain.people import Person
from duolangue.notifications.domain.message import Message, MessageStatus
from duolangue.notifications.store import MESSAGES
from duolangue.registration.domain import application
from duolangue.registration.domain.application import Application, NewcomerTold, VolunteerTold
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.participant import ConsentChannel, Participant, Status
from duolangue.registration.ports import Ports
from tests.performance import crowd_at_matching

AT_ONCE: Final = 2000
WRITTEN: Final = 5
"""Messages to each."""
TO_HAND_OVER: Final = 40
REFUSED: Final = 20
FIRST: Final = (
    "Amina", "Selam", "Olena", "Yusuf", "Fatou", "Mehmet", "Rania", "Ali", "Jean", "Anne", "Paul", "Bea", "Marie", "Luc", "Élise", "Zeynep",
    "محمد", "Олена", "ሰላም", "Noor",
)  # fmt: skip
SYLLABLES: Final = ("ba", "ra", "lo", "mi", "ta", "ne", "ko", "sa", "du", "vi", "er", "an", "el", "os", "im")
LANGUAGES: Final = ("ar", "fr", "en", "uk", "tr", "ti", "so", "fa", "ps", "es")
STANDING: Final = {
    Status.APPLIED: 10.0, Status.ACTIVE: 60.0, Status.PAUSED: 5.0, Status.LEFT: 20.0, Status.REFUSED: 5.0,
}  # fmt: skip
"""Of a hundred people, how many stand where after two years."""


def told(number: int, chance: random.Random) -> dict[str, Any]:
    """What somebody told: the same for the same number and chance."""
    newcomer = chance.random() < 0.6
    gender = chance.choice(list(Gender))
    return {
        "first_name": chance.choice(FIRST),
        "last_name": "".join(chance.choices(SYLLABLES, k=4)).capitalize(),
        "email": f"p{number}@example.org",
        "phone": f"+324{70 + number % 10}{number % 1_000_000:06}" if chance.random() < 0.5 else None,
        "birth_year": chance.randint(1950, 2004),
        "gender": gender,
        "postcode": chance.choice(_postcodes()),
        "languages": chance.sample(LANGUAGES, 2),
        "interests": chance.sample(list(Interest), 4),
        "availability": chance.sample(list(SLOTS), 3),
        "newcomer": NewcomerTold(french_oral=chance.choice(list(Level)[:5])) if newcomer else None,
        "volunteer": None if newcomer else VolunteerTold(places=1, comfort=Level.A0_CANNOT_READ),
        "consent": True,
        "consent_channel": ConsentChannel.IMPORT,
    }


def _postcodes() -> list[str]:
    return list(islice((code for code in sorted(places.table()) if "4000" <= code <= "4900"), 100))


def people(number: int, own: Association, now: datetime) -> Iterator[Participant]:
    """So many participants, as they stand after two years."""
    chance = random.Random(7)
    kinds, weights = list(STANDING), list(STANDING.values())
    for each in range(number):
        applied = now - timedelta(minutes=chance.randint(1, 1_000_000))
        fresh = application.register(
            Application.model_validate(told(each, chance)), f"{chance.getrandbits(128):032x}", own, applied
        )
        status = chance.choices(kinds, weights)[0]
        interviewed = None if status in {Status.APPLIED, Status.REFUSED} else applied + timedelta(days=3)
        changes: dict[str, Any] = {"status": status, "interviewed_at": interviewed}
        if chance.random() < 0.02:
            changes["to_look_at"] = ["held"]
        if chance.random() < 0.01:
            changes["unreachable_since"] = now
        yield fresh.model_copy(update=changes)


async def settle(number: int, ports: Ports, matching: Tenant, notifications: Tenant) -> None:
    """Keep so many participants as an import does, as if they had been there for long: no facts wait, matching knows them and has
    paired many, and each was written to.
    """
    own, now = await ports.own(), ports.clock.now()
    crowd, known, last = people(number, own, now), list[Person](), list[Participant]()
    while some := [Change(one) for one in islice(crowd, AT_ONCE)]:
        half = len(some) // 2  # one is written while the other is put into words
        *_, introduced = await asyncio.gather(
            ports.participants.add_many(some[:half]),
            ports.participants.add_many(some[half:]),
            crowd_at_matching.introduce([each.state for each in some if each.state.known_outside], matching),
        )
        known += introduced
        last = [each.state for each in some]
        await write_to(last, notifications, now)
    await leave_waiting([each for each in last if each.status is Status.ACTIVE], notifications, now)
    await crowd_at_matching.pair(known, matching, now)


async def leave_waiting(some: list[Participant], tenant: Tenant, now: datetime) -> None:
    """What waits on the desk of messages one morning: welcomes to hand over, others that addresses refused."""
    standing = [MessageStatus.WAITING] * TO_HAND_OVER + [MessageStatus.FAILED] * REFUSED
    messages = [
        Message(
            id=f"open-{one.id}",
            kind=MessageKind.WELCOME,
            recipient=one.id,
            about=one.id,
            status=status,
            made_at=now,
            due_at=None,
        )
        for one, status in zip(some, standing, strict=False)
    ]
    await tenant.aggregates(MESSAGES).add_many([Change(each) for each in messages])


async def write_to(some: list[Participant], tenant: Tenant, now: datetime) -> None:
    """Five messages for each, over two years, all of them dealt with."""
    chance = random.Random(some[0].id)
    standing, weights = [MessageStatus.SENT, MessageStatus.HANDED_OVER, MessageStatus.DROPPED], [90, 5, 5]
    messages = [
        Message(
            id=f"{chance.getrandbits(128):032x}",
            kind=chance.choice(
                [MessageKind.WELCOME, MessageKind.PROPOSAL, MessageKind.CONFIRMATION, MessageKind.NUDGE]
            ),
            recipient=one.id,
            about=one.id,
            status=chance.choices(standing, weights)[0],
            made_at=now - timedelta(minutes=chance.randint(1, 1_000_000)),
            due_at=None,
        )
        for one in some
        for _ in range(WRITTEN)
    ]
    await tenant.aggregates(MESSAGES).add_many([Change(each) for each in messages])


def file(number: int) -> bytes:
    """So many rows as an association would send them."""
    chance = random.Random(11)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        ["rôle", "prénom", "nom", "e-mail", "gsm", "année de naissance", "genre", "code postal", "niveau de français", "langues",
         "centres d'intérêt", "disponibilités", "accord"]
    )  # fmt: skip
    for each in range(number):
        one = told(5_000_000 + each, chance)
        writer.writerow(
            ["newcomer" if one["newcomer"] else "volunteer", one["first_name"], one["last_name"], one["email"], one["phone"],
             one["birth_year"], one["gender"], one["postcode"], one["newcomer"].french_oral.cefr if one["newcomer"] else "",
             ", ".join(one["languages"]), ", ".join(one["interests"]), ", ".join(one["availability"]), "oui"]
        )  # fmt: skip
    return text.getvalue().encode().replace("rôle".encode(), b"role")
