"""Drafts that make way for others: whatever dies in between, and whoever comes at the same time, nobody loses a draft by it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest

from duolangue.matching.domain.rearrangement import Rearrangement
from duolangue.matching.domain.rules import NotADraft, Refused
from duolangue.matching.domain.run import Pair
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import rearrangements, swaps
from tests.matching.conftest import World

WRITES = ("add", "update", "forget")


class Dead(BaseException):
    """The process is no more."""


@dataclass
class Dying:
    """A collection, until its replica dies: at one of its writes, before or after it reached the database."""

    inner: Any
    left: list[int]
    reached: bool

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.inner, name)
        return self._write(real) if name in WRITES else real

    def _write(self, real: Any) -> Any:
        async def write(*given: Any) -> Any:
            self.left[0] -= 1
            if self.left[0] < 0:
                raise Dead
            if self.left[0] == 0:
                if self.reached:
                    await real(*given)
                raise Dead
            return await real(*given)

        return write


async def town(world: World) -> str:
    """Ali is drafted with Bea, Eva with Carl; Dora is free. Returns Eva's draft."""
    drafts = {}
    for newcomer, volunteer in (("ali", "bea"), ("eva", "carl")):
        await world.newcomer(newcomer)
        await world.volunteer(volunteer)
        made = await world.post("/duos/api/duos", {"newcomer": newcomer, "volunteer": volunteer}, 201)
        drafts[newcomer] = made["id"]
    await world.volunteer("dora", postcode="4500", radius_km=100)
    return str(drafts["eva"])


def dying(ports: Ports, after: int, *, reached: bool) -> Ports:
    left = [after]
    return replace(
        ports,
        duos=Dying(ports.duos, left, reached),
        rearrangements=Dying(ports.rearrangements, left, reached),
    )


@pytest.mark.parametrize("reached", [True, False])
@pytest.mark.parametrize("after", range(1, 8))
async def test_a_swap_that_dies_at_any_write_is_finished_by_the_next_replica(world: World, after: int, reached: bool):
    duo = await town(world)
    planned = await swaps.preview(duo, "bea", world.ports)
    assert planned.falls is not None
    assert planned.instead is not None
    before, meant = await world.drafts(), {("eva", "bea"), ("ali", planned.instead.volunteer)}
    try:
        await swaps.swap(duo, "bea", "c-1", dying(world.ports, after, reached=reached))
        died = False
    except Dead:
        died = True
    assert died == (after <= 7), (
        "a swap has seven writes: one to begin, two to make way, one to go on, two drafts, one to end"
    )
    await world.time_passes(seconds=9)
    await world.time_passes(seconds=2)
    assert await world.drafts() == (before if (after, reached) == (1, False) else meant)
    assert not await world.service.sweeper.sweep(), "nothing is left to be done"


async def test_two_swaps_of_one_draft_leave_everybody_with_a_draft(world: World):
    duo = await town(world)
    done = await asyncio.gather(
        *(swaps.swap(duo, volunteer, "c-1", world.ports) for volunteer in ("bea", "dora")), return_exceptions=True
    )
    assert sum(isinstance(each, swaps.Swap) for each in done) >= 1
    assert all(isinstance(each, swaps.Swap | Refused) for each in done)
    assert {newcomer for newcomer, _ in await world.drafts()} == {"ali", "eva"}
    await world.time_passes(seconds=11)
    assert {newcomer for newcomer, _ in await world.drafts()} == {"ali", "eva"}


async def test_a_draft_that_was_approved_meanwhile_undoes_what_it_was_part_of(world: World):
    duo = await town(world)
    (other,) = [each.id for each in await world.ports.duos.held_by("ali")]
    leaving = [await world.ports.duos.get(each) for each in (other, duo)]
    await world.post(f"/duos/api/duos/{duo}/approve")
    pairs = [Pair(newcomer="ali", volunteer="carl", score=1), Pair(newcomer="eva", volunteer="bea", score=1)]
    with pytest.raises(NotADraft):
        await rearrangements.carry_out(leaving, pairs, world.ports, by="c-1")
    assert await world.drafts() == {("ali", "bea")}
    assert await world.status(duo) == "proposed"


async def test_who_cannot_have_the_new_draft_gets_the_former_one_back(world: World):
    duo = await town(world)
    (other,) = [each.id for each in await world.ports.duos.held_by("ali")]
    leaving = [await world.ports.duos.get(each) for each in (other, duo)]
    pairs = [Pair(newcomer="ali", volunteer="gone", score=1), Pair(newcomer="eva", volunteer="dora", score=1)]
    await rearrangements.carry_out(leaving, pairs, world.ports, by="c-1")
    assert await world.drafts() == {("ali", "bea"), ("eva", "dora")}
    await world.volunteer("frida")
    (draft,) = await world.ports.duos.held_by("eva")
    with pytest.raises(Refused):
        await rearrangements.carry_out(
            [draft], [Pair(newcomer="eva", volunteer="gone", score=1)], world.ports, by="c-1", essential=1
        )
    assert await world.drafts() == {("ali", "bea"), ("eva", "dora")}


async def test_what_was_done_by_one_replica_is_not_done_again_by_another(world: World):
    duo = await world.ports.duos.get(await town(world))
    state = Rearrangement(
        id="r",
        by="c-1",
        asked_at=world.clock.now(),
        leaving=(duo.id,),
        pairs=(Pair(newcomer="eva", volunteer="dora", score=1),),
    )
    await world.ports.rearrangements.add(state)
    assert await asyncio.gather(*(rearrangements.go_on_with("r", world.ports) for _ in range(4))) == [None] * 4
    assert await world.drafts() == {("ali", "bea"), ("eva", "dora")}
    assert await rearrangements.go_on_with("r", world.ports) is None
