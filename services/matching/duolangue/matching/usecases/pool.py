"""Who waits, who has a free place, and who may not meet: everything a run looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain.duo import Duo
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.engine.compute import Question
from duolangue.matching.ports import Ports


@dataclass(frozen=True, slots=True)
class Pool:
    """The association's people, sorted by what pairing means for them."""

    waiting: list[Person]
    """Newcomers without a duo, a proposal or a draft."""
    expected: list[Person]
    """Newcomers whose partner was named at import and is not here yet: nobody else is looked for."""
    volunteers: list[Person]
    capacity: dict[str, int]
    """Free places, by volunteer."""
    apart: set[frozenset[str]]


async def look(ports: Ports) -> Pool:
    """The pool as it stands now."""
    excluded = {exclusion.id for exclusion in await ports.exclusions.select()}
    people = {person.id: person for person in await ports.people.active() if person.id not in excluded}
    duos = await ports.duos.binding()
    held = [duo for duo in duos if duo.held]
    apart = {frozenset({duo.newcomer, duo.volunteer}) for duo in duos}
    expecting = await _expecting(people, apart, excluded, ports)
    taken = {duo.newcomer for duo in held}
    newcomers = [person for person in people.values() if person.available(Role.NEWCOMER) and person.id not in taken]
    volunteers = [person for person in people.values() if person.available(Role.VOLUNTEER)]
    return Pool(
        waiting=[person for person in newcomers if person.id not in expecting],
        expected=[person for person in newcomers if person.id in expecting],
        volunteers=volunteers,
        capacity=_capacity(volunteers, held, expecting),
        apart=apart,
    )


def question(pool: Pool, association: Association, ports: Ports) -> Question:
    """The pool as the engine takes it."""
    return Question(
        newcomers=pool.waiting,
        volunteers=pool.volunteers,
        capacity=pool.capacity,
        apart=pool.apart,
        association=association,
        policy=ports.policy,
        now=ports.clock.now(),
    )


async def association_of(ports: Ports) -> Association:
    """The association's settings; the contracts' own defaults until its first fact has come."""
    return await ports.associations.find(ports.association) or Association(id=ports.association)


def _capacity(volunteers: Iterable[Person], held: Iterable[Duo], expecting: set[str]) -> dict[str, int]:
    used = Counter(duo.volunteer for duo in held)
    return {
        person.id: max(0, person.places - used[person.id] - (1 if person.id in expecting else 0))
        for person in volunteers
    }


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
