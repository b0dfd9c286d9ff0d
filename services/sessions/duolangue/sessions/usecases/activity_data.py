"""What activities keep about one participant: told to them when they ask, reduced when they are erased."""

from __future__ import annotations

from functools import partial

from duolangue.sessions.domain import attendance, giving
from duolangue.sessions.domain import enrolment as enrolments
from duolangue.sessions.domain.activity import PREPARED, Activity, Status
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import hosting
from duolangue.sessions.usecases.activities import tend
from duolangue.sessions.usecases.enrolments import settle

Row = dict[str, str | int | bool | None]


async def tables(participant: str, ports: Ports) -> dict[str, list[Row]]:
    """What somebody took part in, gave, and came to. Nobody else is named.

    What they answered about whom an activity is for is not among it, as the reply goes by the bus: it stands on their own page of it.
    """
    places = await ports.enrolments.of_participant(participant)
    given = await ports.activities.hosted_by(participant)
    titles = {each.id: each.title for each in await ports.activities.named({each.activity for each in places})}
    return {
        "enrolments": [
            Row(
                activity=titles.get(each.activity, ""),
                status=each.status.value,
                since=each.asked_at.isoformat(),
                answers_on_its_page=len(each.answers) + int(each.refused_for is not None),
            )
            for each in places
        ],
        "attendance": [
            Row(activity=titles.get(each.activity, ""), held_on=each.held_on.isoformat(), presence=each.presence.value)
            for each in await ports.attendances.of_participant(participant)
        ],
        "activities_given": [
            Row(title=each.title, text=each.text, wishes=each.wishes, status=each.status.value) for each in given
        ],
    }


async def erase(participant: str, ports: Ports) -> None:
    """Places and attendance stay for the figures, under an id that leads to nobody. Answers to questions of eligibility are gone, and of
    what they gave that it was theirs, with their own words where nobody needs them any more.
    """
    now, counted = ports.clock.now(), await ports.counting.counted.find(participant)
    key = counted.key if counted else ""
    for enrolment in await ports.enrolments.of_participant(participant):
        over = (await ports.activities.get(enrolment.activity)).over(now)
        await ports.enrolments.update(enrolment.id, partial(enrolments.erased, now=now, over=over))
        await settle(enrolment.id, ports)
    for visit in await ports.attendances.given_by(participant):
        await ports.attendances.update(visit.id, partial(attendance.given, host=key))
    for activity in await ports.activities.hosted_by(participant):
        if hosting.cannot_be(activity, now):
            await ports.activities.update(activity.id, partial(giving.cancel_without_host, counted=key, now=now))
            await tend(activity.id, ports)
            continue
        if not await ports.activities.forget(activity.id, _own_proposal):
            needed = activity.status is Status.PUBLISHED
            await ports.activities.update(activity.id, partial(giving.without_host, words=not needed, counted=key))


def _own_proposal(activity: Activity) -> bool:
    """What the association began somebody else will give."""
    return activity.status in PREPARED and (activity.proposed or not activity.coordinator)
