"""`duo demo`: starts everything in a temporary folder, plays the story, tells it, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from duolangue.chassis.clock import ShiftedClock
from duolangue.chassis.settings import MailSettings
from duolangue.provision.platform import PLATFORM
from duolangue.standalone.catcher import Catcher, catching
from duolangue.standalone.demo import summary
from duolangue.standalone.demo.desk import Coordinator
from duolangue.standalone.demo.people import Participants
from duolangue.standalone.demo.story import Outcome, Story
from duolangue.standalone.local import LocalPlatform, local_platform
from duolangue.standalone.operate import fact_counts, found_association, operator_link
from duolangue.standalone.settling import settling

COORDINATOR: Final = "coordination@example.org"


async def demo(sheet: bytes, association: str, *, as_json: bool, keep: bool) -> Outcome:
    """Play the story; with `keep`, stay up until interrupted."""
    out = sys.stderr if as_json else sys.stdout

    def say(line: str) -> None:
        print(line, file=out, flush=True)

    say("starting nats-server, mongod, the four services and a mail catcher")
    with tempfile.TemporaryDirectory(prefix="duolangue-") as temporary:
        folder = Path(temporary)
        clock = ShiftedClock(folder / "clock")
        async with catching() as catcher:
            mail = MailSettings(
                host="127.0.0.1",
                port=catcher.port,
                user="",
                tls="none",
                sender="Duolangue <bonjour@duolangue.example.org>",
            )
            async with local_platform(folder, mail, clock_file=folder / "clock", poll_seconds=0.2) as platform:
                outcome = await _play(platform, catcher, clock, say, sheet, association)
                print(summary.as_json(outcome) if as_json else summary.as_text(outcome), flush=True)  # noqa: T201
                if keep:
                    await _stay(platform, association, catcher, folder / "mails", say)
                say("stopping")
    return outcome


async def _play(
    platform: LocalPlatform,
    catcher: Catcher,
    clock: ShiftedClock,
    say: Callable[[str], None],
    sheet: bytes,
    association: str,
) -> Outcome:
    await found_association(platform.configuration, association, association.replace("-", " ").title(), COORDINATOR)

    async def link() -> str:
        return await operator_link(platform.configuration, association, COORDINATOR)

    coordinator = Coordinator(platform.url, link)
    participants = Participants(platform.url, catcher, association)
    try:
        async with settling(platform.configuration.servers, PLATFORM, clock) as quiet:
            await quiet.settled()
            outcome = await Story(association, coordinator, participants, catcher, clock, quiet.settled, say).play(
                sheet
            )
    finally:
        await coordinator.close()
    outcome.events = await fact_counts(platform.configuration.servers)
    return outcome


async def _stay(
    platform: LocalPlatform, association: str, catcher: Catcher, mails: Path, say: Callable[[str], None]
) -> None:
    mails.mkdir()
    for number, (_, message) in enumerate(catcher.mails, start=1):
        (mails / f"{number:04}.eml").write_bytes(message.as_bytes())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    say(f"\nThe platform stays up at {platform.url}. Ctrl-C stops it.")
    say(f"The mails that were sent until now: {mails}")
    say(f"Sign in (within ten minutes): {await operator_link(platform.configuration, association, COORDINATOR)}")
    await stop.wait()
