"""What registration does when it hears of something."""

from __future__ import annotations

from duolangue.chassis.bus import Reactions
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.notifications import ContactUnreachable
from duolangue.registration import usecases
from duolangue.registration.ports import Ports

on = Reactions[Ports]("registration")


@on(ContactUnreachable)
async def show_on_the_desk(fact: ContactUnreachable, event: Event, ports: Ports) -> None:
    """An address refused a message for good."""
    await usecases.mark_unreachable(event.subject, fact.since, ports)
