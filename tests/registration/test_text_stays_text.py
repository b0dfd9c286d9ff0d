"""Script in whatever somebody types is shown as text, on every page that shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from duolangue.chassis.identity import Access
from duolangue.contracts.links import Purpose
from duolangue.registration import usecases
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.report import ProblemKind

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


async def test_script_in_names_notes_questions_reports_and_settings_is_shown_as_text(world: Any) -> None:
    desk = world.desk(Access.ADMINISTER)
    told = {
        "first_name": f"Ana {SCRIPT}",
        "last_name": SCRIPT,
        "email": f"ana@{world.association}.example",
        "birth_year": 1990,
        "postcode": "4000",
        "newcomer": {"french_oral": "A1"},
        "consent": True,
    }
    person = (await world.client.post("/people/api/participants", headers=desk, json=told)).json()["id"]
    await world.client.patch(
        "/people/api/association", headers=desk, json={"name": f"Inter {SCRIPT}", "feeds": [SCRIPT]}
    )
    await world.client.post(f"/people/{person}/notes", headers=desk, data={"note": f"Note {SCRIPT}"})
    await world.client.post(f"/people/{person}/ask", headers=desk, data={"words": f"Asked {SCRIPT}"})
    nadia = await usecases.invite_coordinator(
        "", f"Nadia {SCRIPT}", AccessLevel.READ, "en", world.ports, phone="+32470000003"
    )
    await usecases.report_problem(person, person, ProblemKind.MONEY, f"Report {SCRIPT}", world.ports)
    (report,) = await world.ports.reports.select()
    expires = world.clock.now() + timedelta(days=1)
    own = world.ports.signer.action_token(world.association, Purpose.OWN_PAGE, person, person, expires, "en")
    pages = {
        f"{Purpose.OWN_PAGE.path}/{own}": "Ana",
        "/desk": "Ana",
        "/people": "Ana",
        f"/people/{person}": "Note",
        f"/people/{person}/edit": "Ana",
        f"/people/{person}/personal-data": "Ana",
        f"/people/reports/{report.id}": "Report",
        "/people/reports": "money",
        "/association": "Inter",
        "/association/coordinators": nadia.name[:5],
        f"/join/{world.association}": "Inter",
        f"/sign-in?at={world.association}": "Inter",
    }
    for path, shown in pages.items():
        page = await world.client.get(path, headers={**desk, "Accept-Language": "en"})
        assert page.status_code == 200, path
        assert shown.casefold() in page.text.casefold(), path
        assert "<script>alert" not in page.text, path
        assert "<img src=x" not in page.text, path
