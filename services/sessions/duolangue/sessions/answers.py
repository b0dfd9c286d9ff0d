"""Questions that other services ask over the bus."""

from __future__ import annotations

from duolangue.chassis.bus import Answers
from duolangue.contracts.requests import (
    ACTIVITIES,
    PERSONAL_DATA,
    TODAY,
    ActivitiesAnswer,
    ActivitiesQuestion,
    PersonalDataAnswer,
    PersonalDataQuestion,
    TodayAnswer,
    TodayQuestion,
)
from duolangue.sessions.ports import PortsOf
from duolangue.sessions.usecases import activities_shown, desk, personal_data

answers = Answers[PortsOf]()


@answers(TODAY["sessions"], TodayQuestion)
async def today(question: TodayQuestion, ports_of: PortsOf) -> TodayAnswer:
    """What waits for a coordinator here?"""
    return TodayAnswer(figures=await desk.concerns(ports_of(question.association)))


@answers(PERSONAL_DATA["sessions"], PersonalDataQuestion)
async def tell_personal_data(question: PersonalDataQuestion, ports_of: PortsOf) -> PersonalDataAnswer:
    """What is kept here about somebody who asks?"""
    return await personal_data.tell(question.participant, ports_of(question.association))


@answers(ACTIVITIES, ActivitiesQuestion)
async def tell_activities(question: ActivitiesQuestion, ports_of: PortsOf) -> ActivitiesAnswer:
    """What are these called, when and where are they?"""
    return await activities_shown.told(question.activities, ports_of(question.association))
