"""Checks a proof over every possible pair of a large pool, compiled: one plain loop over newcomers times volunteers.

It leaves nothing out and sorts nothing; `certificate.verify` does the same with numpy, and all that is not about pairs.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import certificate, claims, layout
from duolangue.matching.engine.certificate import Unproven
from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.layout import People
from duolangue.matching.engine.pairs import apart, score
from duolangue.matching.engine.pool import Flags, Numbers, Pool, Small
from duolangue.matching.engine.proof import NOBODY, Proof

CHUNK = 1024


def verify(pool: Pool, policy: Policy, pairs: Numbers, proof: Proof) -> None:
    """The same as `certificate.verify`, for pools where numpy would take hours.

    Raises:
        Unproven: something does not hold.
    """
    from duolangue.matching.engine.sparse import THREADS

    partner, moved = certificate.outline(pool, policy, pairs, proof)
    found = layout.lay_out(pool, policy)
    rows, columns = found.row_order, found.column_order
    claim = (claims.waits(pool, policy) + proof.bonus[claims.tiers(pool, policy)])[rows]
    place_of = np.full(len(columns), NOBODY, np.int64)
    place_of[columns] = np.arange(len(columns))
    held = np.where(partner[rows] == NOBODY, NOBODY, place_of[partner[rows]])
    told = np.zeros(len(rows), np.int64)
    told[pairs[:, 0]] = pairs[:, 2]
    reach = np.stack([each[columns] for each in proof.reach])
    asked = (
        found.rows, found.columns, found.apart.start, found.apart.column, found.rules, found.metres, proof.newcomers[rows] - claim,
        proof.volunteers[columns], held, told[rows], np.stack([each[rows] for each in moved]), reach,
    )  # fmt: skip
    with ThreadPoolExecutor(THREADS) as threads:
        starts = range(0, len(rows), CHUNK)
        wrong = sum(threads.map(lambda first: faults(*asked, first, min(len(rows), first + CHUNK)), starts))
    if wrong:
        raise Unproven(f"{wrong} pairs break the proof")


@compiled
def faults(
    rows: People, columns: People, apart_start: Small, apart_column: Small, rules: Numbers, metres: Small, gain: Numbers,
    price: Numbers, held: Numbers, told: Numbers, moved: Flags, reach: Flags, first: int, last: int,
) -> int:  # fmt: skip
    """How many pairs are worth more than their prices, have another score than was told, or could be moved to."""
    wrong = 0
    for number in range(first, last):
        row = rows[number]
        paired = held[number] < 0
        for other in range(len(columns)):
            column = columns[other]
            if row.place < 0 or column.place < 0 or row.level < column.level:
                continue
            apart_by = metres[row.place, column.place]
            found = score(row, column, rules, apart_by) if apart_by <= row.metres else -1
            if found < 0 or (row.history and apart(apart_start, apart_column, number, other)):
                continue
            if found - price[other] > gain[number]:
                wrong += 1
            if held[number] == other:
                paired = found == told[number]
            for tier in range(len(reach)):
                if moved[tier, number] and not reach[tier, other]:
                    wrong += 1
        if not paired:
            wrong += 1
    return wrong
