"""What is asked of the database at the same moment goes there together: under load one journey serves many.

Whoever comes while nothing is on its way goes at once; whoever comes while others are on their way leaves with the next. So nobody waits for
company, and the more there are, the less each costs.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Final, Generic, TypeVar

from duolangue.chassis import log

logger = log.get(__name__)

JOURNEYS: Final = 2
"""How many are on their way at the same time."""
MOST: Final = 128
"""Of one journey."""

AskedT = TypeVar("AskedT")
AnswerT = TypeVar("AnswerT")


class Together(Generic[AskedT, AnswerT]):
    """One kind of question to the database, as many ask it at once.

    `alone` answers one, `carry` several, in their order. Where `carry` fails each is asked again alone if that does no harm (`repeatable`), so
    that what is wrong with one is told to nobody else.
    """

    def __init__(
        self,
        alone: Callable[[AskedT], Awaitable[AnswerT]],
        carry: Callable[[Sequence[AskedT]], Awaitable[Sequence[AnswerT]]],
        *,
        repeatable: bool,
    ) -> None:
        self._alone = alone
        self._carry = carry
        self._repeatable = repeatable
        self._waiting: deque[tuple[AskedT, asyncio.Future[AnswerT]]] = deque()
        self._journeys: set[asyncio.Task[None]] = set()
        self._leaving = False

    async def ask(self, asked: AskedT) -> AnswerT:
        """The answer, found out after this was called."""
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[AnswerT] = loop.create_future()
        self._waiting.append((asked, mine))
        if not self._leaving and len(self._journeys) < JOURNEYS:
            self._leaving = True
            loop.call_soon(self._leave)  # with all who ask in this turn of the loop
        return await mine

    def _leave(self) -> None:
        self._leaving = False
        some: list[tuple[AskedT, asyncio.Future[AnswerT]]] = []
        while self._waiting and len(some) < MOST:
            asked, answer = self._waiting.popleft()
            if not answer.done():  # else nobody waits for it any more
                some.append((asked, answer))
        if some:
            journey = asyncio.get_running_loop().create_task(self._travel(some), context=Context())
            self._journeys.add(journey)
            journey.add_done_callback(self._back)

    def _back(self, journey: asyncio.Task[None]) -> None:
        self._journeys.discard(journey)
        if self._waiting and not self._leaving:
            self._leave()

    async def _travel(self, some: Sequence[tuple[AskedT, asyncio.Future[AnswerT]]]) -> None:
        try:
            for (_, answer), found in zip(some, await self._answers([asked for asked, _ in some]), strict=True):
                if answer.done():
                    continue
                if isinstance(found, Exception):
                    answer.set_exception(found)
                else:
                    answer.set_result(found)
        finally:
            for _, answer in some:
                answer.cancel()  # only where the journey itself was broken off

    async def _answers(self, asked: Sequence[AskedT]) -> Sequence[AnswerT | Exception]:
        try:
            return [await self._alone(asked[0])] if len(asked) == 1 else await self._carry(asked)
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            if len(asked) == 1 or not self._repeatable:
                return [error] * len(asked)
            logger.info("together.apart", error=type(error).__name__, count=len(asked))
        found = await asyncio.gather(*(self._alone(each) for each in asked), return_exceptions=True)
        return [_no_end(each) for each in found]


def _no_end(found: AnswerT | BaseException) -> AnswerT | Exception:
    if isinstance(found, BaseException) and not isinstance(found, Exception):
        raise found
    return found
