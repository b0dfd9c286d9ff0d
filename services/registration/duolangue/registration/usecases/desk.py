"""The desk of the morning: registration's own figures, and those it asks the other services for."""

from __future__ import annotations

import asyncio
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.bus import Refused, Unavailable
from duolangue.contracts.requests import TODAY, Concern, TodayAnswer, TodayQuestion
from duolangue.registration.domain import today as desk
from duolangue.registration.domain.participant import Status
from duolangue.registration.domain.today import Line, Own, Today
from duolangue.registration.ports import MOST_COUNTED, Ports
from duolangue.registration.usecases.people_desk import COUNTED, people_figures

COORDINATED: Final = (Own.TO_LOOK_AT, Own.LINKS, Own.DUPLICATES, Own.ERASURES, Concern.TO_HAND_OVER, Concern.NOT_SENT)
"""Figures whose lists are not for those who only read."""
logger = log.get(__name__)
PATIENCE_SECONDS: Final = 1.5
"""How long the desk waits for another service's figures; then it is shown without them, and says so."""


async def today(ports: Ports, *, guards: bool, coordinates: bool = True) -> Today:
    """What waits for a coordinator of this association, and how things stand. Problems are counted for those who look after them; what only
    those who coordinate may open, for them.
    """
    hidden = {*(() if guards else (Own.PROBLEMS,)), *(() if coordinates else COORDINATED)}
    own, others = await asyncio.gather(_own(ports), asyncio.gather(*(_asked(service, ports) for service in TODAY)))
    answered = dict(zip(TODAY, others, strict=True))
    lines = [
        *(line for line in own if line.concern not in hidden),
        *(line for found in answered.values() for line in found or () if line.concern not in hidden),
    ]
    return desk.arrange(lines, [service for service, found in answered.items() if found is None])


async def _own(ports: Ports) -> list[Line]:
    numbers, figures, problems, links, minors, erasures = await asyncio.gather(
        ports.participants.numbers(Status.ACTIVE, Status.PAUSED),
        people_figures(ports),
        ports.reports.count({"closed_at": None}, most=COUNTED),
        ports.wishes.count({"open": True}, most=COUNTED),
        ports.minors.count({"seen": False}, most=COUNTED),
        ports.erasures.count({"closed_at": None}, most=COUNTED),
    )
    return [
        Line(Own.PROBLEMS, problems, "/people/reports", COUNTED),
        Line(Own.INTERVIEWS, figures.interviews, "/people?status=applied", COUNTED),
        Line(Own.TO_LOOK_AT, figures.to_look_at, "/people?mark=to_look_at", COUNTED),
        Line(Own.LINKS, links, "/people/personal-data#links", COUNTED),
        Line(Own.UNREACHABLE, figures.unreachable, "/people?mark=unreachable", COUNTED),
        Line(Own.ASKED, figures.asked, "/people?mark=asked", COUNTED),
        Line(Own.MINORS, minors, "/people/minors", COUNTED),
        Line(Own.DUPLICATES, figures.duplicates, "/people/duplicates", COUNTED),
        Line(Own.ERASURES, erasures, "/people/erasures", COUNTED),
        Line(Own.ACTIVE, numbers.get(Status.ACTIVE, 0), "/people?status=active", MOST_COUNTED),
        Line(Own.PAUSED, numbers.get(Status.PAUSED, 0), "/people?status=paused", MOST_COUNTED),
    ]


async def _asked(service: str, ports: Ports) -> list[Line] | None:
    """What another service says waits there; none while it is away."""
    question = TodayQuestion(association=ports.association)
    try:
        answer = await ports.others.ask(TODAY[service], question, TodayAnswer, PATIENCE_SECONDS)
    except (Unavailable, Refused) as error:
        logger.warning("desk.away", service=service, error=type(error).__name__)
        return None
    return [Line(figure.concern, figure.count, figure.path) for figure in answer.figures]
