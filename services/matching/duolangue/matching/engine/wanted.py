"""Which kind of volunteer would give most people a duo: upper bounds by whom chains of moves can reach, then the truth by pairing anew.

A volunteer with one place more gives at most one person more a duo; with enough places, as many as the largest flow through
that volunteer. Nobody is moved in truth: these are counts of what would be. Wishes for an age are left out: nobody can call for one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
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
MOST_TRIED: Final = 60
"""Kinds for which it is counted exactly whom they help."""
MOST_PAIRS: Final = 3_000_000
"""Above so many pairs only who is directly within reach is counted."""


TAKEN: Final = -2
"""Paired with the volunteer who is tried."""


@dataclass(frozen=True, slots=True)
class _Kind:
    profile: Profile
    direct: Flags
    """Of the newcomers: who may be paired with such a volunteer."""
    helped: Flags
    """Who is left and could get a duo through them, directly or by others moving."""

    @property
    def bound(self) -> int:
        return int(self.helped.sum())


@dataclass(frozen=True, slots=True)
class _Town:
    """Who may be paired with whom, and who is, before anybody comes."""

    may: Flags
    partner: Numbers
    kinds: tuple[_Kind, ...]
    chains: bool
    """Whether it is small enough to look at others moving."""


def find(question: Question) -> Finding:
    """The kinds of volunteer who are missing most: the first helps more people than any other, the next ones help others than those before."""
    base = solve(build_pool(question), question.policy)
    left = base.partner == NOBODY
    people = sorted(question.newcomers, key=lambda person: person.id)
    alone = [person for person, nobody in zip(people, left, strict=True) if nobody]
    found = Finding(waiting=len(people), left=len(alone))
    if not alone:
        return found
    profiles = _profiles(alone, question)
    pool = build_pool(replace(question, volunteers=[*question.volunteers, *map(_person, profiles)]))
    town = _town(pool, question.policy, base.partner, _columns(pool, profiles))
    best, complete = _best(town)
    calls: list[Call] = []
    covered = np.zeros(len(people), np.bool_)
    for kind in _apart_from_each_other(best, town, covered):
        more = gain(question, kind.profile, len(people) - len(alone))
        if more:
            calls.append(Call(profile=kind.profile, more=more))
        if len(calls) == CALLS:
            break
    exact = complete and town.chains and question.policy.minimum_score == 0
    calls.sort(key=lambda call: (-call.more, *_modesty(call.profile)))
    return found.model_copy(update={"calls": tuple(calls), "complete": exact})


def gain(question: Question, profile: Profile, without: int) -> int:
    """How many people more than `without` have a duo when such a volunteer has places for all who wait: everybody is paired anew."""
    extra = _person(profile)
    asked = replace(
        question,
        volunteers=[*question.volunteers, extra],
        capacity={**question.capacity, extra.id: len(question.newcomers)},
    )
    partner = solve(build_pool(asked), question.policy).partner
    return int((partner != NOBODY).sum()) - without


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


def _town(pool: Pool, policy: Policy, partner: Numbers, columns: dict[int, Profile]) -> _Town:
    """`partner` names columns of the pool without the kinds: they are counted anew here."""
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
        direct = may[:, column if chains else place]
        reached = _reaching(may, own, direct.copy()) if chains else direct
        kind = _Kind(columns[int(column)], direct, reached & left)
        if kind.bound:
            kinds.append(kind)
    return _Town(may, own, tuple(kinds), chains)


def _best(town: _Town) -> tuple[_Kind | None, bool]:
    """The kind that helps most, the most modest of such; and whether all that could be better were tried."""
    best, most = None, 0
    ranked = sorted(town.kinds, key=lambda each: (-each.bound, *_modesty(each.profile)))
    for tried, kind in enumerate(ranked):
        if kind.bound <= most:
            break
        if tried == MOST_TRIED:
            return best, False
        if (helped := _helped(town, kind)) > most:
            best, most = kind, helped
    return best, True


def _apart_from_each_other(first: _Kind | None, town: _Town, covered: Flags) -> Iterator[_Kind]:
    """The first, then again and again the kind that helps most of those whom none before it helps."""
    rest = list(town.kinds)
    kind = first
    while kind is not None:
        covered |= kind.helped
        yield kind
        fresh = {each.profile.id: int((each.helped & ~covered).sum()) for each in rest}
        rest = [each for each in rest if fresh[each.profile.id]]
        kind = min(rest, key=lambda each: (-fresh[each.profile.id], *_modesty(each.profile)), default=None)


def _helped(town: _Town, kind: _Kind) -> int:
    """How many more get a place when a volunteer of this kind has enough of them: by augmenting paths (Berge, 1957).

    Who is left and may be paired with the volunteer is; for each other one others move, as long as there is a way.
    """
    left = town.partner == NOBODY
    count = int((kind.direct & left).sum())
    if not town.chains:
        return count
    partner = np.where(kind.direct & left, TAKEN, town.partner)
    while _moved(town.may, partner, kind.direct):
        count += 1
    return count


def _moved(may: Flags, partner: Numbers, direct: Flags) -> bool:
    """Give one more person a place, by others moving on, the last of them to the new volunteer; changes `partner`. False where there is no way."""
    reached = direct & (partner != TAKEN)
    after = np.full(len(partner), TAKEN, np.int64)
    waiting, seen = deque(np.flatnonzero(reached).tolist()), np.zeros(may.shape[1], np.bool_)
    while waiting:
        holder = waiting.popleft()
        column = partner[holder]
        if seen[column]:
            continue
        seen[column] = True
        fresh = np.flatnonzero(may[:, column] & ~reached & (partner != TAKEN))
        reached[fresh] = True
        after[fresh] = holder
        free = fresh[partner[fresh] == NOBODY]
        if free.size:
            _shift(partner, after, int(free[0]))
            return True
        waiting.extend(fresh.tolist())
    return False


def _shift(partner: Numbers, after: Numbers, person: int) -> None:
    """Everybody on the way takes the place of the next one, the last one the new volunteer's."""
    while (holder := int(after[person])) != TAKEN:
        partner[person] = partner[holder]
        person = holder
    partner[person] = TAKEN


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
