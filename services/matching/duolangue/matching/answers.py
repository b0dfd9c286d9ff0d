"""Questions that other services ask over the bus."""

from __future__ import annotations

from duolangue.chassis.bus import Answers
from duolangue.contracts.requests import TODAY, TodayAnswer, TodayQuestion
from duolangue.matching.ports import PortsOf
from duolangue.matching.usecases import desk

answers = Answers[PortsOf]()


@answers(TODAY["matching"], TodayQuestion)
async def today(question: TodayQuestion, ports_of: PortsOf) -> TodayAnswer:
    """What waits for a coordinator here?"""
    return TodayAnswer(figures=await desk.concerns(ports_of(question.association)))
