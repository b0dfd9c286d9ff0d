"""What a search for a shortest path remembers, and its heap: the nearest of those who were reached and are not settled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

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
    """By how much each one reached could have less."""


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
def look(
    found: Search, first: int, last: int, others: Small, scores: Small, toll: Numbers, by: int, offset: int, stays: int,
    heaped: int, touched: int,
) -> tuple[int, int]:  # fmt: skip
    """Look at the candidates `first` to `last` of `by`: whoever of the other side is nearer this way, and nearer than `stays`,
    is noted. `offset` is how far `by` is and what they have, `toll` what the others have. Returns how many are in the heap and touched.
    """
    for edge in range(first, last):
        node = others[edge]
        there = offset - scores[edge] + toll[node]
        if there >= stays or there >= found.distance[node]:
            continue
        if found.state[node] == 0:
            found.touched[touched] = node
            touched += 1
            found.heap[heaped] = node
            found.state[node] = heaped + 1
            heaped += 1
        found.distance[node] = there
        found.before[node] = by
        found.worth[node] = scores[edge]
        rise(found, found.state[node] - 1)
    return heaped, touched


@compiled
def forget(found: Search, touched: int) -> None:
    """Make the search clean again."""
    for number in range(touched):
        node = found.touched[number]
        found.distance[node] = FAR
        found.state[node] = 0
