"""Candidate pairs from both sides, and how more join them: in one pass over all, whatever their number."""

from __future__ import annotations

import numpy as np

from duolangue.matching.engine.auction import Edges
from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.pool import Numbers, Small


def nothing(rows: int, columns: int) -> Edges:
    """No candidates yet."""
    starts, none = np.zeros(rows, np.int64), np.empty(0, np.int32)
    return Edges(starts, starts, none, none, np.zeros(columns + 1, np.int64), none, none)


def joined(edges: Edges, row: Small, column: Small, score: Small) -> Edges:
    """The candidates there are with some more, each pair once."""
    start, one, each = with_more(edges.start, edges.stop, edges.column, edges.score, row, column, score)
    back, other, again = turned(start, one, each, len(edges.back) - 1)
    return Edges(start[:-1], start[1:], one, each, back, other, again)


@compiled
def with_more(
    start: Numbers, stop: Numbers, column: Small, score: Small, more_row: Small, more_column: Small, more_score: Small
) -> tuple[Numbers, Small, Small]:
    """Pairs by row, those there are and then those that are new to them; and where each row's begin."""
    rows = len(start)
    first = np.zeros(rows + 1, np.int64)
    for position in range(len(more_row)):
        first[more_row[position] + 1] += 1
    for row in range(rows):
        first[row + 1] += first[row]
    placed = np.empty(len(more_row), np.int32)
    at = first[:-1].copy()
    for position in range(len(more_row)):
        row = more_row[position]
        placed[at[row]] = position
        at[row] += 1
    most = len(more_row)
    for row in range(rows):
        most += stop[row] - start[row]
    begins = np.empty(rows + 1, np.int64)
    columns, scores = np.empty(most, np.int32), np.empty(most, np.int32)
    size = 0
    for row in range(rows):
        begins[row] = begin = size
        for position in range(start[row], stop[row]):
            columns[size], scores[size] = column[position], score[position]
            size += 1
        for number in range(first[row], first[row + 1]):
            position = placed[number]
            known = False
            for there in range(begin, size):
                if columns[there] == more_column[position]:
                    known = True
                    break
            if not known:
                columns[size], scores[size] = more_column[position], more_score[position]
                size += 1
    begins[rows] = size
    return begins, columns[:size].copy(), scores[:size].copy()


@compiled
def turned(start: Numbers, column: Small, score: Small, columns: int) -> tuple[Numbers, Small, Small]:
    """The same pairs by column, their rows ascending."""
    back = np.zeros(columns + 1, np.int64)
    for position in range(len(column)):
        back[column[position] + 1] += 1
    for number in range(columns):
        back[number + 1] += back[number]
    at = back[:-1].copy()
    rows, scores = np.empty(len(column), np.int32), np.empty(len(column), np.int32)
    for row in range(len(start) - 1):
        for position in range(start[row], start[row + 1]):
            there = at[column[position]]
            rows[there], scores[there] = row, score[position]
            at[column[position]] += 1
    return back, rows, scores
