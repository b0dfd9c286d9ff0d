"""How far a computation is, in hundredths: told to whoever waits for it, always more than the time before."""

from __future__ import annotations

from collections.abc import Callable
from math import log

Tell = Callable[[int], None]
"""Called with hundredths, from 0 to 100."""


def silent(_: int) -> None:
    """For who does not ask."""


def growing(tell: Tell) -> Tell:
    """Passes on what is more than was told before, and nothing else."""
    most = -1

    def told(share: int) -> None:
        nonlocal most
        if share > most:
            most = share
            tell(share)

    return told


def within(tell: Tell, begin: int, end: int) -> Tell:
    """For a part of the work: its hundredths lie between two of the whole."""
    return lambda share: tell(begin + (end - begin) * share // 100)


def closing_in(added: int, candidates: int) -> int:
    """How near a proof is when the last look at all pairs still found so many to add: each round finds a fraction of the one before,
    so the logarithm falls about evenly.
    """
    return max(0, 100 - round(100 * log(1 + added) / log(2 + max(added, candidates))))
