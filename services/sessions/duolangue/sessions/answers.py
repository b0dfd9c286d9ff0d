"""Questions that other services ask over the bus."""

from __future__ import annotations

from duolangue.chassis.bus import Answers
from duolangue.contracts.requests import TODAY, TodayAnswer, TodayQuestion
from duolangue.sessions import usecases
from duolangue.sessions.ports import PortsOf

answers = Answers[PortsOf]()


@answers(TODAY["sessions"], TodayQuestion)
async def today(question: TodayQuestion, ports_of: PortsOf) -> TodayAnswer:
    """What waits for a coordinator here?"""
    return TodayAnswer(figures=await usecases.concerns(ports_of(question.association)))
