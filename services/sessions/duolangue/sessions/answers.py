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
from duolangue.sessions.ports import PortsOf
from duolangue.sessions.usecases import desk, personal_data

answers = Answers[PortsOf]()


@answers(TODAY["sessions"], TodayQuestion)
async def today(question: TodayQuestion, ports_of: PortsOf) -> TodayAnswer:
    """What waits for a coordinator here?"""
    return TodayAnswer(figures=await desk.concerns(ports_of(question.association)))


@answers(PERSONAL_DATA["sessions"], PersonalDataQuestion)
async def tell_personal_data(question: PersonalDataQuestion, ports_of: PortsOf) -> PersonalDataAnswer:
    """What is kept here about somebody who asks?"""
    return await personal_data.tell(question.participant, ports_of(question.association))
