"""What is asked of the database at the same moment goes there together, and nobody notices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from duolangue.chassis.store.together import JOURNEYS, Together


class Ferry:
    """Doubles numbers; leaves when told to, and sinks with a thirteen on board."""

    def __init__(self) -> None:
        self.carried: list[list[int]] = []
        self.leaves = asyncio.Event()

    async def alone(self, number: int) -> int:
        if number == 13:
            raise ValueError(number)
        return number * 2

    async def carry(self, numbers: Sequence[int]) -> list[int]:
        self.carried.append(list(numbers))
        await self.leaves.wait()
        return [await self.alone(each) for each in numbers]


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_comes_while_others_are_on_their_way_leaves_with_the_next_and_gets_their_own_answer():
    ferry = Ferry()
    together = Together(ferry.alone, ferry.carry, repeatable=True)
    first = [asyncio.create_task(together.ask(each)) for each in (1, 2)]
    await turns()
    second = [asyncio.create_task(together.ask(each)) for each in (3, 4)]
    await turns()
    assert len(ferry.carried) == JOURNEYS, "all are on their way"
    late = [asyncio.create_task(together.ask(each)) for each in (5, 6, 7)]
    await turns()
    late[1].cancel()
    await turns()
    ferry.leaves.set()
    async with asyncio.timeout(5):
        assert await asyncio.gather(*first, *second, late[0], late[2]) == [2, 4, 6, 8, 10, 14]
    assert ferry.carried == [[1, 2], [3, 4], [5, 7]], "nobody waits for who has gone"


async def test_what_is_wrong_with_one_is_told_to_that_one_alone():
    ferry = Ferry()
    ferry.leaves.set()
    together = Together(ferry.alone, ferry.carry, repeatable=True)
    found = await asyncio.gather(*(together.ask(each) for each in (12, 13, 14)), return_exceptions=True)
    assert found[::2] == [24, 28]
    assert isinstance(found[1], ValueError)


async def test_what_may_not_be_done_twice_fails_for_all():
    ferry = Ferry()
    ferry.leaves.set()
    together = Together(ferry.alone, ferry.carry, repeatable=False)
    found = await asyncio.gather(*(together.ask(each) for each in (12, 13)), return_exceptions=True)
    assert [type(each) for each in found] == [ValueError, ValueError]
    with pytest.raises(ValueError, match="13"):
        await together.ask(13)
    assert await together.ask(1) == 2
