"""What must happen later: a run is computed, a proposal's time runs out."""

from __future__ import annotations

from duolangue.chassis.due import DueWork
from duolangue.matching.ports import Ports
from duolangue.matching.store import DUOS, RUNS
from duolangue.matching.usecases import duos, runs

due = DueWork[Ports]()


@due.on(RUNS)
async def compute(run_id: str, ports: Ports) -> None:
    """Do a run that was asked for, or that a replica left unfinished."""
    await runs.perform(run_id, ports)


@due.on(DUOS)
async def expire(duo_id: str, ports: Ports) -> None:
    """End a proposal that was left without an answer."""
    await duos.expire(duo_id, ports)
