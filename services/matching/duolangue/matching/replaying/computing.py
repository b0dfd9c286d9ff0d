"""The service's side of the process that computes replays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from duolangue.matching.computing import Worker
from duolangue.matching.domain.people import Association
from duolangue.matching.domain.replay_outcome import Outcome
from duolangue.matching.domain.replay_question import ReplayQuestion
from duolangue.matching.replaying import wire_format

MODULE: Final = "duolangue.matching.replaying.worker"
IDLE_SECONDS: Final = 60.0
"""Replays are rare: the process is not kept for long."""


class ReplayWorker:
    """One process for replays, one at a time; whoever asks meanwhile waits."""

    def __init__(self) -> None:
        self._worker = Worker(IDLE_SECONDS, MODULE)

    async def compare(
        self, question: ReplayQuestion, association: Association, tell: Callable[[int], Awaitable[None]]
    ) -> tuple[Outcome, ...]:
        """What each policy would have brought. `tell` is called with how far it is, in hundredths.

        Raises:
            ComputationFailed: the process ended, or said why it cannot.
        """
        return await self._worker.ask(wire_format.question_frames(question, association), wire_format.answer_of, tell)

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()
