"""The report where it tells of people apart: zones within zones, the three questions, what people reached and said, and when each counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from duolangue.contracts.facts.activities import Presence
from duolangue.contracts.facts.registration import (
    AssociationUpdated,
    ParticipantErased,
    ParticipantStatus,
    ParticipantUpdated,
    PostcodeRange,
    Zone,
)
from duolangue.contracts.vocabulary import Level, Role
from duolangue.sessions.domain.figures import By, Figure
from duolangue.sessions.domain.period import Period
from duolangue.sessions.domain.placement import Learner, Reached
from duolangue.sessions.domain.story import Moment, Outcome, Question
from duolangue.sessions.impact_words import AMONG_OTHERS
from duolangue.sessions.usecases import attendance, hosting, stories

from .conftest import World
from .gatherings import SATURDAY, announced, enrols
from .town import HERSTAL, LIEGE, NAMUR, Town, at, autumn, newcomer, volunteer


@pytest.fixture
async def town(world: World) -> Town:
    world.clock.moment = at("2026-12-31")
    zones = [Zone(name="Liège", ranges=[PostcodeRange(first="4000", last="4032")])]
    await world.founded(zones=zones)
    return Town(world)


async def two_zones(town: Town) -> None:
    zones = [
        Zone(name="Province", ranges=[PostcodeRange(first="4000", last="4999")]),
        Zone(name="Liège", ranges=[PostcodeRange(first="4000", last="4032")]),
    ]
    fact = AssociationUpdated(name="Interra", language="fr", zones=zones)
    await town.world.hear(fact, town.world.association, 2)


async def test_what_is_taken_back_leaves_no_figure_of_a_period_that_was_over(town: Town) -> None:
    await autumn(town)

    async def noted(day: str, *outcomes: Outcome) -> None:
        town.world.clock.moment = at(day)
        await stories.note_outcomes("n0", set(outcomes), town.ports)

    async def jobs(first: str, last: str) -> int:
        return int((await town.report(Period(first, last))).figures[Figure.JOB] or 0)

    await noted("2026-12-02", Outcome.JOB)
    await noted("2026-12-03")
    assert await jobs("2026-12", "2026-12") == 0, "a slip of the same month"
    await noted("2026-12-04", Outcome.JOB)
    await noted("2027-01-04")
    assert await jobs("2026-12", "2026-12") == 1, "December was over, and its report is with somebody"
    assert await jobs("2026-12", "2027-01") == 0
    await noted("2027-01-05", Outcome.JOB)
    assert await jobs("2026-12", "2027-01") == 1, "taking it back was the slip"
    await noted("2027-02-05")
    await noted("2027-03-05", Outcome.JOB)
    assert [await jobs("2026-12", "2027-01"), await jobs("2026-12", "2027-02"), await jobs("2027-02", "2027-03")] == [
        1,
        0,
        1,
    ]
    assert (await stories.of("n0", town.ports)).holds == {Outcome.JOB}


async def test_the_three_questions_are_told_from_five_answers_on(town: Town) -> None:
    ports = town.ports
    for number in range(5):
        if number == 4:
            few = (await town.report()).questions[0]
            assert (few.people, few.start, few.end, few.better) == (4, None, None, None)
        await town.joins(f"n{number}", newcomer())
        await stories.answer(f"n{number}", Moment.START, {Question.CONFIDENCE: 2, Question.FRIENDS: None}, None, ports)
        await stories.answer(f"n{number}", Moment.END, {Question.CONFIDENCE: 2 + number % 2}, "c-1", ports)
    enough = (await town.report()).questions[0]
    assert (enough.people, enough.start, enough.end, enough.better) == (5, 2.0, 2.4, 2)


async def test_words_are_shown_while_their_author_agrees(town: Town) -> None:
    await town.joins("n0", newcomer())
    await stories.say("n0", "I am less alone.", agreed=False, by="c-1", ports=town.ports)
    assert (await town.report()).words == ()
    await stories.say("n0", "I am less alone.", agreed=True, by="c-1", ports=town.ports)
    assert (await town.report()).words == ("I am less alone.",)
    await stories.say("n0", "", agreed=True, by=None, ports=town.ports)
    assert (await town.report()).words == ()


async def test_words_count_in_the_month_in_which_the_association_heard_them(town: Town) -> None:
    await town.joins("n0", newcomer())
    town.world.clock.moment = datetime.fromisoformat("2026-11-30T23:30:00+00:00")  # half past midnight in Brussels
    await stories.say("n0", "I am less alone.", agreed=True, by=None, ports=town.ports)
    town.world.clock.moment = at("2026-12-31")
    assert (await town.report(Period("2026-11", "2026-11"))).words == ()
    assert (await town.report(Period("2026-12", "2026-12"))).words == ("I am less alone.",)


async def test_a_zone_within_another_hides_what_their_difference_would_tell(town: Town) -> None:
    await two_zones(town)
    for number in range(22):
        postcode = LIEGE if number < 8 else HERSTAL if number < 10 else NAMUR
        await town.joins(f"n{number}", newcomer(postcode=postcode))
        await town.joins(f"v{number}", volunteer())
        await town.talk(await town.duo(f"n{number}", f"v{number}", "2026-09-02"), "2026-10-08")
    made = {(each.side, each.by): each for each in (await town.report(zone="Liège")).breakdowns}
    levels = {cell.category: cell.people for cell in made[Role.NEWCOMER, By.LEVEL].cells}
    assert levels["A1"] is None, "two live in the province and not in the city"
    province = {(each.side, each.by): each for each in (await town.report(zone="Province")).breakdowns}
    assert {cell.people for cell in province[Role.NEWCOMER, By.LEVEL].cells} == {0, 10}


async def test_of_one_zone_among_several_the_page_says_that_people_are_told_apart_on_it_alone(town: Town) -> None:
    await two_zones(town)
    for number in range(12):
        await town.joins(f"n{number}", newcomer())
        await town.joins(f"v{number}", volunteer())
        await town.talk(await town.duo(f"n{number}", f"v{number}", "2026-09-02"), "2026-10-08")
    world, year = town.world, {"first": "2026-01", "last": "2026-12"}
    world.clock.moment = at("2027-01-04")

    async def page(zone: str) -> str:
        found = await world.client.get("/sessions/impact", params={**year, "zone": zone}, headers=world.desk())
        return str(found.text)

    part, whole = await page("Liège"), await page("")
    assert part.count(AMONG_OTHERS) == 2, "beside the parts, and where it is said how figures are counted"
    assert whole.count(AMONG_OTHERS) == 1
    assert "These parts are for you" not in part + whole
    told = await world.client.get("/sessions/api/impact", params={**year, "zone": "Liège"}, headers=world.desk())
    assert told.json()["breakdowns"] == []


async def test_what_one_answered_who_lives_outside_a_zone_cannot_be_worked_out(town: Town) -> None:
    async def says(person: str, where: str, end: int) -> None:
        await town.joins(person, newcomer(postcode=where))
        await stories.answer(person, Moment.START, {Question.CONFIDENCE: 3}, None, town.ports)
        await stories.answer(person, Moment.END, {Question.CONFIDENCE: end}, None, town.ports)

    for number in range(5):
        await says(f"n{number}", LIEGE, 3)
    assert (await town.report(zone="Liège")).questions[0].start == 3.0, "nobody else answered"
    for number in range(5, 10):
        await says(f"n{number}", NAMUR, 1)
        zoned, everybody = (await town.report(zone="Liège")).questions[0], (await town.report()).questions[0]
        assert everybody.end is not None
        hidden = (zoned.start, zoned.end, zoned.better) == (None, None, None)
        assert (zoned.people, hidden) == (5, number < 9), "five outside it are enough to hide among"


async def test_what_one_answered_who_lives_in_no_zone_cannot_be_worked_out_from_all_of_them(town: Town) -> None:
    zones = [
        Zone(name="Liège", ranges=[PostcodeRange(first="4000", last="4032")]),
        Zone(name="Namur", ranges=[PostcodeRange(first="5000", last="5099")]),
    ]
    fact = AssociationUpdated(name="Interra", language="fr", zones=zones)
    await town.world.hear(fact, town.world.association, 2)

    async def says(person: str, where: str) -> None:
        await town.joins(person, newcomer(postcode=where))
        await stories.answer(person, Moment.START, {Question.CONFIDENCE: 3}, None, town.ports)
        await stories.answer(person, Moment.END, {Question.CONFIDENCE: 4}, None, town.ports)

    for number in range(5):
        await says(f"l{number}", LIEGE)
        await says(f"n{number}", NAMUR)
    assert {(await town.report(zone=each.name)).questions[0].end for each in zones} == {4.0}, "all live in one of them"
    for number in range(5):
        await says(f"h{number}", HERSTAL)
        told = {(await town.report(zone=each.name)).questions[0].end for each in zones}
        assert told == ({None} if number < 4 else {4.0})


async def test_a_workshop_stays_a_newcomers_whoever_gives_the_next_one_and_whatever_becomes_of_them(town: Town) -> None:
    ports = town.ports
    for person, values in (("nour", newcomer()), ("ali", newcomer()), ("vol", volunteer())):
        await town.joins(person, values)
    town.world.clock.moment = at("2026-10-20")
    weekly = tuple(SATURDAY.model_copy(update={"id": f"m{month}", "day": date(2026, month, 7)}) for month in (11, 12))
    series = await announced(town.world, meetings=weekly, host="nour")
    place = (await enrols(town.world, series, "ali")).id

    async def held(meeting: int) -> None:
        town.world.clock.moment = series.meetings[meeting].ends_at(series.zone)
        await attendance.note(series.id, series.meetings[meeting].id, {place: Presence.PRESENT}, "c-1", ports)

    async def by_newcomers(first: str, last: str) -> int:
        return int((await town.report(Period(first, last))).figures[Figure.WORKSHOPS_BY_NEWCOMERS] or 0)

    await held(0)
    await hosting.entrust(series.id, "vol", "c-1", ports)
    await held(1)
    for _ in range(2):
        town.world.clock.moment = at("2027-01-05")
        assert [await by_newcomers(*each) for each in (("2026-11", "2026-11"), ("2026-12", "2026-12"))] == [1, 0]
        await town.world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "nour", 9)
    assert await by_newcomers("2026-11", "2026-12") == 1
    figures = (await town.report(Period("2026-11", "2026-12"))).figures
    reached = figures[Figure.NEWCOMERS_REACHED], figures[Figure.VOLUNTEERS_REACHED]
    assert reached == (2, 1), "whoever gives a workshop is there"


async def test_the_months_of_a_zone_add_up_to_its_figures(town: Town) -> None:
    await autumn(town)
    await town.joins("far", newcomer(postcode=NAMUR))
    await town.joins("vfar", volunteer())
    await town.talk(await town.duo("far", "vfar", "2026-09-02"), "2026-09-08")
    for zone in ("", "Liège"):
        report = await town.report(zone=zone)
        for figure, sums in (
            (Figure.MINUTES, [each.minutes for each in report.months]),
            (Figure.CONVERSATIONS, [each.conversations for each in report.months]),
            (Figure.DUOS_FORMED, [each.duos_formed for each in report.months]),
        ):
            assert sum(sums) == report.figures[figure], (zone, figure)
    assert (await town.report(zone="Liège")).figures[Figure.MINUTES] != (await town.report()).figures[Figure.MINUTES]


async def test_levels_of_courses_that_were_reached_are_counted_also_of_who_was_erased_since(town: Town) -> None:
    step = Reached(level="level-1", on=date(2026, 12, 3), activity="g-1", by="c-1")
    for person, where in (("ali", LIEGE), ("lan", LIEGE), ("far", NAMUR)):
        await town.joins(person, newcomer(postcode=where))
        await town.ports.courses.learners.add(Learner(id=person, reached=(step,)))
    december = Period("2026-12", "2026-12")
    for zone, reached in (("", 3), ("Liège", 2)):
        assert (await town.report(december, zone)).figures[Figure.COURSE_LEVELS] == reached
    await town.world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "ali", 99)
    for zone, reached in (("", 3), ("Liège", 2)):
        assert (await town.report(december, zone)).figures[Figure.COURSE_LEVELS] == reached
    assert (await town.report(Period("2026-01", "2026-01"))).figures[Figure.COURSE_LEVELS] == 0


async def test_a_newcomer_who_helps_others_by_now_is_counted_with_the_level_they_had(world: World) -> None:
    await world.founded()
    town = Town(world)
    for number in range(6):
        await town.joins(f"n{number}", newcomer(level=Level.A1))
        await town.joins(f"v{number}", volunteer())
        duo = await town.duo(f"n{number}", f"v{number}", "2026-09-02")
        await town.talk(duo, "2026-09-08")
    for number in range(6):
        await town.hear(ParticipantUpdated, f"n{number}", "2026-12-01", volunteer())
    world.clock.moment = datetime(2027, 1, 10, 10, tzinfo=UTC)
    made = await town.report(Period("2026-01", "2026-12"))
    cells = {(each.side, each.by): each.cells for each in made.breakdowns}[(Role.NEWCOMER, By.LEVEL)]
    assert {each.category: each.people for each in cells if each.people} == {"A1": 6}
