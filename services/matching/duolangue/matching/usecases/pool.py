"""Who waits, who has a free place, and who may not meet: everything a run looks at."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.in_force import IN_FORCE, InForce
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.waiting import begins
from duolangue.matching.engine.compute import Question
from duolangue.matching.ports import Ports


@dataclass(frozen=True, slots=True)
class Pool:
    """The association's people, sorted by what pairing means for them."""

    waiting: list[Person]
    """Newcomers without a duo, a proposal or a draft."""
    expected: list[Person]
    """Newcomers whose partner was named at import and is not here yet: nobody else is looked for."""
    questioned: list[Person]
    """Newcomers who are asked whether they still want to take part."""
    volunteers: list[Person]
    capacity: dict[str, int]
    """Free places, by volunteer."""
    apart: set[frozenset[str]]
    """Who may not meet for their history, or since a coordinator keeps them apart."""


async def look(ports: Ports, aside: Collection[str] = ()) -> Pool:
    """The pool as it stands now; `aside` are drafts that are looked at as if they were not there."""
    exclusions, active, binding, questions, separations = await asyncio.gather(
        ports.exclusions.select(),
        ports.people.active(),
        ports.duos.binding(),
        ports.questions.open(),
        ports.separations.select(),
    )
    excluded = {exclusion.id for exclusion in exclusions}
    people = {person.id: person for person in active if person.id not in excluded}
    duos = [duo for duo in binding if duo.id not in aside]
    questioned = {question.participant for question in questions}
    held = [duo for duo in duos if duo.held]
    apart = {frozenset({duo.newcomer, duo.volunteer}) for duo in duos if duo.held or duo.barred}
    expecting = await _expecting(people, apart, excluded, ports)
    apart |= {frozenset({each.one, each.other}) for each in separations}
    taken, first = {duo.newcomer for duo in held}, _first(duos)
    present = [
        person.model_copy(update={"goes_first": True}) if person.id in first else person for person in people.values()
    ]
    ends, now = _ends(duos), ports.clock.now()
    newcomers = [
        person.waiting_from(begins(person.newcomer.waiting_since, ends.get(person.id, ()), now))
        for person in present
        if person.newcomer is not None and person.available(Role.NEWCOMER) and person.id not in taken
    ]
    volunteers = [person for person in present if person.available(Role.VOLUNTEER)]
    away = expecting | questioned
    return Pool(
        waiting=[person for person in newcomers if person.id not in away],
        expected=[person for person in newcomers if person.id in expecting],
        questioned=[person for person in newcomers if person.id in questioned - expecting],
        volunteers=volunteers,
        capacity=_capacity(volunteers, held, expecting, questioned),
        apart=apart,
    )


async def policy_of(ports: Ports) -> InForce:
    """The association's policy; the platform's default until somebody changes it."""
    return await ports.policies.find(IN_FORCE) or InForce()


def question(pool: Pool, association: Association, policy: Policy, ports: Ports) -> Question:
    """The pool as the engine takes it, under a policy."""
    return Question(
        newcomers=pool.waiting,
        volunteers=pool.volunteers,
        capacity=pool.capacity,
        apart=pool.apart,
        association=association,
        policy=policy,
        now=ports.clock.now(),
    )


async def association_of(ports: Ports) -> Association:
    """The association's settings; the contracts' own defaults until its first fact has come."""
    return await ports.associations.find(ports.association) or Association(id=ports.association)


def _capacity(
    volunteers: Iterable[Person], held: Iterable[Duo], expecting: set[str], questioned: set[str]
) -> dict[str, int]:
    used = Counter(duo.volunteer for duo in held)
    return {
        person.id: 0
        if person.id in questioned
        else max(0, person.places - used[person.id] - (1 if person.id in expecting else 0))
        for person in volunteers
    }


def _ends(duos: Iterable[Duo]) -> dict[str, list[datetime]]:
    """When the duos of newcomers ended that ran: then they began to wait anew."""
    ends: dict[str, list[datetime]] = {}
    for duo in duos:
        if duo.ran and duo.ended_at is not None:
            ends.setdefault(duo.newcomer, []).append(duo.ended_at)
    return ends


def _first(duos: Iterable[Duo]) -> set[str]:
    """Whose last proposal came to nothing without their fault: they neither refused nor stayed silent."""
    last: dict[str, Duo] = {}
    for duo in duos:
        if duo.ended_at is None or not (duo.status is Status.ENDED or duo.innocent or duo.silent):
            continue
        for person in (duo.newcomer, duo.volunteer):
            before = last.get(person)
            if before is None or before.ended_at is None or duo.ended_at > before.ended_at:
                last[person] = duo
    return {person for person, duo in last.items() if duo.side(person) in duo.innocent}


async def _expecting(
    people: Mapping[str, Person], apart: set[frozenset[str]], excluded: set[str], ports: Ports
) -> set[str]:
    """Who has a running duo that cannot be shown yet, since the partner is not here or takes a break."""
    expecting: set[str] = set()
    for person in people.values():
        partner = person.current_partner
        if not partner or partner in people or partner in excluded or frozenset({person.id, partner}) in apart:
            continue
        known = await ports.people.find(partner)
        if known is None or known.status is ParticipantStatus.PAUSED:
            expecting.add(person.id)
    return expecting
