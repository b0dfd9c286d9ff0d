"""Shortest augmenting paths with prices: what makes an assignment exact, one newcomer or one empty place at a time.

Dijkstra's search over reduced costs, stopped at the first end (Ahuja, Magnanti and Orlin, 1993, section 12.4). A path ends at
an empty place, or where somebody is left in another's stead; from an empty place it ends at somebody left, or at a place that
stays empty in its stead.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from duolangue.matching.engine.auction import Edges, Seats
from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.pool import Numbers, Small

FAR = 2**62


class Search(NamedTuple):
    """What a search needs to remember, sized for the larger side; clean between searches."""

    distance: Numbers
    """`FAR` where nothing leads yet."""
    state: Small
    """Where in the heap plus one; 0 for untouched, -1 for settled."""
    heap: Small
    before: Small
    worth: Small
    """The score of the pair by which one was reached."""
    touched: Small
    settled: Small
    ahead: Numbers
    """How far the other side's people were reached; `FAR` where they were not."""
    others: Small
    via: Small
    fall: Numbers
    """By how much the gain of each one reached falls."""


def search(size: int) -> Search:
    """A clean search for sides of at most `size`."""
    return Search(
        distance=np.full(size, FAR, np.int64),
        state=np.zeros(size, np.int32),
        heap=np.empty(size + 1, np.int32),
        before=np.empty(size, np.int32),
        worth=np.empty(size, np.int32),
        touched=np.empty(size, np.int32),
        settled=np.empty(size, np.int32),
        ahead=np.full(size, FAR, np.int64),
        others=np.empty(size, np.int32),
        via=np.empty(size, np.int32),
        fall=np.zeros(size, np.int64),
    )


@compiled
def rise(found: Search, at: int) -> None:
    """Let an entry of the heap rise to its place."""
    node = found.heap[at]
    while at > 0:
        up = (at - 1) // 2
        if found.distance[found.heap[up]] <= found.distance[node]:
            break
        found.heap[at] = found.heap[up]
        found.state[found.heap[at]] = at + 1
        at = up
    found.heap[at] = node
    found.state[node] = at + 1


@compiled
def pop(found: Search, size: int) -> int:
    """Take the nearest out of a heap of `size`; it is settled."""
    node = found.heap[0]
    found.state[node] = -1
    last = found.heap[size - 1]
    size -= 1
    if size == 0:
        return node
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and found.distance[found.heap[child + 1]] < found.distance[found.heap[child]]:
            child += 1
        if found.distance[last] <= found.distance[found.heap[child]]:
            break
        found.heap[at] = found.heap[child]
        found.state[found.heap[at]] = at + 1
        at = child
    found.heap[at] = last
    found.state[last] = at + 1
    return node


@compiled
def gains(edges: Edges, seats: Seats, price: Numbers, claim: Numbers, gain: Numbers) -> int:
    """Each newcomer's gain at these prices, the most they could have; whoever sits where they could have less gets up.

    Returns how many could gain something and do not sit.
    """
    free = 0
    for row in range(len(claim)):
        best = -claim[row]
        for edge in range(edges.start[row], edges.stop[row]):
            best = max(best, edges.score[edge] - price[edges.column[edge]])
        gain[row] = best + claim[row]
        held = seats.seat[row]
        if held >= 0 and seats.score[row] - price[seats.column[held]] < best:
            seats.owner[held] = -1
            seats.seat[row] = held = -1
        if held < 0 and gain[row] > 0:
            free += 1
    return free


@compiled
def _from_row(
    edges: Edges, price: Numbers, claim: Numbers, gain: Numbers, row: int, at: int, stays: int, found: Search,
    heaped: int, touched: int,
) -> tuple[int, int]:  # fmt: skip
    offset = at + gain[row] - claim[row]
    for edge in range(edges.start[row], edges.stop[row]):
        column = edges.column[edge]
        there = offset - edges.score[edge] + price[column]
        if there >= stays or there >= found.distance[column]:
            continue
        if found.state[column] == 0:
            found.touched[touched] = column
            touched += 1
            found.heap[heaped] = column
            found.state[column] = heaped + 1
            heaped += 1
        found.distance[column] = there
        found.before[column] = row
        found.worth[column] = edges.score[edge]
        rise(found, found.state[column] - 1)
    return heaped, touched


