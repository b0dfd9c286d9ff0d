"""Two small services on the real chassis: one owns a counter of associations' facts, the other follows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict
from pydantic_settings import SettingsConfigDict

from duolangue.chassis.bus import Answers, Reactions
from duolangue.chassis.clock import Clock
from duolangue.chassis.decision import Change
from duolangue.chassis.due import DueWork
from duolangue.chassis.identity import OwnKeys, Signer
from duolangue.chassis.service import Declaration, Foundation
from duolangue.chassis.settings import ServiceSettings
from duolangue.chassis.store import AggregateKind, Aggregates, FileKind, Index, ProjectionKind, Projections, Taken
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.registration import ParticipantRegistered, ParticipantStatus, ParticipantUpdated
from duolangue.contracts.requests import PEOPLE, PeopleAnswer, PeopleQuestion, Person
from duolangue.provision.member import Member


class Pupil(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: str
    postcode: str = "4000"
    nickname: str | None = None
    due_at: datetime | None = None
    rung: int = 0


class Seen(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: str
    postcode: str


class Tally(BaseModel):
    """Counts how often an effect was done for a pupil: more than once would be a fault."""

    model_config = ConfigDict(frozen=True)
    id: str
    effects: int = 0


PUPILS = AggregateKind(
    "pupils",
    Pupil,
    indexes=(Index("one_nickname", ("nickname",), unique=True, where={"nickname": {"$type": "string"}}),),
    due=lambda pupil: pupil.due_at,
    snapshot=lambda pupil, _: ParticipantUpdated(status=ParticipantStatus.ACTIVE, roles=[], postcode=pupil.postcode),
)
SEEN = ProjectionKind("seen", Seen)
TALLIES = AggregateKind("tallies", Tally)
PICTURES = FileKind("pictures")


@dataclass(frozen=True)
class OwnerPorts:
    association: str
    pupils: Aggregates[Pupil]
    clock: Clock


@dataclass(frozen=True)
class FollowerPorts:
    association: str
    seen: Projections[Seen]
    tallies: Aggregates[Tally]


@dataclass
class Faults:
    """What the follower shall fail on, and what it did."""

    failing: set[str] = field(default_factory=set)
    handled: list[tuple[str, int]] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    gate: Callable[[], object] | None = None


FAULTS = Faults()
owner_reactions = Reactions[OwnerPorts]("registration")
owner_due = DueWork[OwnerPorts]()
owner_answers = Answers[Callable[[str], OwnerPorts]]()
follower_reactions = Reactions[FollowerPorts]("matching")


@owner_due.on(PUPILS)
async def ring(pupil_id: str, ports: OwnerPorts) -> None:
    FAULTS.rung.append(pupil_id)
    if pupil_id in FAULTS.failing:
        raise RuntimeError("told to fail")
    await ports.pupils.update(
        pupil_id, lambda pupil: Change(pupil.model_copy(update={"due_at": None, "rung": pupil.rung + 1}))
    )


@owner_answers(PEOPLE, PeopleQuestion)
async def people(question: PeopleQuestion, ports: Callable[[str], OwnerPorts]) -> PeopleAnswer:
    if "boom" in question.people:
        raise RuntimeError("told to fail")
    found = await ports(question.association).pupils.select()
    return PeopleAnswer(
        people={
            pupil.id: Person(first_name=pupil.id, last_name="", age_band="", municipality="")
            for pupil in found
            if pupil.id in question.people
        }
    )


@follower_reactions(ParticipantRegistered, ParticipantUpdated)
async def follow(fact: ParticipantRegistered | ParticipantUpdated, event: Event, ports: FollowerPorts) -> None:
    FAULTS.handled.append((event.subject, event.entityversion))
    if event.subject in FAULTS.failing:
        raise RuntimeError("told to fail")
    await ports.seen.apply(Seen(id=event.subject, postcode=fact.postcode or ""), event.entityversion)
    try:
        await ports.tallies.add(Tally(id=event.subject, effects=1))
    except Taken:
        await ports.tallies.update(
            event.subject, lambda tally: Change(tally.model_copy(update={"effects": tally.effects + 1}))
        )


class OwnerSettings(ServiceSettings):
    model_config = SettingsConfigDict(
        env_prefix="DUO_REGISTRATION_", extra="ignore", frozen=True, populate_by_name=True
    )


class FollowerSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="DUO_MATCHING_", extra="ignore", frozen=True, populate_by_name=True)


SIGNER = Signer(Signer.new_key())

OWNER = Declaration(
    name="registration",
    prefix="/people",
    package="duolangue.chassis.web",
    settings=OwnerSettings,
    kinds=(PUPILS, TALLIES, SEEN, PICTURES),
    reactions=owner_reactions,
    due=owner_due,
    answers=owner_answers,
    keys=lambda foundation: OwnKeys(SIGNER, foundation.clock),
)
FOLLOWER = Declaration(
    name="matching",
    prefix="/duos",
    package="duolangue.chassis.web",
    settings=FollowerSettings,
    kinds=(SEEN, TALLIES),
    reactions=follower_reactions,
    asks=(PEOPLE,),
)


def wire_owner(foundation: Foundation[OwnerSettings]) -> Callable[[str], OwnerPorts]:
    return lambda association: OwnerPorts(
        association, foundation.tenant(association).aggregates(PUPILS), foundation.clock
    )


def wire_follower(foundation: Foundation[FollowerSettings]) -> Callable[[str], FollowerPorts]:
    def ports(association: str) -> FollowerPorts:
        tenant = foundation.tenant(association)
        return FollowerPorts(association, tenant.projections(SEEN), tenant.aggregates(TALLIES))

    return ports


MEMBERS = (Member(OWNER, wire_owner), Member(FOLLOWER, wire_follower))


def registered(postcode: str = "4000") -> ParticipantRegistered:
    return ParticipantRegistered(status=ParticipantStatus.ACTIVE, roles=[], postcode=postcode)


def updated(postcode: str) -> ParticipantUpdated:
    return ParticipantUpdated(status=ParticipantStatus.ACTIVE, roles=[], postcode=postcode)


def now() -> datetime:
    return datetime.now(UTC)
