"""What facts about commitments mean: the other side hears of a break, both of what they reached, a newcomer is asked three questions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.vocabulary import Role
from duolangue.notifications.domain import message
from duolangue.notifications.domain.commitments import QUESTIONS, Rest, ThreeQuestions
from duolangue.notifications.domain.message import OPEN
from duolangue.notifications.ports import Ports
from duolangue.notifications.usecases.telling import drop_senseless, tell
from duolangue.notifications.usecases.writing import association

THANKS_FOR: Final = timedelta(days=7)
"""How long a word of thanks, or that somebody is back, is worth sending."""
QUESTIONS_FOR: Final = timedelta(days=30)


async def know_rest(state: Rest, version: int, ports: Ports) -> Rest:
    """How a duo's break stands; what it makes pointless is dropped. Returns how it stands now, which may be newer."""
    await ports.rests.apply(state, version)
    await drop_senseless({"about": state.id}, ports)
    return await ports.rests.find(state.id) or state


async def tell_of_break(rest: Rest, asked_by: Role | None, event_id: str, ports: Ports) -> None:
    """The other side hears of a break, both where a coordinator noted it; instead of what was to be told of an earlier last day.

    Raises:
        AssociationUnknown: its time zone was not told yet.
    """
    if rest.until is None:
        return
    zone = ZoneInfo((await association(ports)).timezone)
    await _instead(rest.id, MessageKind.BREAK, event_id, ports)
    over = datetime.combine(rest.until + timedelta(days=1), time(), zone)
    await tell(MessageKind.BREAK, await _others(rest.id, asked_by, ports), rest.id, event_id, ports, lapses_at=over)


async def tell_of_going_on(duo: str, resumed_by: Role | None, event_id: str, ports: Ports) -> None:
    """The other side hears that the break is over, both where a coordinator undid it."""
    lapses_at = ports.clock.now() + THANKS_FOR
    recipients = await _others(duo, resumed_by, ports)
    await tell(MessageKind.BREAK_OVER, recipients, duo, event_id, ports, lapses_at=lapses_at)


async def congratulate(duo: str, milestone: Milestone, ports: Ports) -> None:
    """Both hear that they reached something, once; the latest alone where an earlier word still waits."""
    occasion = f"milestone:{duo}:{milestone.value}"
    await _instead(duo, MessageKind.MILESTONE, occasion, ports)
    lapses_at = ports.clock.now() + THANKS_FOR
    recipients = await _others(duo, None, ports)
    await tell(MessageKind.MILESTONE, recipients, duo, occasion, ports, milestone=milestone, lapses_at=lapses_at)


async def know_questions(state: ThreeQuestions, version: int, ports: Ports) -> None:
    """Whether the three questions are open for somebody."""
    await ports.three_questions.apply(state, version)
    await drop_senseless({"about": state.id, "recipient": state.id}, ports)


async def ask(state: ThreeQuestions, ports: Ports) -> None:
    """Ask them, once for each moment."""
    present = await ports.three_questions.find(state.id)
    if present == state:
        occasion, lapses_at = f"questions:{state.id}:{state.moment.value}", ports.clock.now() + QUESTIONS_FOR
        await tell(QUESTIONS[state.moment], [state.id], state.id, occasion, ports, lapses_at=lapses_at)


async def _others(duo_id: str, side: Role | None, ports: Ports) -> list[str]:
    """Whoever did not say it themselves, of a duo that is known."""
    duo = await ports.duos.find(duo_id)
    return [] if duo is None else [duo.person(each) for each in Role if each is not side]


async def _instead(about: str, kind: MessageKind, occasion: str, ports: Ports) -> None:
    """What of this kind was not told yet is replaced by what is told on this occasion."""
    still_open = {"status": {"$in": [status.value for status in sorted(OPEN)]}}
    for each in await ports.messages.select({"about": about, "kind": kind.value, **still_open}):
        if each.id != message.message_id(ports.association, occasion, each.recipient, kind):
            await ports.messages.update(each.id, message.dropped)
