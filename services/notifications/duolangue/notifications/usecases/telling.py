"""What facts mean here. An effect first looks at how things stand now: facts may come twice, late or in another order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from duolangue.chassis.store import Taken
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.vocabulary import Role
from duolangue.notifications.domain import contact, message, wanted, weeks
from duolangue.notifications.domain.message import OPEN, TOLD, Message
from duolangue.notifications.domain.told import Association, Conversation, Duo, LastQuestion, Participant
from duolangue.notifications.domain.weeks import FollowedDuo
from duolangue.notifications.ports import Ports
from duolangue.notifications.usecases.writing import NEXT_STEP_DAYS, association, makes_sense


async def know_association(state: Association, version: int, ports: Ports) -> None:
    """An association's name, language, time zone and commitment."""
    await ports.associations.apply(state, version)


async def know_participant(state: Participant, version: int, ports: Ports) -> None:
    """Whether somebody is still there; nothing more is told to who is not."""
    await ports.participants.apply(state, version)
    present = await ports.participants.find(state.id)
    if present is not None and present.gone:
        await drop_senseless({"recipient": state.id}, ports)


async def know_duo(state: Duo, version: int, ports: Ports) -> Duo:
    """How a duo stands; what it makes pointless is dropped. Returns how it stands now, which may be newer."""
    await ports.duos.apply(state, version)
    present = await ports.duos.find(state.id) or state
    await drop_senseless({"about": state.id}, ports)
    return present


async def know_conversation(state: Conversation, version: int, ports: Ports) -> None:
    """A duo talked: counted towards the week's commitment."""
    await ports.conversations.apply(state, version)
    await drop_senseless({"about": state.duo, "kind": MessageKind.NUDGE.value}, ports)


async def reach_again(participant: str, ports: Ports) -> None:
    """What somebody told has changed, perhaps the address too: mail is tried again."""
    if await ports.contacts.find(participant) is not None:
        await ports.contacts.update(participant, contact.worth_another_try)


async def welcome(participant: str, event_id: str, ports: Ports) -> None:
    """Tell a new participant what comes now."""
    present = await ports.participants.find(participant)
    if present is not None and not present.gone:
        await tell(MessageKind.WELCOME, [participant], participant, event_id, ports)


async def propose(duo: Duo, ports: Ports) -> None:
    """Ask whose turn it is: each of the two once, whichever fact says so."""
    await tell(MessageKind.PROPOSAL, wanted.proposal_to(duo), duo.id, f"proposal:{duo.id}", ports)


async def remind(duo: Duo, silent: Collection[Role], ports: Ports) -> None:
    """Remind who was asked and has not answered: each once."""
    await tell(MessageKind.REMINDER, wanted.reminder_to(duo, silent), duo.id, f"reminder:{duo.id}", ports)


async def know_question(state: LastQuestion, version: int, ports: Ports) -> LastQuestion:
    """How a last question stands. Returns how it stands now, which may be newer."""
    await ports.questions.apply(state, version)
    present = await ports.questions.find(state.id) or state
    await drop_senseless({"about": state.id}, ports)
    return present


async def put_question(question: LastQuestion, ports: Ports) -> None:
    """Ask somebody who stayed silent twice whether they still want to take part."""
    if question.open:
        recipients = [question.participant]
        await tell(MessageKind.LAST_QUESTION, recipients, question.id, f"question:{question.id}", ports)


async def confirm(duo: Duo, event_id: str, ports: Ports) -> None:
    """Tell both how to reach each other."""
    await tell(MessageKind.CONFIRMATION, wanted.confirmation_to(duo), duo.id, event_id, ports)


async def withdraw(duo: Duo, ports: Ports) -> None:
    """Tell who was really asked that a proposal does not go on: each once, whether its end was heard of before their message left or after."""
    proposals = await ports.messages.select({"about": duo.id, "kind": MessageKind.PROPOSAL.value})
    asked = {each.recipient for each in proposals if each.status in TOLD}
    await tell(MessageKind.WITHDRAWN, wanted.withdrawal_to(duo, asked), duo.id, f"withdrawn:{duo.id}", ports)


async def end(duo: Duo, event_id: str, ports: Ports) -> None:
    """Tell both that their duo is over, in neutral words."""
    await tell(MessageKind.ENDED, wanted.ending_to(duo), duo.id, event_id, ports)


async def ask_next_step(duo_id: str, term: int, ports: Ports) -> None:
    """Ask both whether they go on, once for each term: the answer is worth nothing after a while."""
    duo = await ports.duos.find(duo_id)
    if duo is not None:
        lapses_at = ports.clock.now() + timedelta(days=NEXT_STEP_DAYS)
        recipients = wanted.next_step_to(duo)
        await tell(MessageKind.NEXT_STEP, recipients, duo_id, f"term:{duo_id}:{term}", ports, lapses_at=lapses_at)


async def follow(duo: Duo, ports: Ports) -> None:
    """Remind a running duo once a week from now on.

    Raises:
        AssociationUnknown: its time zone was not told yet.
    """
    if not duo.running or await ports.followed.find(duo.id) is not None:
        return
    known = await association(ports)
    first = weeks.next_nudge(ports.clock.now(), ports.rhythm, known.timezone)
    await ports.followed.add(FollowedDuo(id=duo.id, nudge_at=first, promised=known.commitment_minutes))


async def tell(
    kind: MessageKind,
    recipients: Iterable[str],
    about: str,
    occasion: str,
    ports: Ports,
    *,
    week: str | None = None,
    milestone: Milestone | None = None,
    lapses_at: datetime | None = None,
) -> None:
    """Make the messages of one occasion (an event's id, or a duo's week), one for each recipient, once."""
    now = ports.clock.now()
    for recipient in recipients:
        made = Message(
            id=message.message_id(ports.association, occasion, recipient, kind),
            kind=kind,
            recipient=recipient,
            about=about,
            week=week,
            milestone=milestone,
            made_at=now,
            due_at=now,
            lapses_at=lapses_at,
        )
        if await ports.messages.find(made.id) is None:
            try:
                await ports.messages.add(made)
            except Taken:
                continue  # another replica was faster


async def drop_senseless(where: dict[str, str], ports: Ports) -> None:
    """Drop what is not told yet and makes no sense any more."""
    still_open = {"status": {"$in": [status.value for status in sorted(OPEN)]}}
    for each in await ports.messages.select({**where, **still_open}):
        if not await makes_sense(each, ports):
            await ports.messages.update(each.id, message.dropped)
