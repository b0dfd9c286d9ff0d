"""A message's words, made when they are needed: names, addresses and links are asked of registration and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from duolangue.chassis import bus
from duolangue.chassis.web import spoken
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Contact as Reachable
from duolangue.contracts.requests import LinkWanted
from duolangue.contracts.vocabulary import Role
from duolangue.notifications.domain import commitments, gatherings, wanted, weeks
from duolangue.notifications.domain.message import Message
from duolangue.notifications.domain.told import Association, Duo, Participant
from duolangue.notifications.ports import Ports
from duolangue.notifications.usecases.writing_gatherings import activity_of, links, programme
from duolangue.notifications.writing import Glimpse, Letter, Occasion, Reach, compose
from duolangue.notifications.writing.mail import one_line

ANSWER_DAYS: Final = 90
"""Longer than any association waits for an answer. The proposal's own state decides; its link only must not outlive all sense."""
PROBLEM_DAYS: Final = 60
NEXT_STEP_DAYS: Final = 30
"""How long it is of use to ask whether a duo goes on."""
WITH_PARTNER: Final = frozenset(
    {
        MessageKind.PROPOSAL, MessageKind.REMINDER, MessageKind.CONFIRMATION, MessageKind.NUDGE, MessageKind.NEXT_STEP,
        MessageKind.BREAK, MessageKind.BREAK_OVER, MessageKind.MILESTONE,
    }
)  # fmt: skip
WITHOUT_DUO: Final = commitments.KINDS | {MessageKind.WELCOME, MessageKind.LAST_QUESTION}
ABOUT_ONESELF: Final = gatherings.KINDS | commitments.KINDS | {MessageKind.LAST_QUESTION}
"""Messages in which a problem is told of the recipient's own part, not of a duo."""


class AssociationUnknown(Exception):
    """Registration's fact about this association has not arrived yet; later it will have."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message with its words, and how its recipient is reached."""

    letter: Letter
    recipient: Reachable
    association: Association


async def association(ports: Ports) -> Association:
    """The association, as registration told it.

    Raises:
        AssociationUnknown: it has not yet.
    """
    known = await ports.associations.find(ports.association)
    if known is None:
        raise AssociationUnknown(ports.association)
    return known


async def makes_sense(message: Message, ports: Ports) -> bool:
    """Whether the recipient still needs this message, as things stand now."""
    if message.lapses_at is not None and ports.clock.now() >= message.lapses_at:
        return False
    recipient = await ports.participants.find(message.recipient)
    if message.kind in gatherings.KINDS:
        gone = recipient is not None and recipient.gone
        place, gathering = await ports.places.find(message.about), await ports.gatherings.find(message.about)
        return not gone and gatherings.still_wanted(message.kind, message.recipient, place, gathering)
    if message.kind in commitments.KINDS:
        gone = recipient is None or recipient.gone
        return not gone and commitments.still_asked(message.kind, await ports.three_questions.find(message.about))
    duo = None if message.kind in WITHOUT_DUO else await ports.duos.find(message.about)
    resting = message.kind in commitments.WHILE_RESTING and await takes_break(message.about, ports)
    question = await ports.questions.find(message.about) if message.kind is MessageKind.LAST_QUESTION else None
    met = message.kind is MessageKind.NUDGE and await commitment_met(message.about, message.week or "", ports)
    return wanted.still_wanted(message, recipient, duo, commitment_met=met, resting=resting, question=question)


async def takes_break(duo: str, ports: Ports) -> bool:
    """Whether a duo takes a break today."""
    rest = await ports.rests.find(duo)
    if rest is None or rest.until is None:
        return False
    return rest.on(ports.clock.now().astimezone(ZoneInfo((await association(ports)).timezone)).date())


async def commitment_met(duo: str, week: str, ports: Ports) -> bool:
    """Whether a duo has talked enough in a week already."""
    held, followed = await ports.conversations.select({"duo": duo, "week": week}), await ports.followed.find(duo)
    promised = followed.promised if followed else None
    return sum(each.minutes for each in held) >= (promised or (await association(ports)).commitment_minutes)


