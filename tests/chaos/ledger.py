"""The databases held against the stream: what was stored and not told, told and not stored, not applied, or applied twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from duolangue.chassis.store import Database, FileKind, ProjectionKind, across
from duolangue.chassis.store.documents import state_of
from duolangue.contracts import subjects
from duolangue.contracts.envelope import Event, Fact
from duolangue.contracts.facts.matching import DuoConfirmed, DuoOrigin, DuoProposed
from duolangue.contracts.facts.registration import ParticipantRegistered
from duolangue.provision.member import Member
from duolangue.standalone.servers import Servers

ENTITY_OF: Final = {
    "people": "participant",
    "participants": "participant",
    "associations": "association",
    "duos": "duo",
    "conversations": "session",
    "questions": "participation",
    "gatherings": "activity",
    "places": "enrolment",
    "rests": "commitment",
    "three_questions": "questions",
}
"""Whose facts a projection follows."""
ALONE: Final = {"rests": ("commitment.paused", "commitment.resumed")}
"""Of these facts alone, where an entity tells others besides."""
HELD: Final = ("draft", "proposed", "confirmed", "paused")

Document = Mapping[str, Any]


@dataclass
class Findings:
    """What is wrong, in sentences; empty lists when nothing is."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    applied: int = 0
    """How many times a service took a fact of another into what it keeps, as far as that can be seen."""


