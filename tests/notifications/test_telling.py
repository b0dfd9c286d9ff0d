"""Who is told of what, once each, as things stand at the moment of sending."""

from __future__ import annotations

import pytest

from duolangue.chassis import mail
from duolangue.contracts.facts.matching import (
    DuoAccepted,
    DuoConfirmed,
    DuoDeclined,
    DuoEnded,
    DuoExpired,
    DuoOrigin,
    DuoPaused,
    DuoProposed,
    DuoStatus,
)
from duolangue.contracts.facts.notifications import Channel, MessageKind, NotificationFailed, NotificationSent
from duolangue.contracts.facts.registration import (
    ParticipantLeft,
    ParticipantRegistered,
    ParticipantStatus,
    ParticipantUpdated,
)
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Role
from duolangue.notifications import usecases
from duolangue.notifications.domain.message import MessageStatus, NotFailed, NotWaiting, message_id


def recipients(mails):
    return sorted(each["To"].addresses[0].addr_spec for each in mails)


async def test_a_new_participant_is_welcomed_once_however_often_the_event_comes(world):
    await world.association()
    await world.person("amina", "Amina", email="amina@example.org")
    fact = ParticipantRegistered(status=ParticipantStatus.ACTIVE, roles=[Role.NEWCOMER])
    for _ in range(3):
        await world.hear(fact, "amina", event_id="event-2", version=2)
        await world.deliver()
    assert recipients(world.post.mails) == ["amina@example.org"]
    assert len(world.messages()) == 1


async def test_messages_of_two_events_two_people_or_two_associations_are_never_taken_for_one(world):
    ids = {
        message_id(association, event, recipient, kind)
        for association in ("interra", "charleroi")
        for event in ("event-1", "event-2")
        for recipient in ("amina", "paul")
        for kind in MessageKind
    }
    assert len(ids) == 2 * 2 * 2 * len(MessageKind)
    assert message_id("interra", "event-1", "amina", MessageKind.WELCOME) in ids


async def test_a_replayed_registration_welcomes_nobody(world):
    await world.association()
    await world.hear(
        ParticipantRegistered(status=ParticipantStatus.ACTIVE, roles=[Role.NEWCOMER]), "amina", replayed=True
    )
    assert world.messages() == []


