"""A break is told to the other side and stops reminders; a milestone brings one word of thanks; three questions are asked once."""

from __future__ import annotations

from datetime import date, timedelta

from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import (
    CommitmentMilestone,
    CommitmentPaused,
    CommitmentResumed,
    Milestone,
    QuestionsAnswered,
    QuestionsAsked,
    QuestionsMoment,
)
from duolangue.contracts.vocabulary import Role
from duolangue.notifications.domain.message import MessageStatus

DUO = {"duo": "duo1", "newcomer": "amina", "volunteer": "paul"}
MONDAY = date(2026, 11, 23)


def paused(until: date, asked_by: Role | None = Role.NEWCOMER) -> CommitmentPaused:
    return CommitmentPaused(**DUO, asked_by=asked_by, since=MONDAY, until=until)


def milestone(which: Milestone, *, congratulate: bool = True) -> CommitmentMilestone:
    return CommitmentMilestone(
        **DUO, milestone=which, reached_on=MONDAY, conversations=5, minutes=150, congratulate=congratulate
    )


def said(mail) -> str:
    return mail.get_body(("plain",)).get_content()


async def test_the_other_side_alone_hears_of_a_break_and_nobody_is_reminded_meanwhile(talking):
    await talking.hear(paused(MONDAY + timedelta(days=6)), "duo1")
    [mail] = await talking.deliver()
    assert mail["To"].addresses[0].addr_spec == "paul@example.org"
    assert "Amina" in said(mail)
    assert "29 novembre" in said(mail)
    talking.later(days=3, hours=8)
    await talking.nudge()
    assert talking.messages(kind=MessageKind.NUDGE) == []
    talking.later(days=7)
    await talking.nudge()
    assert len(talking.messages(kind=MessageKind.NUDGE)) == 2, "the week after it, both are asked as ever"


async def test_of_a_break_that_moves_only_the_last_day_is_told_and_of_one_undone_both_hear(talking):
    await talking.hear(paused(MONDAY + timedelta(days=3)), "duo1")
    await talking.hear(paused(MONDAY + timedelta(days=20)), "duo1")
    [mail] = await talking.deliver()
    assert "13 décembre" in said(mail)
    await talking.hear(CommitmentResumed(**DUO, resumed_by=None), "duo1")
    talking.post.mails.clear()
    told = await talking.deliver()
    assert {each["To"].addresses[0].addr_spec for each in told} == {"amina@example.org", "paul@example.org"}
    assert all("/sessions/log/" in said(each) for each in told)
    talking.later(days=3, hours=8)
    await talking.nudge()
    assert talking.statuses(MessageKind.NUDGE).keys() == {"amina", "paul"}


async def test_a_break_that_a_coordinator_hands_over_too_late_is_told_to_nobody(talking):
    talking.directory.contact["paul"] = talking.directory.contact["paul"].model_copy(update={"email": None})
    await talking.hear(paused(MONDAY + timedelta(days=2)), "duo1")
    await talking.deliver()
    assert talking.statuses(MessageKind.BREAK) == {"paul": MessageStatus.WAITING}
    talking.later(days=3)
    await talking.deliver()
    assert talking.statuses(MessageKind.BREAK) == {"paul": MessageStatus.DROPPED}


async def test_both_get_one_word_of_thanks_where_the_association_wants_it(talking):
    await talking.hear(milestone(Milestone.FIRST_TALK, congratulate=False), "duo1")
    assert talking.messages(kind=MessageKind.MILESTONE) == []
    for _ in range(2):
        await talking.hear(milestone(Milestone.TEN_HOURS), "duo1")
    mails = await talking.deliver()
    assert sorted(each["To"].addresses[0].addr_spec for each in mails) == ["amina@example.org", "paul@example.org"]
    assert all("Paul" in said(each) or "Amina" in said(each) for each in mails)
    assert not any("150" in said(each) or "%" in said(each) for each in mails), "no figures, no percentages"


async def test_a_newcomer_is_asked_three_questions_once_each_and_not_once_they_answered(talking):
    start, end = QuestionsMoment.START, QuestionsMoment.END
    for _ in range(2):
        await talking.hear(QuestionsAsked(participant="amina", moment=start), "amina")
    [mail] = await talking.deliver()
    assert mail["To"].addresses[0].addr_spec == "amina@example.org"
    assert "https://duo.example/sessions/questions/amina-amina" in said(mail)
    await talking.hear(QuestionsAsked(participant="amina", moment=end), "amina")
    await talking.hear(QuestionsAnswered(participant="amina", moment=end), "amina")
    await talking.deliver()
    assert talking.statuses(MessageKind.QUESTIONS_END) == {"amina": MessageStatus.DROPPED}
