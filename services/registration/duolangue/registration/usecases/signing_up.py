"""Signing up: begun, answered question by question, gone on with another day, sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.decision import Change
from duolangue.chassis.mail import Refused, Unavailable
from duolangue.chassis.store import Taken
from duolangue.registration import mails
from duolangue.registration.domain import application, sign_in
from duolangue.registration.domain.invalid import AlreadyKnown, Invalid
from duolangue.registration.domain.participant import ConsentChannel, Participant, SaidAgain, Status
from duolangue.registration.domain.search import plain
from duolangue.registration.domain.signup import marks, notice, reading, record
from duolangue.registration.domain.signup.answers import Question
from duolangue.registration.domain.signup.reading import Asking, Faults, TooYoung, Typed
from duolangue.registration.domain.signup.record import SignUp
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import twins
from duolangue.registration.usecases.allowing import Limit, all_allowed
from duolangue.registration.usecases.participants import add_participant, pause_if_active

logger = log.get(__name__)
_NAMESPACE: Final = uuid.UUID("0a6f0a51-7d3b-4a38-9a55-6d0c3b1a7c42")

HOUR: Final = timedelta(hours=1)
FROM_ONE_NETWORK: Final = 60
"""Sign-ups in an hour: a reception centre, or a room full of people with a coordinator, shares one network."""
AT_ONE_ASSOCIATION: Final = 600
TO_ONE_ADDRESS: Final = 5
"""Mails with the link to go on to one address in a day, from whatever sign-ups: anybody can type anybody's address."""


class TooOften(Invalid):
    """More than a room full of people could do."""

    status = 429

    def __init__(self) -> None:
        super().__init__("too_often", "Too many sign-ups came from here. Please try again in an hour.")


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-up, and the secret of the browser that may go on with it."""

    sign_up: SignUp
    secret: str


async def begin_sign_up(language: str, network: str, ports: Ports) -> Begun:
    """Somebody begins in a browser.

    Raises:
        TooOften: too many began from this network, or at this association, within the hour.
    """
    await _may("begin", network, ports)
    secret = sign_in.fresh_secret()
    fresh = record.begin(uuid.uuid4().hex, language, ports.clock.now(), secret=secret)
    return Begun(await ports.sign_ups.add(fresh), secret)


async def begin_sign_up_with(coordinator: str, language: str, ports: Ports) -> SignUp:
    """A coordinator begins, with the person at their side."""
    now = ports.clock.now()
    return await ports.sign_ups.add(record.begin(uuid.uuid4().hex, language, now, coordinator=coordinator))


async def sign_up_of(cookie: str, ports: Ports) -> SignUp | None:
    """The sign-up a browser's cookie opens; none when it opens nothing (any more)."""
    sign_up_id, _, secret = cookie.partition(".")
    found = await ports.sign_ups.find(sign_up_id) if sign_up_id else None
    if found is None or not found.opens_to(secret) or record.is_over(found, ports.clock.now()):
        return None
    return found


async def sign_up_at_desk(sign_up_id: str, ports: Ports) -> SignUp | None:
    """The sign-up a coordinator of the association fills in; none where it is somebody's own."""
    found = await ports.sign_ups.find(sign_up_id)
    return found if found is not None and found.coordinator and not record.is_over(found, ports.clock.now()) else None


async def unfinished_at_desk(ports: Ports) -> list[SignUp]:
    """The sign-ups that coordinators began and did not send, the latest first. People's own are nobody's business."""
    began = {"coordinator": {"$type": "string"}, "sent": False}
    return await ports.sign_ups.select(began, sort=[("began_at", -1)], limit=50)


async def answer_question(sign_up: SignUp, question: Question, typed: Typed, language: str, ports: Ports) -> SignUp:
    """One page was filled in.

    Raises:
        Faults: some of it cannot be taken; nothing is kept of the page.
        TooYoung: a minor; nothing is kept of the person.
        NotNow: it was sent already.
    """
    own, now = await ports.own(), ports.clock.now()

    def decide(present: SignUp) -> Change[SignUp]:
        asking = Asking(present.answers, now, own.today(now), language, own.feeds, own.figures)
        return record.take(present, reading.read(question, typed, asking), language, now)

    try:
        return await ports.sign_ups.update(sign_up.id, decide)
    except TooYoung:
        await ports.sign_ups.update(sign_up.id, record.heard_young)
        if not sign_up.said_young:
            await count_minors(1, ports)
        raise


