"""What became of somebody: the three questions, what they reached, what they said."""

from __future__ import annotations

from collections.abc import Callable

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Taken
from duolangue.sessions.domain import story as stories
from duolangue.sessions.domain.story import Moment, Outcome, Question, Story
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import asking, associations

Decide = Callable[[Story], Change[Story] | None]


async def of(participant: str, ports: Ports) -> Story:
    """What was told of somebody so far; an empty story where nothing was."""
    return await ports.counting.stories.find(participant) or Story(id=participant)


async def answer(
    participant: str, moment: Moment, given: dict[Question, int | None], by: str | None, ports: Ports
) -> Story:
    """The three questions are answered, by somebody themselves or (`by`) to a coordinator.

    Raises:
        Absent: no such participant.
        NoAnswer: not one answer, or one beyond the five.
    """
    await _known(participant, ports)
    today = await associations.today(ports)
    told = await _change(participant, ports, lambda known: stories.answered(known, moment, given, by, today))
    await asking.answered(participant, moment, ports)
    return told


async def note_outcomes(participant: str, outcomes: set[Outcome], ports: Ports) -> Story:
    """What somebody reached, all of it as it is known now.

    Raises:
        Absent: no such participant.
    """
    await _known(participant, ports)
    today = await associations.today(ports)
    return await _change(participant, ports, lambda known: stories.reached(known, outcomes, today))


async def say(participant: str, text: str, *, agreed: bool, by: str | None, ports: Ports) -> Story:
    """Words that somebody lets the association show, or takes back.

    Raises:
        Absent: no such participant.
    """
    await _known(participant, ports)
    now, today = ports.clock.now(), await associations.today(ports)
    return await _change(
        participant, ports, lambda known: stories.said(known, text, agreed=agreed, by=by, now=now, today=today)
    )


async def _known(participant: str, ports: Ports) -> None:
    known = await ports.counting.counted.get(participant)
    if known.erased or known.id == known.key:
        raise Absent(f"participant {participant}")


async def _change(participant: str, ports: Ports, decide: Decide) -> Story:
    fresh = Story(id=participant)
    change = decide(fresh)
    if await ports.counting.stories.find(participant) is None:
        if change is None:
            return fresh
        try:
            return await ports.counting.stories.add(change.state)
        except Taken:
            pass
    return await ports.counting.stories.update(participant, decide)
