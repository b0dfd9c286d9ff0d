"""Shortest augmenting paths with prices: what makes an assignment exact, one newcomer or one empty place at a time.

Dijkstra's search over reduced costs, stopped at the first end (Ahuja, Magnanti and Orlin, 1993, section 12.4). A path ends at
an empty place, or where somebody is left in another's stead; from an empty place it ends at somebody left, or at a place that
stays empty in its stead. `least` is what each newcomer has: the most that a pair's score less the volunteer's price comes to,
and never less than minus their claim, at which they are left.
"""

from __future__ import annotations

import numpy as np

from duolangue.matching.engine.auction import Edges, Seats
from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.frontier import FAR, Search, forget, look, pop
from duolangue.matching.engine.pool import Numbers


@compiled
def leasts(edges: Edges, seats: Seats, price: Numbers, claim: Numbers, least: Numbers) -> int:
    """What each newcomer could have at these prices; whoever sits where they have less gets up.

    Returns how many could gain something and do not sit.
    """
    free = 0
    for row in range(len(claim)):
        best = -claim[row]
        for edge in range(edges.start[row], edges.stop[row]):
            best = max(best, edges.score[edge] - price[edges.column[edge]])
        least[row] = best
        held = seats.seat[row]
        if held >= 0 and seats.score[row] - price[seats.column[held]] < best:
            seats.owner[held] = -1
            seats.seat[row] = held = -1
        if held < 0 and best > -claim[row]:
            free += 1
    return free


@compiled
def seat_row(
    edges: Edges,
    seats: Seats,
    price: Numbers,
    claim: Numbers,
    least: Numbers,
    start: int,
    found: Search,
    bound: Numbers,
) -> int:
    """Find a place for a newcomer who gains something and does not sit; prices rise, and what newcomers have falls.

    Returns how many newcomers were reached. Where there are bounds and somebody would have less than theirs, nothing changes:
    `found.others` holds all of these until the next search, `found.fall` by how much they fall, and minus their number is returned.
    """
    heaped = touched = settled = reached = 0
    stays, leaving, end, at = least[start] + claim[start], start, -1, np.int64(0)
    found.ahead[start] = 0
    found.others[reached] = start
    reached += 1
    heaped, touched = look(
        found, edges.start[start], edges.stop[start], edges.column, edges.score, price, start, least[start], stays, heaped, touched
    )  # fmt: skip
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
            if at + least[row] + claim[row] < stays:
                stays, leaving = at + least[row] + claim[row], row
            heaped, touched = look(
                found, edges.start[row], edges.stop[row], edges.column, edges.score, price, row, at + least[row], stays, heaped, touched
            )  # fmt: skip
    if end < 0:
        at = stays
    below = 0
    for number in range(reached):
        row = found.others[number]
        fall = max(np.int64(0), at - found.ahead[row])
        found.fall[number] = fall
        found.ahead[row] = FAR
        if len(bound) > 0 and least[row] - fall < bound[row]:
            found.others[below], found.fall[below] = row, fall
            below += 1
    if below > 0:
        forget(found, touched)
        return -below
    for number in range(reached):
        least[found.others[number]] -= found.fall[number]
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
    forget(found, touched)
    return reached


@compiled
def fill_column(edges: Edges, seats: Seats, price: Numbers, least: Numbers, start: int, found: Search) -> int:
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
    heaped, touched = look(
        found, edges.back[start], edges.back[start + 1], edges.row, edges.back_score, least, start, price[start], stays, heaped, touched
    )  # fmt: skip
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
        heaped, touched = look(
            found, edges.back[column], edges.back[column + 1], edges.row, edges.back_score, least, column, at + price[column], stays, heaped, touched
        )  # fmt: skip
    if end < 0:
        at = stays
    for number in range(reached):
        column = found.others[number]
        price[column] -= max(np.int64(0), at - found.ahead[column])
        found.ahead[column] = FAR
    for number in range(settled):
        row = found.settled[number]
        least[row] += max(np.int64(0), at - found.distance[row])
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
    forget(found, touched)
    return touched


@compiled
def finish(edges: Edges, seats: Seats, price: Numbers, claim: Numbers, least: Numbers, found: Search) -> Numbers:
    """Seat everybody who gains something, and fill every empty place that has a price: then the assignment is exact.

    Returns how many paths from newcomers and from places there were, and how many people these reached.
    """
    done, unbound = np.zeros(4, np.int64), np.empty(0, np.int64)
    for row in range(len(claim)):
        if seats.seat[row] < 0 and least[row] + claim[row] > 0:
            done[0] += 1
            done[2] += seat_row(edges, seats, price, claim, least, row, found, unbound)
    for column in range(len(price)):
        if price[column] > 0:
            for _ in range(seats.first[column], seats.first[column + 1]):
                empty = False
                for number in range(seats.first[column], seats.first[column + 1]):
                    empty = empty or seats.owner[number] < 0
                if not empty or price[column] == 0:
                    break
                done[1] += 1
                done[3] += fill_column(edges, seats, price, least, column, found)
    return done
