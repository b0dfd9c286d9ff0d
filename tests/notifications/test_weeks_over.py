"""When the weeks that a duo promised are over: both are asked once for each term; a conversation taken back counts no more."""

from __future__ import annotations

from datetime import date

from duolangue.contracts.facts.matching import DuoEnded, DuoStatus
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import CommitmentMilestone, Milestone, SessionLogged, SessionWithdrawn
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Medium
from duolangue.notifications.domain.message import MessageStatus

NEXT = MessageKind.NEXT_STEP


def reached(milestone: Milestone = Milestone.TERM, term: int | None = 1) -> CommitmentMilestone:
    return CommitmentMilestone(
        duo="duo1", newcomer="amina", volunteer="paul", milestone=milestone, reached_on=date(2026, 11, 23),
        conversations=12, minutes=400, term=term,
    )  # fmt: skip


async def test_both_are_asked_once_for_each_term_with_a_link_of_their_own(talking):
    for term in (1, 1, 2):
        await talking.hear(reached(term=term), "duo1")
    await talking.hear(reached(Milestone.TEN_HOURS, None), "duo1")
    mails = await talking.deliver()
    assert len(mails) == 4
    first = next(each for each in mails if each["To"].addresses[0].addr_spec == "amina@example.org")
    text = first.get_body(("plain",)).get_content()
    assert "https://duo.example/sessions/next/amina-duo1" in text
    assert "Paul" in first["Subject"]
    assert {link.purpose for link in talking.directory.asked if link.entity == "duo1"} >= {Purpose.NEXT_STEP}


async def test_nobody_is_asked_of_a_duo_that_is_over_nor_when_it_is_told_again(talking):
    await talking.hear(reached(), "duo1", replayed=True)
    assert talking.messages(kind=NEXT) == []
    await talking.hear(reached(), "duo1")
    await talking.hear(talking.duo(DuoEnded, DuoStatus.ENDED), "duo1")
    await talking.deliver()
    assert set(talking.statuses(NEXT).values()) == {MessageStatus.DROPPED}


async def test_the_question_is_handed_over_for_thirty_days_and_no_longer(talking):
    talking.directory.contact["amina"] = talking.directory.contact["amina"].model_copy(update={"email": None})
    await talking.hear(reached(), "duo1")
    await talking.deliver()
    assert talking.statuses(NEXT) == {"amina": MessageStatus.WAITING, "paul": MessageStatus.SENT}
    talking.later(days=30)
    await talking.deliver()
    assert talking.statuses(NEXT)["amina"] is MessageStatus.DROPPED


async def test_a_conversation_taken_back_counts_no_more_and_the_week_is_asked_about(talking):
    held = {"duo": "duo1", "held_on": date(2026, 11, 23), "week": "2026-W48"}
    await talking.hear(SessionLogged(**held, minutes=45, medium=Medium.VIDEO), "s1", version=1)
    await talking.hear(SessionWithdrawn(**held), "s1", version=2)
    talking.later(days=3, hours=8)
    await talking.nudge()
    assert set(talking.statuses(MessageKind.NUDGE).values()) == {MessageStatus.SENT}