async def test_a_proposal_goes_to_both_with_a_link_for_each_and_is_told_on_the_bus(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    assert recipients(await world.deliver()) == ["amina@example.org", "paul@example.org"]
    sent = [fact for fact in world.told if isinstance(fact, NotificationSent) and fact.kind is MessageKind.PROPOSAL]
    assert {(fact.recipient, fact.about, fact.channel) for fact in sent} == {
        ("amina", "duo1", Channel.MAIL),
        ("paul", "duo1", Channel.MAIL),
    }
    answers = [link for link in world.directory.asked if link.purpose is Purpose.ANSWER_PROPOSAL]
    assert {(link.person, link.entity) for link in answers} == {("amina", "duo1"), ("paul", "duo1")}


async def test_a_proposal_that_ended_before_it_was_sent_is_dropped_and_nobody_hears_of_it(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    await world.hear(world.duo(DuoDeclined, DuoStatus.DECLINED), "duo1")
    assert await world.deliver() == []
    assert set(world.statuses(MessageKind.PROPOSAL).values()) == {MessageStatus.DROPPED}
    assert world.messages(kind=MessageKind.WITHDRAWN) == []


async def test_an_old_proposal_that_arrives_after_its_end_asks_nobody(world):
    await world.pair()
    await world.hear(world.duo(DuoExpired, DuoStatus.EXPIRED), "duo1", version=100)
    await world.hear(world.duo(), "duo1", version=99)
    assert world.messages(kind=MessageKind.PROPOSAL) == []


async def test_after_a_refusal_only_the_side_that_had_said_yes_is_told(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    await world.hear(world.duo(DuoAccepted, accepted_by=[Role.NEWCOMER]), "duo1")
    await world.hear(world.duo(DuoDeclined, DuoStatus.DECLINED, accepted_by=[Role.NEWCOMER]), "duo1")
    assert set(world.statuses(MessageKind.WITHDRAWN)) == {"amina"}


async def test_after_a_refusal_a_side_that_was_never_asked_is_not_told(world):
    await world.pair(email=None)  # Paul's proposal waits on the desk
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    await world.hear(world.duo(DuoDeclined, DuoStatus.DECLINED), "duo1")
    assert set(world.statuses(MessageKind.WITHDRAWN)) == {"amina"}
    assert world.statuses(MessageKind.PROPOSAL)["paul"] is MessageStatus.DROPPED


async def test_a_proposal_overtaken_by_its_end_while_its_mail_was_on_the_way_is_withdrawn_after_all(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    post, send = world.post, world.post.send

    async def send_slowly(message):
        await send(message)
        if len(post.mails) == 1:
            await world.hear(world.duo(DuoExpired, DuoStatus.EXPIRED), "duo1")

    post.send = send_slowly
    await world.deliver()
    assert len(world.messages(kind=MessageKind.PROPOSAL, status=MessageStatus.SENT)) == 1
    told = world.messages(kind=MessageKind.PROPOSAL, status=MessageStatus.SENT)[0].recipient
    assert set(world.statuses(MessageKind.WITHDRAWN)) == {told}


async def test_a_proposal_that_ends_between_two_mails_is_withdrawn_from_each_once(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    post, send = world.post, world.post.send

    async def send_slowly(message):
        await send(message)
        if len(post.mails) == 2:
            await world.hear(world.duo(DuoExpired, DuoStatus.EXPIRED), "duo1")

    post.send = send_slowly
    await world.deliver()
    await world.deliver()
    told = sorted(each.recipient for each in world.messages(kind=MessageKind.WITHDRAWN))
    assert told == sorted(
        {each.recipient for each in world.messages(kind=MessageKind.PROPOSAL, status=MessageStatus.SENT)}
    )


async def test_a_confirmation_goes_to_both_but_not_for_a_duo_that_was_running_before(world):
    await world.pair()
    await world.confirmed()
    assert recipients(await world.deliver()) == ["amina@example.org", "paul@example.org"]
    await world.hear(world.duo(DuoConfirmed, DuoStatus.CONFIRMED, origin=DuoOrigin.IMPORT), "duo2")
    assert {m.about for m in world.messages(kind=MessageKind.CONFIRMATION)} == {"duo1"}
    assert set(world.ports.followed.rows) == {"duo1", "duo2"}


async def test_who_has_accepted_on_paper_is_not_asked_by_mail(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    await world.hear(world.duo(DuoAccepted, accepted_by=[Role.VOLUNTEER]), "duo1")
    assert recipients(await world.deliver()) == ["amina@example.org"]


async def test_the_end_is_told_to_both_but_not_to_who_left(world):
    await world.pair()
    await world.confirmed()
    await world.deliver()
    world.post.mails.clear()
    await world.hear(ParticipantLeft(status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER]), "paul")
    await world.hear(world.duo(DuoEnded, DuoStatus.ENDED), "duo1")
    assert recipients(await world.deliver()) == ["amina@example.org"]
    assert world.statuses(MessageKind.ENDED) == {"amina": MessageStatus.SENT, "paul": MessageStatus.DROPPED}


async def test_a_paused_duo_still_gets_its_confirmation(world):
    await world.pair()
    await world.confirmed()
    await world.hear(world.duo(DuoPaused, DuoStatus.PAUSED), "duo1")
    assert len(await world.deliver()) == 2


async def test_who_has_no_mail_is_served_from_the_desk_and_counts_as_told_only_then(world):
    await world.pair(email=None)
    await world.hear(world.duo(), "duo1")
    assert recipients(await world.deliver()) == ["amina@example.org"]
    [ready] = [each for each in await usecases.waiting(world.ports) if each.message.kind is MessageKind.PROPOSAL]
    assert (ready.name, ready.phone) == ("Paul Secretname", "+32470000002")
    assert not [fact for fact in world.told if fact.recipient == "paul"]
    for _ in range(2):
        await usecases.hand_over(ready.message.id, world.ports)
    [fact] = [fact for fact in world.told if fact.recipient == "paul"]
    assert (fact.channel, fact.sent_at) == (Channel.BY_HAND, world.clock.now())


async def test_what_was_sent_by_mail_cannot_be_handed_over(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    with pytest.raises(NotWaiting):
        await usecases.hand_over(world.messages(kind=MessageKind.PROPOSAL)[0].id, world.ports)


async def test_a_mail_server_that_is_away_delays_and_loses_nothing(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    world.post.refuses = mail.Unavailable("421")
    gaps = []
    for attempt in range(1, 9):
        assert await world.deliver() == []
        message = world.messages(kind=MessageKind.PROPOSAL)[0]
        assert (message.status, message.attempts) == (MessageStatus.DUE, attempt)
        gaps.append(message.due_at - world.clock.now())
        world.later(seconds=gaps[-1].total_seconds())
    assert gaps == sorted(gaps)
    assert gaps[0] < gaps[3] < gaps[-1]
    world.post.refuses = None
    assert len(await world.deliver()) == 2


async def test_while_registration_is_away_a_message_waits(world):
    await world.pair()
    await world.hear(world.duo(), "duo1")
    world.directory.away = True
    assert await world.deliver() == []
    world.directory.away = False
    world.later(minutes=1)
    assert len(await world.deliver()) == 2


async def test_a_refused_address_is_told_and_its_messages_go_to_the_desk(world):
    await world.pair()
    world.post.refuses = mail.Refused("550")
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    assert {m.status for m in world.messages(kind=MessageKind.PROPOSAL)} == {MessageStatus.WAITING}
    assert len([fact for fact in world.told if isinstance(fact, NotificationFailed)]) == 2
    assert len(world.ports.contacts.facts) == 2
    world.post.refuses = None
    await world.confirmed()
    assert await world.deliver() == []  # not tried again on an address that refuses
    assert {m.status for m in world.messages(kind=MessageKind.CONFIRMATION)} == {MessageStatus.WAITING}


async def test_a_refused_address_without_telephone_fails_and_can_be_tried_again(world):
    await world.pair(phone=None)
    world.post.refuses = mail.Refused("550")
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    [failed] = world.messages(kind=MessageKind.PROPOSAL, status=MessageStatus.FAILED)
    assert failed.recipient == "paul"
    world.post.refuses = None
    await usecases.try_again(failed.id, world.ports)
    assert recipients(await world.deliver()) == ["paul@example.org"]
    with pytest.raises(NotFailed):
        await usecases.try_again(failed.id, world.ports)


async def test_somebody_who_changed_their_data_is_mailed_again(world):
    await world.pair()
    world.post.refuses = mail.Refused("550")
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    world.post.refuses = None
    await world.hear(ParticipantUpdated(status=ParticipantStatus.ACTIVE, roles=[Role.VOLUNTEER]), "paul")
    await world.confirmed()
    assert recipients(await world.deliver()) == ["paul@example.org"]


async def test_a_hostile_address_counts_as_refused(world):
    await world.pair(email="paul@example.org\r\nBcc: all@example.org")
    await world.hear(world.duo(DuoProposed), "duo1")
    assert recipients(await world.deliver()) == ["amina@example.org"]
    assert world.statuses(MessageKind.PROPOSAL)["paul"] is MessageStatus.WAITING


async def test_nothing_kept_names_or_reaches_anybody(world):
    await world.pair(email=None)
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    await world.confirmed()
    await world.deliver()
    ports = world.ports
    kept = [ports.messages, ports.contacts, ports.followed, ports.participants, ports.duos]
    text = "".join(row.model_dump_json() for each in kept for row in each.rows.values())
    text += "".join(fact.model_dump_json() for fact in world.told)
    for secret in ("Amina", "Paul", "Secretname", "@example.org", "+3247", "https://"):
        assert secret not in text
