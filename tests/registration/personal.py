"""Somebody whose name is looked for everywhere, and the ways to their own page."""

from __future__ import annotations

from typing import Any

from duolangue.contracts.envelope import Event
from duolangue.registration import usecases
from duolangue.registration.reactions import on
from duolangue.registration.service import DECLARATION
from duolangue.registration.usecases import personal_data
from tests.registration.conftest import World

CANARY = "Zephyrine-Canari"
MAIL = "zephyrine@canari.example"
PHONE = "+32470123987"


def told(**changes: Any) -> dict[str, Any]:
    return {
        "first_name": CANARY, "last_name": "Secrète", "email": MAIL, "phone": PHONE, "birth_year": 1990, "postcode": "4000",
        "languages": ["ar"], "interests": ["cooking"], "consent": True, "newcomer": {"french_oral": "A1"}, **changes,
    }  # fmt: skip


async def somebody(world: World, *, active: bool = True, **changes: Any) -> str:
    answer = await world.client.post("/people/api/participants", json=told(**changes), headers=world.desk())
    assert answer.status_code == 201, answer.text
    person: str = answer.json()["id"]
    if active:
        await usecases.interview(person, True, "", world.ports)
    return person


async def own_page(world: World, person: str) -> str:
    one = await world.ports.participants.get(person)
    link = personal_data.own_link(one, world.ports, "en")
    return link.removeprefix("http://desk.test")


async def hear(world: World, fact: Any, subject: str) -> None:
    event = Event.of(
        fact, event_id=f"e-{fact.fact_name()}-{subject}".replace(".", "-"), association=world.association, entity_id=subject, entity_version=1,
        time=world.clock.now(),
    )  # fmt: skip
    await on.handlers[type(fact)](fact, event, world.ports)


async def everything_stored(world: World) -> str:
    """All that registration's database holds, as one text."""
    texts = []
    for kind in DECLARATION.kinds:
        raw = world.service.foundation.database.collection(kind.name)
        texts += [str(document) async for document in raw.find({"association": world.association})]
    return "\n".join(texts)
