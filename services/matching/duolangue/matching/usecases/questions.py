"""The last question to who stayed silent twice, its answer, and what silence means then. Pausing is registration's: it hears of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from duolangue.chassis import log
from duolangue.chassis.store import Absent, Taken
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.matching.domain import question as questions
from duolangue.matching.domain.duo import Duo
from duolangue.matching.domain.question import PATIENCE, Question
from duolangue.matching.domain.rules import NotInDuo
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import pool as pools

logger = log.get(__name__)


async def consider(duo: Duo, ports: Ports) -> None:
    """A proposal ended in silence: whoever was silent twice in a row is asked whether they still want to take part. Once, however often it is done."""
    for side in duo.silent:
        await _consider(duo.person(side), duo, ports)


async def _consider(participant: str, duo: Duo, ports: Ports) -> None:
    person = await ports.people.find(participant)
    asked = await ports.questions.of(participant)
    if person is None or person.status is not ParticipantStatus.ACTIVE or any(each.open for each in asked):
        return
    since = max((each.closed_at for each in asked if each.closed_at), default=None)
    if questions.silences(participant, await ports.duos.touching(participant), since) < PATIENCE:
        return
    policy = (await pools.policy_of(ports)).policy
    question_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{ports.association}/question/{participant}/{duo.id}"))
    change = questions.ask(question_id, participant, policy.question_days, ports.clock.now())
    try:
        await ports.questions.add(change.state, *change.facts)
    except Taken:
        logger.info("question.asked_already", participant=participant)


async def record_asked(question_id: str, participant: str, sent_at: datetime, ports: Ports) -> None:
    """The question's message really left: silence counts from then."""
    question = await ports.questions.find(question_id)
    if question is None or question.participant != participant:
        logger.warning("question.unknown_message", participant=participant)
        return
    await ports.questions.update(question_id, partial(questions.sent, sent_at=sent_at))


async def see(question_id: str, participant: str, ports: Ports) -> Question:
    """How the question stands that somebody's link is about.

    Raises:
        Absent: there is none.
        NotInDuo: it was put to somebody else.
    """
    question = await ports.questions.get(question_id)
    if question.participant != participant:
        raise NotInDuo
    return question


async def answer(question_id: str, participant: str, ports: Ports, *, yes: bool) -> Question:
    """Somebody answers; the first answer counts. Raises as `see`."""
    await see(question_id, participant, ports)
    decide = questions.confirm if yes else questions.refuse
    return await ports.questions.update(question_id, partial(decide, now=ports.clock.now()))


async def open_to(participant: str, ports: Ports) -> Question | None:
    """The question that somebody has not answered yet."""
    return next((each for each in await ports.questions.of(participant) if each.open), None)


async def answer_for(participant: str, ports: Ports, *, yes: bool) -> None:
    """A coordinator records what somebody answered; where they are not asked any more, nothing changes.

    Raises:
        Absent: nobody is known here under this id.
    """
    if await ports.people.find(participant) is None:
        raise Absent(f"person {participant}")
    if (asked := await open_to(participant, ports)) is not None:
        await answer(asked.id, participant, ports, yes=yes)


async def lapse(question_id: str, ports: Ports) -> None:
    """Nobody answered in time."""
    await ports.questions.update(question_id, partial(questions.lapse, now=ports.clock.now()))


async def drop(participant: str, ports: Ports) -> None:
    """Somebody takes a break or left: what they were asked does not matter any more."""
    for question in await ports.questions.of(participant):
        if question.open:
            await ports.questions.update(question.id, partial(questions.drop, now=ports.clock.now()))
