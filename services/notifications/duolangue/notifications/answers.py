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
from duolangue.notifications import usecases
from duolangue.notifications.ports import PortsOf

answers = Answers[PortsOf]()


@answers(TODAY["notifications"], TodayQuestion)
async def today(question: TodayQuestion, ports_of: PortsOf) -> TodayAnswer:
    """What waits for a coordinator here?"""
    return TodayAnswer(figures=await usecases.concerns(ports_of(question.association)))


@answers(PERSONAL_DATA["notifications"], PersonalDataQuestion)
async def personal_data(question: PersonalDataQuestion, ports_of: PortsOf) -> PersonalDataAnswer:
    """What is kept here about somebody who asks?"""
    return await usecases.tell_personal_data(question.participant, ports_of(question.association))
