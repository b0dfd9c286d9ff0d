"""Names and addresses, asked of registration in batches and forgotten within a minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from duolangue.chassis import log
from duolangue.chassis.bus.requests import Refused, Unavailable
from duolangue.chassis.store.together import Together
from duolangue.contracts.envelope import Payload
from duolangue.contracts.requests import (
    BATCH,
    CONTACTS,
    FIND,
    PEOPLE,
    Contact,
    ContactsAnswer,
    ContactsQuestion,
    FindQuestion,
    LinkWanted,
    PeopleAnswer,
    PeopleQuestion,
    Person,
)

logger = log.get(__name__)
LINKS: Final = BATCH * 4
"""Links in one question at most."""
AnswerT = TypeVar("AnswerT", bound=Payload)
FORGET_SECONDS: Final = 60.0
MOST: Final = 20_000
"""People remembered at most; then all are forgotten at once."""


class Asks(Protocol):
    """Whatever can ask over the bus."""

    async def ask(self, subject: str, question: Payload, answer: type[AnswerT], seconds: float = 3.0) -> AnswerT:
        """Ask and wait for the answer."""
        ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whom somebody wants to reach, with which links."""

    association: str
    people: tuple[str, ...]
    links: tuple[LinkWanted, ...]


@dataclass(slots=True)
class _Question:
    """What several want of one association's people, asked as one. Nobody is in it twice: the links to each are one set for each."""

    association: str
    people: dict[str, None] = field(default_factory=dict)
    links: list[LinkWanted] = field(default_factory=list)

    def takes(self, wanted: _Wanted) -> bool:
        """Whether there is room for this, too; then it is in."""
        if (
            wanted.association != self.association
            or any(each in self.people for each in wanted.people)
            or len(self.people) + len(wanted.people) > BATCH
            or len(self.links) + len(wanted.links) > LINKS
        ):
            return False
        self.people |= dict.fromkeys(wanted.people)
        self.links += wanted.links
        return True


class Directory:
    """Who people are and how to reach them, for the service that must show or tell."""

    def __init__(self, bus: Asks) -> None:
        self._bus = bus
        self._known: dict[tuple[str, str], tuple[float, Person]] = {}
        self._reached = Together(self._reach, self._reach_some, repeatable=True)

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

    async def find(self, association: str, text: str) -> dict[str, Person]:
        """Those who take part and are found by what a coordinator typed, by id; never remembered.

        Raises:
            Unavailable: registration is away.
            Refused: it says no.
        """
        question = FindQuestion(association=association, text=text)
        return (await self._bus.ask(FIND, question, PeopleAnswer)).people

    async def contacts(
        self, association: str, ids: Sequence[str], links: Sequence[LinkWanted] = ()
    ) -> dict[str, Contact]:
        """How to reach people, with action links signed for them; never remembered. Who cannot be found is absent. What several ask at the
        same moment goes there as one question.

        Raises:
            Unavailable: registration is away.
            Refused: it says no.
        """
        return await self._reached.ask(_Wanted(association, tuple(ids), tuple(links)))

    async def _reach(self, wanted: _Wanted) -> dict[str, Contact]:
        question = ContactsQuestion(
            association=wanted.association, people=list(wanted.people), links=list(wanted.links)
        )
        return (await self._bus.ask(CONTACTS, question, ContactsAnswer)).contacts

    async def _reach_some(self, wanted: Sequence[_Wanted]) -> Sequence[dict[str, Contact]]:
        questions: list[_Question] = []
        asked_in: list[int] = []
        for each in wanted:
            place = next((place for place, one in enumerate(questions) if one.takes(each)), len(questions))
            if place == len(questions):
                questions.append(_Question(each.association, dict.fromkeys(each.people), list(each.links)))
            asked_in.append(place)
        answers = await asyncio.gather(
            *(self._reach(_Wanted(one.association, tuple(one.people), tuple(one.links))) for one in questions)
        )
        return [
            {person: found for person in each.people if (found := answers[place].get(person))}
            for each, place in zip(wanted, asked_in, strict=True)
        ]


def _stranger(entity_id: str) -> Person:
    return Person(first_name=f"#{entity_id[-6:]}", last_name="", age_band="", municipality="")
