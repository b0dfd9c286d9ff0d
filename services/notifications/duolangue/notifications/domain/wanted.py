"""Who is to be told of a change in a duo, and whether a message still makes sense at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from duolangue.contracts.facts.matching import DuoOrigin, DuoStatus
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.vocabulary import Role
from duolangue.notifications.domain.commitments import WHILE_RESTING
from duolangue.notifications.domain.message import Message
from duolangue.notifications.domain.told import Duo, LastQuestion, Participant

CLOSED = frozenset({DuoStatus.DECLINED, DuoStatus.EXPIRED})
WHILE: Final[Mapping[MessageKind, Callable[[Duo, Role], bool]]] = {
    MessageKind.PROPOSAL: lambda duo, side: side in duo.awaited,
    MessageKind.REMINDER: lambda duo, side: side in duo.awaited,
    MessageKind.CONFIRMATION: lambda duo, _: duo.running,
    MessageKind.NUDGE: lambda duo, _: duo.status is DuoStatus.CONFIRMED,
    MessageKind.BREAK: lambda duo, _: duo.status is DuoStatus.CONFIRMED,
    MessageKind.BREAK_OVER: lambda duo, _: duo.status is DuoStatus.CONFIRMED,
    MessageKind.MILESTONE: lambda duo, _: duo.running,
    MessageKind.NEXT_STEP: lambda duo, _: duo.status is DuoStatus.CONFIRMED,
    MessageKind.WITHDRAWN: lambda duo, _: duo.status in CLOSED,
    MessageKind.ENDED: lambda duo, _: duo.status is DuoStatus.ENDED,
}
"""How a duo must stand for a message about it to one side of it."""


def proposal_to(duo: Duo) -> list[str]:
    """Who is to be asked now: both, or the volunteer first and then the newcomer, as long as the proposal is open."""
    return [duo.person(side) for side in duo.awaited]


def reminder_to(duo: Duo, silent: Collection[Role]) -> list[str]:
    """Who is to be reminded: those who were silent, and still are."""
    return [duo.person(side) for side in silent if side in duo.awaited]


def confirmation_to(duo: Duo) -> list[str]:
    """Who is to be told how to reach the other: both, unless they talked to each other before they came here."""
    return [duo.newcomer, duo.volunteer] if duo.running and duo.origin is not DuoOrigin.IMPORT else []


def withdrawal_to(duo: Duo, asked: Collection[str]) -> list[str]:
    """Who is to be told that a proposal does not go on: only those who were really asked, or said yes.

    When one side had said yes, a refusal came from the other, who needs no letter about it. When nobody had,
    matching does not say who refused: each gets the same neutral words.
    """
    if duo.status not in CLOSED:
        return []
    one_refused = duo.status is DuoStatus.DECLINED and duo.accepted_by
    sides = duo.accepted_by if one_refused else tuple(Role)
    return [person for side in sides if (person := duo.person(side)) in asked or side in duo.accepted_by]


def next_step_to(duo: Duo) -> list[str]:
    """Who is to be asked whether they go on, once the promised weeks are over: both, while the duo runs."""
    return [duo.newcomer, duo.volunteer] if duo.running else []


def ending_to(duo: Duo) -> list[str]:
    """Who is to be told that a duo is over: both, in the same words whatever the reason."""
    return [duo.newcomer, duo.volunteer] if duo.status is DuoStatus.ENDED else []


def still_wanted(
    message: Message,
    recipient: Participant | None,
    duo: Duo | None,
    *,
    commitment_met: bool,
    resting: bool = False,
    question: LastQuestion | None = None,
) -> bool:
    """Whether a message makes sense now. `duo` or `question` is what it is about, `commitment_met` counts for nudges alone, `resting` says
    whether the duo takes a break.
    """
    if recipient is not None and recipient.gone:
        return False
    if message.kind is MessageKind.WELCOME:
        return True
    if message.kind is MessageKind.LAST_QUESTION:
        return question is not None and question.open
    if duo is None:
        return False
    if message.kind is MessageKind.NUDGE and commitment_met:
        return False
    if WHILE_RESTING.get(message.kind, resting) is not resting:
        return False
    fits = WHILE.get(message.kind)
    return fits is not None and fits(duo, duo.side(message.recipient))
