"""Everything of one participant on one line of time: duo, course, workshop, outing; what was, what comes, what they may take part in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from duolangue.chassis.store import Absent
from duolangue.contracts.facts.activities import EnrolmentStatus, Presence
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import LinkWanted
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.activity import PUBLIC, Activity, Status
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activities_shown, associations
from duolangue.sessions.usecases.activities_shown import Listed

MOST_TALKS: Final = 60
"""The latest conversations on one page."""
CALENDAR_DAYS: Final = 400
"""How long a calendar's address works; the page that shows it makes a new one."""


class Part(StrEnum):
    """What something on the line is."""

    TALK = "talk"
    MEETING = "meeting"
    HOSTED = "hosted"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was or comes."""

    at: datetime
    """In the association's time zone."""
    part: Part
    whole_day: bool = False
    """Only its day is known."""
    talk: Conversation | None = None
    partner: str = ""
    activity: Activity | None = None
    meeting: Meeting | None = None
    enrolment: Enrolment | None = None
    presence: Presence | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A participant's page."""

    association: str
    """Its name."""
    side: Role
    coming: list[Entry]
    """The next first."""
    past: list[Entry]
    """The latest first."""
    offers: list[tuple[Activity, Enrolment]]
    """Places that are kept for them and wait for a yes."""
    waiting: list[tuple[Activity, Enrolment]]
    open: list[Listed]
    """What they may enrol in."""
    proposed: list[Activity]
    """Their own workshops that are not announced yet."""
    refused: list[tuple[Activity, Enrolment]]
    """Where a coordinator found that it is not for them."""
    duos: list[Commitment]
    """Running ones."""


async def line(participant: str, ports: Ports, *, at_desk: bool = False) -> Line:
    """What concerns somebody.

    Raises:
        Absent: nobody who takes part is known by this id.
        AssociationUnknown: the association's facts have not come yet.
    """
    person = await somebody(participant, ports)
    association = await associations.known(ports)
    now = ports.clock.now()
    duos = await _duos(participant, ports)
    entries = await _talks(participant, duos, association.zone, ports)
    enrolments = await ports.enrolments.of_participant(participant)
    hosted = await ports.activities.hosted_by(participant)
    known = {each.id: each for each in await ports.activities.named({each.activity for each in enrolments})}
    paired = [(known[each.activity], each) for each in enrolments if each.activity in known]
    entries += await _meetings(participant, paired, ports)
    entries += await _given(participant, hosted, ports)
    taken = {each.activity for each in enrolments if each.open} | {each.id for each in hosted}
    return Line(
        association=association.name,
        side=person.side,
        coming=sorted((each for each in entries if _ends(each) > now), key=lambda each: each.at),
        past=sorted((each for each in entries if _ends(each) <= now), key=lambda each: each.at, reverse=True),
        offers=[pair for pair in paired if pair[1].status is EnrolmentStatus.OFFERED],
        waiting=[
            pair for pair in paired if pair[1].status is EnrolmentStatus.WAITING and pair[0].status is Status.PUBLISHED
        ],
        open=[
            each for each in await activities_shown.open_to_all(ports, begun=at_desk) if each.activity.id not in taken
        ],
        proposed=[each for each in hosted if each.status not in PUBLIC],
        refused=[pair for pair in paired if pair[1].refused_for is not None and pair[0].status is Status.PUBLISHED],
        duos=[each for each in duos if each.status is not CommitmentStatus.ENDED],
    )


async def somebody(participant: str, ports: Ports) -> Participant:
    """A participant who takes part.

    Raises:
        Absent: nobody who does is known by this id.
    """
    person = await ports.participants.find(participant)
    if person is None or not person.takes_part:
        raise Absent(f"participants {participant}")
    return person


async def calendar_entries(participant: str, ports: Ports) -> list[Entry]:
    """The meetings somebody has a place in or gives, cancelled ones among them, for a calendar that is subscribed to; none of who left."""
    person = await ports.participants.find(participant)
    if person is None or not person.takes_part:
        return []
    hosted = [each for each in await ports.activities.hosted_by(participant) if each.status in PUBLIC]
    theirs = {each.id for each in hosted}
    enrolments = [
        each
        for each in await ports.enrolments.of_participant(participant)
        if _was_confirmed(each) and each.activity not in theirs
    ]
    known = {each.id: each for each in await ports.activities.named({each.activity for each in enrolments})}
    pairs: list[tuple[Activity, Enrolment | None]] = [
        (known[each.activity], each) for each in enrolments if each.activity in known
    ]
    pairs += [(each, None) for each in hosted]
    return [
        Entry(meeting.local(activity.zone), Part.HOSTED if enrolment is None else Part.MEETING, activity=activity, meeting=meeting, enrolment=enrolment)
        for activity, enrolment in pairs
        for meeting in activity.meetings
    ]  # fmt: skip


