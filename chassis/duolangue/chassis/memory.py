"""What stays in memory for good is looked through by the collector once, and never again.

Python's collector stops everything while it looks through all that lives: with the code of a service and the roll of a large association that is
a quarter of a second, many times a minute, in the middle of somebody's page. What is settled is no garbage: it is still freed when nobody
refers to it any more, only circles within it are not. What is new is looked through less often than Python would by itself: it looks after every
700 objects, and a report of twenty thousand people makes a hundred times as many, of which none is a circle (half a second of two and a half).
"""

from __future__ import annotations

import gc
from typing import Final

NEW_ONES: Final = 50_000
"""Objects that may have come since before the collector looks for circles among them: some ten megabytes."""


def settled() -> None:
    """Take all that lives now for lasting: at the end of a start, and after much was read that is kept. Collects once before it does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_ONES)
