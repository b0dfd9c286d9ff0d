"""The desk of the morning: what waits first, how things stand, and what it says when a service is away."""

from __future__ import annotations

import re
from typing import Any

import pytest

from duolangue.chassis.bus import Unavailable
from duolangue.chassis.identity import Access
from duolangue.contracts.requests import TODAY, Concern, Figure, TodayAnswer, TodayQuestion
from duolangue.registration.domain import today
from duolangue.registration.domain.today import Line, Own


class Others:
    """The other services, as the bus would reach them."""

    def __init__(self, **figures: list[Figure]) -> None:
        self.figures = figures
        self.asked: list[str] = []

    async def ask(self, subject: str, question: TodayQuestion, _: type[Any], _seconds: float = 3.0) -> TodayAnswer:
        self.asked.append(question.association)
        service = next(name for name, known in TODAY.items() if known == subject)
        if service not in self.figures:
            raise Unavailable(subject)
        return TodayAnswer(figures=self.figures[service])


def figure(concern: Concern, count: int, path: str) -> Figure:
    return Figure(concern=concern, count=count, path=path)


@pytest.fixture
def others(world: Any, monkeypatch: pytest.MonkeyPatch) -> Others:
    known = Others(
        matching=[figure(Concern.DRAFTS, 7, "/duos#drafts"), figure(Concern.RUNNING, 48, "/duos#running")],
        sessions=[figure(Concern.TO_CALL, 0, "/sessions#to-call")],
        notifications=[figure(Concern.TO_HAND_OVER, 3, "/messages#to-hand-over")],
    )
    monkeypatch.setattr(world.service.foundation.bus, "ask", known.ask)
    return known


def test_somebody_in_trouble_stands_before_somebody_who_waits_and_people_before_paper():
    lines = [Line(each, 1, "/x") for each in ("to_call", "drafts", "unreachable", "problems", "interviews")]
    assert [line.concern for line in today.arrange(lines, []).waiting] == [
        "problems", "interviews", "drafts", "to_call", "unreachable",
    ]  # fmt: skip


def test_what_there_is_none_of_is_not_to_be_done_but_still_stands():
    found = today.arrange([Line(Own.INTERVIEWS, 0, "/x"), Line(Own.ACTIVE, 0, "/y")], [])
    assert found.waiting == []
    assert [line.concern for line in found.standing] == [Own.ACTIVE]


async def apply(world: Any, name: str) -> None:
    told = {
        "first_name": name, "email": f"{name.lower()}@example.org", "birth_year": 1990, "postcode": "4000", "consent": True,
        "newcomer": {"french_oral": "A1"},
    }  # fmt: skip
    answer = await world.client.post("/people/api/participants", json=told, headers=world.desk())
    assert answer.status_code == 201, answer.text


async def test_every_figure_leads_to_its_list_and_the_first_to_interview_have_names(world, others):
    for name in ("Amina", "Boris"):
        await apply(world, name)
    shown = await world.client.get("/desk", headers=world.desk())
    assert shown.status_code == 200
    text = re.sub(r"\s+", " ", shown.text)
    for path, number in (("/people?status=applied", 2), ("/duos#drafts", 7), ("/messages#to-hand-over", 3)):
        assert re.search(rf'href="{re.escape(path)}">.*?<span class="figure">{number}</span>', text), path
    assert text.index("first interviews to hold") < text.index("pairs to approve") < text.index("messages to hand over")
    assert "/sessions#to-call" not in text
    assert "48</span> duos talk" in text.replace("</span>duos", "</span> duos")
    assert "Amina" in text
    assert others.asked == [world.association] * 3


async def test_a_service_that_does_not_answer_is_named_and_is_not_nothing_to_do(world, others):
    del others.figures["sessions"]
    shown = await world.client.get("/desk", headers=world.desk(Access.READ))
    assert shown.status_code == 200
    assert "Meetings does not answer for a moment" in shown.text
    others.figures.clear()
    assert "Nothing waits for you" not in (await world.client.get("/desk", headers=world.desk())).text


async def test_a_morning_without_work_says_so(world, others):
    others.figures = {service: [] for service in TODAY}
    assert "Nothing waits for you" in (await world.client.get("/desk", headers=world.desk())).text


async def test_another_association_s_work_is_not_counted(world, others):
    await apply(world, "Amina")
    elsewhere = world.desk(association="elsewhere")
    answer = await world.client.get("/desk", headers=elsewhere)
    assert "Amina" not in answer.text
    assert "first interview" not in answer.text