async def calendar_address(participant: str, ports: Ports) -> str:
    """Where somebody's calendar is subscribed to: a link that registration signs. Empty where they cannot be found.

    Raises:
        Unavailable, Refused: registration is away, or says no.
    """
    until = ports.clock.now() + timedelta(days=CALENDAR_DAYS)
    return await _signed(participant, Purpose.CALENDAR, participant, until, ports)


async def log_address(participant: str, duo: str, ports: Ports) -> str:
    """Where somebody tells of this week's conversations with their partner, or takes a break: the message with it may not have come yet.

    Raises:
        Absent, NotInDuo: it is no duo of theirs, or they cannot be found.
        Unavailable, Refused: registration is away, or says no.
    """
    (await ports.commitments.get(duo)).side_of(participant)
    zone, now = (await associations.known(ports)).zone, ports.clock.now()
    week = weeks.week_of(weeks.day_at(now, zone))
    until = weeks.log_closes(week, zone)
    address = await _signed(participant, Purpose.LOG_CONVERSATION, duo, until, ports, week)
    if not address:
        raise Absent(f"participants {participant}")
    return address


async def _signed(
    participant: str, purpose: Purpose, entity: str, until: datetime, ports: Ports, scope: str = ""
) -> str:
    wanted = LinkWanted(person=participant, purpose=purpose, entity=entity, expires=until, scope=scope)
    found = await ports.directory.contacts(ports.association, [participant], [wanted])
    return found[participant].links.get(purpose, "") if participant in found else ""


async def first_names(activity: Activity, ports: Ports, *, but: str = "") -> list[str]:
    """Who has a place, by first name alone, where the activity shows that to those who have one."""
    if not activity.shows_names:
        return []
    people = [
        each.participant
        for each in await ports.enrolments.of_activity(activity.id)
        if each.status is EnrolmentStatus.CONFIRMED
    ]
    known = await associations.names([each for each in people if each != but], ports)
    return sorted(each.first_name for each in known.values())


def _was_confirmed(enrolment: Enrolment) -> bool:
    return enrolment.status in {EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED}


async def _duos(participant: str, ports: Ports) -> list[Commitment]:
    return [
        *await ports.commitments.select({"newcomer": {"$eq": participant}}),
        *await ports.commitments.select({"volunteer": {"$eq": participant}}),
    ]


async def _talks(participant: str, duos: list[Commitment], zone: ZoneInfo, ports: Ports) -> list[Entry]:
    """Conversations, by day. Of a duo that is over it is no longer said with whom."""
    if not duos:
        return []
    partners = {
        each.id: each.volunteer if each.newcomer == participant else each.newcomer
        for each in duos
        if each.status is not CommitmentStatus.ENDED
    }
    talks = await ports.conversations.select(
        {"duo": {"$in": [each.id for each in duos]}, "withdrawn": False}, sort=[("held_on", -1)], limit=MOST_TALKS
    )
    return [
        Entry(
            datetime.combine(each.held_on, time(), zone),
            Part.TALK,
            whole_day=True,
            talk=each,
            partner=partners.get(each.duo, ""),
        )
        for each in talks
    ]


async def _given(participant: str, hosted: list[Activity], ports: Ports) -> list[Entry]:
    """What they give, and what they gave before somebody else did; not what somebody else gave before them."""
    theirs = {(each.activity, each.meeting) for each in await ports.attendances.given_by(participant)}
    former = await ports.activities.named({activity for activity, _ in theirs} - {each.id for each in hosted})
    others = {
        (each.activity, each.meeting)
        for activity in hosted
        for each in await ports.attendances.of_activity(activity.id)
        if each.given_by not in {None, participant}
    }
    pairs = [(activity, each) for activity in hosted if activity.status in PUBLIC for each in activity.meetings]
    pairs = [(activity, each) for activity, each in pairs if (activity.id, each.id) not in others]
    pairs += [(activity, each) for activity in former for each in activity.meetings if (activity.id, each.id) in theirs]
    return [Entry(each.local(activity.zone), Part.HOSTED, activity=activity, meeting=each) for activity, each in pairs]


async def _meetings(participant: str, pairs: list[tuple[Activity, Enrolment]], ports: Ports) -> list[Entry]:
    """Those of which they have a place; of a place that was given up, those that were noted."""
    noted = {
        (each.activity, each.meeting): each.presence for each in await ports.attendances.of_participant(participant)
    }
    return [
        Entry(
            meeting.local(activity.zone),
            Part.MEETING,
            activity=activity,
            meeting=meeting,
            enrolment=enrolment,
            presence=noted.get((activity.id, meeting.id)),
        )
        for activity, enrolment in pairs
        for meeting in activity.meetings
        if enrolment.status is EnrolmentStatus.CONFIRMED or (activity.id, meeting.id) in noted
    ]


def _ends(entry: Entry) -> datetime:
    return entry.meeting.ends_at(entry.activity.zone) if entry.meeting and entry.activity else entry.at
