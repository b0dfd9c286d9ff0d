"""Attestations: issued by a coordinator, printed with the name as registration tells it then, confirmed to whoever holds one."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from duolangue.chassis.bus.requests import Refused, Unavailable
from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.store import Absent
from duolangue.contracts.facts.activities import ActivityKind, Presence
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import LinkWanted
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import attestation as attestations
from duolangue.sessions.domain.activity import PUBLIC, Activity
from duolangue.sessions.domain.attendance import Attendance
from duolangue.sessions.domain.attestation import Attestation, Hours
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations

GOOD_FOR: Final = timedelta(days=366 * attestations.MOST_YEARS)
"""How long the signed link on a paper works."""
RANDOM_BYTES: Final = 10


class NamesAway(RuleBroken):
    """Registration, which alone knows names, does not answer."""

    code = "names_away"
    status = 503


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is printed."""

    attestation: Attestation
    name: str
    association: str
    link: str
    """The signed link that confirms all of it; empty where registration signs none (somebody who left)."""


async def hours(participant: str, since: date, until: date, ports: Ports) -> Hours:
    """What somebody did between two days, both included."""
    duos = [each for side in Role for each in await ports.counting.formed.select({side.value: {"$eq": participant}})]
    talked = await ports.counting.sums.talked([each.id for each in duos], since, until) if duos else 0
    visited = await _visited(participant, since, until, ports)
    return attestations.hours(talked, visited, await _given(participant, since, until, ports))


async def issue(participant: str, since: date, until: date, by: str, ports: Ports) -> Attestation:
    """Issue one.

    Raises:
        Absent: no such participant.
        DaysOutOfOrder, NothingToAttest: the field's sentence.
    """
    await ports.counting.counted.get(participant)
    today = await associations.today(ports)
    attestations.between(since, until, today)
    found = await hours(participant, since, until, ports)
    number = attestations.number_of(today.year, secrets.token_bytes(RANDOM_BYTES))
    fresh = attestations.issue(number, participant, since, until, found, by, ports.clock.now(), today)
    return await ports.counting.attestations.add(fresh)


async def withdraw(number: str, ports: Ports) -> Attestation:
    """Take one back that was issued by mistake.

    Raises:
        Absent: there is none of this number.
    """
    now = ports.clock.now()
    return await ports.counting.attestations.update(number, lambda known: attestations.withdraw(known, now))


async def issued_to(participant: str, ports: Ports) -> list[Attestation]:
    """Somebody's, the latest first."""
    return await ports.counting.attestations.select({"participant": {"$eq": participant}}, sort=[("issued_at", -1)])


async def paper(number: str, ports: Ports) -> Paper:
    """All that is printed of one, with the name as registration tells it now; it is kept nowhere.

    Raises:
        Absent: there is none of this number, or whoever held it was erased.
        NamesAway: registration does not answer.
    """
    known = await ports.counting.attestations.get(number)
    if not known.participant:
        raise Absent(f"attestation {number}")
    association = await associations.known(ports)
    person = (await ports.directory.people(ports.association, [known.participant]))[known.participant]
    if not person.last_name and person.first_name.startswith("#"):
        raise NamesAway("The name cannot be read at the moment. Please try again in a minute.")
    name = f"{person.first_name} {person.last_name}".strip()
    wanted = LinkWanted(
        person=known.participant,
        purpose=Purpose.CONFIRM_ATTESTATION,
        entity=known.id,
        expires=known.issued_at + GOOD_FOR,
        scope=known.seal(name),
    )
    try:
        contacts = await ports.directory.contacts(ports.association, [known.participant], [wanted])
    except (Unavailable, Refused) as error:
        raise NamesAway("The name cannot be read at the moment. Please try again in a minute.") from error
    contact = contacts.get(known.participant)
    link = contact.links.get(Purpose.CONFIRM_ATTESTATION, "") if contact else ""
    return Paper(known, name, association.name, link)


async def find(number: str, ports: Ports) -> Attestation | None:
    """The one of a number as somebody typed it, or none."""
    typed = attestations.as_typed(number)
    return await ports.counting.attestations.find(typed) if typed else None


async def _visited(participant: str, since: date, until: date, ports: Ports) -> dict[ActivityKind, int]:
    """Minutes of the meetings they came to that are over, by kind: who comes may be noted before a meeting begins."""
    now, today = ports.clock.now(), await associations.today(ports)
    minutes = Counter(await ports.counting.sums.visited(participant, since, until))
    latest = [
        each
        for each in await ports.attendances.of_participant(participant)
        if each.presence is Presence.PRESENT and max(since, today - timedelta(days=1)) <= each.held_on <= until
    ]
    known = {each.id: each for each in await ports.activities.named({each.activity for each in latest})}
    for each in latest:
        if not _over(each, known.get(each.activity), now, today):
            minutes[each.kind] -= each.minutes
    return dict(minutes)


async def _given(participant: str, since: date, until: date, ports: Ports) -> int:
    """Minutes of the meetings they gave that are over and to which somebody is noted to have come, whoever gives the rest of it now."""
    theirs = [
        each
        for each in await ports.attendances.given_by(participant)
        if each.presence is Presence.PRESENT and since <= each.held_on <= until
    ]
    now, today = ports.clock.now(), await associations.today(ports)
    known = {each.id: each for each in await ports.activities.named({each.activity for each in theirs})}
    visited = {
        (each.activity, each.meeting): each.minutes
        for each in theirs
        if _over(each, known.get(each.activity), now, today)
    }
    return sum(visited.values()) + await _given_before(participant, since, until, now, ports)


def _over(noted: Attendance, activity: Activity | None, now: datetime, today: date) -> bool:
    """Whether the meeting is over at which somebody was noted, who may be noted as they arrive; one taken out of the plan is after its day."""
    meeting = activity.meeting(noted.meeting) if activity else None
    return meeting.ends_at(activity.zone) <= now if activity and meeting else noted.held_on < today


async def _given_before(participant: str, since: date, until: date, now: datetime, ports: Ports) -> int:
    """The same of what was noted before it was kept who gave a meeting: it counts for whoever gives the activity, once."""
    minutes = 0
    for activity in await ports.activities.hosted_by(participant):
        days = [each for each in activity.meetings if since <= each.day <= until and each.ends_at(activity.zone) <= now]
        if days and activity.status in PUBLIC:
            noted = await ports.attendances.of_activity(activity.id)
            came = [each for each in noted if each.presence is Presence.PRESENT]
            kept = {each.meeting for each in came if each.given_by is not None}
            visited = {each.meeting for each in came} - kept
            minutes += sum(each.minutes for each in days if each.id in visited)
    return minutes


def usual_days(today: date) -> tuple[date, date]:
    """The days proposed at first: the twelve months up to today."""
    return today - timedelta(days=365), today
