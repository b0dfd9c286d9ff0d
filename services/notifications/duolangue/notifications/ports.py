"""What the use cases need of the world, for one association."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Protocol, TypeVar

from duolangue.chassis.clock import Clock
from duolangue.chassis.decision import Change
from duolangue.chassis.erasure import Erased
from duolangue.chassis.store import Aggregates
from duolangue.contracts.envelope import Fact
from duolangue.contracts.requests import ActivityTold, LinkWanted, Person
from duolangue.contracts.requests import Contact as Reachable
from duolangue.notifications.domain.commitments import Rest, ThreeQuestions
from duolangue.notifications.domain.contact import Contact
from duolangue.notifications.domain.gatherings import Gathering, Place
from duolangue.notifications.domain.message import Message
from duolangue.notifications.domain.told import Association, Conversation, Duo, LastQuestion, Participant
from duolangue.notifications.domain.weeks import FollowedDuo, NudgeMoment

ModelT = TypeVar("ModelT")


class Entities(Protocol[ModelT]):
    """Our own entities of one kind; the chassis' `Aggregates` is one."""

    async def get(self, entity_id: str) -> ModelT:
        """The entity. Raises `Absent`."""
        ...

    async def find(self, entity_id: str) -> ModelT | None:
        """The entity, or none."""
        ...

    async def select(
        self,
        where: Mapping[str, Any] | None = None,
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        index: str = "",
    ) -> list[ModelT]:
        """Those whose fields fit; found by this index, where one is named."""
        ...

    async def count(self, where: Mapping[str, Any] | None = None, *, index: str = "") -> int:
        """How many fit, by this index."""
        ...

    async def summarise(
        self, where: Mapping[str, Any], *stages: Mapping[str, Any], index: str = ""
    ) -> list[dict[str, Any]]:
        """Figures over those that fit, by this index."""
        ...

    async def add(self, entity: ModelT, *facts: Fact) -> ModelT:
        """Keep a new one. Raises `Taken`."""
        ...

    async def update(self, entity_id: str, decide: Callable[[ModelT], Change[ModelT] | None]) -> ModelT:
        """Change one. Raises `Absent`."""
        ...


class Knowledge(Protocol[ModelT]):
    """What others told of their entities; the chassis' `Projections` is one."""

    async def apply(self, state: ModelT, version: int) -> bool:
        """Keep it if it is newer."""
        ...

    async def find(self, entity_id: str) -> ModelT | None:
        """What is known of one."""
        ...

    async def select(self, where: Mapping[str, Any] | None = None) -> list[ModelT]:
        """Those whose fields fit."""
        ...


class Addresses(Protocol):
    """Who people are and how they are reached: registration, asked over the bus."""

    async def people(self, association: str, ids: Iterable[str]) -> dict[str, Person]:
        """Names; a short code where none is known."""
        ...

    async def contacts(
        self, association: str, ids: Sequence[str], links: Sequence[LinkWanted] = ()
    ) -> dict[str, Reachable]:
        """Ways to reach people, with links. Raises `bus.Unavailable`, `bus.Refused`."""
        ...


class Programme(Protocol):
    """What activities are called, when and where they are: sessions, asked over the bus."""

    async def activities(self, association: str, ids: Sequence[str]) -> dict[str, ActivityTold]:
        """By id; what is unknown is absent. Raises `bus.Unavailable`, `bus.Refused`."""
        ...


class Post(Protocol):
    """The way to the mail server."""

    @property
    def sender(self) -> str:
        """The platform's own address."""
        ...

    async def send(self, message: EmailMessage) -> None:
        """Hand over a mail. Raises `mail.Refused`, `mail.Unavailable`."""
        ...


@dataclass(frozen=True)
class Ports:
    """Everything, bound to one association."""

    association: str
    clock: Clock
    messages: Entities[Message]
    contacts: Entities[Contact]
    followed: Entities[FollowedDuo]
    associations: Knowledge[Association]
    participants: Knowledge[Participant]
    duos: Knowledge[Duo]
    conversations: Knowledge[Conversation]
    questions: Knowledge[LastQuestion]
    erasures: Aggregates[Erased]
    directory: Addresses
    post: Post
    rhythm: NudgeMoment
    gatherings: Knowledge[Gathering]
    places: Knowledge[Place]
    programme: Programme
    rests: Knowledge[Rest]
    three_questions: Knowledge[ThreeQuestions]


PortsOf = Callable[[str], Ports]
"""The ports of an association, by its slug."""
