"""What facts about activities mean: who is told of a place, an offer, a reminder, a change."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from duolangue.contracts.facts.activities import ActivityStatus, EnrolmentStatus
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.notifications.domain import message
from duolangue.notifications.domain.gatherings import EXPECTING, Gathering, Place, following, still_wanted
from duolangue.notifications.domain.message import TOLD
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


async def tell_new_host(gathering: Gathering, event_id: str, ports: Ports) -> None:
    """Whoever gives an activity from now on hears that they do, and whoever was to give it that they need not."""
    before = gathering.host_before
    former = await ports.participants.find(before) if before else None
    if former is not None and former.merged_into is not None and former.merged_into == gathering.host:
        earlier = await ports.messages.select({"about": gathering.id, "kind": MessageKind.HOSTING.value})
        if any(each.status in TOLD for each in earlier):
            return  # two records were one person, who knows
    await tell_host(MessageKind.HOSTING, gathering, event_id, ports)
    if before is not None and still_wanted(MessageKind.HOSTING_OVER, before, None, gathering):
        await tell(MessageKind.HOSTING_OVER, [before], gathering.id, event_id, ports, lapses_at=gathering.ends_at)


async def tell_host_of_move(gathering: Gathering, event_id: str, ports: Ports) -> None:
    """Whoever gives an activity hears of its new times and places."""
    if gathering.host is not None:
        await _worth_until(gathering.ends_at, MessageKind.HOSTING, gathering.id, ports)
        await tell_host(MessageKind.HOSTING_MOVED, gathering, event_id, ports)
        await _latest_alone((MessageKind.HOSTING_MOVED,), gathering.host, gathering.id, event_id, ports)


async def tell_of_move(place: Place, event_id: str, ports: Ports, *, until: datetime | None = None) -> None:
    """Somebody hears of new times and places; what has not left yet that tells how their place stands is worth something for longer now."""
    standing = BY_STATUS.get(place.status)
    if standing is not None:
        await _worth_until(until or await _ends(place.activity, ports), standing, place.id, ports)
    await tell_of_place(MessageKind.PLACE_MOVED, place, event_id, ports)
    await _latest_alone((MessageKind.PLACE_MOVED,), place.participant, place.id, event_id, ports)


async def tell_under_new_id(place: Place, event_id: str, ports: Ports, *, until: datetime | None = None) -> None:
    """Two records were one person: what none of the two was told of this place yet is told to the one that stays."""
    kind = BY_STATUS.get(place.status)
    if kind is None:
        return
    earlier = await ports.messages.select({"about": place.id, "kind": kind.value})
    if earlier and not any(each.status in TOLD for each in earlier):
        await tell_of_place(kind, place, event_id, ports, until=until)


async def host_expects(gathering: Gathering, ports: Ports) -> bool:
    """Whether the last that whoever gives it was told of it is that it takes place."""
    told = await ports.messages.select({"about": gathering.id, "recipient": gathering.host or ""})
    last = max((each for each in told if each.status in TOLD), key=lambda each: each.made_at, default=None)
    return last is not None and last.kind in EXPECTING


async def tell_teacher(place: Place, event_id: str, ports: Ports) -> None:
    """Whoever teaches an hour that is near hears at once that it was booked, or that nobody comes."""
    hour = await ports.gatherings.find(place.activity)
    if hour is None or hour.host is None or not hour.near(ports.clock.now()):
        return
    if place.status is EnrolmentStatus.CONFIRMED:
        await tell_host(MessageKind.HOSTING_REMINDER, hour, event_id, ports)
    elif place.status is EnrolmentStatus.CANCELLED and hour.status is not ActivityStatus.CANCELLED:
        await tell_host(MessageKind.HOUR_FREE, hour, event_id, ports)
    await _latest_alone((MessageKind.HOSTING_REMINDER, MessageKind.HOUR_FREE), hour.host, hour.id, event_id, ports)


async def _ends(activity: str, ports: Ports) -> datetime | None:
    known = await ports.gatherings.find(activity)
    return known.ends_at if known else None


async def _worth_until(lapses_at: datetime | None, kind: MessageKind, about: str, ports: Ports) -> None:
    for each in await ports.messages.select({"about": about, "kind": kind.value}):
        await ports.messages.update(each.id, partial(message.worth_until, lapses_at=lapses_at))


async def _latest_alone(
    kinds: tuple[MessageKind, ...], recipient: str, about: str, event_id: str, ports: Ports
) -> None:
    """Of several messages of these kinds that wait the last one tells all: those made before the one of this event need not leave."""
    own = {message.message_id(ports.association, event_id, recipient, kind) for kind in kinds}
    among = {"$in": [kind.value for kind in kinds]}
    every = await ports.messages.select({"about": about, "recipient": recipient, "kind": among})
    last = next((each.made_at for each in every if each.id in own), None)
    for each in every:
        if last is not None and each.made_at < last:
            await ports.messages.update(each.id, message.dropped)
