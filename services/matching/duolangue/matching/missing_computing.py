"""The service's side of the process that finds who is missing; a small pool does not wait for it."""

from __future__ import annotations

import asyncio
from typing import Final

from duolangue.matching import wire_format
from duolangue.matching.computing import Worker
from duolangue.matching.domain.missing import Finding
from duolangue.matching.engine import wanted
from duolangue.matching.engine.compute import Question
from duolangue.matching.wire_format import Mark

MODULE: Final = "duolangue.matching.missing_worker"
SMALL: Final = 16_384
"""Up to so many pairs of people the answer takes less than starting a process."""
IDLE_SECONDS: Final = 60.0
"""It is rare: the process is not kept for long."""


class Lookout:
    """One process for this question, one at a time; whoever asks meanwhile waits."""

    def __init__(self, small: int = SMALL) -> None:
        self._small = small
        self._worker = Worker(IDLE_SECONDS, MODULE)

    async def find(self, question: Question) -> Finding:
        """The kinds of volunteer who are missing most; with few pairs to look at in this process, in some hundredths of a second.

        Raises:
            ComputationFailed: the process ended, or said why it cannot.
        """
        if len(question.newcomers) * (len(question.volunteers) + 1) <= self._small:
            return await asyncio.to_thread(wanted.find, question)
        return await self._worker.ask(wire_format.question_frames(question), _finding)

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()


def _finding(_: Mark, body: bytes) -> Finding:
    return Finding.model_validate_json(body)
