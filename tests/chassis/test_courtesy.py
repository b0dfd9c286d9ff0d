"""Work in the background takes turns: fewer while the loop is late, never none, and none is lost."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from duolangue.chassis import courtesy
from duolangue.chassis.courtesy import LEAST, LOOKED_EVERY, MOST, Courtesy


class Crew:
    """Pieces of work that go on until they are told to end."""

    def __init__(self, turns: Courtesy) -> None:
        self.turns, self.at_work, self.go_home = turns, 0, asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, number: int) -> None:
        self.tasks += [asyncio.create_task(self._work()) for _ in range(number)]
        await self.settle()

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def _work(self) -> None:
        async with self.turns.turn():
            self.at_work += 1
            try:
                await self.go_home.wait()
            finally:
                self.at_work -= 1


@pytest.fixture
def judged_here_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop of the test does not look by itself, and no turn ends by its time: a slow machine changes nothing."""
    monkeypatch.setattr(courtesy, "LOOKED_EVERY", 3600.0)
    monkeypatch.setattr(courtesy, "HELD_SECONDS", 3600.0)


@pytest.mark.usefixtures("judged_here_alone")
async def test_a_late_loop_has_fewer_turns_and_never_too_few():
    turns = Courtesy()
    crew = Crew(turns)
    await crew.come(100)
    assert crew.at_work == turns.allowed == MOST // 4
    for _ in range(20):
        turns.judge(0.2)
    assert turns.allowed == LEAST
    for _ in range(100):
        turns.judge(0.001)
    await crew.settle()
    assert crew.at_work == turns.allowed == MOST
    crew.go_home.set()
    async with asyncio.timeout(5):
        await asyncio.gather(*crew.tasks)
    assert crew.at_work == 0


async def test_a_loop_that_is_kept_from_its_work_is_seen_to_be_late():
    turns = Courtesy()
    crew = Crew(turns)
    await crew.come(1)
    before = turns.allowed
    for _ in range(5):
        await asyncio.sleep(LOOKED_EVERY)
        time.sleep(2 * LOOKED_EVERY)  # noqa: ASYNC251 (the loop is to be late)
    await asyncio.sleep(0)
    assert turns.allowed < before
    crew.go_home.set()
    await asyncio.gather(*crew.tasks)


@pytest.mark.usefixtures("judged_here_alone")
async def test_who_is_cancelled_leaves_the_turn_to_others():
    turns = Courtesy()
    for _ in range(20):
        turns.judge(1.0)
    crew = Crew(turns)
    await crew.come(LEAST * 3)
    for task in crew.tasks[: LEAST + 2]:  # all at work, and two who wait
        task.cancel()
    for task in crew.tasks[: LEAST + 2]:
        with suppress(asyncio.CancelledError):
            await task
    await crew.settle()
    assert crew.at_work == LEAST
    crew.go_home.set()
    async with asyncio.timeout(5):
        await asyncio.gather(*crew.tasks[LEAST + 2 :])


async def test_who_takes_long_keeps_nobody_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(courtesy, "HELD_SECONDS", 0.01)
    turns = Courtesy()
    long, short = Crew(turns), Crew(turns)
    await long.come(MOST * 2)
    short.go_home.set()
    await short.come(1)
    async with asyncio.timeout(5):
        await asyncio.gather(*short.tasks)
    assert long.at_work == MOST * 2
    long.go_home.set()
    await asyncio.gather(*long.tasks)
