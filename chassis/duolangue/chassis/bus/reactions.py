"""What a service declares: which facts it reacts to, which questions it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from duolangue.contracts import subjects
from duolangue.contracts.envelope import Event, Fact, FactT, Payload

PortsT = TypeVar("PortsT")
QuestionT = TypeVar("QuestionT", bound=Payload)
Reaction = Callable[[FactT, Event, PortsT], Awaitable[None]]


class Reactions(Generic[PortsT]):
    """A service's reactions: `@on(DuoConfirmed)` above `async def follow(fact, event, ports)`."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.handlers: dict[type[Fact], Callable[[Any, Event, PortsT], Awaitable[None]]] = {}

    def __call__(self, *facts: type[FactT]) -> Callable[[Reaction[FactT, PortsT]], Reaction[FactT, PortsT]]:
        """Register the function that reacts to these facts (of one shape)."""

        def register(reaction: Reaction[FactT, PortsT]) -> Reaction[FactT, PortsT]:
            for fact in facts:
                if fact in self.handlers:
                    raise ValueError(f"{fact.fact_name()} has a reaction already")
                self.handlers[fact] = reaction
            return reaction

        return register

    def filter_subjects(self) -> list[str]:
        """What the service's durable consumer listens to."""
        return [*sorted(fact.pattern() for fact in self.handlers), subjects.retries_of(self.service)]


class Answers(Generic[PortsT]):
    """The questions a service answers: `@answers(PEOPLE, PeopleQuestion)` above `async def people(question, service)`."""

    def __init__(self) -> None:
        self.handlers: dict[str, tuple[type[Payload], Callable[[Any, PortsT], Awaitable[Payload]]]] = {}

    def __call__(
        self, subject: str, question: type[QuestionT]
    ) -> Callable[
        [Callable[[QuestionT, PortsT], Awaitable[Payload]]], Callable[[QuestionT, PortsT], Awaitable[Payload]]
    ]:
        """Register the function that answers questions on `subject`."""

        def register(
            answer: Callable[[QuestionT, PortsT], Awaitable[Payload]],
        ) -> Callable[[QuestionT, PortsT], Awaitable[Payload]]:
            self.handlers[subject] = (question, answer)
            return answer

        return register
