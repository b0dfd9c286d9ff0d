"""`duo demo --against URL`: the main job on a platform that runs already, through its pages, its API and its mail catcher alone.

Only the operator may make an association: that goes by a command of registration's, run where it runs.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import httpx

from duolangue.chassis.clock import SystemClock
from duolangue.standalone.catcher import Catcher, message_of
from duolangue.standalone.demo import summary
from duolangue.standalone.demo.desk import Coordinator, Refused
from duolangue.standalone.demo.people import Participants
from duolangue.standalone.demo.story import Outcome, Story

COORDINATOR: Final = "coordination@example.org"
OPERATOR: Final = "docker compose -f deploy/compose/compose.yaml exec -T registration service"
"""How registration's commands are run on a platform made by the compose file."""
MAILS: Final = "http://localhost:8025"
CALM_SECONDS: Final = 3.0
"""For so long nothing must change before all counts as done."""
PATIENCE_SECONDS: Final = 180.0
Say = Callable[[str], None]


class Elsewhere:
    """A platform seen from outside: its figures, the mails it sent."""

    def __init__(self, desk: Coordinator, mails_url: str) -> None:
        self._desk = desk
        self._mails_url = mails_url
        self.caught = Catcher()
        """A copy of what the platform's catcher has of the demonstration's own people, from now on."""
        self._first = 0

    async def begin(self) -> None:
        """What was caught before is not ours."""
        self._first = (await self._mails(0))["count"]

    async def settled(self) -> None:
        """Return once nothing is to be sent and nothing changed for a while; then the mails are read.

        Raises:
            TimeoutError: something still changes.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            seen, since = await self._figures(), asyncio.get_running_loop().time()
            while asyncio.get_running_loop().time() - since < CALM_SECONDS:
                await asyncio.sleep(0.25)
                now = await self._figures()
                if now != seen or now[0].get("due"):
                    seen, since = now, asyncio.get_running_loop().time()
        await self.look()

    async def look(self) -> None:
        """Read the mails that came since the last look."""
        told = await self._mails(self._first + len(self.caught.mails))
        self.caught.mails += [(each["to"], message_of(each["raw"].encode("latin-1"))) for each in told["mails"]]

    async def _figures(self) -> tuple[Any, ...]:
        messages, pool, runs, duos, totals, mails = await asyncio.gather(
            self._desk.get("/messages/api/totals"),
            self._desk.get("/duos/api/pool"),
            self._desk.get("/duos/api/runs"),
            self._desk.get("/duos/api/duos"),
            self._desk.get("/sessions/api/duos"),
            self._mails(1_000_000_000),
        )
        return messages["by_status"], pool, runs, duos, totals, mails["count"]

    async def _mails(self, after: int) -> Any:
        async with httpx.AsyncClient(base_url=self._mails_url, timeout=30) as client:
            try:
                answer = await client.get("/mails", params={"after": after})
                answer.raise_for_status()
            except httpx.HTTPError as error:
                raise Refused(
                    f"the mail catcher at {self._mails_url} does not answer ({type(error).__name__})"
                ) from error
        return answer.json()


async def registration(operator: Sequence[str], *words: str) -> str:
    """Run a command of registration's as the operator; returns the last line it printed.

    Raises:
        Refused: it did not end well; with its last words.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *operator,
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise Refused(f"{operator[0]} cannot be run: {error.strerror}") from error
    out, wrong = await process.communicate()
    lines = (out if process.returncode == 0 else wrong or out).decode(errors="replace").strip().splitlines()
    last = lines[-1] if lines else f"status {process.returncode}"
    if process.returncode:
        raise Refused(f"{' '.join([*operator, words[0]])}: {last}")
    return last


async def demo_against(
    url: str, mails_url: str, operator: Sequence[str], sheet: bytes, association: str, *, as_json: bool
) -> Outcome:
    """Play the story on the platform at `url`, in an association of its own; its clock is not ours to move, so the desk logs a first
    conversation for each duo instead of four weeks going by.
    """

    def say(line: str) -> None:
        print(line, file=sys.stderr if as_json else sys.stdout, flush=True)

    say(f"making the association {association} on {url}")
    name = association.replace("-", " ").title()
    await registration(operator, "create-association", association, "--name", name, "--coordinator", COORDINATOR)

    async def link() -> str:
        told = await registration(operator, "sign-in-link", association, COORDINATOR)
        return str(httpx.URL(url).join(httpx.URL(told).raw_path.decode()))

    desk = Coordinator(url, link)
    platform = Elsewhere(desk, mails_url)
    people = Participants(url, platform.caught, association)
    try:
        await desk.sign_in()
        await platform.begin()
        await platform.settled()
        story = Story(association, desk, people, platform.caught, SystemClock(), platform.settled, say)
        outcome = await story.play(sheet)
    finally:
        await desk.close()
    print(summary.as_json(outcome) if as_json else summary.as_text(outcome), flush=True)  # noqa: T201
    return outcome
