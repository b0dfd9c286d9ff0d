"""One service's connection to NATS JetStream through FastStream. Streams and consumers are provision's; nothing is declared here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.annotations import NatsMessage
from faststream.nats.security import NatsUserPassword
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo
from pydantic import ValidationError

from duolangue.chassis import courtesy, log
from duolangue.chassis.bus import requests
from duolangue.chassis.bus.failures import failure_handling
from duolangue.chassis.bus.reactions import Answers, Reactions
from duolangue.chassis.causality import Cause, within
from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.metrics import Metrics
from duolangue.chassis.store.across import Stored
from duolangue.contracts import subjects
from duolangue.contracts.envelope import CONTENT_TYPE, Event, Fact, FactT, Payload, Unreadable
from duolangue.contracts.requests import Refusal, Reply

logger = log.get(__name__)

PUBLISH_SECONDS: Final = 5.0
BATCH: Final = 64
"""Facts handled at the same time. Their order is not kept: projections gate on version, effects look at the present state."""

PortsT = TypeVar("PortsT")
AnswerT = TypeVar("AnswerT", bound=Payload)


@dataclass(frozen=True, slots=True)
class BusSettings:
    """Where the bus is and who we are on it."""

    url: str
    user: str
    password: str
    inbox: str
    delays: tuple[float, ...]
    """Seconds between deliveries of a message that fails."""


class Bus(Generic[PortsT]):
    """Publishes, reacts, asks and answers for one service."""

    def __init__(self, service: str, settings: BusSettings, metrics: Metrics) -> None:
        self.service = service
        self.lost = asyncio.Event()
        """Set when the connection is closed for good: the service must stop, and its supervisor start it again."""
        self._inbox = settings.inbox
        self.trouble = ""
        """What the server refused while the bus was starting."""
        self._stopping = False
        self._started = False
        self._reacts = False
        self._overheard: list[tuple[str, Callable[[Any], Awaitable[None]]]] = []
        self._client: Any = None
        self._stream: JetStreamContext | None = None
        self._broker = NatsBroker(
            settings.url,
            security=NatsUserPassword(settings.user, settings.password),
            name=service,
            inbox_prefix=settings.inbox,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            connect_timeout=5,
            closed_cb=self._closed,
            error_cb=self._error,
            apply_types=False,  # nothing is injected: what it costs, each of thousands of facts would pay
            logger=logging.getLogger(f"duolangue.{service}.bus"),
            log_level=logging.DEBUG,
            graceful_timeout=15.0,
            middlewares=[failure_handling(service, self._put, metrics, settings.delays)],
        )

    def react(self, reactions: Reactions[PortsT], ports: Callable[[str], PortsT]) -> None:
        """Handle the declared facts with the service's one durable consumer; each fact's own handler is found by its subject."""
        self._reacts = True
        self._broker.subscriber(
            "events.>",
            stream=JStream(subjects.EVENTS_STREAM, declare=False),
            durable=self.service,
            pull_sub=PullSub(batch_size=BATCH, timeout=5.0),
            inbox_prefix=f"{self._inbox}.".encode(),
            ack_policy=AckPolicy.NACK_ON_ERROR,
            decoder=_whole,
        )(_reacting(reactions, ports))

    def answer(self, answers: Answers[PortsT], ports: PortsT) -> None:
        """Answer the declared questions; replicas share them."""
        for subject, (question, handler) in answers.handlers.items():
            self._broker.subscriber(subject, queue=self.service, decoder=_whole)(_answering(question, handler, ports))

    def overhear(self, kind: type[FactT], handler: Callable[[Event, FactT], Awaitable[None]]) -> None:
        """Hear of a fact in every replica at once, besides the consumer; what is missed while away is not heard again."""

        async def hear(message: Any) -> None:
            try:
                event = Event.decode(message.data, subjects.FactSubject.parse(message.subject))
                await handler(event, event.fact(kind))
            except (Unreadable, subjects.NotASubject) as error:
                logger.warning("bus.unreadable", error=type(error).__name__)

        self._overheard.append((kind.pattern(), hear))

    async def start(self) -> None:
        """Connect, see that our consumer is there, then begin to react and to answer."""
        self._client = await self._broker.connect()
        if self._reacts:
            await self.consumer_info()
        self._stream = self._client.jetstream()
        for pattern, hear in self._overheard:
            await self._client.subscribe(pattern, cb=hear)
        await self._broker.start()
        self._started = True

    async def stop(self) -> None:
        """Finish what is in flight, then leave."""
        self._stopping = True
        await self._broker.stop()

    async def publish(self, fact: Stored) -> None:
        """Put a fact in the stream; returns once it is on the server's disk."""
        await self._put(fact.subject, fact.body, {"Nats-Msg-Id": fact.id})

    async def ask(
        self, subject: str, question: Payload, answer: type[AnswerT], seconds: float = requests.PATIENCE_SECONDS
    ) -> AnswerT:
        """Ask another service; see `requests.ask`."""
        if self._client is None:
            raise requests.Unavailable(subject)
        return await requests.ask(self._client, subject, question, answer, seconds)

    async def check(self) -> None:
        """Raise unless the server answers and our consumer exists."""
        if self.lost.is_set() or self._client is None or not self._client.is_connected:
            raise ConnectionError("the bus is not connected")
        if self._reacts:
            await self.consumer_info()

    async def consumer_info(self) -> ConsumerInfo:
        """What the server says of our durable consumer."""
        info: ConsumerInfo = await self._client.jetstream(timeout=2).consumer_info(subjects.EVENTS_STREAM, self.service)
        return info

    async def _put(self, subject: str, body: bytes, headers: dict[str, str]) -> None:
        stream = subjects.DEAD_STREAM if subject.startswith("dead.") else subjects.EVENTS_STREAM
        if self._stream is None:
            raise ConnectionError("the bus is not connected")
        headers = {"Content-Type": CONTENT_TYPE, **headers}
        await self._stream.publish(subject, body, timeout=PUBLISH_SECONDS, stream=stream, headers=headers)

    async def _closed(self) -> None:
        if not self._stopping:
            logger.error("bus.closed", service=self.service)
            self.lost.set()

    async def _error(self, error: Exception) -> None:
        if not self._started:  # who starts it says so, in one line
            self.trouble = str(error).removeprefix("nats: ")
            return
        logger.warning("bus.error", service=self.service, error=type(error).__name__)


