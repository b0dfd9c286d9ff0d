"""An association whose duos have talked for two years, as the store of sessions keeps it; every duo as its own looks would have left it."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Tenant
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import commitment as commitments
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain import day as days
from duolangue.sessions.domain import health, weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, Step
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.follow_up import FollowUp
from duolangue.sessions.domain.period import month_of
from duolangue.sessions.domain.standing import Term
from duolangue.sessions.domain.talked import MonthTalk, Talked, WeekTalk
from duolangue.sessions.store import COMMITMENTS, CONVERSATIONS

ZONE: Final = ZoneInfo("Europe/Brussels")
AT_ONCE: Final = 20_000
RULES: Final = FollowUp()


@dataclass(frozen=True)
class Habit:
    """How a duo talks."""

    weight: float
    stopped: int = 0
    """Weeks since the last conversation."""
    short: bool = False
    """The last week was below the promise."""
    alone: bool = False
    """Only the newcomer tells of it."""


HABITS: Final = (Habit(80), Habit(8, stopped=1), Habit(4, stopped=4), Habit(5, short=True), Habit(3, alone=True))


@dataclass(frozen=True)
class Week:
    """One conversation in one week."""

    day: date
    minutes: int
    medium: Medium
    alone: bool


def story(number: int, now: datetime, length: int) -> list[Week]:
    """What duo `number` talked in so many weeks before the present one: the same for the same number."""
    chance = random.Random(number)
    habit = chance.choices(HABITS, [each.weight for each in HABITS])[0]
    monday = weeks.monday_of(weeks.week_of(weeks.day_at(now, ZONE)))
    held = []
    for back in range(length, habit.stopped, -1):
        if chance.random() < 0.05:
            continue
        short = habit.short and back == 1
        minutes = 10 if short else chance.choice((30, 30, 40, 45, 60))
        medium = chance.choices(list(Medium), (80, 10, 10))[0]
        held.append(
            Week(monday - timedelta(weeks=back) + timedelta(days=chance.randrange(7)), minutes, medium, habit.alone)
        )
    return held


def duo(number: int, newcomer: str, volunteer: str, now: datetime, length: int) -> tuple[Commitment, list[Week]]:
    """A duo as it stands now, and what it talked."""
    since = now - timedelta(weeks=length + 1)
    fresh = commitments.follow(
        str(uuid.UUID(int=random.Random(f"duo {number}").getrandbits(128))),
        newcomer=newcomer,
        volunteer=volunteer,
        since=since,
        promised=30,
        step=Step(version=1, status=CommitmentStatus.ACTIVE, at=since),
        zone=ZONE,
    )
    going_on = length // RULES.term_weeks
    fresh = fresh.model_copy(update={"term": Term(number=going_on + 1, began_after=going_on * RULES.term_weeks)})
    held = story(number, now, length)
    talked = Talked(
        tuple(
            WeekTalk(
                weeks.week_of(each.day),
                each.minutes,
                1,
                each.day,
                int(each.medium is Medium.IN_PERSON),
                1,
                0 if each.alone else 1,
            )
            for each in held
        ),
        tuple(_months(held)),
    )
    change = health.look(fresh, talked, RULES, ZONE, now)
    return (change.state if change else fresh), held


def _months(held: Sequence[Week]) -> Iterator[MonthTalk]:
    for (month, medium), some in groupby(
        sorted(held, key=lambda each: (month_of(each.day), each.medium)), lambda each: (month_of(each.day), each.medium)
    ):
        minutes = [each.minutes for each in some]
        yield MonthTalk(month, medium, len(minutes), sum(minutes))


async def settle(
    people: Sequence[str], number: int, tenant: Tenant, now: datetime, length: int = 104
) -> list[Commitment]:
    """Keep so many duos with their conversations of so many weeks; no facts wait. The first half of `people` are newcomers."""
    newcomers, volunteers = people[: len(people) // 2], people[len(people) // 2 :]
    kept: list[Commitment] = []
    pattern = _pattern(tenant, now)
    raw = tenant.aggregates(CONVERSATIONS)._raw
    waiting: list[dict[str, Any]] = []
    writing: asyncio.Future[Any] | None = None
    for each in range(number):
        state, held = duo(each, newcomers[each % len(newcomers)], volunteers[each % len(volunteers)], now, length)
        kept.append(state)
        waiting += _documents(pattern, state.id, held, tenant.association)
        if len(waiting) >= AT_ONCE or each == number - 1:
            if writing is not None:
                await writing
            writing = asyncio.ensure_future(raw.insert_many(waiting, ordered=False))
            await asyncio.sleep(0)
            waiting = []
    if writing is not None:
        await writing
    rest: Iterator[Commitment] = iter(kept)
    while some := list(islice(rest, 1000)):
        await tenant.aggregates(COMMITMENTS).add_many([Change(each) for each in some])
    return kept


def _pattern(tenant: Tenant, now: datetime) -> dict[str, Any]:
    """The document of a conversation both told of, as the store itself writes it."""
    telling = conversations.telling(Role.NEWCOMER, 30, "key", now)
    begun = conversations.told("id", "duo", weeks.day_at(now, ZONE), Medium.VIDEO, telling)
    both = conversations.told_again(begun.state, conversations.telling(Role.VOLUNTEER, 30, "other", now))
    state: Conversation = both.state if both else begun.state
    kept: dict[str, Any] = tenant.aggregates(CONVERSATIONS)._writing.fresh(state, ())
    return {**kept, "association": tenant.association, "version": 1, "last_fact": begun.facts[0].fact_name()}


def _documents(pattern: dict[str, Any], duo_id: str, held: list[Week], association: str) -> Iterator[dict[str, Any]]:
    for each in held:
        name = days.shared_id(duo_id, each.day, 1)
        at = datetime.combine(each.day, datetime.min.time(), UTC) + timedelta(hours=20)
        told = {"minutes": each.minutes, "at": at, "key": name}
        state = pattern["state"] | {
            "id": name,
            "duo": duo_id,
            "held_on": each.day.isoformat(),
            "week": weeks.week_of(each.day),
            "medium": each.medium.value,
            "minutes": each.minutes,
            "tellings": [telling | told for telling in pattern["state"]["tellings"][: 1 if each.alone else 2]],
            "logged_at": at,
        }
        yield pattern | {"_id": f"{association}/{name}", "state": state}
