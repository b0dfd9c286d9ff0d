"""Safety and the association's own page, in a real browser: few words and big targets for who is in trouble, order for who looks after it."""

from __future__ import annotations

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.links import Purpose
from duolangue.registration import usecases
from duolangue.registration.domain.report import ProblemKind
from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking

EYES = (Eyes(PHONE), Eyes(WIDE), Eyes(PHONE, dark=True), Eyes(WIDE, dark=True))


def ports_of(whole, north):
    return whole.apps()["registration"].state.ports(north.slug)


@pytest.fixture
async def report(whole, north):
    ports = ports_of(whole, north)
    found = await ports.reports.select({"person": {"$eq": north.ids["newcomer"]}}, limit=1)
    if not found:
        await usecases.report_problem(north.ids["newcomer"], north.ids["duo"], ProblemKind.MONEY, "Il insiste.", ports)
        found = await ports.reports.select({"person": {"$eq": north.ids["newcomer"]}}, limit=1)
    return found[0]


@pytest.mark.parametrize(
    "path",
    ["/people/reports", "/people/reports/{report}", "/people/{person}/exclude", "/people/exclusions", "/association"],
)
async def test_what_is_looked_after_is_fit_for_everybody(path, browser, whole, north, report):
    address = path.format(report=report.id, person=north.ids["volunteer"])
    async with looking(browser, str(whole.client.base_url), EYES[0], whole.desk(north, Access.ADMINISTER)) as page:
        answer = await page.goto(address)
        assert answer.status == 200
        await look_at(page, f"safety{path.replace('{', '').replace('}', '')}", *EYES)


@pytest.mark.parametrize(
    ("language", "sights"),
    [(language, (Eyes(PHONE), Eyes(PHONE, dark=True))) for language in ("fr", "ar", "ti")]
    + [("fr", (Eyes(PHONE, scripts=False),))],
    ids=["fr", "ar", "ti", "fr-plain"],
)
async def test_somebody_in_trouble_says_so_in_their_language(language, sights, browser, whole, north):
    ports = ports_of(whole, north)
    expires = ports.clock.now().replace(year=ports.clock.now().year + 1)
    token = ports.signer.action_token(
        north.slug, Purpose.REPORT_PROBLEM, north.ids["duo"], north.ids["newcomer"], expires, language
    )
    async with looking(browser, str(whole.client.base_url), sights[0], language=language) as page:
        await page.goto(f"/problem/{token}")
        await look_at(page, f"problem-{language}", *sights, language=language)
        await page.locator("input[value=insults]").check()
        await page.locator("button.big").click()
        assert await page.locator("form[method=post] textarea").count() == 0, "thanks"
        await look_at(page, f"problem-thanks-{language}", *sights, language=language)
