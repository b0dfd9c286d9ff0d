"""Which kind of volunteer would give most people a duo: ranked by the prices of the proof, counted exactly, checked by pairing everybody anew.

A volunteer with one place more gives at most one person more a duo; with enough places, as many as the largest flow through
that volunteer. Nobody is moved in truth: these are counts of what would be. What kinds are tried stands in `kinds.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from duolangue.matching.domain.missing import Call, Finding, Profile
from duolangue.matching.engine import certificate, chains, claims
from duolangue.matching.engine.assignment import solve
from duolangue.matching.engine.compute import Question, build_pool
from duolangue.matching.engine.kinds import person_of, profiles
from duolangue.matching.engine.pool import Flags, Numbers
from duolangue.matching.engine.proof import NOBODY, Solution

CALLS: Final = 5
MOST_TRIED: Final = 60
"""Kinds for which it is counted exactly whom they help, by looking at chains of moves."""
MOST_PAIRS: Final = 3_000_000
"""Above so many pairs each is counted by pairing everybody anew."""
MOST_SOLVED: Final = 12
"""Kinds for which that is done, up to so many pairs as follow; beyond, for as many as there are calls."""
SOON_SOLVED: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class _Kind:
    profile: Profile
    direct: Flags
    """Of the newcomers: who may be paired with such a volunteer."""
    helped: Flags
    """Who could get a duo through them, directly or by others moving; in a large pool for whom a place more gives somebody one."""
    bound: int
    """To so many at most it gives a duo."""
    worth: int
    """By how much one place for each of those it is open to would exceed their prices, in millionths."""

    @property
    def modesty(self) -> tuple[int, int, int, str]:
        """Of kinds that help as many, the one of whom least is asked comes first, then what is worth more by the prices."""
        return self.profile.demands, -self.profile.comfort.rank, -self.worth, self.profile.id


@dataclass(frozen=True, slots=True)
class _Town:
    """Who waits, and who has whom before anybody comes."""

    question: Question
    partner: Numbers
    may: Flags | None
    """Who may be paired with whom; none where there are too many to look at others moving."""
    kinds: tuple[_Kind, ...]
    checked: dict[str, int]
    """What is known of kinds by pairing everybody anew."""

    def helps(self, kind: _Kind) -> int:
        """How many people more have a duo with such volunteers."""
        if self.may is not None:
            return chains.helped(self.may, self.partner, kind.direct)
        return self.check(kind.profile)

    def check(self, profile: Profile) -> int:
        """The same, by pairing everybody anew; once for each kind."""
        if profile.id not in self.checked:
            self.checked[profile.id] = gain(self.question, profile, int((self.partner != NOBODY).sum()))
        return self.checked[profile.id]


def find(question: Question) -> Finding:
    """The kinds of volunteer who are missing most: the first helps more people than any other, the next ones help others than those before."""
    base = solve(build_pool(question), question.policy)
    left = base.partner == NOBODY
    people = sorted(question.newcomers, key=lambda person: person.id)
    alone = [person for person, nobody in zip(people, left, strict=True) if nobody]
    found = Finding(waiting=len(people), left=len(alone))
    if not alone:
        return found
    town = _town(question, base, profiles(alone, question))
    best, complete = _best(town)
    calls: list[Call] = []
    covered = np.zeros(len(people), np.bool_)
    for kind in _apart_from_each_other(best, town, covered):
        more = town.check(kind.profile)
        if more:
            calls.append(Call(profile=kind.profile, more=more))
        if len(calls) == CALLS:
            break
    modesty = {kind.profile.id: kind.modesty for kind in town.kinds}
    calls.sort(key=lambda call: (-call.more, modesty[call.profile.id]))
    return found.model_copy(update={"calls": tuple(calls), "complete": complete and question.policy.minimum_score == 0})


def gain(question: Question, profile: Profile, without: int) -> int:
    """How many people more than `without` have a duo when such a volunteer has places for all who wait: everybody is paired anew."""
    extra = person_of(profile, question.now.year)
    asked = replace(
        question,
        volunteers=[*question.volunteers, extra],
        capacity={**question.capacity, extra.id: len(question.newcomers)},
    )
    partner = solve(build_pool(asked), question.policy).partner
    return int((partner != NOBODY).sum()) - without


def _town(question: Question, base: Solution, tried: Sequence[Profile]) -> _Town:
    """A place more for somebody gives one person more a duo, exactly where the proof prices their pair at nothing: they are left, or
    hold a place to which somebody who is left could be moved (`Proof.reach`; Hall, 1935). So many of those whom a kind may be
    paired with is the most that it can give.
    """
    left = base.partner == NOBODY
    open_to = left | base.proof.reach[-1][base.partner] if len(question.volunteers) else left
    may = _allowed(question) if len(question.newcomers) * len(question.volunteers) <= MOST_PAIRS else None
    found = list[_Kind]()
    for profile, (direct, worth) in zip(tried, _offers(question, base, tried, open_to), strict=True):
        useful = direct & open_to
        helped = chains.reaching(may, base.partner, direct.copy()) & left if may is not None else useful
        bound = min(int(useful.sum()), int(helped.sum()))
        if bound:
            found.append(_Kind(profile, direct, helped, bound, worth))
    return _Town(question, base.partner, may, tuple(found), {})


def _allowed(question: Question) -> Flags:
    pool = build_pool(question)
    parts = [certificate.allowed(pool, question.policy, rows) >= 0 for rows in certificate.chunks(pool)]
    return np.concatenate(parts) if parts else np.zeros(pool.shape, np.bool_)


def _offers(
    question: Question, base: Solution, tried: Sequence[Profile], open_to: Flags
) -> Iterator[tuple[Flags, int]]:
    """For each kind: who may be paired with such a volunteer, and by how much that exceeds the prices of those it is open to."""
    people = [person_of(profile, question.now.year) for profile in tried]
    pool = build_pool(replace(question, volunteers=people, capacity={}, apart=set()))
    claim = claims.waits(pool, question.policy) + base.proof.bonus[claims.tiers(pool, question.policy)]
    direct = np.zeros(pool.shape, np.bool_)
    worth = np.zeros(len(people), np.int64)
    for rows in certificate.chunks(pool):
        score = certificate.allowed(pool, question.policy, rows)
        direct[rows] = score >= 0
        beyond = np.maximum(0, score + (claim[rows] - base.proof.newcomers[rows])[:, None])
        worth += np.where(direct[rows] & open_to[rows, None], beyond, 0).sum(axis=0)
    column_of = {person.id: column for column, person in enumerate(pool.volunteers.people)}
    for person in people:
        column = column_of[person.id]
        yield direct[:, column], int(worth[column])


def _best(town: _Town) -> tuple[_Kind | None, bool]:
    """The kind that helps most, the most modest of such; and whether all that could be better were tried."""
    best, most = None, 0
    pairs = len(town.partner) * len(town.question.volunteers)
    tries = MOST_TRIED if town.may is not None else MOST_SOLVED if pairs <= SOON_SOLVED else CALLS
    ranked = sorted(town.kinds, key=lambda each: (-each.bound, each.modesty))
    for tried, kind in enumerate(ranked):
        if kind.bound <= most:
            break
        if tried == tries:
            return best, False
        if (helped := town.helps(kind)) > most:
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
        kind = min(rest, key=lambda each: (-fresh[each.profile.id], each.modesty), default=None)
