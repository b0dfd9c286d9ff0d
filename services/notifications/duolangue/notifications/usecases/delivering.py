"""What is due: a message on its way to somebody, a week's nudges for a duo."""

from __future__ import annotations

from email.message import EmailMessage

from duolangue.chassis import bus, log, mail
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.matching import DuoStatus
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.notifications.domain import contact as contacts
from duolangue.notifications.domain import message as messages
from duolangue.notifications.domain import weeks
from duolangue.notifications.domain.contact import Contact
from duolangue.notifications.domain.message import Message, MessageStatus
from duolangue.notifications.ports import Ports
from duolangue.notifications.usecases.telling import tell, withdraw
from duolangue.notifications.usecases.writing import (
    AssociationUnknown,
    Written,
    association,
    commitment_met,
    makes_sense,
    takes_break,
    write,
)
from duolangue.notifications.writing.mail import NotAnAddress
from duolangue.notifications.writing.mail import mail as as_mail

logger = log.get(__name__)


async def deliver(message_id: str, ports: Ports) -> None:
    """Send a message that is due, put it on the desk, or see that it is not wanted any more.

    Whatever is away for now, it stays due. A crash between the mail server's yes and ours sends it a second time,
    with the same Message-ID.
    """
    message = await ports.messages.get(message_id)
    if not await _makes_sense(message, ports):
        await ports.messages.update(message.id, messages.dropped)
    elif message.status is MessageStatus.DUE:
        await _send(message, ports)


async def _makes_sense(message: Message, ports: Ports) -> bool:
    try:
        return await makes_sense(message, ports)
    except AssociationUnknown:
        return True  # writing it finds out again, and waits


async def _send(message: Message, ports: Ports) -> None:
    now = ports.clock.now()
    try:
        written = await write(message, ports)
        if written is None:
            await ports.messages.update(message.id, messages.dropped)
            return
        if written.recipient.email is None:
            await ports.messages.update(message.id, messages.put_on_desk)
            return
        contact = await ports.contacts.find(message.recipient)
        if contact is not None and contact.unreachable_since is not None:
            await _not_by_mail(message, written, ports)
            return
        await ports.post.send(_mail(message, written, written.recipient.email, ports))
    except (bus.Unavailable, bus.Refused, mail.Unavailable, AssociationUnknown) as error:
        later = await ports.messages.update(message.id, lambda state: messages.postponed(state, now))
        logger.warning("message.postponed", message=message.id, error=type(error).__name__, attempts=later.attempts)
    except (mail.Refused, NotAnAddress):
        await _unreachable(message.recipient, ports)
        by_hand = bool(written and written.recipient.phone)
        await ports.messages.update(message.id, lambda state: messages.refused(state, by_hand=by_hand))
        logger.warning("message.refused", message=message.id)
    else:
        await ports.messages.update(message.id, lambda state: messages.sent(state, now))
        await _if_overtaken(message, ports)


async def _not_by_mail(message: Message, written: Written, ports: Ports) -> None:
    """The address refuses mail since an earlier message: the desk, or failed where nothing but the address is known."""
    by_hand = written.recipient.phone is not None
    decide = messages.put_on_desk if by_hand else lambda state: messages.refused(state, by_hand=False)
    await ports.messages.update(message.id, decide)


def _mail(message: Message, written: Written, address: str, ports: Ports) -> EmailMessage:
    return as_mail(
        written.letter,
        sender=ports.post.sender,
        association=written.association.name,
        name=f"{written.recipient.first_name} {written.recipient.last_name}",
        address=address,
        message_id=message.id,
        now=ports.clock.now(),
    )


async def _unreachable(participant: str, ports: Ports) -> None:
    now = ports.clock.now()
    if await ports.contacts.find(participant) is None:
        try:
            await ports.contacts.add(Contact(id=participant))
        except Taken:
            logger.info("contact.known", participant=participant)
    await ports.contacts.update(participant, lambda state: contacts.unreachable(state, now))


async def _if_overtaken(message: Message, ports: Ports) -> None:
    """A proposal that ended while its mail was on the way: its recipient counts as asked, and hears of it."""
    if message.kind is not MessageKind.PROPOSAL:
        return
    duo = await ports.duos.find(message.about)
    if duo is not None and duo.status in {DuoStatus.DECLINED, DuoStatus.EXPIRED}:
        await withdraw(duo, ports)


async def nudge(duo_id: str, ports: Ports) -> None:
    """Remind a duo of this week's conversation, unless it talked enough already or is on a break; then wait for next week.

    Raises:
        AssociationUnknown: its time zone was not told yet.
    """
    known = await association(ports)
    now = ports.clock.now()
    duo = await ports.duos.find(duo_id)
    if duo is None or not duo.running:
        await ports.followed.update(duo_id, lambda state: weeks.rescheduled(state, None))
        return
    week = weeks.week_to_nudge(now, ports.rhythm, known.timezone)
    wanted = week is not None and duo.status is DuoStatus.CONFIRMED and not await takes_break(duo_id, ports)
    if week and wanted and not await commitment_met(duo_id, week, ports):
        await tell(
            MessageKind.NUDGE,
            [duo.newcomer, duo.volunteer],
            duo_id,
            f"nudge:{duo_id}:{week}",
            ports,
            week=week,
            lapses_at=weeks.log_closes(week, known.timezone),
        )
    following = weeks.next_nudge(now, ports.rhythm, known.timezone)
    await ports.followed.update(duo_id, lambda state: weeks.rescheduled(state, following))
