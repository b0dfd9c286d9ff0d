"""What stays in memory for good is looked through by the collector once, and never again.

Python's collector stops everything while it looks through all that lives: with the code of a service and the roll of a large association that is
a quarter of a second, many times a minute, in the middle of somebody's page. What is settled is no garbage: it is still freed when nobody
refers to it any more, only circles within it are not.
"""

from __future__ import annotations

import gc


def settled() -> None:
    """Take all that lives now for lasting: at the end of a start, and after much was read that is kept. Collects once before it does."""
    gc.collect()
    gc.freeze()
