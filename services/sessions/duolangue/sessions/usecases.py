"""All that sessions does, one function each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.store import Taken
from duolangue.contracts.requests import Concern, Figure, Person
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import commitment as commitments
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain import overview, weeks
from duolangue.sessions.domain.association import Association
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, DuoOver, Step
from duolangue.sessions.domain.conversation import Conversation, Telling, TooMany
from duolangue.sessions.domain.overview import DuoOverview, MediumTotals, Totals
from duolangue.sessions.ports import Ports


class AssociationUnknown(RuleBroken):
    """Registration's fact about the association has not come yet; it will."""

    code = "association_unknown"
    status = 503


@dataclass(frozen=True, slots=True)
class DuoHeard:
    """What matching told of a running duo."""

    duo: str
    newcomer: str
    volunteer: str
    confirmed_at: datetime | None
    step: Step


@dataclass(frozen=True, slots=True)
class LogLink:
    """A log link as its person opened it."""

    duo: str
    person: str
    week: str


@dataclass(frozen=True, slots=True)
class LogForm:
    """What may be logged with a link, and what has been."""

    association: str
    """Its name."""
    partner: str
    """The participant on the other side."""
    week: str
    days: list[date]
    """Those of the week that are not to come."""
    chosen: date | None
    promised: int
    logged: list[Conversation]

    @property
    def minutes(self) -> int:
        """What the duo talked that week, as known now."""
        return sum(conversation.minutes for conversation in self.logged)


async def learn_association(association: Association, version: int, ports: Ports) -> None:
    """Keep what registration tells of the association."""
    await ports.associations.apply(association, version)


async def follow_duo(heard: DuoHeard, ports: Ports) -> None:
    """Take what matching tells of a duo into its commitment, in whatever order it arrives.

    Raises:
        AssociationUnknown: the association's time zone is not known yet; trying again helps.
    """
    association = await _association(ports)
    known = await ports.commitments.find(heard.duo)
    if known is None:
        if heard.confirmed_at is None and heard.step.status is CommitmentStatus.ENDED:
            return
        await ports.commitments.add(
            commitments.follow(
                heard.duo,
                newcomer=heard.newcomer,
                volunteer=heard.volunteer,
                since=heard.confirmed_at or heard.step.at,
                promised=association.commitment_minutes,
                step=heard.step,
                zone=association.zone,
            )
        )
    await ports.commitments.update(heard.duo, lambda now: commitments.take(now, heard.step, association.zone))


async def check_commitment(duo: str, ports: Ports) -> None:
    """Judge a duo's weeks that are over since the last look.

    Raises:
        AssociationUnknown: its time zone is not known.
    """
    zone = (await _association(ports)).zone
    minutes = (await ports.tally.weeks(duo)).get(duo, {})
    now = ports.clock.now()
    await ports.commitments.update(duo, lambda commitment: commitments.check(commitment, minutes, zone, now))


async def open_log(link: LogLink, ports: Ports) -> LogForm:
    """What a log link shows.

    Raises:
        Absent, NotInDuo, DuoOver, NoSuchWeek: the link's sentence.
        DayOutOfBounds: its week is still to come.
    """
    association = await _association(ports)
    commitment, side = await _running(link, ports)
    today = weeks.day_at(ports.clock.now(), association.zone)
    days, chosen = conversations.offered_days(weeks.days_of(link.week), today)
    if chosen is None:
        conversations.day_within(weeks.monday_of(link.week), today, link.week)
    logged = await ports.conversations.select(
        {"duo": link.duo, "week": link.week, "withdrawn": False}, sort=[("held_on", 1), ("logged_at", 1)]
    )
    partner = commitment.volunteer if side is Role.NEWCOMER else commitment.newcomer
    return LogForm(association.name, partner, link.week, days, chosen, commitment.promised, logged)


async def log_by_link(
    link: LogLink, ports: Ports, *, held_on: date, minutes: int, medium: Medium, key: str
) -> Conversation:
    """Log a conversation as one side tells it. The same form again (its `key`) gives what it logged the first time.

    Raises:
        Absent, NotInDuo, DuoOver, DayOutOfBounds, MinutesOutOfBounds, TooMany: the link's sentence, or the field's.
    """
    association = await _association(ports)
    _, side = await _running(link, ports)
    now = ports.clock.now()
    conversations.day_within(held_on, weeks.day_at(now, association.zone), link.week)
    telling = conversations.telling(side, minutes, key, now)
    for number in range(1, conversations.MOST_A_DAY + 1):
        conversation_id = conversations.shared_id(link.duo, held_on, medium, number)
        conversation = await _tell(conversation_id, link.duo, held_on, medium, telling, ports)
        if conversation.told_with(key):
            return conversation
    raise TooMany("That is more than fits in a day. Has it been logged already?", field="held_on")


