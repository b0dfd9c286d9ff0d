"""Which kind of volunteer would give most people a duo: upper bounds by whom chains of moves can reach, then the truth by pairing anew.

A volunteer with one place more gives at most one person more a duo; with enough places, as many as the largest flow through
that volunteer. Nobody is moved in truth: these are counts of what would be. Wishes for an age are left out: nobody can call for one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np

from duolangue.contracts.facts.registration import ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Interest, Level, Role
from duolangue.matching.domain.missing import Call, Finding, Hours, Profile
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import certificate
from duolangue.matching.engine.assignment import solve
from duolangue.matching.engine.compute import Question, build_pool
from duolangue.matching.engine.pool import Flags, Numbers, Pool
from duolangue.matching.engine.proof import NOBODY

CALLS: Final = 5
MOST_PLACES: Final = 40
"""Postcodes that are tried: those around which most people are left."""
MOST_KINDS: Final = 300
"""Kinds of volunteer that are tried."""
MOST_SOLVED: Final = 24
"""Kinds for which everybody is paired anew."""
MOST_PAIRS: Final = 60_000_000
"""Above so many pairs only who is directly within reach is counted."""


@dataclass(frozen=True, slots=True)
class _Kind:
    profile: Profile
    column: int
    helped: Flags
    """Of the newcomers: who is left and could get a duo through such a volunteer, directly or by others moving."""

    @property
    def bound(self) -> int:
        return int(self.helped.sum())


def find(question: Question, tell: Callable[[int], None] = lambda _: None) -> Finding:
    """The kinds of volunteer who are missing most. `tell` is called with how far it is, in hundredths."""
    base = solve(build_pool(question), question.policy)
    left = base.partner == NOBODY
    people = sorted(question.newcomers, key=lambda person: person.id)
    alone = [person for person, nobody in zip(people, left, strict=True) if nobody]
    found = Finding(waiting=len(people), left=len(alone))
    if not alone:
        return found
    profiles = _profiles(alone, question)
    pool = build_pool(replace(question, volunteers=[*question.volunteers, *map(_person, profiles)]))
    columns = _columns(pool, profiles)
    kinds, complete = _bounded(pool, question.policy, base.partner, columns)
    complete = (
        complete and question.policy.minimum_score == 0
    )  # those who are tried change a little what sharing is worth
    calls: list[tuple[Call, _Kind]] = []
    solved = 0
    for kind in sorted(kinds, key=lambda each: (-each.bound, *_modesty(each.profile))):
        calls.sort(key=lambda each: -each[0].more)
        if len(calls) >= CALLS and kind.bound <= calls[CALLS - 1][0].more:
            break
        if any(call.more >= kind.bound and not (kind.helped & ~other.helped).any() for call, other in calls):
            continue
        if solved == MOST_SOLVED:
            complete = False
            break
        solved += 1
        tell(min(99, 100 * solved // MOST_SOLVED))
        more = gain(question, kind.profile)
        if more:
            calls.append((Call(profile=kind.profile, more=more), kind))
    best = sorted((call for call, _ in calls), key=lambda call: (-call.more, *_modesty(call.profile)))
    return found.model_copy(update={"calls": tuple(best[:CALLS]), "complete": complete})


def gain(question: Question, profile: Profile) -> int:
    """How many people more have a duo when such a volunteer has places for all who wait: everybody is paired twice, without and with them."""
    extra = _person(profile)
    pool = build_pool(replace(question, volunteers=[*question.volunteers, extra]))
    column = [person.id for person in pool.volunteers.people].index(extra.id)
    counts = []
    for places in (0, len(question.newcomers)):
        capacity = pool.capacity.copy()
        capacity[column] = places
        partner = solve(replace(pool, capacity=capacity), question.policy).partner
        counts.append(int((partner != NOBODY).sum()))
    return counts[1] - counts[0]


def _modesty(profile: Profile) -> tuple[int, int, str]:
    """Of kinds that help as many, the one of whom least is asked comes first."""
    return profile.demands, -profile.comfort.rank, profile.id


def _profiles(alone: Sequence[Person], question: Question) -> list[Profile]:
    """What could be asked for: whatever somebody who is left needs."""
    postcodes = _most([person.postcode for person in alone if person.postcode], MOST_PLACES)
    told = [person.newcomer for person in alone if person.newcomer is not None]
    levels = sorted(
        {max(Level.A0, each.french_oral, key=lambda level: level.rank) for each in told}, key=lambda level: level.rank
    )
    asking = [person for person in alone if person.newcomer and person.newcomer.needs_common_language]
    spoken = _most([code for person in asking for code in person.languages if code != "fr"], CALLS)
    genders = sorted({each.partner_gender for each in told if each.partner_gender})
    hours: list[Hours | None] = list(Hours) if question.policy.common_time else [None]
    combined = product([None, *spoken], hours, [None, *genders], levels, postcodes)
    return [
        Profile(postcode=postcode, comfort=level, language=language, hours=when, gender=gender)
        for language, when, gender, level, postcode in combined
    ][:MOST_KINDS]


def _most(values: Sequence[str], most: int) -> list[str]:
    """The most frequent, in their order."""
    return sorted(set(values), key=lambda value: (-values.count(value), value))[:most]


def _person(profile: Profile) -> Person:
    """Somebody of this kind, who likes everything: that nothing is shared does not stand in the way."""
    return Person(
        id=f"wanted-{profile.id}",
        status=ParticipantStatus.ACTIVE,
        roles=(Role.VOLUNTEER,),
        gender=profile.gender,
        postcode=profile.postcode,
        languages=(profile.language,) if profile.language else (),
        interests=tuple(Interest),
        availability=profile.hours.slots if profile.hours else (),
        volunteer=VolunteerProfile(places=1, comfort=profile.comfort),
    )


def _columns(pool: Pool, profiles: Sequence[Profile]) -> dict[int, Profile]:
    of = {_person(profile).id: profile for profile in profiles}
    return {number: of[person.id] for number, person in enumerate(pool.volunteers.people) if person.id in of}


def _bounded(pool: Pool, policy: Policy, partner: Numbers, columns: dict[int, Profile]) -> tuple[list[_Kind], bool]:
    """Each kind with whom it could help at most; and whether chains of moves were looked at.

    `partner` names columns of the pool without the kinds: they are counted anew here.
    """
    newcomers, volunteers = pool.shape
    kept = np.array([number for number in range(volunteers) if number not in columns], np.int64)
    wanted = np.array(sorted(columns), np.int64)
    chains = newcomers * volunteers <= MOST_PAIRS
    parts = [certificate.allowed(pool, policy, rows) >= 0 for rows in certificate.chunks(pool)]
    may = np.concatenate([part if chains else part[:, wanted] for part in parts])
    left = partner == NOBODY
    own = np.where(left, NOBODY, kept[np.maximum(partner, 0)] if kept.size else NOBODY)
    kinds = []
    for place, column in enumerate(wanted):
        reached = _reaching(may, own, may[:, column].copy()) if chains else may[:, place]
        kind = _Kind(columns[int(column)], int(column), reached & left)
        if kind.bound:
            kinds.append(kind)
    return kinds, chains


def _reaching(may: Flags, partner: Numbers, reached: Flags) -> Flags:
    """Who could get a place if those `reached` had one elsewhere: they themselves, and whoever could take the place of one of them."""
    moved = np.zeros(may.shape[1], np.bool_)
    fresh = reached
    while True:
        held = partner[fresh]
        freed = np.unique(held[held != NOBODY])
        freed = freed[~moved[freed]]
        if not freed.size:
            return reached
        moved[freed] = True
        fresh = may[:, freed].any(axis=1) & ~reached
        reached |= fresh
