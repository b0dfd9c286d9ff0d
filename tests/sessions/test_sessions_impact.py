"""The report for funders on a real database: what is counted, that erasure changes no figure, the page, the paper and the files."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from duolangue.contracts.facts.registration import (
    ParticipantErased,
    ParticipantStatus,
    ParticipantUpdated,
    PostcodeRange,
    Zone,
)
from duolangue.contracts.vocabulary import Level, Medium, Role
from duolangue.sessions.domain.figures import By, Figure
from duolangue.sessions.domain.period import NoSuchPeriod, Period, period, usual
from duolangue.sessions.domain.story import Moment, Outcome, Question
from duolangue.sessions.domain.talked import Talked
from duolangue.sessions.impact_words import DEFINITIONS, LABELS
from duolangue.sessions.usecases import conversations, impact, stories
from duolangue.sessions.usecases.conversations import Told

from .conftest import World
from .town import HERSTAL, LIEGE, NAMUR, Town, at, autumn, newcomer, volunteer


@pytest.fixture
async def town(world: World) -> Town:
    world.clock.moment = at("2026-12-31")
    zones = [Zone(name="Liège", ranges=[PostcodeRange(first="4000", last="4032")])]
    await world.founded(zones=zones)
    return Town(world)


async def test_a_report_counts_people_duos_minutes_waiting_and_who_is_missing(town: Town) -> None:
    await autumn(town)
    told = (await town.report()).figures
    assert (told[Figure.NEWCOMERS_REACHED], told[Figure.VOLUNTEERS_REACHED]) == (2, 2)
    assert (told[Figure.NEWCOMERS_JOINED], told[Figure.VOLUNTEERS_JOINED]) == (6, 0)
    assert (told[Figure.DUOS_FORMED], told[Figure.DUOS_TALKED], told[Figure.DUOS_RUNNING]) == (3, 2, 2)
    assert (told[Figure.FOUR_WEEKS], told[Figure.MET_FOUR_WEEKS]) == (3, 1), "steady talked in its fourth week"
    assert (told[Figure.TWELVE_WEEKS], told[Figure.MET_TWELVE_WEEKS]) == (3, 1), "and in its twelfth"
    assert (told[Figure.CONVERSATIONS], told[Figure.MINUTES]) == (4, 150)
    assert (told[Figure.MINUTES_VIDEO], told[Figure.MINUTES_IN_PERSON]) == (120, 30)
    assert (told[Figure.WAITED_MEDIAN], told[Figure.WAITED_NINE_IN_TEN]) == (40, 61), "of 32, 40 and 61 days"
    assert (told[Figure.NEWCOMERS_WAITING], told[Figure.PLACES_FREE], told[Figure.VOLUNTEERS_MISSING]) == (4, 1, 3)


async def test_a_period_is_whole_months_and_what_lies_outside_counts_in_others(town: Town) -> None:
    await autumn(town)
    september = (await town.report(Period("2026-09", "2026-09"))).figures
    assert (september[Figure.CONVERSATIONS], september[Figure.DUOS_FORMED]) == (3, 2)
    assert september[Figure.FOUR_WEEKS] == 0, "whether a duo still meets is told once its weeks are over"
    october = (await town.report(Period("2026-10", "2026-10"))).figures
    assert (october[Figure.CONVERSATIONS], october[Figure.FOUR_WEEKS], october[Figure.MET_FOUR_WEEKS]) == (0, 2, 1)


async def test_the_same_period_gives_the_same_figures_though_people_were_erased_since(town: Town) -> None:
    await autumn(town)
    ports = town.ports
    await stories.answer("n0", Moment.START, {Question.CONFIDENCE: 2}, None, ports)
    await stories.answer("n0", Moment.END, {Question.CONFIDENCE: 4}, None, ports)
    await stories.note_outcomes("n0", {Outcome.JOB}, ports)
    over = Period("2026-09", "2026-11")
    before, zoned = await town.report(over), await town.report(over, "Liège")
    december = await town.report(Period("2026-12", "2026-12"))
    assert (before.figures[Figure.DUOS_TALKED], december.figures[Figure.JOB]) == (2, 1)
    for person in ("n0", "v0", "n4"):
        await town.hear(ParticipantErased, person, "2026-12-30", {"status": ParticipantStatus.ERASED, "roles": []})
    assert await town.report(over) == before
    assert await town.report(over, "Liège") == zoned
    later = (await town.report(Period("2026-12", "2026-12"))).figures
    assert later[Figure.JOB] == december.figures[Figure.JOB]
    waited = december.figures[Figure.NEWCOMERS_WAITING]
    assert later[Figure.NEWCOMERS_WAITING] == waited - 1, "whoever is gone waits no more: n4, who had no duo"
    everything = [str(each) for each in await ports.counting.formed.select()]
    everything += [str(each) for each in await ports.commitments.select()]
    everything += [str(each) for each in await ports.counting.stories.select()]
    assert not [each for each in everything if "'n0'" in each or "'v0'" in each], (
        "nothing leads from them to what is counted"
    )
    await town.hear(ParticipantUpdated, "n0", "2026-12-31", newcomer(Level.B2))
    assert await town.report(over) == before, "a late fact revives nobody"


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_a_report_sums_is_what_was_told_and_not_taken_back_whenever_that_was(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    await town.joins("n0", newcomer())
    await town.joins("v0", volunteer())
    duo = await town.duo("n0", "v0", "2026-09-02")
    ports, clock = town.ports, town.world.clock
    clock.moment = at("2026-09-20")
    for step in range(60):
        clock.moment += timedelta(days=chance.randrange(4))
        told = await conversations.of_duo(duo, ports)
        if told and chance.random() < 0.25:
            await conversations.withdraw(chance.choice(told).id, ports)
        else:
            ago = timedelta(days=chance.randrange(chance.choice((3, 60))))
            day = max(clock.moment.date() - ago, date(2026, 9, 2))
            medium = chance.choice(list(Medium))
            await conversations.log_by_desk(
                duo, Told(day, chance.randrange(1, 90), medium, f"key-{step}", another=True), ports
            )
    kept = await ports.commitments.get(duo)
    assert await ports.tally.of(duo) == Talked.read(kept.talked or "", kept.months or "")
    left = await conversations.of_duo(duo, ports)
    for first, last in (("2026-09", "2026-09"), ("2026-10", "2026-10"), ("2026-08", "2026-12")):
        counted = [each for each in left if first <= each.held_on.isoformat()[:7] <= last]
        made = await town.report(Period(first, last))
        sums = [(each.month, each.conversations, each.minutes) for each in made.months]
        assert (
            made.figures[Figure.CONVERSATIONS],
            made.figures[Figure.MINUTES],
            made.figures[Figure.MINUTES_PHONE],
        ) == (
            len(counted),
            sum(each.minutes for each in counted),
            sum(each.minutes for each in counted if each.medium is Medium.PHONE),
        )
        assert sums == [
            (month, len(some), sum(each.minutes for each in some))
            for month in Period(first, last).months()
            for some in [[each for each in counted if each.held_on.isoformat().startswith(month)]]
        ]


async def test_an_erasure_that_is_told_twice_leaves_one_nameless_row(town: Town) -> None:
    await autumn(town)
    for _ in range(2):
        await town.hear(ParticipantErased, "n0", "2026-12-30", {"status": ParticipantStatus.ERASED, "roles": []})
    kept = await town.ports.counting.counted.select({"erased": False})
    assert len(kept) == 9
    assert {each.id for each in kept}.isdisjoint({"n0"})


async def test_levels_and_homes_are_those_of_the_period_however_they_change_later(town: Town) -> None:
    await autumn(town)
    before = await town.report(Period("2026-09", "2026-10"))
    await town.hear(ParticipantUpdated, "n0", "2026-11-05", newcomer(Level.B1, postcode=NAMUR))
    assert await town.report(Period("2026-09", "2026-10")) == before
    told = (await town.report()).figures
    assert (told[Figure.LEVEL_KNOWN], told[Figure.LEVEL_HIGHER]) == (2, 1)


async def test_a_zone_counts_who_lives_in_it_and_an_unknown_one_is_refused(town: Town) -> None:
    await autumn(town)
    told = (await town.report(zone="Liège")).figures
    assert (told[Figure.DUOS_FORMED], told[Figure.NEWCOMERS_JOINED]) == (2, 5), "one newcomer lives in Namur"
    with pytest.raises(impact.NoSuchZone):
        await town.report(zone="Arlon")


async def test_breakdowns_hide_few_people_and_totals_never(town: Town) -> None:
    for number in range(14):
        level = Level.A2 if number < 2 else Level.A1 if number < 8 else Level.B1
        await town.joins(f"n{number}", newcomer(level, HERSTAL if number == 3 else LIEGE))
        await town.joins(f"v{number}", volunteer())
        await town.talk(await town.duo(f"n{number}", f"v{number}", "2026-09-02"), "2026-09-08")
    made = {(each.side, each.by): each for each in (await town.report()).breakdowns}
    levels = made[Role.NEWCOMER, By.LEVEL]
    assert levels.total == 14
    cells = {cell.category: cell.people for cell in levels.cells}
    assert cells["A2"] is None
    assert cells["A1"] is None, (
        "the smallest that could be told is hidden with it: the rest of the total is not one number"
    )
    assert cells["B1"] is None, "it has as many"
    towns = made[Role.NEWCOMER, By.MUNICIPALITY]
    assert [(cell.category, cell.people) for cell in towns.cells] == []
    assert towns.others == 14, "where one alone lives elsewhere, the only other number would tell it"
    assert (Role.VOLUNTEER, By.LEVEL) not in made


async def test_what_leaves_the_desk_tells_people_apart_for_a_calendar_year_that_is_over_and_no_other_period(
    town: Town,
) -> None:
    world = town.world
    for number in range(12):
        await town.joins(f"n{number}", newcomer())
        await town.joins(f"v{number}", volunteer())
        day = "2026-10-08" if number < 10 else "2026-12-08"
        await town.talk(await town.duo(f"n{number}", f"v{number}", "2026-09-02"), day)

    async def told(asked: str) -> tuple[list[str], str, str]:
        api = (await world.client.get(f"/sessions/api/impact?{asked}", headers=world.desk())).json()
        sheet = (await world.client.get(f"/sessions/impact/figures.csv?{asked}", headers=world.desk())).text
        paper = await world.client.get(f"/sessions/impact/report.pdf?{asked}", headers=world.desk())
        words = "".join(each.extract_text() for each in PdfReader(io.BytesIO(paper.content)).pages)
        assert api["figures"]["newcomers_reached"] == (10 if asked.endswith("11") else 12), "totals always"
        return [each["by"] for each in api["breakdowns"]], sheet, words

    for overlapping in ("first=2026-09&last=2026-11", "first=2026-09&last=2026-12", "first=2026-01&last=2026-12"):
        breakdowns, sheet, words = await told(overlapping)
        assert (breakdowns, "_by_level" in sheet, "25-34" in words) == ([], False, False), overlapping
        page = (await world.client.get(f"/sessions/impact?{overlapping}", headers=world.desk())).text
        assert "These parts are for you" in page, "a coordinator, who sees the people anyway, sees them at the desk"
    world.clock.moment = at("2027-01-04")
    breakdowns, sheet, _ = await told("first=2026-01&last=2026-12")
    assert ("level" in breakdowns, "newcomers_reached_by_level" in sheet) == (True, True)


async def test_the_page_shows_figures_with_their_definitions_and_what_was_typed_wrong(town: Town) -> None:
    await autumn(town)
    world = town.world
    shown = await world.client.get("/sessions/impact?first=2026-09&last=2026-12", headers=world.desk())
    assert shown.status_code == 200
    for figure in Figure:
        assert LABELS[figure].replace("'", "&#39;") in shown.text
        assert DEFINITIONS[figure].replace("'", "&#39;") in shown.text
    assert "<svg" in shown.text
    wrong = await world.client.get("/sessions/impact?first=2026-13&last=2026-12", headers=world.desk())
    assert wrong.status_code == 422
    assert "Write a month as year and month" in wrong.text
    assert 'value="2026-13"' in wrong.text
    arabic = await world.client.get(
        "/sessions/impact?first=2026-09&last=2026-12", headers={**world.desk(), "Cookie": "duo_language=ar"}
    )
    assert 'dir="rtl"' in arabic.text
    bars = re.findall(r'<rect class="series-1" x="([0-9.]+)" y="0" width="([0-9.]+)"', arabic.text)
    assert bars
    assert all(float(x) + float(width) == pytest.approx(100) for x, width in bars), "bars begin where reading begins"


async def test_the_report_is_a_paper_and_files_with_the_same_figures(town: Town) -> None:
    await autumn(town)
    world, asked = town.world, "first=2026-09&last=2026-12&zone=Li%C3%A8ge"
    paper = await world.client.get(f"/sessions/impact/report.pdf?{asked}", headers=world.desk())
    assert paper.headers["content-type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(paper.content)).pages) >= 2
    sheet = await world.client.get(f"/sessions/impact/figures.csv?{asked}", headers=world.desk())
    rows = {row[0]: row[2] for row in csv.reader(io.StringIO(sheet.text.lstrip("\ufeff")), delimiter=";")}
    api = await world.client.get(f"/sessions/api/impact?{asked}", headers=world.desk())
    figures = api.json()["figures"]
    assert {name: rows[name] for name in ("minutes", "duos_formed")} == {
        name: str(figures[name]) for name in ("minutes", "duos_formed")
    }
    months = await world.client.get(f"/sessions/impact/months.csv?{asked}", headers=world.desk())
    by_month = list(csv.reader(io.StringIO(months.text.lstrip("\ufeff")), delimiter=";"))
    assert [row[0] for row in by_month[1:]] == ["2026-09", "2026-10", "2026-11", "2026-12"]
    column = by_month[0].index("Minutes of conversation")
    assert sum(int(row[column]) for row in by_month[1:]) == figures["minutes"]


def test_a_period_is_refused_in_words_and_the_usual_one_is_this_year_so_far() -> None:
    today = date(2026, 11, 22)
    assert usual(today) == Period("2026-01", "2026-10")
    assert usual(date(2027, 1, 3)) == Period("2026-01", "2026-12")
    assert (period("2026-02", "2026-02", today).since, period("2026-02", "2026-02", today).until) == (
        date(2026, 2, 1),
        date(2026, 2, 28),
    )
    for first, last, field in (
        ("2026-1", "2026-02", "first"),
        ("2026-03", "2026-02", "last"),
        ("2026-03", "2026-12", "last"),
        ("2019-01", "2026-02", "last"),
        ("x", "", "first"),
    ):
        with pytest.raises(NoSuchPeriod) as refused:
            period(first, last, today)
        assert refused.value.field == field
