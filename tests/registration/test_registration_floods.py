"""What one person can make registration send, store or wait for has a bound."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from duolangue.chassis import mail
from duolangue.registration import usecases
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.report import MOST_A_DAY, ProblemKind, TooManyReports
from duolangue.registration.domain.sign_in import MOST_LINKS
from duolangue.registration.usecases import Asking


async def test_links_asked_for_at_once_are_few_and_come_back_after_ten_minutes(world: Any) -> None:
    await usecases.invite_coordinator("claire@example.org", "", AccessLevel.COORDINATE, None, world.ports)
    await asyncio.gather(
        *(
            usecases.start_sign_in("claire@example.org", Asking(f"b-{number}"), world.service.ports)
            for number in range(20)
        )
    )
    assert len(world.post.to("claire@example.org")) == MOST_LINKS
    assert await usecases.operator_link("claire@example.org", world.ports)
    await world.time_passes(minutes=10)
    await usecases.start_sign_in("claire@example.org", Asking("b"), world.service.ports)
    assert len(world.post.to("claire@example.org")) == MOST_LINKS + 1


async def test_one_person_reports_so_much_a_day_and_the_same_words_once(world: Any) -> None:
    async def report(words: str, person: str = "p-1") -> None:
        await usecases.report_problem(person, "d-1", ProblemKind.OTHER, words, world.ports)

    outcomes = await asyncio.gather(*(report(f"words {number}") for number in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, TooManyReports) for outcome in outcomes) == 20 - MOST_A_DAY
    assert await world.ports.reports.count() == MOST_A_DAY
    kept = (await world.ports.reports.select())[0]
    await report(kept.words)
    await report("words", "p-2")
    assert await world.ports.reports.count() == MOST_A_DAY + 1
    await world.time_passes(days=1)
    await report("words of another day")


async def test_a_coordinator_whose_mail_waits_keeps_no_other_from_being_told(world: Any) -> None:
    for name in ("ann", "ben", "claire"):
        await usecases.invite_coordinator(f"{name}@example.org", "", AccessLevel.ADMINISTER, None, world.ports)
    send, full = world.post.send, {"ben@example.org"}

    async def unless_full(message: Any) -> None:
        if message["To"] in full:
            raise mail.Unavailable
        await send(message)

    world.post.send = unless_full
    await usecases.report_problem("p-1", "d-1", ProblemKind.MONEY, "", world.ports)
    (report,) = await world.ports.reports.select()
    with pytest.raises(mail.Unavailable):
        await usecases.tell_coordinators(report.id, world.ports)
    assert len(world.post.sent) == 2
    full.clear()
    await usecases.tell_coordinators(report.id, world.ports)
    assert sorted(message["To"] for message in world.post.sent) == [
        "ann@example.org",
        "ben@example.org",
        "claire@example.org",
    ]