async def answer_going_back(sign_up: SignUp, question: Question, typed: Typed, language: str, ports: Ports) -> None:
    """Somebody goes back to the question before: what stands on this page is kept where it can be. A text is agreed to by going on alone,
    and a page left empty is put again.

    Raises:
        TooYoung: a minor; nothing is kept of the person.
        NotNow: it was sent already.
    """
    said = any(text.strip() for each in typed.values() for text in each)
    if said and question not in {Question.CHARTER, Question.CONSENT}:
        with suppress(Faults):
            await answer_question(sign_up, question, typed, language, ports)


async def minor_after_all(participant_id: str, ports: Ports) -> None:
    """Somebody who takes part says a year of birth of a minor: they are in no pool from now on, and coordinators hear that one came."""
    one = await ports.participants.find(participant_id)
    if one is not None and one.status is Status.ACTIVE:
        await pause_if_active(participant_id, ports)
        await count_minors(1, ports)


async def count_minors(number: int, ports: Ports) -> None:
    """So many minors came, by a sign-up or in a file: coordinators hear how many, and nothing about anybody."""
    if not number:
        return
    own, now = await ports.own(), ports.clock.now()
    today = own.today(now)
    logger.info("sign_up.minor", association=ports.association)
    try:
        await ports.minors.add(notice.minor(today, now, number))
    except Taken:
        await ports.minors.update(notice.notice_id(today), partial(notice.once_more, number=number))


async def go_on(token: str, network: str, ports: Ports) -> Begun | None:
    """The link to go on was opened in a browser; none when it leads nowhere (any more).

    Raises:
        TooOften: too many tried.
    """
    await _may("resume", network, ports)
    found = await ports.sign_ups.select({"resumes": {"$eq": sign_in.hashed(token)}}, limit=1)
    if not found or found[0].sent or record.is_over(found[0], ports.clock.now()):
        return None
    secret = sign_in.fresh_secret()
    return Begun(await ports.sign_ups.update(found[0].id, partial(record.go_on_in, secret=secret)), secret)


def resume_url(cookie: str, ports: Ports) -> str:
    """The link to go on another day, for the browser with this cookie."""
    secret = record.resume_secret(cookie.partition(".")[2])
    return f"{ports.public_url.rstrip('/')}/join/resume/{sign_in.tagged(ports.association, secret)}"


async def mail_resume_link(sign_up: SignUp, cookie: str, language: str, ports: Ports) -> bool:
    """Mail the link to the address they gave, a few times at most. Returns whether it left."""
    address = sign_up.answers.email
    if address is None:
        return False
    counted = await ports.sign_ups.update(sign_up.id, record.mail_counts)
    if counted.mailed == sign_up.mailed:
        return False
    limit = Limit(f"sign-up/mail/{ports.association}/{address}", TO_ONE_ADDRESS, timedelta(days=1))
    if not await all_allowed((limit,), ports):
        return False
    own = await ports.own()
    message = mails.resume_sign_up(own.name, address, language, resume_url(cookie, ports), ports.mails.sender)
    try:
        await ports.mails.send(message)
    except (Unavailable, Refused) as error:
        logger.warning("sign_up.not_mailed", association=ports.association, error=type(error).__name__)
        return False
    return True