class NoReaction(Exception):
    """A fact that only a newer version of this service handles, which stands beside this one or soon will: it is asked for again."""


async def _whole(message: NatsMessage) -> NatsMessage:
    """Handlers get the message itself."""
    return message


def _reacting(reactions: Reactions[PortsT], ports: Callable[[str], PortsT]) -> Callable[[NatsMessage], Awaitable[None]]:
    known = {(kind.owner, kind.fact_name()): (kind, handler) for kind, handler in reactions.handlers.items()}

    async def react(message: NatsMessage) -> None:
        try:
            subject = subjects.FactSubject.parse(message.raw_message.subject)
        except subjects.NotASubject as error:
            raise Unreadable(str(error)) from error
        found = known.get((subject.service, f"{subject.entity}.{subject.fact}.v{subject.version}"))
        if found is None:
            raise NoReaction(message.raw_message.subject)
        kind, handler = found
        event = Event.decode(message.body, subject)
        fact: Fact = event.fact(kind)
        cause = Cause(event.id, replayed=event.replayed)
        async with courtesy.turn():
            with within(correlation=event.correlationid, cause=cause, trace=event.traceparent):
                await handler(fact, event, ports(event.associationid))

    return react


def _answering(
    question: type[Payload], handler: Callable[[Any, PortsT], Awaitable[Payload]], ports: PortsT
) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def answer(message: NatsMessage) -> dict[str, Any]:
        try:
            asked = question.model_validate_json(message.body)
            with within():
                reply = Reply(answer=(await handler(asked, ports)).model_dump(mode="json"))
        except ValidationError as error:
            reply = Reply(
                refusal=Refusal(title="unreadable question", detail=str(error.errors(include_input=False)[0]["msg"]))
            )
        except RuleBroken as error:
            reply = Reply(refusal=Refusal(title=error.code, detail=str(error)))
        except Exception as error:
            logger.exception("answer.failed")
            reply = Reply(refusal=Refusal(title="failed", detail=type(error).__name__))
        return reply.model_dump(mode="json")

    return answer
