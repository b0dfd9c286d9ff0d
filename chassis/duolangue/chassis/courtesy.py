"""Work in the background gives way to people: as much of it at once in one process as leaves the event loop quick for who waits.

Whoever follows facts or does what is due takes turns here. While the loop is late (a page is being made, an import tells of thousands) there are
fewer of them; never so few that the work stands still.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final
from weakref import WeakKeyDictionary

LATE_SECONDS: Final = 0.025
"""A loop that comes so much later to what it was to do keeps people waiting."""
LOOKED_EVERY: Final = 0.05
LEAST: Final = 4
MOST: Final = 64
HELD_SECONDS: Final = 1.0
"""A turn is over after so long, whatever its work still does: what takes longer waits for others most of the time."""


class Courtesy:
    """The turns of one event loop. How many there are grows by one at each look that is in time, and falls by a third at one that is late."""

    def __init__(self) -> None:
        self._allowed: float = MOST / 4
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._looks = False

    @property
    def allowed(self) -> int:
        """How many turns there are at present."""
        return int(self._allowed)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and have it while the block runs."""
        await self._take()
        turn = _Turn(self)
        try:
            yield
        finally:
            turn.over()

    async def _take(self) -> None:
        if not self._waiting and self._taken < self.allowed:
            self._taken += 1
        else:
            mine = asyncio.get_running_loop().create_future()
            self._waiting.append(mine)
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():  # it was ours already
                    self.give_back()
                raise
        if not self._looks:
            self._looks = True
            self._look_again()

    def give_back(self) -> None:
        """A turn is over: whoever waits longest has the next."""
        self._taken -= 1
        self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting and self._taken < self.allowed:
            following = self._waiting.popleft()
            if not following.done():
                self._taken += 1
                following.set_result(None)

    def _look_again(self) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(LOOKED_EVERY, self._look, loop.time() + LOOKED_EVERY)

    def _look(self, expected: float) -> None:
        self.judge(asyncio.get_running_loop().time() - expected)
        self._looks = bool(self._taken or self._waiting)
        if self._looks:
            self._look_again()

    def judge(self, late: float) -> None:
        """The loop came so many seconds late to what it was to do."""
        if late > LATE_SECONDS:
            self._allowed = max(LEAST, self._allowed * 2 / 3)
        else:
            self._allowed = min(MOST, self._allowed + 1)
        self._pass_on()


class _Turn:
    """One turn: given back once, when its work is done or has taken long."""

    def __init__(self, courtesy: Courtesy) -> None:
        self._courtesy: Courtesy | None = courtesy
        self._end = asyncio.get_running_loop().call_later(HELD_SECONDS, self.over)

    def over(self) -> None:
        self._end.cancel()
        courtesy, self._courtesy = self._courtesy, None
        if courtesy is not None:
            courtesy.give_back()


_courtesies: WeakKeyDictionary[asyncio.AbstractEventLoop, Courtesy] = WeakKeyDictionary()


def turn() -> AbstractAsyncContextManager[None]:
    """A turn in the loop that runs, which several services may share: `async with courtesy.turn():` around the work."""
    return _courtesies.setdefault(asyncio.get_running_loop(), Courtesy()).turn()
