"""The envelope of every fact: CloudEvents 1.0 in structured JSON, with the extensions Duolangue adds."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from duolangue.contracts.subjects import FactSubject
from duolangue.contracts.vocabulary import EntityId, Slug

TYPE_PREFIX = "be.duolangue"
CONTENT_TYPE = "application/cloudevents+json"


class Payload(BaseModel):
    """A value inside a fact, a question or an answer: frozen, and an unknown field is no fault."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_enum_values=False, use_attribute_docstrings=True)


class Fact(Payload):
    """Something that happened to an entity, told with the entity's whole public state.

    A subclass names itself: `class DuoConfirmed(DuoState, owner="matching", entity="duo", fact="confirmed")`.
    """

    owner: ClassVar[str]
    entity: ClassVar[str]
    fact: ClassVar[str]
    version: ClassVar[int] = 1
    registry: ClassVar[dict[str, type[Fact]]] = {}

    def __init_subclass__(
        cls, *, owner: str = "", entity: str = "", fact: str = "", version: int = 1, **rest: Any
    ) -> None:
        super().__init_subclass__(**rest)
        if fact:
            cls.owner, cls.entity, cls.fact, cls.version = owner, entity, fact, version
            Fact.registry[cls.fact_name()] = cls

    @classmethod
    def fact_name(cls) -> str:
        """The fact's short name, as in `duo.confirmed.v1`."""
        return f"{cls.entity}.{cls.fact}.v{cls.version}"

    @classmethod
    def event_type(cls) -> str:
        """The CloudEvents type, as in `be.duolangue.duo.confirmed.v1`."""
        return f"{TYPE_PREFIX}.{cls.fact_name()}"

    @classmethod
    def subject(cls, association: str) -> FactSubject:
        """Where the fact is published for one association."""
        return FactSubject(association, cls.owner, cls.entity, cls.fact, cls.version)

    @classmethod
    def pattern(cls) -> str:
        """The subject with a wildcard for the association, as consumers filter on it."""
        return f"events.*.{cls.owner}.{cls.entity}.{cls.fact}.v{cls.version}"


FactT = TypeVar("FactT", bound=Fact)


class Unreadable(ValueError):
    """The bytes are not an event, or not the fact their subject announces. Trying again cannot help."""


class Event(BaseModel):
    """One fact in its envelope, as it stands in the stream."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1, max_length=64)
    """Unique for ever; also the message id the stream de-duplicates on."""
    type: str
    source: str
    subject: EntityId
    """The opaque id of the entity the fact is about."""
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    associationid: Slug
    entityversion: int = Field(ge=1)
    """The number of this fact among the facts of its entity: 1, 2, 3 without a gap."""
    correlationid: str = ""
    """What the whole chain of facts goes back to: a request, a run."""
    causationid: str = ""
    """The id of the event this one answers, if any."""
    traceparent: str | None = None
    """W3C trace context, when the request that began it carried one."""
    replayed: bool = False
    """Sent again by `republish`: it restores what others know, and nobody is told again."""
    data: dict[str, Any]

    def encode(self) -> bytes:
        """The event as bytes for the bus."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def of(
        cls,
        fact: Fact,
        *,
        event_id: str,
        association: str,
        entity_id: str,
        entity_version: int,
        time: datetime,
        correlation_id: str = "",
        causation_id: str = "",
        traceparent: str | None = None,
        replayed: bool = False,
    ) -> Event:
        """Put a fact in its envelope."""
        return cls(
            id=event_id,
            type=fact.event_type(),
            source=f"/{association}/{fact.owner}",
            subject=entity_id,
            time=time,
            associationid=association,
            entityversion=entity_version,
            correlationid=correlation_id,
            causationid=causation_id,
            traceparent=traceparent,
            replayed=replayed,
            data=fact.model_dump(mode="json"),
        )

    @classmethod
    def decode(cls, body: bytes, subject: FactSubject) -> Event:
        """Read an event and hold it against the subject it came on.

        Raises:
            Unreadable: broken JSON, a missing or mistyped field, or another tenant, owner or type than the subject says.
        """
        try:
            event = cls.model_validate_json(body)
        except ValidationError as error:
            raise Unreadable(_sentence(error)) from error
        expected_type = f"{TYPE_PREFIX}.{subject.entity}.{subject.fact}.v{subject.version}"
        for field, told, expected in (
            ("associationid", event.associationid, subject.association),
            ("source", event.source, f"/{subject.association}/{subject.service}"),
            ("type", event.type, expected_type),
        ):
            if told != expected:
                raise Unreadable(f"{field}: {told!r} where the subject says {expected!r}")
        return event

    def fact(self, kind: builtins.type[FactT]) -> FactT:
        """The fact inside, as the given kind.

        Raises:
            Unreadable: a field is missing or mistyped.
        """
        try:
            return kind.model_validate(self.data)
        except ValidationError as error:
            raise Unreadable(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    return f"{where}: {first['msg']}"
