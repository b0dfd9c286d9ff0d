"""The report for funders, measured: everybody as the figures count them, beside two years of conversations; the page, the paper, the files."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
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
from duolangue.sessions.domain import counted, weeks
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.formed import Formed
from duolangue.sessions.store.counting import COUNTED, FORMED
from tests.performance import talking
from tests.performance.platform import Bench
from tests.performance.words import load, say, word

BAR: Final = 3000.0
SAMPLES: Final = 10
FEW: Final = 4
MONTHS: Final = "month by month (CSV), twelve reports"
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
            people.append(counted.heard(person, _told(role, since, chance), 1, day, talking.ZONE))
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


async def measure(running: Bench, association: str, now: datetime) -> bool:
    """The last calendar year's report, one request after another; whether each form of it is there in time."""
    year = weeks.day_at(now, talking.ZONE).year - 1
    asked = f"first={year}-01&last={year}-12"
    say(f"\nthe report of {year}, ms, one after another               p50     p95")
    every = True
    for name, path, number in (
        ("the page", "/sessions/impact", SAMPLES),
        ("as a paper (PDF)", "/sessions/impact/report.pdf", SAMPLES),
        ("as rows (CSV)", "/sessions/impact/figures.csv", SAMPLES),
        (MONTHS, "/sessions/impact/months.csv", FEW),
    ):
        took, failed = [], 0
        for _ in range(number + 1):
            headers = {**await running.token(association), "Accept": "text/html"}
            started = time.perf_counter()
            failed += (await running.client.get(f"{path}?{asked}", headers=headers)).status_code != 200
            took.append((time.perf_counter() - started) * 1000)
        took = sorted(took[1:])  # without the first, for which templates are compiled and letters are read
        p95 = took[min(len(took) - 1, int(len(took) * 0.95))]
        met = p95 < BAR * (12 if name is MONTHS else 1) and not failed
        every = every and met
        say(f"{name:<44} {took[len(took) // 2]:6.0f}  {p95:6.0f}  {word(met)}{f'  {failed} failed' if failed else ''}")
    say(f"bar: p95 under {BAR:.0f} ms for a report; {load()}")
    return every


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
