"""What must happen later: a run is asked for and computed, somebody is reminded, a proposal's time runs out, a last question too."""

from __future__ import annotations

from duolangue.chassis.due import DueWork
from duolangue.matching.ports import Ports
from duolangue.matching.store import DUOS, MISSING, POLICIES, QUESTIONS, REARRANGEMENTS, RUNS
from duolangue.matching.store_replays import REPLAYS
from duolangue.matching.usecases import duos, missing, policies, questions, rearrangements, replays, runs

due = DueWork[Ports]()


@due.on(RUNS)
async def compute(run_id: str, ports: Ports) -> None:
    """Do a run that was asked for, or that a replica left unfinished."""
    await runs.perform(run_id, ports)
    await missing.follow(run_id, ports)


@due.on(MISSING)
async def look_for_missing(_: str, ports: Ports) -> None:
    """Somebody wants to know who is missing."""
    await missing.look(ports)


@due.on(REPLAYS)
async def replay(replay_id: str, ports: Ports) -> None:
    """Compute a replay that was asked for, or that a replica left unfinished."""
    await replays.perform(replay_id, ports)


@due.on(POLICIES)
async def begin_run(_: str, ports: Ports) -> None:
    """The moment of a run has come."""
    await policies.keep_time(ports)


@due.on(DUOS)
async def look_after(duo_id: str, ports: Ports) -> None:
    """Remind who was asked, or end a proposal that was left without an answer."""
    await duos.look_after(duo_id, ports)


@due.on(REARRANGEMENTS)
async def finish_rearranging(rearrangement_id: str, ports: Ports) -> None:
    """Drafts were to make way for others, and whoever began that is gone."""
    await rearrangements.go_on_with(rearrangement_id, ports)


@due.on(QUESTIONS)
async def lapse(question_id: str, ports: Ports) -> None:
    """A last question was left without an answer."""
    await questions.lapse(question_id, ports)
