"""Questions that other services ask over the bus."""

from __future__ import annotations

from duolangue.chassis.bus import Answers
from duolangue.contracts.requests import (
    PERSONAL_DATA,
    TODAY,
    PersonalDataAnswer,
    PersonalDataQuestion,
    TodayAnswer,
    TodayQuestion,
)
from duolangue.matching.ports import PortsOf
from duolangue.matching.usecases import desk
from duolangue.matching.usecases import personal_data as personal

answers = Answers[PortsOf]()


@answers(TODAY["matching"], TodayQuestion)
async def today(question: TodayQuestion, ports_of: PortsOf) -> TodayAnswer:
    """What waits for a coordinator here?"""
    return TodayAnswer(figures=await desk.concerns(ports_of(question.association)))


@answers(PERSONAL_DATA["matching"], PersonalDataQuestion)
async def personal_data(question: PersonalDataQuestion, ports_of: PortsOf) -> PersonalDataAnswer:
    """What is kept here about somebody who asks?"""
    return await personal.tell(question.participant, ports_of(question.association))
