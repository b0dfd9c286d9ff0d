"""What must happen later: breaks that end by themselves, reports that coordinators must be told of."""

from __future__ import annotations

from duolangue.chassis.due import DueWork
from duolangue.registration import usecases
from duolangue.registration.ports import Ports
from duolangue.registration.store import ALLOWANCES, EXCLUSIONS, PARTICIPANTS, REPORTS

due = DueWork[Ports]()


@due.on(PARTICIPANTS)
async def end_break(participant_id: str, ports: Ports) -> None:
    """The day has come on which somebody is back."""
    await usecases.come_back(participant_id, ports)


@due.on(REPORTS)
async def tell_coordinators(report_id: str, ports: Ports) -> None:
    """A report waits."""
    await usecases.tell_coordinators(report_id, ports)


@due.on(EXCLUSIONS)
async def forget_held_addresses(participant_id: str, ports: Ports) -> None:
    """The period is over for which an excluded person is recognised."""
    await usecases.exclusions.run_out(participant_id, ports)


@due.on(ALLOWANCES)
async def forget_allowance(allowance_id: str, ports: Ports) -> None:
    """A span is over in which something was counted."""
    await usecases.forget_allowance(allowance_id, ports)