@dataclass
class Ledger:
    """All that the databases and the stream hold."""

    members: Sequence[Member]
    documents: dict[tuple[str, str], list[Document]]
    """By service and kind."""
    events: list[Event]
    """In the order of the stream."""

    @classmethod
    async def read(cls, servers: Servers, members: Sequence[Member], client: Any) -> Ledger:
        documents = {}
        for member in members:
            database = Database(servers.mongodb_url(member.name), member.name)
            for kind in member.declaration.kinds:
                if isinstance(kind, FileKind):  # files tell no facts
                    continue
                documents[member.name, kind.name] = [each async for each in across.documents(database, kind)]
            database.close()
        stream = client.jetstream()
        state = (await stream.stream_info(subjects.EVENTS_STREAM)).state
        events = []
        for sequence in range(state.first_seq, state.last_seq + 1):
            message = await stream.get_msg(subjects.EVENTS_STREAM, sequence)
            events.append(Event.decode(message.data, subjects.FactSubject.parse(message.subject)))
        return cls(members, documents, events)

    def findings(self) -> Findings:
        """Compare."""
        found = Findings()
        self._facts(found)
        self._projections(found)
        self._inbox(found)
        self._messages(found)
        self._places(found)
        self._followed(found)
        return found

    def _facts(self, found: Findings) -> None:
        """Every version that a document counts is one fact in the stream, and there are no others."""
        told: dict[tuple[str, str], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for event in self.events:
            told[event.source, event.subject][event.entityversion].add(event.id)
        for event_id, count in Counter(event.id for event in self.events).items():
            if count > 1:
                found.twice.append(f"the stream holds {event_id} {count} times")
        for member in self.members:
            for kind in member.declaration.aggregates:
                for document in self.documents[member.name, kind.name]:
                    where = f"{member.name} {kind.name} {document['_id']}"
                    if document["outbox"]:
                        found.lost.append(f"{where}: {len(document['outbox'])} facts still wait")
                    if not document["version"]:
                        continue
                    versions = told.pop((f"/{document['association']}/{member.name}", document["state"]["id"]), {})
                    found.lost += [
                        f"{where}: version {number} is not in the stream"
                        for number in range(1, document["version"] + 1)
                        if number not in versions
                    ]
                    found.twice += [
                        f"{where}: version {number} is {len(ids)} facts"
                        for number, ids in versions.items()
                        if len(ids) > 1
                    ]
                    found.wrong += [
                        f"{where}: version {number} was told, {document['version']} is stored"
                        for number in versions
                        if number > document["version"]
                    ]
        found.wrong += [f"{source} {subject}: told, and stored nowhere" for source, subject in told]

    def _projections(self, found: Findings) -> None:
        """What a service knows of others' entities is the latest they told."""
        for member in self.members:
            for kind in member.declaration.kinds:
                if isinstance(kind, ProjectionKind):
                    self._projection(member, kind, found)

    def _projection(self, member: Member, kind: ProjectionKind[Any], found: Findings) -> None:
        latest: dict[str, tuple[Event, Fact]] = {}
        for fact_kind in member.declaration.reactions.handlers:
            if fact_kind.entity != ENTITY_OF[kind.name]:
                continue
            if kind.name in ALONE and f"{fact_kind.entity}.{fact_kind.fact}" not in ALONE[kind.name]:
                continue
            for event in self.events_of(fact_kind):
                key = f"{event.associationid}/{event.subject}"
                found.applied += 1
                if key not in latest or latest[key][0].entityversion < event.entityversion:
                    latest[key] = event, event.fact(fact_kind)
        known = {document["_id"]: document for document in self.documents[member.name, kind.name]}
        for key, (event, fact) in latest.items():
            where = f"{member.name} {kind.name} {key}"
            if key not in known or known[key]["version"] < event.entityversion:
                found.lost.append(f"{where}: {event.type} version {event.entityversion} was not applied")
                continue
            if known[key]["version"] > event.entityversion:
                found.wrong.append(f"{where}: knows a version nobody told")
            state, public = known[key]["state"], state_of(fact)
            found.wrong += [
                f"{where}: {name} is not what was told"
                for name in public.keys() & state.keys()
                if plain(public[name]) != plain(state[name])
            ]
        found.wrong += [f"{member.name} {kind.name} {key}: nobody told of it" for key in known.keys() - latest.keys()]

    def _inbox(self, found: Findings) -> None:
        """No document answered an event twice, and no event made it tell the same thing twice."""
        for (service, kind), documents in self.documents.items():
            for document in documents:
                for event_id, count in Counter(document.get("seen", ())).items():
                    if count > 1:
                        found.twice.append(f"{service} {kind} {document['_id']}: answered {event_id} {count} times")
        answers = Counter(
            (event.causationid, event.source, event.subject, event.type, event.data.get("milestone"))
            for event in self.events
            if event.causationid
        )  # a duo may reach two milestones by one conversation
        found.twice += [f"{source} {subject} told {kind} {count} times about one event"
                        for (_, source, subject, kind, _), count in answers.items() if count > 1]  # fmt: skip

    def _messages(self, found: Findings) -> None:
        """One message for each event and recipient, and each told once."""
        wanted: Counter[tuple[str, str, str]] = Counter()
        for event in self.events_of(ParticipantRegistered):
            wanted["welcome", event.subject, event.subject] += 1
        for kind, fact_kind in (("proposal", DuoProposed), ("confirmation", DuoConfirmed)):
            for event in self.events_of(fact_kind):
                duo = event.fact(fact_kind)
                if duo.origin is DuoOrigin.IMPORT:  # it runs already: nobody is told what they know
                    continue
                for person in (duo.newcomer, duo.volunteer):
                    wanted[kind, event.subject, person] += 1
        made = Counter(
            (each["state"]["kind"], each["state"]["about"], each["state"]["recipient"])
            for each in self.messages
            if each["state"]["kind"] in ("welcome", "proposal", "confirmation")
        )
        found.applied += sum(made.values())
        found.lost += [f"no {kind} about {about} for {person}" for kind, about, person in wanted - made]
        found.twice += [f"{kind} about {about} for {person}: one too many" for kind, about, person in made - wanted]
        found.twice += [
            f"message {each['_id']} was told {each['version']} times" for each in self.messages if each["version"] > 1
        ]
        found.lost += [f"message {each['_id']}, {each['state']['kind']} by {each['state']['channel']}, is {each['state']['status']}" for each in self.messages
                       if each["state"]["status"] not in ("sent", "handed_over", "dropped")]  # fmt: skip

    def _places(self, found: Findings) -> None:
        """A newcomer is in one duo, a volunteer in no more than they have places for, however many runs there were."""
        held = [each["state"] for each in self.documents["matching", "duos"] if each["state"]["status"] in HELD]
        places = {each["state"]["id"]: (each["state"].get("volunteer") or {}).get("places", 0)
                  for each in self.documents["matching", "people"]}  # fmt: skip
        for newcomer, count in Counter(duo["newcomer"] for duo in held).items():
            if count > 1:
                found.twice.append(f"newcomer {newcomer} is in {count} duos")
        for volunteer, count in Counter(duo["volunteer"] for duo in held).items():
            if count > places.get(volunteer, 0):
                found.twice.append(f"volunteer {volunteer} has {places.get(volunteer, 0)} places and {count} duos")

    def _followed(self, found: Findings) -> None:
        """A confirmed duo is followed by sessions and by notifications, each step of it taken once."""
        confirmed: dict[str, list[int]] = {}
        for event in self.events_of(DuoConfirmed):
            confirmed.setdefault(event.subject, []).append(event.entityversion)
        found.twice += [
            f"duo {duo} was confirmed {len(them)} times" for duo, them in confirmed.items() if len(them) > 1
        ]
        steps = {each["state"]["id"]: [step["version"] for step in each["state"]["steps"]]
                 for each in self.documents["sessions", "commitments"]}  # fmt: skip
        nudged = {each["state"]["id"] for each in self.documents["notifications", "followed_duos"]}
        found.applied += len(steps) + len(nudged)
        for duo, versions in confirmed.items():
            if steps.get(duo) != versions:
                found.lost.append(f"duo {duo}: confirmed at {versions}, sessions took {steps.get(duo)}")
            if duo not in nudged:
                found.lost.append(f"duo {duo}: notifications does not follow it")

    @property
    def messages(self) -> list[Document]:
        return self.documents["notifications", "messages"]

    def events_of(self, kind: type[Fact]) -> list[Event]:
        return [event for event in self.events if event.type == kind.event_type()]


def plain(value: Any) -> Any:
    """Comparable whichever way it was kept: the database keeps milliseconds."""
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