async def write(message: Message, ports: Ports) -> Written | None:
    """The message's words in the recipient's language, or none when registration knows no such person any more.

    Raises:
        bus.Unavailable: registration is away, or does not know the partner (yet).
        bus.Refused: registration says no.
        AssociationUnknown: the association was not told yet.
    """
    known = await association(ports)
    about = message.kind in gatherings.KINDS
    activity = await activity_of(message, ports) if about else ""
    duo = None if message.kind in WITHOUT_DUO or about else await ports.duos.find(message.about)
    partner = duo.partner(message.recipient) if duo and message.kind in WITH_PARTNER else None
    ids = [message.recipient]
    if partner and message.kind is MessageKind.CONFIRMATION:
        ids.append(partner)
    wanted_links = _links(message, known, ports)
    if about:
        wanted_links += links(message, activity, ports.clock.now())
    found = await ports.directory.contacts(ports.association, ids, wanted_links)
    recipient = found.get(message.recipient)
    if recipient is None:
        return None
    other: Glimpse | Reach | None = None
    if partner and message.kind is MessageKind.CONFIRMATION:
        other = _reach(found.get(partner), partner)
    elif partner:
        other = await _glimpse(partner, ports)
    person = await ports.participants.find(message.recipient)
    language = spoken(recipient.language, known.language)
    told = await programme(message, activity, language, ports) if about else None
    if about and told is None:
        return None
    rest = await ports.rests.find(message.about) if message.kind is MessageKind.BREAK else None
    occasion = Occasion(
        kind=message.kind,
        language=language,
        association=one_line(known.name),
        first_name=one_line(recipient.first_name),
        role=_role(message, duo, person),
        links=recipient.links,
        partner=other,
        interests=duo.shared_interests if duo else (),
        slot=next(iter(duo.shared_slots), None) if duo else None,
        minutes=known.commitment_minutes,
        runs_a_duo=bool(person and person.runs_a_duo),
        programme=told,
        until=rest.until if rest else None,
        milestone=message.milestone,
    )
    return Written(compose(occasion), recipient, known)


def _role(message: Message, duo: Duo | None, person: Participant | None) -> Role | None:
    if duo is not None:
        return duo.side(message.recipient)
    return person.roles[0] if person and len(person.roles) == 1 else None


def _links(message: Message, known: Association, ports: Ports) -> list[LinkWanted]:
    now = ports.clock.now()
    problem = LinkWanted(
        person=message.recipient,
        purpose=Purpose.REPORT_PROBLEM,
        entity=message.recipient if message.kind in ABOUT_ONESELF else message.about,
        expires=now + timedelta(days=PROBLEM_DAYS),
    )
    wanted_links = [problem]
    if message.kind is MessageKind.LAST_QUESTION:
        still = {"purpose": Purpose.STILL_TAKING_PART, "entity": message.about}
        wanted_links.append(problem.model_copy(update=still))
    elif message.kind in {MessageKind.PROPOSAL, MessageKind.REMINDER}:
        until = now + timedelta(days=ANSWER_DAYS)
        wanted_links.append(problem.model_copy(update={"purpose": Purpose.ANSWER_PROPOSAL, "expires": until}))
    elif message.kind is MessageKind.NEXT_STEP:
        until = now + timedelta(days=NEXT_STEP_DAYS)
        wanted_links.append(problem.model_copy(update={"purpose": Purpose.NEXT_STEP, "expires": until}))
    elif message.kind in commitments.KINDS:
        wanted_links.append(problem.model_copy(update={"purpose": Purpose.THREE_QUESTIONS}))
    elif message.kind in {MessageKind.CONFIRMATION, MessageKind.NUDGE, MessageKind.BREAK_OVER}:
        week = message.week or weeks.week_of(now, known.timezone)
        log = {
            "purpose": Purpose.LOG_CONVERSATION,
            "expires": weeks.log_closes(week, known.timezone),
            "scope": week,
        }
        wanted_links.append(problem.model_copy(update=log))
    return wanted_links


async def _glimpse(partner: str, ports: Ports) -> Glimpse:
    person = (await ports.directory.people(ports.association, [partner]))[partner]
    if person.first_name.startswith("#"):  # the directory's short code for who is not known
        raise bus.Unavailable(f"no name is known for {partner}")
    return Glimpse(one_line(person.first_name), person.age_band, one_line(person.municipality))


def _reach(contact: Reachable | None, partner: str) -> Reach:
    if contact is None:
        raise bus.Unavailable(f"no contact is known for {partner}")
    return Reach(one_line(contact.first_name), contact.phone, contact.email)
