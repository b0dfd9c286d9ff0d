"""Activities, measured: two hundred people who enrol at the same moment, and a desk with five hundred activities."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from duolangue.chassis.decision import Change
from duolangue.chassis.service import Foundation
from duolangue.contracts.facts.activities import ActivityKind, EnrolmentStatus
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import announcing, enrolment, weeks
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.domain.seats import Place
from duolangue.sessions.service import wire
from duolangue.sessions.store import ACTIVITIES, ENROLMENTS
from tests.performance import talking
from tests.performance.open_wire import form, send
from tests.performance.platform import Bench
from tests.performance.words import say, word

MANY: Final = 500
EACH: Final = 8
"""Who has a place in each."""
AT_ONCE: Final = 200
PLACES: Final = 50
BAR_DESK: Final = 150.0
BAR_SECONDS: Final = 10.0
"""Nobody who presses the button waits longer, even at such a moment."""
A_SECOND: Final = 20


async def settle(association: str, sessions: Foundation[Any], people: Sequence[str], now: datetime) -> Activity:
    """Keep so many activities, held and announced, with who has a place in them; and one more, in which nobody enrolled yet."""
    ours, tenant, chance = wire(sessions)(association), sessions.tenant(association), random.Random(12)
    made = [_announced(number, now) for number in range(MANY)]
    await tenant.aggregates(ACTIVITIES).add_many([Change(each) for each in made])
    placed = [
        Change(enrolment.seated(_wish(each, person, now), Place(seat)).state)
        for each in made
        for seat, person in enumerate(chance.sample(people, EACH), start=1)
    ]
    await tenant.aggregates(ENROLMENTS).add_many(placed)
    wanted = _announced(MANY, now, capacity=PLACES)
    await ours.activities.add(wanted)
    takes_part = Participant(id=people[0], status=ParticipantStatus.ACTIVE, roles=(Role.NEWCOMER,))
    await asyncio.gather(
        *(ours.participants.apply(takes_part.model_copy(update={"id": each}), 1) for each in people[:AT_ONCE])
    )
    return wanted


async def measure(
    running: Bench,
    association: str,
    sessions: Foundation[Any],
    wanted: Activity,
    people: Sequence[str],
    samples: int,
) -> bool:
    """The desk of activities, then all of them at once for a few places: each place is given once, and whoever has none waits for one."""
    say(f"\nactivities: {MANY}, {EACH} places taken in each      p50     p95")
    met = True
    for name, path in (
        ("the desk of activities", "/sessions/activities"),
        ("one of them", f"/sessions/activities/{wanted.id}"),
    ):
        headers = {**await running.token(association), "Accept": "text/html"}
        one = await running.measure(path, headers, a_second=A_SECOND, number=samples)
        met = met and one.most < BAR_DESK and not one.failed
        say(f"{name:<40} {one.half:6.1f}  {one.most:6.1f}  {word(one.most < BAR_DESK and not one.failed)}")
    signer, ours = running.ports(association).signer, wire(sessions)(association)
    expires = ours.clock.now() + timedelta(days=9)
    requests = []
    for person in people[:AT_ONCE]:
        token = signer.action_token(association, Purpose.OWN_ACTIVITIES, person, person, expires, "fr")
        path = f"{Purpose.OWN_ACTIVITIES.path}/{token}/activities/{wanted.id}/enrol"
        requests.append((form(running.url, path, {}), person))
    sent, seconds = await send(running.url, iter(requests), connections=AT_ONCE, seconds=60)
    placed = await ours.enrolments.of_activity(wanted.id)
    held = sorted(each.seat or 0 for each in placed if each.status is EnrolmentStatus.CONFIRMED)
    waiting = sum(each.status is EnrolmentStatus.WAITING for each in placed)
    exact = held == list(range(1, PLACES + 1)) and waiting == AT_ONCE - PLACES and not sent.otherwise
    say(
        f"{AT_ONCE} enrol at the same moment for {PLACES} places: {seconds:.1f} s in all, p95 {sent.slowest():.0f} ms; "
        f"{len(held)} have a place, {waiting} wait: {'right' if exact else 'WRONG'}"
    )
    for each in sent.otherwise[:3]:
        say(f"  refused: {each}")
    met = met and exact and seconds < BAR_SECONDS
    say(
        f"bars: pages p95 under {BAR_DESK:.0f} ms; each place given once, everybody answered within {BAR_SECONDS:.0f} s  {word(met)}"
    )
    return met


def _announced(number: int, now: datetime, capacity: int = 12) -> Activity:
    day = weeks.day_at(now, talking.ZONE) + timedelta(days=1 + number % 60)
    meeting = Meeting(id="m1", day=day, begins="18:00", minutes=120, place="Rue Pierreuse 23, Liège")
    plan = Plan(f"Workshop {number}", "We cook mujaddara.", (meeting,), capacity=capacity)
    begun = announcing.begin(
        str(uuid.UUID(int=number + 1)), ActivityKind.WORKSHOP, plan, "bench", talking.ZONE.key, now
    )
    published = announcing.publish(begun, "bench", now)
    return published.state if published else begun


def _wish(activity: Activity, person: str, now: datetime) -> enrolment.Wish:
    return enrolment.Wish(str(uuid.uuid4()), activity.id, activity.kind, person, Role.NEWCOMER, now)
