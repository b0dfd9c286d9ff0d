"""An auction for places, in whole millionths: quick, and right up to its step `epsilon`; `paths.py` makes the rest exact.

Newcomers bid for places, then empty places that still have a price bid for newcomers (Bertsekas, 1988; forward and reverse
for unequal sides: Bertsekas, Castanon and Tsaknakis, 1993). A volunteer's places are alike: each has a price of its own while
newcomers bid, and the volunteer's is the lowest (Bertsekas and Castanon, 1989).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.pool import Numbers, Small


class Edges(NamedTuple):
    """Candidate pairs, from both sides: `column[start[row]:stop[row]]` and the pairs' scores, and the same by column."""

    start: Numbers
    stop: Numbers
    column: Small
    score: Small
    back: Numbers
    row: Small
    back_score: Small


class Seats(NamedTuple):
    """Who sits where. A seat is one place of a volunteer; those of one volunteer follow each other."""

    first: Numbers
    """Where each volunteer's seats begin; one entry more than volunteers."""
    column: Small
    """Each seat's volunteer."""
    owner: Small
    """Each seat's newcomer; -1 when empty."""
    price: Numbers
    """Each seat's own price while newcomers bid."""
    seat: Small
    """Each newcomer's seat; -1 for none."""
    score: Small
    """The score of each newcomer's pair."""


@compiled
def loosen(edges: Edges, seats: Seats, price: Numbers, claim: Numbers, epsilon: int, queue: Small) -> int:
    """Empty the seats of who would gain more than `epsilon` elsewhere; returns how many are in the queue to bid.

    All who have no seat and could gain something are in it.
    """
    for number in range(len(seats.column)):
        seats.price[number] = price[seats.column[number]]
    size = 0
    for row in range(len(claim)):
        best = -claim[row]
        for edge in range(edges.start[row], edges.stop[row]):
            best = max(best, edges.score[edge] - price[edges.column[edge]])
        held = seats.seat[row]
        if held >= 0:
            if seats.score[row] - price[seats.column[held]] + epsilon >= best:
                continue
            seats.owner[held] = -1
            seats.seat[row] = -1
        if best > -claim[row]:
            queue[size] = row
            size += 1
    return size


@compiled
def forward(
    edges: Edges, seats: Seats, price: Numbers, claim: Numbers, epsilon: int, queue: Small, size: int, most: int
) -> int:  # fmt: skip
    """Let everybody in the queue bid until all sit or want nothing, or after so many bids; returns how many bids there were."""
    head, tail, length, bids = 0, size % len(queue), len(queue), 0
    while size > 0 and bids < most:
        row = queue[head]
        head = head + 1 if head + 1 < length else 0
        size -= 1
        best = second = -(2**62)
        chosen = np.int64(-1)
        for edge in range(edges.start[row], edges.stop[row]):
            value = edges.score[edge] - price[edges.column[edge]]
            if value > second:
                if value > best:
                    second = best
                    best = value
                    chosen = edge
                else:
                    second = value
        if best <= -claim[row]:
            continue
        bids += 1
        second = max(second, -claim[row])
        column = edges.column[chosen]
        cheapest = seats.first[column]
        for number in range(cheapest + 1, seats.first[column + 1]):
            if seats.price[number] < seats.price[cheapest]:
                cheapest = number
        other = seats.owner[cheapest]
        if other >= 0:
            seats.seat[other] = -1
            queue[tail] = other
            tail = tail + 1 if tail + 1 < length else 0
            size += 1
        seats.owner[cheapest] = row
        seats.seat[row] = cheapest
        seats.score[row] = edges.score[chosen]
        seats.price[cheapest] = price[column] + best - second + epsilon
        least = seats.price[cheapest]
        for number in range(seats.first[column], seats.first[column + 1]):
            least = min(least, seats.price[number])
        price[column] = least
    return bids


@compiled
def reverse(edges: Edges, seats: Seats, price: Numbers, claim: Numbers, epsilon: int, queue: Small) -> int:
    """Let empty places that have a price bid for newcomers until each is taken or costs nothing; returns how many bids."""
    size, bids, length = 0, 0, len(queue)
    waiting = np.zeros(len(price), np.bool_)
    for column in range(len(price)):
        if price[column] > 0:
            for number in range(seats.first[column], seats.first[column + 1]):
                if seats.owner[number] < 0:
                    queue[size] = column
                    size += 1
                    waiting[column] = True
                    break
    head, tail = 0, size % length
    while size > 0:
        column = queue[head]
        head = head + 1 if head + 1 < length else 0
        size -= 1
        waiting[column] = False
        empty = -1
        for number in range(seats.first[column], seats.first[column + 1]):
            if seats.owner[number] < 0:
                empty = number
        while empty >= 0 and price[column] > 0:
            bids += 1
            best = second = np.int64(-(2**62))
            chosen = np.int64(-1)
            for edge in range(edges.back[column], edges.back[column + 1]):
                row = edges.row[edge]
                held = seats.seat[row]
                gain = np.int64(0)
                if held >= 0:
                    if seats.column[held] == column:
                        continue
                    gain = max(np.int64(0), seats.score[row] + claim[row] - price[seats.column[held]])
                value = edges.back_score[edge] + claim[row] - gain
                if value > second:
                    if value > best:
                        second = best
                        best = value
                        chosen = edge
                    else:
                        second = value
            if best <= 0:
                price[column] = 0
                break
            row = edges.row[chosen]
            held = seats.seat[row]
            seats.owner[empty] = row
            seats.seat[row] = empty
            seats.score[row] = edges.back_score[chosen]
            price[column] = max(np.int64(0), min(price[column], second - epsilon))
            if held >= 0:
                seats.owner[held] = -1
                other = seats.column[held]
                if price[other] > 0 and not waiting[other]:
                    waiting[other] = True
                    queue[tail] = other
                    tail = tail + 1 if tail + 1 < length else 0
                    size += 1
            empty = -1
            for number in range(seats.first[column], seats.first[column + 1]):
                if seats.owner[number] < 0:
                    empty = number
    return bids
