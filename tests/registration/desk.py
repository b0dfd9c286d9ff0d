"""What a coordinator does with people, through the pages."""

from __future__ import annotations

from typing import Any

from duolangue.chassis.identity import Access
from duolangue.registration.domain.filters import Filters
from duolangue.registration.domain.participant import Participant
from duolangue.registration.usecases import people_desk
from tests.registration.conftest import World

RANIA: dict[str, Any] = {
    "first_name": "Rania", "last_name": "Haddad", "phone": "0470 12 34 56", "birth_year": 1990, "postcode": "4020", "consent": True,
    "ui_language": "ar", "newcomer": {"french_oral": "A1"},
}  # fmt: skip
TELEPHONES = iter(range(10_000))


async def register(world: World, **changes: Any) -> str:
    told = {**RANIA, "phone": f"+32470{next(TELEPHONES):06d}", **changes}
    answer = await world.client.post("/people/api/participants", json=told, headers=world.desk())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def see(world: World, address: str, access: Access = Access.COORDINATE) -> str:
    answer = await world.client.get(address, headers=world.desk(access))
    assert answer.status_code == 200, answer.text
    return answer.text


async def send(world: World, address: str, told: Any = None, access: Access = Access.COORDINATE) -> Any:
    return await world.client.post(address, data=told or {}, headers=world.desk(access))


async def one(world: World, person: str) -> Participant:
    found: Participant = await world.ports.participants.get(person)
    return found


async def names(world: World, **asked: Any) -> list[str]:
    listing = await people_desk.people_listed(Filters.model_validate(asked), world.ports)
    return [each.first_name for each in listing.people]
