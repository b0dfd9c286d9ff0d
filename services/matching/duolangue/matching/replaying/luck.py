"""Chance that is the same under every policy: a draw depends on whose it is and on the how manieth, on nothing that happened before.

Common random numbers, so that policies differ by what they decide and not by luck (Law, Simulation Modeling and Analysis, 2015, ch. 11).
"""

from __future__ import annotations

from hashlib import blake2b
from math import log
from typing import Final

_UNITS: Final = 2**64


class Luck:
    """The draws of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def happens(self, percent: int, *whose: str | int) -> bool:
        """Whether something happens that does in so many cases of a hundred."""
        return self._drawn(*whose) * 100 < percent

    def days(self, mean: float, *whose: str | int) -> float:
        """How long something takes, in days, exponentially distributed."""
        return -mean * log(1 - self._drawn(*whose))

    def _drawn(self, *whose: str | int) -> float:
        """From 0 up to, but not, 1."""
        told = "/".join(str(each) for each in (self._seed, *whose)).encode()
        return (int.from_bytes(blake2b(told, digest_size=8).digest()) >> 11) / (_UNITS >> 11)
