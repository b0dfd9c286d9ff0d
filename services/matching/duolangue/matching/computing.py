"""The service's side of its computing process: started when it is first needed, kept warm, killed when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

from duolangue.chassis import log
from duolangue.matching import wire_format
from duolangue.matching.domain.run import Plan
from duolangue.matching.engine.compute import Question
from duolangue.matching.ports import ComputationFailed
from duolangue.matching.wire_format import HEADER, Mark, PlanReader

logger = log.get(__name__)

IDLE_SECONDS: Final = 900.0
"""For how long the process is kept without work."""
MODULE: Final = "duolangue.matching.worker"
PASSED_ON: Final = ("PYTHON", "NUMBA", "LC_", "LANG", "PATH", "HOME", "TMP", "XDG_", "LD_", "VIRTUAL_ENV", "SYSTEMROOT")
"""How the names begin of the environment variables that it gets; none of them is a secret."""
AnswerT = TypeVar("AnswerT")


class Worker:
    """One computing process at a time, for one question at a time; whoever asks meanwhile waits."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS, module: str = MODULE) -> None:
        self._idle_seconds = idle_seconds
        self._module = module
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process else None

    async def plan(self, question: Question, tell: Callable[[int], Awaitable[None]] | None = None) -> Plan:
        """The best pairs, with the proof. `tell` is called with how far it is, in hundredths.

        Raises:
            ComputationFailed: the process ended, or said why it cannot.
        """
        return await self.ask(wire_format.question_frames(question), PlanReader().take, tell)

    async def ask(
        self,
        frames: Iterable[bytes],
        take: Callable[[Mark, bytes], AnswerT | None],
        tell: Callable[[int], Awaitable[None]] | None = None,
    ) -> AnswerT:
        """Send a question and read its answer: `take` is given frame after frame, and returns the answer once it is complete.

        Raises:
            ComputationFailed: the process ended, or said why it cannot.
        """
        async with self._turn:
            process = await self._running()
            try:
                answer = await self._answered(process, frames, take, tell)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                await self._kill()
                raise ComputationFailed("ProcessEnded") from error
            except ComputationFailed:
                raise
            except BaseException:
                await self._kill()  # nobody waits for its answer any more, and the next must not read it
                raise
            self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._rest)
            return answer

    async def close(self) -> None:
        """End the process; it is started again if there is work after all."""
        await self._kill()

    async def _answered(
        self,
        process: Process,
        frames: Iterable[bytes],
        take: Callable[[Mark, bytes], AnswerT | None],
        tell: Callable[[int], Awaitable[None]] | None,
    ) -> AnswerT:
        assert process.stdin is not None
        assert process.stdout is not None
        for frame in frames:
            process.stdin.write(frame)
            await process.stdin.drain()
            await asyncio.sleep(0)  # a page may be waiting
        while True:
            mark, size = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
            body = await process.stdout.readexactly(size)
            match Mark(mark):
                case Mark.SHARE:
                    if tell is not None:
                        await tell(int(body))
                case Mark.ERROR:
                    raise ComputationFailed(body.decode())
                case kind:
                    answer = take(kind, body)
                    if answer is not None:
                        return answer
            await asyncio.sleep(0)

    async def _running(self) -> Process:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._process is None or self._process.returncode is not None:
            environment = {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._module, stdin=PIPE, stdout=PIPE, env=environment
            )
            logger.info("computing.started", pid=self._process.pid)
        return self._process

    def _rest(self) -> None:
        """Nothing to do for long: closing its input ends it."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if self._idle is not None:
            self._idle.cancel()
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
