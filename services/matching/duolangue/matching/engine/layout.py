"""The pool as the kernels read it: people side by side who live in one place, tables with the weights in them, places by distance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from duolangue.contracts.vocabulary import Interest
from duolangue.matching.domain.policy import CriterionName, Policy
from duolangue.matching.domain.reasons import MILLION
from duolangue.matching.engine import claims, scores
from duolangue.matching.engine.pool import Numbers, Pool, Side, Small
from duolangue.matching.engine.traits import UNKNOWN

RANKS: Final = 8
"""Levels of French; a group is one place's people of one level."""
METRES: Final = 1000


PERSON: Final = np.dtype(
    [
        ("interests", np.uint64),
        ("slots", np.uint64),
        ("zones", np.uint64),
        ("languages", np.uint64),
        ("languages_more", np.uint64),
        ("languages_most", np.uint64),
        ("mass", np.int64),  # what the interests are worth together
        ("place", np.int32),
        ("level", np.int32),  # a newcomer's own, or the lowest a volunteer is at ease with
        ("age", np.int32),
        ("gender", np.int32),
        ("metres", np.int32),  # how far the other may live
        ("wished", np.int32),  # -1 for no wish
        ("least", np.int32),
        ("most", np.int32),
        ("needs_language", np.bool_),
        ("same_gender", np.bool_),
        ("history", np.bool_),  # is kept apart from somebody
    ],
    align=True,
)
"""One person, as the kernels read them: all of it within two lines of a processor's memory."""
People = NDArray[np.void]
Unsigned = NDArray[np.uint32]
"""Numbers of people in groups: without a sign the compiler need not think of the end of an array."""

# Where each table begins in the array of rules; a pair's score is the sum of weighted values divided by `TOTAL`.
AGE: Final = 0
AGE_UNKNOWN: Final = AGE + len(scores.AGE)
LEVEL: Final = AGE_UNKNOWN + 1
MOMENTS: Final = LEVEL + len(scores.LEVEL)
DISTANCE: Final = MOMENTS + len(scores.MOMENTS)
WORTH: Final = DISTANCE + len(scores.DISTANCE)
LANGUAGE: Final = WORTH + len(Interest)
INTERESTS: Final = LANGUAGE + 1
TOTAL: Final = INTERESTS + 1
LEAST: Final = TOTAL + 1
COMMON_TIME: Final = LEAST + 1
OLDEST: Final = len(scores.AGE) - 1
FARTHEST: Final = len(scores.DISTANCE) - 1


class Apart(NamedTuple):
    """Volunteers by newcomer, as in the pool."""

    start: Small
    column: Small


class Near(NamedTuple):
    """From each place to the places where the other side lives, the nearest first."""

    place: Small
    metres: Small


@dataclass(frozen=True, slots=True)
class Layout:
    """A pool laid out. Row and column numbers are this layout's own."""

    rows: People
    columns: People
    apart: Apart
    rules: Numbers
    row_order: Numbers
    """The pool's number of each row here."""
    column_order: Numbers
    capacity: Numbers
    wait: Numbers
    tier: Numbers
    metres: Small
    to_columns: Near
    to_rows: Near


def lay_out(pool: Pool, policy: Policy) -> Layout:
    """A pool in the order of places, so that people who may meet lie near each other in memory."""
    metres, one, other = _lived_in(pool)
    lives = np.where(pool.capacity > 0, other.place, UNKNOWN)  # who has no free place is not looked at
    row_order = np.lexsort((one.age, pool.level, one.place)).astype(np.int64)
    column_order = np.lexsort((other.age, pool.comfort, lives)).astype(np.int64)
    worth = scores.worths(pool)
    capacity = pool.capacity[column_order].astype(np.int64)
    rows, columns = _people(one, row_order, worth), _people(other, column_order, worth)
    rows["level"], columns["level"] = pool.level[row_order], pool.comfort[column_order]
    rows["wished"] = pool.wished_gender[row_order]
    rows["least"], rows["most"] = pool.least_age[row_order], pool.most_age[row_order]
    rows["needs_language"] = pool.needs_language[row_order]
    rows["history"] = (np.diff(pool.apart_start) > 0)[row_order]
    columns["same_gender"] = pool.same_gender[column_order]
    columns["place"] = lives[column_order]
    return Layout(
        rows=rows,
        columns=columns,
        apart=_apart(pool, row_order, column_order),
        rules=_rules(policy, worth),
        row_order=row_order,
        column_order=column_order,
        capacity=capacity,
        wait=claims.waits(pool, policy)[row_order],
        tier=claims.tiers(pool, policy)[row_order],
        metres=metres,
        to_columns=_near(metres, columns["place"]),
        to_rows=_near(metres, rows["place"]),
    )


def _lived_in(pool: Pool) -> tuple[Small, Side, Side]:
    """The distances between places where somebody of this pool lives, and both sides with these places."""
    sides = pool.newcomers, pool.volunteers
    used = np.unique(np.concatenate([side.place for side in sides]))
    used = used[used != UNKNOWN]
    number = np.full(len(pool.metres) + 1, UNKNOWN, np.int32)  # the last one is that of an unknown place
    number[used] = np.arange(len(used), dtype=np.int32)
    one, other = (replace(side, place=number[side.place]) for side in sides)
    return np.ascontiguousarray(pool.metres[np.ix_(used, used)]), one, other


def _people(side: Side, order: Numbers, worth: Numbers) -> People:
    found = np.zeros(len(order), PERSON)
    for name in ("interests", "slots", "zones", "place", "age", "gender"):
        found[name] = getattr(side, name)[order]
    for word, name in enumerate(("languages", "languages_more", "languages_most")[: side.languages.shape[1]]):
        found[name] = side.languages[order, word]
    found["mass"] = scores.masses(found["interests"], worth)
    found["metres"] = side.radius_km[order] * METRES
    return found


def _rules(policy: Policy, worth: Numbers) -> Numbers:
    weights = policy.weights
    return np.concatenate(
        [
            scores.AGE * weights.of(CriterionName.AGE),
            [scores.AGE_UNKNOWN * weights.of(CriterionName.AGE)],
            scores.LEVEL * weights.of(CriterionName.LEVEL),
            scores.MOMENTS * weights.of(CriterionName.AVAILABILITY),
            scores.DISTANCE * weights.of(CriterionName.DISTANCE),
            worth,
            [
                MILLION * weights.of(CriterionName.LANGUAGE),
                weights.of(CriterionName.INTERESTS),
                weights.total,
                policy.minimum_score * weights.total,
                policy.common_time,
            ],
        ]
    ).astype(np.int64)


def _near(metres: Small, lived_in: Small) -> Near:
    there = np.unique(lived_in[lived_in != UNKNOWN])
    between = metres[:, there]
    sort = np.argsort(between, axis=1, kind="stable")
    return Near(
        place=there[sort].astype(np.int32), metres=np.ascontiguousarray(np.take_along_axis(between, sort, axis=1))
    )


def _apart(pool: Pool, row_order: Numbers, column_order: Numbers) -> Apart:
    column_of = np.empty(len(column_order), np.int32)
    column_of[column_order] = np.arange(len(column_order), dtype=np.int32)
    each = np.diff(pool.apart_start)[row_order]
    start = np.concatenate([[0], np.cumsum(each)]).astype(np.int32)
    position = np.arange(int(start[-1])) - np.repeat(start[:-1], each) + np.repeat(pool.apart_start[row_order], each)
    return Apart(start=start, column=column_of[pool.apart[position]])