@compiled
def seat_row(
    edges: Edges,
    seats: Seats,
    price: Numbers,
    claim: Numbers,
    gain: Numbers,
    start: int,
    found: Search,
    look_only: bool,
) -> int:
    """Find a place for a newcomer who gains something and does not sit; prices rise, gains fall.

    Returns how many newcomers may gain less now: `found.others` holds them until the next search, and `found.fall` by how
    much. With `look_only` nothing changes but these.
    """
    heaped = touched = settled = reached = 0
    stays, leaving, end, at = gain[start], start, -1, np.int64(0)
    found.ahead[start] = 0
    found.others[reached] = start
    reached += 1
    heaped, touched = _from_row(edges, price, claim, gain, start, 0, stays, found, heaped, touched)
    while heaped > 0 and found.distance[found.heap[0]] < stays:
        column = pop(found, heaped)
        heaped -= 1
        at = found.distance[column]
        for number in range(seats.first[column], seats.first[column + 1]):
            if seats.owner[number] < 0:
                end = number
        if end >= 0:
            break
        found.settled[settled] = column
        settled += 1
        for number in range(seats.first[column], seats.first[column + 1]):
            row = seats.owner[number]
            found.ahead[row] = at
            found.others[reached] = row
            reached += 1
            if at + gain[row] < stays:
                stays, leaving = at + gain[row], row
            heaped, touched = _from_row(edges, price, claim, gain, row, at, stays, found, heaped, touched)
    if end < 0:
        at = stays
    for number in range(reached):
        row = found.others[number]
        found.fall[number] = max(np.int64(0), at - found.ahead[row])
        found.ahead[row] = FAR
    if look_only:
        settled, end, leaving = 0, -1, start
    else:
        for number in range(reached):
            gain[found.others[number]] -= found.fall[number]
    for number in range(settled):
        column = found.settled[number]
        price[column] += max(np.int64(0), at - found.distance[column])
    if end < 0 and leaving != start:
        end = seats.seat[leaving]
        seats.seat[leaving] = -1
        seats.owner[end] = -1
    while end >= 0:
        column = seats.column[end]
        row = found.before[column]
        left = seats.seat[row]
        seats.seat[row] = end
        seats.owner[end] = row
        seats.score[row] = found.worth[column]
        end = -1 if row == start else left
    for number in range(touched):
        column = found.touched[number]
        found.distance[column] = FAR
        found.state[column] = 0
    return reached


@compiled
def _from_column(
    edges: Edges, price: Numbers, claim: Numbers, gain: Numbers, column: int, at: int, stays: int, found: Search,
    heaped: int, touched: int,
) -> tuple[int, int]:  # fmt: skip
    offset = at + price[column]
    for edge in range(edges.back[column], edges.back[column + 1]):
        row = edges.row[edge]
        there = offset - edges.back_score[edge] - claim[row] + gain[row]
        if there >= stays or there >= found.distance[row]:
            continue
        if found.state[row] == 0:
            found.touched[touched] = row
            touched += 1
            found.heap[heaped] = row
            found.state[row] = heaped + 1
            heaped += 1
        found.distance[row] = there
        found.before[row] = column
        found.worth[row] = edges.back_score[edge]
        rise(found, found.state[row] - 1)
    return heaped, touched


@compiled
def fill_column(
    edges: Edges, seats: Seats, price: Numbers, claim: Numbers, gain: Numbers, start: int, found: Search
) -> int:  # fmt: skip
    """Find somebody for an empty place that has a price, or let it cost nothing; returns how many newcomers were looked at."""
    empty = -1
    for number in range(seats.first[start], seats.first[start + 1]):
        if seats.owner[number] < 0:
            empty = number
    heaped = touched = settled = reached = 0
    stays, leaving, end, at = price[start], start, -1, np.int64(0)
    found.ahead[start] = 0
    found.others[reached] = start
    reached += 1
    heaped, touched = _from_column(edges, price, claim, gain, start, 0, stays, found, heaped, touched)
    while heaped > 0 and found.distance[found.heap[0]] < stays:
        row = pop(found, heaped)
        heaped -= 1
        at = found.distance[row]
        held = seats.seat[row]
        if held < 0:
            end = row
            break
        found.settled[settled] = row
        settled += 1
        column = seats.column[held]
        if found.ahead[column] != FAR:
            continue
        found.ahead[column] = at
        found.via[column] = row
        found.others[reached] = column
        reached += 1
        if at + price[column] < stays:
            stays, leaving = at + price[column], column
        heaped, touched = _from_column(edges, price, claim, gain, column, at, stays, found, heaped, touched)
    if end < 0:
        at = stays
    for number in range(reached):
        column = found.others[number]
        price[column] -= max(np.int64(0), at - found.ahead[column])
        found.ahead[column] = FAR
    for number in range(settled):
        row = found.settled[number]
        gain[row] += max(np.int64(0), at - found.distance[row])
    if end < 0 and leaving != start:
        end = found.via[leaving]
        seats.owner[seats.seat[end]] = -1
    while end >= 0:
        row = end
        column = found.before[row]
        held = empty
        end = -1
        if column != start:
            end = found.via[column]
            held = seats.seat[end]
        seats.owner[held] = row
        seats.seat[row] = held
        seats.score[row] = found.worth[row]
    for number in range(touched):
        row = found.touched[number]
        found.distance[row] = FAR
        found.state[row] = 0
    return touched


@compiled
def finish(edges: Edges, seats: Seats, price: Numbers, claim: Numbers, gain: Numbers, found: Search) -> Numbers:
    """Seat everybody who gains something, and fill every empty place that has a price: then the assignment is exact.

    Returns how many paths from newcomers and from places there were, and how many people these reached.
    """
    done = np.zeros(4, np.int64)
    for row in range(len(claim)):
        if seats.seat[row] < 0 and gain[row] > 0:
            done[0] += 1
            done[2] += seat_row(edges, seats, price, claim, gain, row, found, False)
    for column in range(len(price)):
        if price[column] > 0:
            for _ in range(seats.first[column], seats.first[column + 1]):
                empty = False
                for number in range(seats.first[column], seats.first[column + 1]):
                    empty = empty or seats.owner[number] < 0
                if not empty or price[column] == 0:
                    break
                done[1] += 1
                done[3] += fill_column(edges, seats, price, claim, gain, column, found)
    return done
