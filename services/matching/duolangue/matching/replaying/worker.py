"""The process that computes replays: `python -m duolangue.matching.replaying.worker`. Runs never wait for it: they have one of their own."""

from __future__ import annotations

from typing import BinaryIO, Final

from duolangue.chassis import log
from duolangue.matching.domain.people import Association
from duolangue.matching.domain.replay_question import ReplayQuestion
from duolangue.matching.replaying import wire_format
from duolangue.matching.replaying.comparison import compare
from duolangue.matching.wire_format import Mark, framed
from duolangue.matching.worker import prepare

logger = log.get(__name__)

NICE: Final = 10
"""Pages come first, then runs."""


def main() -> None:
    """Answer question after question until the service is gone."""
    arriving, out = prepare(NICE)
    while (asked := wire_format.question_of(arriving)) is not None:
        _answer(*asked, out)


def _answer(question: ReplayQuestion, association: Association, out: BinaryIO) -> None:
    def tell(hundredths: int) -> None:
        out.write(framed(Mark.SHARE, str(hundredths).encode()))
        out.flush()

    try:
        outcomes = compare(question, association, tell)
    except Exception as error:
        logger.exception("computing.failed")
        out.write(framed(Mark.ERROR, type(error).__name__.encode()))
    else:
        out.write(wire_format.answer_frame(outcomes))
    out.flush()


if __name__ == "__main__":
    main()