async def send_sign_up(sign_up: SignUp, channel: ConsentChannel, network: str, ports: Ports) -> str:
    """All is answered: registered. Who is registered already is told the same; a coordinator sees it. Returns whose record it is.

    Raises:
        NotNow: questions are left.
        Invalid: a rule is broken by answers together.
        TooOften: too many were sent from this network within the hour.
    """
    person = uuid.uuid5(_NAMESPACE, sign_up.id).hex
    if sign_up.sent:
        return person
    if sign_up.coordinator is None:
        await _may("send", network, ports)
    own, now = await ports.own(), ports.clock.now()
    told = record.application(sign_up.answers, sign_up.language, channel)
    main, others = record.consents(sign_up.answers, channel, own.feeds)
    fresh = application.register(told, person, own, now).model_copy(
        update={"consent": main, "consents": others, "to_look_at": marks.of(sign_up, told, own, own.today(now))}
    )
    try:
        await add_participant(fresh, ports)
    except AlreadyKnown:
        said = SaidAgain(answers=sign_up.answers, language=sign_up.language, channel=channel, at=now)
        person = await _came_again(fresh, said, ports)
    else:
        await twins.await_search(ports)
    await ports.sign_ups.update(sign_up.id, partial(record.finish, now=now))
    logger.info("sign_up.sent", association=ports.association, kind=channel.value)
    return person


async def _came_again(fresh: Participant, said: SaidAgain, ports: Ports) -> str:
    for known in await ports.participants.with_addresses(each for each in (fresh.email, fresh.phone) if each):
        if known.id != fresh.id and set(known.identities) & set(fresh.identities):
            return (await ports.participants.update(known.id, partial(marks.came_again, said=said))).id
    return fresh.id


async def withdraw_sign_up(sign_up: SignUp, ports: Ports) -> None:
    """Somebody would rather not: nothing of it is left."""
    await ports.sign_ups.forget(sign_up.id)


async def forget_sign_up(sign_up_id: str, ports: Ports) -> None:
    """Nobody went on with it in time: nothing of it is left."""
    now = ports.clock.now()
    await ports.sign_ups.forget(sign_up_id, lambda present: record.is_over(present, now))


async def forget_unfinished(first_name: str, addresses: Iterable[str | None], ports: Ports) -> None:
    """Nothing is left of sign-ups on their way of somebody who is erased: those with one of their addresses, but for those that name
    somebody else. Two may share a telephone.
    """
    wanted = {"$in": [address for address in addresses if address]}
    sides = [{"state.answers.email": wanted}, {"state.answers.phone": wanted}]
    for each in await ports.sign_ups.select({"$or": sides}):
        told = each.answers.first_name
        if not told or plain(told) == plain(first_name):
            await ports.sign_ups.forget(each.id)


async def _may(act: str, network: str, ports: Ports) -> None:
    """Raises `TooOften`."""
    asked = f"sign-up/{act}/{ports.association}"
    limits = (Limit(f"{asked}/{network}", FROM_ONE_NETWORK, HOUR), Limit(asked, AT_ONE_ASSOCIATION, HOUR))
    if not await all_allowed(limits, ports):
        logger.warning("sign_up.too_many", association=ports.association, kind=act)
        raise TooOften


async def minors_turned_away(ports: Ports) -> int:
    """How many minors came of whom no coordinator has read yet."""
    return sum(each.count for each in await ports.minors.select({"seen": False}, limit=100))


async def tell_of_minors(notice_id: str, ports: Ports) -> None:
    """Mail those the association named that minors came; later, forget it.

    Raises:
        mail.Unavailable: some could not be told for now.
    """
    present, now = await ports.minors.get(notice_id), ports.clock.now()
    if present.mailed:
        await ports.minors.forget(notice_id, lambda stored: stored.mailed and stored.due_at <= now)
        return
    own = await ports.own()
    url = f"{ports.public_url.rstrip('/')}/people/minors"
    for coordinator in await ports.coordinators.select(
        {"active": True, "email": {"$gt": ""}, "id": {"$in": list(own.minors_to)}}
    ):
        if coordinator.id in present.told:
            continue
        try:
            await ports.mails.send(mails.minors(own.name, coordinator, url, ports.mails.sender))
        except Refused:
            logger.warning("sign_up.not_mailed", association=ports.association, coordinator=coordinator.id)
        await ports.minors.update(notice_id, partial(notice.tell, coordinator=coordinator.id))
    await ports.minors.update(notice_id, partial(notice.all_told, now=now))


async def see_minors(ports: Ports) -> None:
    """A coordinator has read that minors came."""
    for each in await ports.minors.select({"seen": False}, limit=100):
        await ports.minors.update(each.id, notice.see)
