"""What French courses keep about one participant: told to them when they ask, reduced when they are erased."""

from __future__ import annotations

from duolangue.chassis.decision import Change
from duolangue.sessions.domain.course import Attending
from duolangue.sessions.domain.homework import Homework
from duolangue.sessions.domain.placement import Learner
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import homework

Row = dict[str, str | int | bool | None]
MOST_WORDS = 60_000
"""Letters of texts and corrections in one answer, the latest ones: it must fit in one message of the bus."""


async def tables(participant: str, ports: Ports) -> dict[str, list[Row]]:
    """Tests and levels, what they need, what they handed in and what they were told of it. Files are named, not sent."""
    learner = await ports.courses.learners.find(participant)
    attendings = await ports.courses.attendings.select({"participant": {"$eq": participant}})
    titles = {each.id: each.title for each in await ports.activities.named({each.activity for each in attendings})}
    works = await ports.courses.homework.select({"participant": {"$eq": participant}})
    lessons = {
        each.id: each.title
        for each in await ports.courses.lessons.select({"id": {"$in": sorted({work.lesson for work in works})}})
    }
    return {
        "level_tests": _tests(learner),
        "levels_reached": [Row(level=each.level, on=each.on.isoformat()) for each in learner.reached]
        if learner
        else [],
        "courses": [
            Row(
                course=titles.get(each.activity, ""),
                needs=", ".join(need.value for need in each.needs),
                reminded_of_absences=each.degree,
            )
            for each in attendings
        ],
        "homework": _works(works, lessons),
    }


async def erase(participant: str, ports: Ports) -> None:
    """Levels that were reached stay for the figures, under an id that leads to nobody; tests, needs, homework and its files are gone."""
    await homework.erase(participant, ports)
    for each in await ports.courses.attendings.select({"participant": {"$eq": participant}}):
        await ports.courses.attendings.update(each.id, _without_needs)
    if await ports.courses.learners.find(participant) is not None:
        await ports.courses.learners.update(participant, _without_test)


def _tests(learner: Learner | None) -> list[Row]:
    return [Row(level=learner.test.level, on=learner.test.on.isoformat())] if learner and learner.test else []


def _works(works: list[Homework], lessons: dict[str, str]) -> list[Row]:
    rows: list[Row] = []
    left = MOST_WORDS
    for work in reversed(works):
        for part in work.parts:
            word = work.correction.word if work.correction else ""
            left -= len(part.text) + len(word)
            if left < 0:
                return rows
            rows.append(
                Row(
                    lesson=lessons.get(work.lesson, ""),
                    form=part.form.value,
                    text=part.text,
                    bytes=part.bytes,
                    handed_in=part.at.isoformat(),
                    correction=word,
                )
            )
    return rows


def _without_needs(known: Attending) -> Change[Attending] | None:
    return Change(known.model_copy(update={"needs": ()})) if known.needs else None


def _without_test(known: Learner) -> Change[Learner] | None:
    return Change(known.model_copy(update={"test": None})) if known.test else None