async def log_by_desk(duo: str, ports: Ports, *, held_on: date, minutes: int, medium: Medium, key: str) -> Conversation:
    """Log a conversation a coordinator heard of. The same `key` gives what it logged the first time.

    Raises:
        Absent: no such duo was ever confirmed.
        DayOutOfBounds, MinutesOutOfBounds: the field's sentence.
    """
    association = await _association(ports)
    commitment = await ports.commitments.get(duo)
    now, ended_at = ports.clock.now(), commitment.ended_at
    ended_on = weeks.day_at(ended_at, association.zone) if ended_at else None
    conversations.day_for_desk(held_on, weeks.day_at(now, association.zone), ended_on)
    telling = conversations.telling(None, minutes, key, now)
    return await _tell(conversations.coordinators_id(duo, key), duo, held_on, medium, telling, ports)


async def withdraw(conversation: str, ports: Ports) -> Conversation:
    """Take a conversation back: it counts nowhere from now on.

    Raises:
        Absent: there is no such conversation.
    """
    return await ports.conversations.update(conversation, conversations.withdraw)


async def duo(duo_id: str, ports: Ports) -> DuoOverview:
    """How one duo is doing.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    association = await _association(ports)
    commitment = await ports.commitments.get(duo_id)
    minutes = await ports.tally.weeks(duo_id)
    return overview.overview(commitment, minutes.get(duo_id, {}), association.zone, ports.clock.now())


async def duos(ports: Ports) -> list[DuoOverview]:
    """How all duos are doing, ended ones included; the oldest first."""
    association = await _association(ports)
    known = await ports.commitments.select(sort=[("since", 1), ("id", 1)])
    minutes, now = await ports.tally.weeks(), ports.clock.now()
    return [overview.overview(each, minutes.get(each.id, {}), association.zone, now) for each in known]


async def concerns(ports: Ports) -> list[Figure]:
    """What waits for a coordinator: duos to call. None of an association whose facts have not come yet."""
    if await ports.associations.find(ports.association) is None:
        return []
    return [
        Figure(concern=Concern.TO_CALL, count=len(overview.by_urgency(await duos(ports))), path="/sessions#to-call")
    ]


async def totals(since: date | None, until: date | None, ports: Ports) -> Totals:
    """The association's figures between two days, both included; none is no bound."""
    association = await _association(ports)
    talked, by_medium = await ports.tally.period(since, until)
    told = await ports.commitments.select({"missed": {"$ne": []}})
    below = overview.with_missed_week(
        told,
        await ports.tally.weeks(),
        association.zone,
        *(weeks.week_of(day) for day in (since or date.min, until or date.max)),
    )
    each = {medium: by_medium.get(medium, MediumTotals()) for medium in Medium}
    return Totals(
        conversations=sum(part.conversations for part in each.values()),
        minutes=sum(part.minutes for part in each.values()),
        duos=talked,
        below_commitment=below,
        by_medium=each,
    )


async def conversations_of(duo_id: str, ports: Ports) -> list[Conversation]:
    """A duo's conversations, the latest first, without those taken back.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    await ports.commitments.get(duo_id)
    return await ports.conversations.select(
        {"duo": duo_id, "withdrawn": False}, sort=[("held_on", -1), ("logged_at", -1)]
    )


async def names(people: list[str], ports: Ports) -> dict[str, Person]:
    """Who people are; a short code for a name when registration is away."""
    return await ports.directory.people(ports.association, people)


async def today(ports: Ports) -> date:
    """The day it is for the association."""
    return weeks.day_at(ports.clock.now(), (await _association(ports)).zone)


async def _association(ports: Ports) -> Association:
    association = await ports.associations.find(ports.association)
    if association is None:
        raise AssociationUnknown("Your association is being set up. Please try again in a minute.")
    return association


async def _running(link: LogLink, ports: Ports) -> tuple[Commitment, Role]:
    commitment = await ports.commitments.get(link.duo)
    side = commitment.side_of(link.person)
    if commitment.status is CommitmentStatus.ENDED:
        raise DuoOver(
            "This duo has come to its end: nothing needs to be logged any more. Thank you for your time together."
        )
    return commitment, side


async def _tell(
    conversation_id: str, duo_id: str, held_on: date, medium: Medium, telling: Telling, ports: Ports
) -> Conversation:
    """Add the telling to the conversation of this id, or begin it; whoever else tells at the same moment."""
    if await ports.conversations.find(conversation_id) is None:
        begun = conversations.told(conversation_id, duo_id, held_on, medium, telling)
        try:
            return await ports.conversations.add(begun.state, *begun.facts)
        except Taken:
            pass
    return await ports.conversations.update(
        conversation_id, lambda conversation: conversations.told_again(conversation, telling)
    )
