"""A log over the whole way: the link's form, the stream, and how its duo stands then; what only a coordinator may read stays at home."""

from __future__ import annotations

import asyncio
import uuid
from zoneinfo import ZoneInfo

from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.commitment import CommitmentStatus, Step, follow
from tests.integration.tenancy.whole import Town, Whole

WORD = "canary-word-for-the-coordinator"


async def test_logs_by_both_links_at_once_reach_how_the_duo_stands_and_no_other_service_reads_the_word(
    whole: Whole, south: Town
) -> None:
    now = whole.clock.now()
    ports = whole.apps()["sessions"].state.ports(south.slug)
    duo = await ports.commitments.add(
        follow(
            str(uuid.uuid4()), newcomer=south.ids["newcomer"], volunteer=south.ids["volunteer"], since=now, promised=30,
            step=Step(version=1, status=CommitmentStatus.ACTIVE, at=now), zone=ZoneInfo("Europe/Brussels"),
        )
    )  # fmt: skip
    before = duo.standing

    async def tells(person: str, minutes: int, key: str) -> None:
        link = whole.link(south, Purpose.LOG_CONVERSATION, duo.id, person, scope=f"{now:%G-W%V}")
        form = {
            "held_on": now.date().isoformat(), "medium": "in_person", "minutes": "other", "other": str(minutes), "key": key,
            "face": "hard", "word": WORD, "another": "true",
        }  # fmt: skip
        answer = await whole.client.post(f"{Purpose.LOG_CONVERSATION.path}/{link}", data=form)
        assert answer.status_code == 303, answer.text

    await asyncio.gather(tells(duo.newcomer, 45, "a"), tells(duo.volunteer, 40, "b"), tells(duo.newcomer, 20, "c"))
    await whole.quiet.settled()
    after = (await ports.commitments.get(duo.id)).standing
    # The volunteer's 40 minutes are the newcomer's 45, whichever of these was told first.
    assert after.talks == before.talks + 2
    assert after.minutes - before.minutes == 60
    assert (after.last_talk, after.to_call) == (now.date(), False)
    kept = [name for name, text in (await whole.stored()).items() if WORD in text]
    assert {name.split("/")[:2] == ["sessions", "conversations"] for name in kept} == {True}
    heard = [
        name for name, text in (await whole.stored("notifications")).items() if duo.id in text and "minutes" in text
    ]
    assert heard
