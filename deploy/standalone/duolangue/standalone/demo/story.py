"""The story of the demonstration, act by act: from a CSV file to four weeks of conversations."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from duolangue.chassis.clock import Clock, ShiftedClock
from duolangue.standalone.catcher import Catcher
from duolangue.standalone.demo.desk import Coordinator
from duolangue.standalone.demo.people import Participants

WEEKS: Final = 4
THURSDAY: Final = 3
Say = Callable[[str], None]


@dataclass
class Outcome:
    """What came of it: the figures of `--json`, and what the summary tells."""

    association: str
    imported: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    newcomers: int = 0
    volunteers: int = 0
    running: int = 0
    proposed: int = 0
    confirmed: int = 0
    waiting: int = 0
    mails: int = 0
    handed_over: int = 0
    sessions: int = 0
    minutes: int = 0
    below_commitment: int = 0
    seconds: float = 0.0
    weeks_played: int = 0
    """None where the clock is the platform's own: then each duo talked once, today."""
    events: dict[str, int] = field(default_factory=dict)

    names: dict[str, str] = field(default_factory=dict)
    duos: list[dict[str, Any]] = field(default_factory=list)
    left_waiting: list[dict[str, Any]] = field(default_factory=list)
    weeks: list[dict[str, Any]] = field(default_factory=list)


class Story:
    """One run of the demonstration on a platform that stands ready."""

    def __init__(
        self,
        association: str,
        coordinator: Coordinator,
        participants: Participants,
        catcher: Catcher,
        clock: Clock,
        settled: Callable[[], Awaitable[None]],
        say: Say,
    ) -> None:
        self._desk = coordinator
        self._people = participants
        self._catcher = catcher
        self._clock = clock
        self._settled = settled
        self._say = say
        self._started = time.perf_counter()
        self.outcome = Outcome(association)

    async def play(self, sheet: bytes) -> Outcome:
        """All acts, in order."""
        await self._desk.sign_in()
        ids = await self._register(sheet)
        run = await self._match()
        await self._propose(run)
        if isinstance(self._clock, ShiftedClock):
            await self._talk(self._clock)
        else:
            await self._talk_today()
        await self._desk.hand_over()
        await self._settled()
        await self._count(ids)
        return self.outcome

    async def _register(self, sheet: bytes) -> list[str]:
        self._say("importing the participants")
        report = await self._desk.upload("/people/api/imports", sheet)
        done, imported = self.outcome, report["imported"]
        done.imported, done.rejected, done.warnings = len(imported), report["rejected"], report["warnings"]
        done.newcomers = sum(row["role"] == "newcomer" for row in imported)
        done.volunteers = len(imported) - done.newcomers
        done.running = report["running"]
        self._say(
            f"  {len(imported)} imported, {len({row['row'] for row in done.rejected})} rows refused, {len(done.warnings)} warnings"
        )
        self._say("interviewing everybody")
        ids = [row["id"] for row in imported]
        await self._desk.each(
            lambda each: self._desk.post(f"/people/api/participants/{each}/interview", {"passed": True}),
            ids,
            self._progress(len(ids)),
        )
        await self._settled()
        await self._desk.hand_over()
        await self._settled()
        self._people.new_mail()
        return ids

    async def _match(self) -> str:
        self._say("matching")
        run = str((await self._desk.post("/duos/api/runs"))["run"])
        await self._settled()
        state = await self._desk.get(f"/duos/api/runs/{run}")
        figures = state["figures"]
        self._say(
            f"  {figures['newcomers']} newcomers wait, {figures['places']} places are free: {figures['pairs']} pairs drafted"
        )
        return run

    async def _propose(self, run: str) -> None:
        self._say("approving the drafts: the volunteers are asked first, then the newcomers")
        self.outcome.proposed = (await self._desk.post(f"/duos/api/runs/{run}/approve"))["approved"]
        await self._settled()
        answered = 0
        while yes := await self._people.accept([*self._people.new_mail(), *await self._desk.hand_over()]):
            answered += yes
            await self._settled()
        self._say(f"  {answered} people followed the link in their message and accepted")
        confirmed = (await self._desk.get("/duos/api/duos", status="confirmed"))["duos"]
        self.outcome.confirmed = sum(duo["origin"] != "import" for duo in confirmed)
        await self._desk.hand_over()
        await self._settled()
        self._people.new_mail()

    async def _talk_today(self) -> None:
        today = await self._today()
        duos = (await self._desk.get("/duos/api/duos", status="confirmed"))["duos"]
        talked = {"held_on": f"{today:%Y-%m-%d}", "minutes": 30, "medium": "video"}
        await self._desk.each(
            lambda duo: self._desk.post(
                f"/sessions/api/duos/{duo['id']}/conversations", {**talked, "key": f"demo-{duo['id']}"}
            ),
            duos,
        )
        await self._settled()
        self._say(f"  {len(duos)} first conversations logged by the desk")

    async def _today(self) -> datetime:
        return self._clock.now().astimezone(ZoneInfo((await self._desk.get("/people/api/association"))["timezone"]))

    async def _talk(self, clock: ShiftedClock) -> None:
        today = await self._today()
        monday = (today - timedelta(days=today.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        for number in range(1, WEEKS + 1):
            week = monday + timedelta(weeks=number)
            await self._jump(clock, week + timedelta(days=THURSDAY, hours=17, minutes=30))
            logged = await self._people.log([*self._people.new_mail(), *await self._desk.hand_over()])
            await self._jump(clock, week + timedelta(days=7, hours=13))
            self.outcome.weeks_played = number
            self._say(f"week {number}: {logged} conversations logged from the links in the reminders")

    async def _jump(self, clock: ShiftedClock, moment: datetime) -> None:
        clock.move_to(moment)
        await self._settled()
        await self._desk.sign_in()

    async def _count(self, ids: list[str]) -> None:
        done = self.outcome
        totals = await self._desk.get("/sessions/api/totals")
        done.sessions, done.minutes, done.below_commitment = (
            totals["conversations"],
            totals["minutes"],
            totals["below_commitment"],
        )
        done.weeks = (await self._desk.get("/sessions/api/duos"))["duos"]
        made = (await self._desk.get("/duos/api/duos", language="en"))["duos"]
        done.duos = [duo for duo in made if duo["status"] == "confirmed"]
        done.left_waiting = (await self._desk.get("/duos/api/waiting", language="en"))["waiting"]
        done.waiting = len(done.left_waiting)
        done.mails, done.handed_over = len(self._catcher.mails), self._desk.handed_over
        await self._desk.each(self._name, ids)
        done.seconds = round(time.perf_counter() - self._started, 1)

    async def _name(self, participant: str) -> None:
        found = await self._desk.get(f"/people/api/participants/{participant}")
        self.outcome.names[participant] = f"{found['first_name']} {found['last_name']}".strip()

    def _progress(self, total: int) -> Callable[[int], None]:
        def tell(count: int) -> None:
            if count % 25 == 0 or count == total:
                self._say(f"  {count}/{total}")

        return tell
