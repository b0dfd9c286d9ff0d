"""Names and addresses, asked of registration in batches and forgotten within a minute."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Final, Protocol, TypeVar

from duolangue.chassis import log
from duolangue.chassis.bus.requests import Refused, Unavailable
from duolangue.contracts.envelope import Payload
from duolangue.contracts.requests import (
    BATCH,
    CONTACTS,
    PEOPLE,
    Contact,
    ContactsAnswer,
    ContactsQuestion,
    LinkWanted,
    PeopleAnswer,
    PeopleQuestion,
    Person,
)

logger = log.get(__name__)
AnswerT = TypeVar("AnswerT", bound=Payload)
FORGET_SECONDS: Final = 60.0
MOST: Final = 20_000
"""People remembered at most; then all are forgotten at once."""


class Asks(Protocol):
    """Whatever can ask over the bus."""

    async def ask(self, subject: str, question: Payload, answer: type[AnswerT], seconds: float = 3.0) -> AnswerT:
        """Ask and wait for the answer."""
        ...


class Directory:
    """Who people are and how to reach them, for the service that must show or tell."""

    def __init__(self, bus: Asks) -> None:
        self._bus = bus
        self._known: dict[tuple[str, str], tuple[float, Person]] = {}

    async def people(self, association: str, ids: Iterable[str]) -> dict[str, Person]:
        """Everybody asked for, by id. Who is unknown, or everybody while registration is away, has a short code for a name."""
        wanted = list(dict.fromkeys(ids))
        now = time.monotonic()
        fresh = {
            each: known[1]
            for each in wanted
            if (known := self._known.get((association, each))) and now - known[0] < FORGET_SECONDS
        }
        missing = [each for each in wanted if each not in fresh]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            try:
                answer = await self._bus.ask(
                    PEOPLE, PeopleQuestion(association=association, people=batch), PeopleAnswer
                )
            except (Unavailable, Refused) as error:
                logger.warning("directory.away", error=type(error).__name__, count=len(missing) - start)
                break
            if len(self._known) > MOST:
                self._known.clear()
            for each, person in answer.people.items():
                self._known[association, each] = (now, person)
                fresh[each] = person
        return {each: fresh.get(each) or _stranger(each) for each in wanted}

    async def contacts(
        self, association: str, ids: Sequence[str], links: Sequence[LinkWanted] = ()
    ) -> dict[str, Contact]:
        """How to reach people, with action links signed for them; never remembered. Who cannot be found is absent.

        Raises:
            Unavailable: registration is away.
            Refused: it says no.
        """
        question = ContactsQuestion(association=association, people=list(ids), links=list(links))
        answer = await self._bus.ask(CONTACTS, question, ContactsAnswer)
        return answer.contacts


def _stranger(entity_id: str) -> Person:
    return Person(first_name=f"#{entity_id[-6:]}", last_name="", age_band="", municipality="")
