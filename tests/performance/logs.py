"""As many logs a second as the machine bears: by the links of both sides, through the whole way, none lost."""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from duolangue.chassis.service import Foundation
from duolangue.chassis.store import across
from duolangue.contracts.links import Purpose
from duolangue.contracts.subjects import EVENTS_STREAM
from duolangue.registration.store import HAPPENINGS
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.service import wire
from duolangue.sessions.store import COMMITMENTS, CONVERSATIONS
from duolangue.standalone import operate
from duolangue.standalone.configuration import Configuration
from tests.performance import talking, watching
from tests.performance.open_wire import form, send
from tests.performance.platform import Bench
from tests.performance.words import load, say, word

BAR: Final = 100.0
CONNECTIONS: Final = 24
DRAINED: Final = 300.0
READY: Final = 400
"""Forms for each second that are made before the first is sent."""
LISTENERS: Final = ("sessions", "notifications", "registration")
"""Who hears of a log."""

Told = tuple[str, int]
"""Which conversation, and how many minutes somebody says it lasted."""


async def measure(
    running: Bench,
    association: str,
    configuration: Configuration,
    sessions: Foundation[Any],
    duos: Sequence[Commitment],
    asked: argparse.Namespace,
) -> bool:
    """Send logs of this week for so many seconds, wait until all who hear of them are done, and compare."""
    ours = wire(sessions)(association)
    now = ours.clock.now()
    week = weeks.week_of(weeks.day_at(now, talking.ZONE))
    requests = list(islice(_requests(running, association, duos, week, now), int(asked.seconds * READY)))
    acknowledged: dict[str, int] = {}

    def answered(told: Told) -> None:
        conversation, minutes = told
        acknowledged[conversation] = min(minutes, acknowledged.get(conversation, minutes))  # the shorter counts

    before = await _sums(ours, week)
    spent = watching.spent(running.pid)
    async with watching.scans(configuration) as scanned:
        sent, seconds = await send(
            running.url, iter(requests), connections=CONNECTIONS, seconds=asked.seconds, answered=answered
        )
        lag = await _drained(running, configuration, sessions)
    costs = watching.each(spent, watching.spent(running.pid), len(sent.took))
    after = await _sums(ours, week)
    sustained = len(sent.took) / (seconds + lag)
    told = sum(acknowledged.values())
    sums = [one - other for one, other in zip(after, before, strict=True)]
    right = sums == [len(acknowledged), told, told] and not sent.otherwise
    say(
        f"\n{len(sent.took):,} logs acknowledged in {seconds:.0f} s: {len(sent.took) / seconds:.0f} a second; "
        f"p95 {sent.slowest():.0f} ms"
    )
    say(f"all facts published and handled {lag:.1f} s after the last: {sustained:.0f} a second through the whole way")
    say(f"processor time of each: {costs}")
    say(
        f"acknowledged {len(acknowledged):,} conversations of {told:,} minutes; kept {sums[0]:,} of {sums[1]:,}, in how duos stand "
        f"{sums[2]:,}: {'right' if right else 'WRONG'}"
    )
    say(f"collections read from end to end: {', '.join(scanned) or 'none'}")
    for each in sent.otherwise[:3]:
        say(f"  refused: {each}")
    met = sustained >= BAR and right and not scanned
    say(f"bar: {BAR:.0f} a second for a minute, none lost, on indexes  {word(met)}; {load()}")
    return met


def _requests(
    running: Bench, association: str, duos: Sequence[Commitment], week: str, now: datetime
) -> Iterator[tuple[bytes, Told]]:
    """A hundred duos at a time: each newcomer tells, then each volunteer of the same conversation, and says ten minutes less."""
    signer, chance = running.ports(association).signer, random.Random(5)
    held_on, expires = weeks.day_at(now, talking.ZONE), now + timedelta(days=9)
    for turn in range(4):
        for begin in range(0, len(duos), 100):
            some = duos[begin : begin + 100]
            minutes = {each.id: chance.choice((30, 45, 60)) for each in some}
            for less in (0, 10):
                for each in some:
                    told = minutes[each.id] - less
                    person = each.volunteer if less else each.newcomer
                    token = signer.action_token(
                        association, Purpose.LOG_CONVERSATION, each.id, person, expires, "fr", week
                    )
                    fields = {
                        "held_on": held_on.isoformat(),
                        "medium": "video",
                        "minutes": "other",
                        "other": str(told),
                        "key": f"{turn}-{less}-{each.id[:20]}",
                        "another": "true" if turn else "",
                    }
                    yield (
                        form(running.url, f"{Purpose.LOG_CONVERSATION.path}/{token}", fields),
                        (f"{each.id}/{turn}", told),
                    )


async def _sums(ours: Any, week: str) -> tuple[int, int, int]:
    """Conversations of the week and their minutes, and the minutes in what is kept of how duos stand."""
    talks = await ours.conversations.summarise(
        {"week": week, "withdrawn": False},
        {"$group": {"_id": None, "count": {"$sum": 1}, "sum": {"$sum": "$state.minutes"}}},
    )
    standing = await ours.commitments.summarise(
        {}, {"$group": {"_id": None, "sum": {"$sum": "$state.standing.minutes"}}}
    )
    count, minutes = (int(talks[0]["count"]), int(talks[0]["sum"])) if talks else (0, 0)
    return count, minutes, int(standing[0]["sum"]) if standing else 0


async def _drained(running: Bench, configuration: Configuration, sessions: Foundation[Any]) -> float:
    """After how many seconds every outbox is empty, and all who hear of a log have handled what they were told."""
    started = time.perf_counter()
    async with operate.operator(configuration.servers) as client, asyncio.timeout(DRAINED):
        stream = client.jetstream()
        while True:
            waiting = [await across.outbox_size(sessions.database, kind) for kind in (CONVERSATIONS, COMMITMENTS)]
            waiting.append(await across.outbox_size(running.foundation.database, HAPPENINGS))
            for name in LISTENERS:
                info = await stream.consumer_info(EVENTS_STREAM, name)
                waiting += [int(info.num_pending or 0), int(info.num_ack_pending or 0)]
            if not any(waiting):
                return time.perf_counter() - started
            await asyncio.sleep(0.1)
