"""The computing process: `python -m duolangue.matching.worker`. Reads questions from its standard input, writes plans to its standard output.

It has no database, no bus and no secrets. It ends with the service: its input is closed then, and on Linux the kernel sees to it too.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from duolangue.chassis import log
from duolangue.matching import wire_format
from duolangue.matching.engine import compute
from duolangue.matching.wire_format import HEADER, Frame, Mark

logger = log.get(__name__)

NICE: Final = 5
"""Pages come first."""
TOLD_EVERY: Final = 0.5
"""Seconds between two words on how far it is."""
PR_SET_PDEATHSIG: Final = 1
"""Of Linux's prctl(2)."""


def main() -> None:
    """Answer question after question until the service is gone."""
    arriving, out = prepare(NICE)
    while (question := wire_format.question_of(arriving)) is not None:
        _answer(question, out)


def prepare(nice: int) -> tuple[Iterator[Frame], BinaryIO]:
    """What a computing process does first: it gives way to others by so much, and ends with the service. The frames that arrive, and where answers go."""
    _end_with_parent()
    log.configure()
    os.nice(nice)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, frames), daemon=True).start()
    return _arriving(frames), out


def _answer(question: compute.Question, out: BinaryIO) -> None:
    try:
        plan = compute.plan(question, telling(out))
    except Exception as error:
        logger.exception("computing.failed")
        out.write(wire_format.framed(Mark.ERROR, type(error).__name__.encode()))
    else:
        out.writelines(wire_format.plan_frames(plan))
    out.flush()


def telling(out: BinaryIO, every: float = TOLD_EVERY) -> Callable[[int], None]:
    """Sends how far it is, so many seconds after the last time at the earliest: what is done at once needs no word between."""
    last = time.monotonic()

    def tell(share: int) -> None:
        nonlocal last
        if time.monotonic() - last >= every:
            last = time.monotonic()
            out.write(wire_format.framed(Mark.SHARE, str(share).encode()))
            out.flush()

    return tell


def _arriving(frames: queue.SimpleQueue[Frame]) -> Iterator[Frame]:
    while True:
        yield frames.get()


def _listen(source: BinaryIO, frames: queue.SimpleQueue[Frame]) -> None:
    """Read beside the work, so that the end of the service is noticed at once."""
    while len(head := source.read(HEADER.size)) == HEADER.size:
        mark, size = HEADER.unpack(head)
        body = source.read(size)
        if len(body) < size:
            break
        frames.put((Mark(mark), body))
    os._exit(0)


def _end_with_parent() -> None:
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
