"""When the three questions are of the start and when of the end: also for whose first duo came to nothing, and who has courses alone."""

from __future__ import annotations

from datetime import timedelta

from duolangue.contracts.facts.activities import ActivityKind, AttendanceRecorded, Presence
from duolangue.contracts.facts.sessions import QuestionsMoment
from duolangue.sessions.domain.story import Moment, Question
from duolangue.sessions.usecases import activities, asking, stories

from .classroom import came, group_of, speaks
from .conftest import World
from .gatherings import ports_of
from .town import Town, newcomer, volunteer


async def test_a_first_duo_that_came_to_nothing_leaves_the_questions_of_the_start_to_the_second(world: World) -> None:
    await world.founded()
    town = Town(world)
    await town.joins("n0", newcomer(), day="2026-08-20")
    for each in ("v0", "v1"):
        await town.joins(each, volunteer(), day="2026-08-20")
    await town.duo("n0", "v0", "2026-08-21")
    await town.ends("n0", "v0", "2026-08-21", "2026-08-25")
    assert await asking.moment_of("n0", ports_of(world)) is Moment.START
    duo = await town.duo("n0", "v1", "2026-11-16")
    await town.talk(duo, "2026-11-17")
    assert await asking.moment_of("n0", ports_of(world)) is Moment.START


async def planned(world: World, person: str) -> tuple[QuestionsMoment | None, str]:
    known = await ports_of(world).counting.askings.find(person)
    assert known is not None
    return known.due_for, f"{known.due_at:%Y-%m-%d}" if known.due_at else ""


async def test_who_only_follows_a_course_is_asked_after_their_first_class_and_once_it_is_over(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali", "lan"), ports_of(world)
    await came(world, group, 0, ali=Presence.PRESENT, lan=Presence.ABSENT)
    assert await planned(world, "ali") == (QuestionsMoment.START, "2026-11-24")
    assert await ports.counting.askings.find("lan") is None, "who never came is not asked"
    await stories.answer("ali", Moment.START, dict.fromkeys(Question, 2), None, ports)
    assert await asking.asked("ali", ports) is None
    activity = await ports.activities.get(group)
    world.clock.moment = activity.meetings[-1].ends_at(activity.zone) + timedelta(minutes=1)
    await activities.tend(group, ports)
    assert await asking.asked("ali", ports) is Moment.END
    assert await planned(world, "ali") == (QuestionsMoment.END, "2026-12-19")
    assert await ports.counting.askings.find("lan") is None
    await came(world, group, 1, lan=Presence.PRESENT)
    assert await planned(world, "lan") == (QuestionsMoment.END, "2026-12-19"), "their list was filled in later"


async def test_an_outing_asks_nobody(world: World) -> None:
    await world.founded()
    await speaks(world, "ali")
    fact = AttendanceRecorded(
        activity="a-1", enrolment="e-1", kind=ActivityKind.OUTING, participant="ali", side="newcomer",
        held_on="2026-11-18", minutes=60, presence=Presence.PRESENT,
    )  # fmt: skip
    await world.hear(fact, "at-1", 1)
    assert await ports_of(world).counting.askings.find("ali") is None
