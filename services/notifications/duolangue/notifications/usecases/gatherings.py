"""What facts about activities mean: who is told of a place, an offer, a reminder, a change."""

from __future__ import annotations

from datetime import datetime

from duolangue.contracts.facts.activities import ActivityStatus, EnrolmentStatus
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.notifications.domain.gatherings import Gathering, Place, following, still_wanted
from duolangue.notifications.ports import Ports
from duolangue.notifications.usecases.telling import drop_senseless, tell

BY_STATUS = {
    EnrolmentStatus.CONFIRMED: MessageKind.PLACE,
    EnrolmentStatus.WAITING: MessageKind.WAITING_LIST,
    EnrolmentStatus.OFFERED: MessageKind.PLACE_OFFERED,
    EnrolmentStatus.CANCELLED: MessageKind.PLACE_CANCELLED,
}
"""What is told when an enrolment comes to stand so; nothing where an offer was let go by."""


async def know_gathering(told: Gathering, event_id: str, version: int, ports: Ports) -> Gathering:
    """How an activity stands. Returns how it stands now, which may be newer."""
    state = following(await ports.gatherings.find(told.id), told, event_id)
    await ports.gatherings.apply(state, version)
    present = await ports.gatherings.find(state.id) or state
    await drop_senseless({"about": state.id}, ports)
    return present


async def know_place(state: Place, version: int, ports: Ports) -> Place:
    """How somebody's place stands; what it makes pointless is dropped. Returns how it stands now, which may be newer."""
    await ports.places.apply(state, version)
    present = await ports.places.find(state.id) or state
    await drop_senseless({"about": state.id}, ports)
    return present


class PlaceUnknown(LookupError):
    """The fact about somebody's place has not come yet; it will."""


async def known_place(enrolment: str, ports: Ports) -> Place:
    """Somebody's place, for a fact that speaks of it.

    Raises:
        PlaceUnknown: its own fact has not come yet; trying again helps.
    """
    found = await ports.places.find(enrolment)
    if found is None:
        raise PlaceUnknown(enrolment)
    return found


async def tell_standing(
    place: Place, status: EnrolmentStatus, event_id: str, ports: Ports, *, until: datetime | None = None
) -> None:
    """Tell somebody that they have a place, wait, may have one, or have none any more; as long as it is so."""
    kind = BY_STATUS.get(status)
    if kind is not None:
        await tell_of_place(kind, place, event_id, ports, until=until)


async def tell_of_place(
    kind: MessageKind, place: Place, event_id: str, ports: Ports, *, until: datetime | None = None
) -> None:
    """A message about somebody's place, once for each fact; pointless from `until` on, or once the activity is over."""
    if still_wanted(kind, place.participant, place, None):
        await tell(
            kind, [place.participant], place.id, event_id, ports, lapses_at=until or await _ends(place.activity, ports)
        )


async def tell_host(
    kind: MessageKind, gathering: Gathering, event_id: str, ports: Ports, *, until: datetime | None = None
) -> None:
    """A message to whoever gives an activity, where a participant does."""
    if gathering.host is not None and still_wanted(kind, gathering.host, None, gathering):
        await tell(kind, [gathering.host], gathering.id, event_id, ports, lapses_at=until or gathering.ends_at)


async def tell_teacher(place: Place, event_id: str, ports: Ports) -> None:
    """Whoever teaches an hour that is near hears at once that it was booked, or that nobody comes."""
    hour = await ports.gatherings.find(place.activity)
    if hour is None or not hour.near(ports.clock.now()):
        return
    if place.status is EnrolmentStatus.CONFIRMED:
        await tell_host(MessageKind.HOSTING_REMINDER, hour, event_id, ports)
    elif place.status is EnrolmentStatus.CANCELLED:
        over = hour.status is ActivityStatus.CANCELLED
        await tell_host(MessageKind.HOSTING_CANCELLED if over else MessageKind.HOUR_FREE, hour, event_id, ports)


async def _ends(activity: str, ports: Ports) -> datetime | None:
    known = await ports.gatherings.find(activity)
    return known.ends_at if known else None
