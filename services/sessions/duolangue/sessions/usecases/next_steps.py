"""When a duo's weeks are over: what the two want, by their links or through a coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import next_step
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.standing import NextStep
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, following


@dataclass(frozen=True, slots=True)
class NextForm:
    """What the page behind a link shows."""

    association: str
    """Its name."""
    partner: str
    """The participant on the other side."""
    asked: bool
    """Whether an answer is waited for."""
    ended: bool
    wish: NextStep | None
    """What this side said so far; what the other side said is not shown."""
    talks: int
    minutes: int


async def open_question(duo: str, person: str, ports: Ports) -> NextForm:
    """How things stand for one of the two.

    Raises:
        Absent, NotInDuo: the link's sentence.
    """
    association = await associations.known(ports)
    commitment = await ports.commitments.get(duo)
    side = commitment.side_of(person)
    return NextForm(
        association=association.name,
        partner=commitment.newcomer if side is Role.VOLUNTEER else commitment.volunteer,
        asked=next_step.still_asked(commitment),
        ended=commitment.ended_at is not None,
        wish=commitment.term.of(side),
        talks=commitment.standing.talks,
        minutes=commitment.standing.minutes,
    )


async def answer(duo: str, person: str, wish: NextStep, ports: Ports) -> Commitment:
    """One of the two says what they want.

    Raises:
        Absent, NotInDuo, DuoOver, NotAsked: the link's sentence.
    """
    side = (await ports.commitments.get(duo)).side_of(person)
    return await _answered(duo, (side,), wish, ports)


async def go_on(duo: str, ports: Ports) -> Commitment:
    """A coordinator heard that both go on: another term begins.

    Raises:
        Absent: no such duo was ever confirmed.
        DuoOver, NotAsked: it has ended, or its term lasts.
    """
    return await _answered(duo, tuple(Role), NextStep.GO_ON, ports)


async def _answered(duo: str, sides: tuple[Role, ...], wish: NextStep, ports: Ports) -> Commitment:
    zone, now = (await associations.known(ports)).zone, ports.clock.now()
    await ports.commitments.update(duo, partial(next_step.answer, sides=sides, wish=wish, zone=zone, now=now))
    return await following.look(duo, ports)
