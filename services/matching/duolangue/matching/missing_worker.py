"""The process that finds who is missing: `python -m duolangue.matching.missing_worker`. Questions come as a run's, answers go as JSON."""

from __future__ import annotations

from typing import BinaryIO, Final

from duolangue.chassis import log
from duolangue.matching import wire_format
from duolangue.matching.engine import wanted
from duolangue.matching.engine.compute import Question
from duolangue.matching.wire_format import Mark
from duolangue.matching.worker import prepare

logger = log.get(__name__)

NICE: Final = 10
"""Pages come first, and runs come before this."""


def main() -> None:
    """Answer question after question until the service is gone."""
    arriving, out = prepare(NICE)
    while (question := wire_format.question_of(arriving)) is not None:
        _answer(question, out)


def _answer(question: Question, out: BinaryIO) -> None:
    try:
        finding = wanted.find(question)
    except Exception as error:
        logger.exception("computing.failed")
        out.write(wire_format.framed(Mark.ERROR, type(error).__name__.encode()))
    else:
        out.write(wire_format.framed(Mark.PLAN, finding.model_dump_json().encode()))
    out.flush()


if __name__ == "__main__":
    main()
