"""The report for funders, measured: everybody as the figures count them, beside two years of conversations; the page, the paper, the files."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Tenant
from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantState,
    ParticipantStatus,
    VolunteerProfile,
)
from duolangue.contracts.vocabulary import Gender, Level, Role
from duolangue.sessions.domain import counted, period, weeks
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.formed import Formed
from duolangue.sessions.store.counting import COUNTED, FORMED
from tests.performance import talking
from tests.performance.platform import Bench

BAR: Final = 3000.0
SAMPLES: Final = 20
TOWNS: Final = ("4000", "4020", "4040", "4100", "4400", "4600", "5000", "6000")
AT_ONCE: Final = 2000


async def settle(duos: Sequence[Commitment], tenant: Tenant, now: datetime) -> None:
    """Keep whom and what the figures count, of these duos: confirmed one after another over two years."""
    chance = random.Random(8)
    people, formed = [], []
    for number, each in enumerate(duos):
        since = now - timedelta(days=730 * (len(duos) - number) / len(duos))
        day = weeks.day_at(since, talking.ZONE)
        for person, role in ((each.newcomer, Role.NEWCOMER), (each.volunteer, Role.VOLUNTEER)):
            people.append(counted.heard(person, _told(role, since, chance), 1, day))
        formed.append(
            Formed(
                id=each.id,
                newcomer=each.newcomer,
                volunteer=each.volunteer,
                confirmed_on=day,
                origin=DuoOrigin.RUN,
                waited_days=chance.randrange(120),
                heard=4,
            )
        )
    rows, pairs = iter(people), iter(formed)
    while some := [Change(each) for each in islice(rows, AT_ONCE)]:
        await tenant.aggregates(COUNTED).add_many(some)
    while made := [Change(each) for each in islice(pairs, AT_ONCE)]:
        await tenant.aggregates(FORMED).add_many(made)


async def measure(running: Bench, association: str, now: datetime, say: Callable[[str], None]) -> bool:
    """A year's report, one request after another; whether the page is there in time."""
    last = period.before(period.month_of(weeks.day_at(now, talking.ZONE)))
    year = period.Period(period.month_of(period.first_day(last) - timedelta(days=334)), last)
    asked = f"first={year.first}&last={year.last}"
    say(f"\nthe report of {year.first} to {year.last}, ms, one after another      p50     p95")
    met = True
    for name, path, number in (
        ("the page", f"/sessions/impact?{asked}", SAMPLES),
        ("as a paper", f"/sessions/impact/report.pdf?{asked}", 5),
        ("month by month", f"/sessions/impact/months.csv?{asked}", 5),
    ):
        took = []
        for _ in range(number):
            headers = {**await running.token(association), "Accept": "text/html"}
            one = await running.measure(path, headers, a_second=1, number=1)
            took.append(one.most)
            met = met and not one.failed
        took.sort()
        p95 = took[min(len(took) - 1, int(len(took) * 0.95))]
        met = met and (p95 < BAR or number < SAMPLES)
        say(f"{name:<28} {took[len(took) // 2]:6.0f}  {p95:6.0f}")
    say(f"bar: the page p95 under {BAR:.0f} ms  {'met' if met else 'MISSED'}")
    return met


def _told(role: Role, since: datetime, chance: random.Random) -> ParticipantState:
    wants = NewcomerProfile(french_oral=chance.choice(list(Level)), waiting_since=since - timedelta(days=40))
    return ParticipantState(
        status=ParticipantStatus.ACTIVE,
        roles=[role],
        birth_year=chance.randrange(1950, 2004),
        gender=chance.choice((*Gender, None)),
        postcode=chance.choice(TOWNS),
        newcomer=wants if role is Role.NEWCOMER else None,
        volunteer=None if role is Role.NEWCOMER else VolunteerProfile(places=2),
    )
