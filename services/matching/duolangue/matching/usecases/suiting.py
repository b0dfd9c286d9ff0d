"""Whether the people of a draft still suit each other: who they are may have changed since it was made."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.rules import NoFreePlace, Refused, Unsuitable
from duolangue.matching.engine import prospects
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import pool as pools

TOGETHER: Final = 128
"""Drafts whose people are looked at in one go."""


async def objections(drafts: Collection[Duo], ports: Ports) -> dict[str, Refused]:
    """What speaks against drafts as their people stand now, by duo: a rule that was not set aside for them, or a volunteer who takes fewer
    people than before. Of who is away nothing is said.
    """
    waiting = [duo for duo in drafts if duo.status is Status.DRAFT]
    newcomers, volunteers = {duo.newcomer for duo in waiting}, {duo.volunteer for duo in waiting}
    if not waiting:
        return {}
    named, around = await asyncio.gather(
        ports.people.named(newcomers | volunteers), ports.duos.around(newcomers, volunteers)
    )
    people, held = {person.id: person for person in named}, Counter(duo.volunteer for duo in around if duo.held)
    found: dict[str, Refused] = {}
    for start in range(0, len(waiting), TOGETHER):
        some = [duo for duo in waiting[start : start + TOGETHER] if _here(duo, people)]
        for duo, rules in zip(some, await _broken(some, people, ports), strict=True):
            kept = [rule for rule in rules if duo.override is None or rule not in duo.override.rules]
            places = people[duo.volunteer].places
            if kept:
                found[duo.id] = Unsuitable(kept[0])
            elif held[duo.volunteer] > places and duo.place > places:
                found[duo.id] = NoFreePlace(field="volunteer")
    return found


def _here(duo: Duo, people: dict[str, Person]) -> bool:
    one, other = people.get(duo.newcomer), people.get(duo.volunteer)
    return one is not None and one.newcomer is not None and other is not None and other.volunteer is not None


async def _broken(drafts: Sequence[Duo], people: dict[str, Person], ports: Ports) -> list[list[str]]:
    if not drafts:
        return []
    association, policy = await pools.association_of(ports), (await pools.policy_of(ports)).policy
    pairs = [(people[duo.newcomer], people[duo.volunteer]) for duo in drafts]
    return await asyncio.to_thread(prospects.broken, pairs, association, policy, ports.clock.now())
