"""A town to report on: its people, their duos and their conversations, heard of on given days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from duolangue.contracts.facts.matching import DuoConfirmed, DuoEnded, DuoOrigin, DuoStatus
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantRegistered,
    ParticipantStatus,
    VolunteerProfile,
)
from duolangue.contracts.vocabulary import Gender, Level, Medium, Role
from duolangue.sessions.domain.period import Period
from duolangue.sessions.usecases import conversations, impact
from duolangue.sessions.usecases.conversations import Told

from .conftest import World

LIEGE, HERSTAL, NAMUR = "4000", "4040", "5000"
AUTUMN = Period("2026-09", "2026-12")


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00+00:00")


def newcomer(level: Level = Level.A1, postcode: str = LIEGE, waits: str = "2026-08-01", **more: Any) -> dict[str, Any]:
    return {
        "status": ParticipantStatus.ACTIVE,
        "roles": [Role.NEWCOMER],
        "birth_year": 1990,
        "gender": Gender.FEMALE,
        "postcode": postcode,
        "newcomer": NewcomerProfile(french_oral=level, waiting_since=at(waits)),
        **more,
    }


def volunteer(postcode: str = LIEGE, places: int = 1) -> dict[str, Any]:
    return {
        "status": ParticipantStatus.ACTIVE,
        "roles": [Role.VOLUNTEER],
        "birth_year": 1960,
        "postcode": postcode,
        "volunteer": VolunteerProfile(places=places),
    }


class Town:
    """People, their duos and their conversations, heard of on given days."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ports = world.service.ports(world.association)
        self.versions: dict[str, int] = {}

    async def hear(self, kind: type[Any], entity: str, day: str, values: dict[str, Any]) -> None:
        self.versions[entity] = self.versions.get(entity, 0) + 1
        await self.world.hear(kind(**values), entity, self.versions[entity], at=at(day))

    async def joins(self, person: str, values: dict[str, Any], day: str = "2026-09-01") -> None:
        await self.hear(ParticipantRegistered, person, day, values)

    async def duo(self, one: str, other: str, day: str, origin: DuoOrigin = DuoOrigin.RUN) -> str:
        name = f"{one}-{other}"
        await self.hear(DuoConfirmed, name, day, self._duo(one, other, day, origin))
        return name

    async def ends(self, one: str, other: str, day: str, ended: str) -> None:
        values = {**self._duo(one, other, day, DuoOrigin.RUN), "status": DuoStatus.ENDED, "ended_at": at(ended)}
        await self.hear(DuoEnded, f"{one}-{other}", ended, values)

    async def talk(self, duo: str, day: str, minutes: int = 30, medium: Medium = Medium.VIDEO) -> None:
        before, self.world.clock.moment = self.world.clock.moment, at(day) + timedelta(hours=9)
        await conversations.log_by_desk(duo, Told(date.fromisoformat(day), minutes, medium, f"{duo}-{day}"), self.ports)
        self.world.clock.moment = before

    async def report(self, chosen: Period = AUTUMN, zone: str = "") -> Any:
        return await impact.report(chosen, zone, self.ports)

    @staticmethod
    def _duo(one: str, other: str, day: str, origin: DuoOrigin) -> dict[str, Any]:
        return {
            "newcomer": one,
            "volunteer": other,
            "status": DuoStatus.CONFIRMED,
            "origin": origin,
            "confirmed_at": at(day),
        }


async def autumn(town: Town) -> None:
    """Six newcomers and three volunteers; three duos, of which one goes on meeting."""
    for number in range(6):
        await town.joins(f"n{number}", newcomer(postcode=LIEGE if number < 5 else NAMUR))
    for number in range(3):
        await town.joins(f"v{number}", volunteer(), day="2026-08-20")
    steady = await town.duo("n0", "v0", "2026-09-02")
    short = await town.duo("n1", "v1", "2026-09-10")
    await town.duo("n5", "v2", "2026-10-01")
    for day in ("2026-09-08", "2026-09-29", "2026-11-25"):
        await town.talk(steady, day, 40)
    await town.talk(short, "2026-09-14", 30, Medium.IN_PERSON)
    await town.ends("n1", "v1", "2026-09-10", "2026-09-20")
