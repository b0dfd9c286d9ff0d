"""Who is asked when: the volunteer first, the newcomer after a yes; a reminder once; a last question to who stays silent."""

from __future__ import annotations

import pytest

from duolangue.contracts.facts.matching import (
    DuoAccepted,
    DuoDeclined,
    DuoStatus,
    DuoUnanswered,
    ParticipationConfirmed,
    ParticipationDropped,
    ParticipationLapsed,
    ParticipationQuestioned,
    ParticipationStatus,
)
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Role
from duolangue.notifications import usecases
from duolangue.notifications.domain.message import MessageStatus

NEWCOMER, VOLUNTEER = Role.NEWCOMER, Role.VOLUNTEER


def asked(world, kind):
    return sorted(each.recipient for each in world.messages(kind=kind))


async def test_the_newcomer_is_asked_once_the_volunteer_said_yes_and_each_of_them_once(world):
    await world.pair()
    await world.hear(world.duo(asking=[VOLUNTEER]), "duo1")
    await world.deliver()
    assert asked(world, MessageKind.PROPOSAL) == ["paul"]
    accepted = world.duo(DuoAccepted, accepted_by=[VOLUNTEER], asking=[NEWCOMER])
    for event in ("event-a", "event-b"):
        await world.hear(accepted, "duo1", event_id=event)
    await world.deliver()
    assert asked(world, MessageKind.PROPOSAL) == ["amina", "paul"]
    assert {each.status for each in world.messages(kind=MessageKind.PROPOSAL)} == {MessageStatus.SENT}


async def test_facts_in_another_order_ask_the_same_people(world):
    await world.pair()
    accepted = world.duo(DuoAccepted, accepted_by=[VOLUNTEER], asking=[NEWCOMER])
    await world.hear(accepted, "duo1", version=2)
    await world.hear(world.duo(asking=[VOLUNTEER]), "duo1", version=1)
    assert asked(world, MessageKind.PROPOSAL) == ["amina"]


async def test_a_volunteer_who_says_no_leaves_the_newcomer_in_peace(world):
    await world.pair()
    await world.hear(world.duo(asking=[VOLUNTEER]), "duo1")
    await world.deliver()
    await world.hear(world.duo(DuoDeclined, DuoStatus.DECLINED, asking=[]), "duo1")
    await world.deliver()
    assert {each.recipient for each in world.messages()} - {"paul"} == {"amina"}  # her welcome alone
    assert {each.kind for each in world.messages() if each.recipient == "amina"} == {MessageKind.WELCOME}


async def test_who_is_silent_is_reminded_once_and_not_any_more_once_they_answered(world):
    await world.pair()
    await world.hear(world.duo(asking=[VOLUNTEER]), "duo1")
    await world.deliver()
    silent = world.duo(DuoUnanswered, asking=[VOLUNTEER], silent=[VOLUNTEER])
    for event in ("event-a", "event-b"):
        await world.hear(silent, "duo1", event_id=event)
    await world.hear(silent, "duo1", replayed=True)
    assert asked(world, MessageKind.REMINDER) == ["paul"]
    await world.hear(world.duo(DuoAccepted, accepted_by=[VOLUNTEER], asking=[NEWCOMER]), "duo1")
    await world.deliver()
    assert world.statuses(MessageKind.REMINDER) == {"paul": MessageStatus.DROPPED}


async def test_a_reminder_carries_the_answer_and_no_more_of_the_other_than_a_proposal(world):
    await world.pair()
    await world.hear(world.duo(asking=[VOLUNTEER]), "duo1")
    await world.deliver()
    world.post.mails.clear()
    await world.hear(world.duo(DuoUnanswered, asking=[VOLUNTEER], silent=[VOLUNTEER]), "duo1")
    [mail] = await world.deliver()
    text = mail.get_body(("plain",)).get_content()
    assert Purpose.ANSWER_PROPOSAL.path in text
    assert "Amina" in text
    assert "Secretname" not in text.replace("Paul Secretname", "")
    assert "+3247" not in text


def question(kind, status):
    return kind(participant="paul", status=status)


async def test_the_last_question_is_put_once_with_its_own_link(world):
    await world.pair()
    for event in ("event-a", "event-b"):
        await world.hear(question(ParticipationQuestioned, ParticipationStatus.QUESTIONED), "q1", event_id=event)
    [mail] = await world.deliver()
    text = mail.get_body(("plain",)).get_content()
    assert f"{Purpose.STILL_TAKING_PART.path}/paul-q1?choice=yes" in text
    [message] = world.messages(kind=MessageKind.LAST_QUESTION)
    assert (message.about, message.recipient, message.status) == ("q1", "paul", MessageStatus.SENT)
    problem = next(
        link for link in world.directory.asked if link.purpose is Purpose.REPORT_PROBLEM and link.person == "paul"
    )
    assert problem.entity == "paul"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (ParticipationConfirmed, ParticipationStatus.CONFIRMED),
        (ParticipationLapsed, ParticipationStatus.LAPSED),
        (ParticipationDropped, ParticipationStatus.DROPPED),
    ],
)
async def test_a_question_that_is_answered_is_not_put_any_more(world, kind, status):
    await world.pair(email=None)
    await world.hear(question(ParticipationQuestioned, ParticipationStatus.QUESTIONED), "q1")
    await world.deliver()
    assert world.statuses(MessageKind.LAST_QUESTION) == {"paul": MessageStatus.WAITING}
    ready = (await usecases.waiting(world.ports))[0]
    assert ready.code == ready.links[Purpose.STILL_TAKING_PART]
    await world.hear(question(kind, status), "q1")
    assert world.statuses(MessageKind.LAST_QUESTION) == {"paul": MessageStatus.DROPPED}
