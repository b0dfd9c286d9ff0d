"""Keeping somebody out for safety: at once, for a stated period, recognised when they come back by the same address."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from duolangue.chassis import log
from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Taken
from duolangue.registration.domain import exclusion, life
from duolangue.registration.domain.exclusion import Exclusion, fingerprints
from duolangue.registration.domain.history import Act
from duolangue.registration.domain.participant import HELD, Participant, Status
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import whole

logger = log.get(__name__)


async def held(email: str | None, phone: str | None, ports: Ports) -> bool:
    """Whether one of these addresses (tidy, as `domain.values` makes them) is an excluded person's."""
    return bool(await held_among([address for address in (email, phone) if address], ports))


async def held_among(addresses: Collection[str], ports: Ports) -> set[str]:
    """Which of these addresses are excluded people's, asked in one question."""
    hashes = {fingerprints(ports.exclusion_key, ports.association, [address])[0]: address for address in addresses}
    if not hashes:
        return set()
    found = await ports.exclusions.select({"hashes": {"$in": list(hashes)}})
    return {hashes[each] for exclusion in found for each in exclusion.hashes if each in hashes}


async def marked(participant: Participant, ports: Ports) -> Participant:
    """The participant, with a mark for a human look when they come by a held address. They themselves see no difference."""
    if HELD in participant.to_look_at or not await held(participant.email, participant.phone, ports):
        return participant
    logger.info("exclusion.recognised", association=ports.association, participant=participant.id)
    return participant.model_copy(update={"to_look_at": [*participant.to_look_at, HELD]})


async def mark_again(participant: Participant, fresh: Collection[str], ports: Ports) -> Participant:
    """The same mark for somebody known who has a held address from now on: `fresh` are the addresses that are new with them."""
    if not await held_among(fresh, ports):
        return participant
    logger.info("exclusion.recognised", association=ports.association, participant=participant.id)
    return await ports.participants.update(participant.id, exclusion.mark)


async def exclude(participant_id: str, reason: str, coordinator: str, ports: Ports) -> Participant:
    """Somebody is kept out: of the pool at once, and from signing up again unseen for the association's period.

    The others hear that the person left, as of anybody who does. Done twice it changes nothing more.

    Raises:
        Absent: there is no such participant.
        NotNow: their data are erased.
    """
    present, own, now = await ports.participants.get(participant_id), await ports.own(), ports.clock.now()
    if present.merged_into is not None and (stayed := await whole.person(participant_id, ports)) is not None:
        present, participant_id = stayed, stayed.id  # their addresses went with them
    life.may_be_excluded(present)
    hashes = fingerprints(ports.exclusion_key, ports.association, (present.email, present.phone))
    fresh = exclusion.begin(participant_id, hashes, reason, coordinator, own.exclusion_months, now)
    try:
        await ports.exclusions.add(fresh)
    except Taken:
        await ports.exclusions.update(participant_id, lambda before: exclusion.again(before, fresh))
    kept_out = await ports.participants.update(participant_id, lambda one: _left(one, now))
    logger.info("participant.excluded", association=ports.association, participant=participant_id)
    return kept_out


def _left(one: Participant, now: datetime) -> Change[Participant] | None:
    """What the person's timeline says is what it says of anybody who leaves; nothing where they had left."""
    change = life.exclude(one)
    return change if one.status is Status.LEFT else life.remembered(change, Act.LEFT, now)


async def lift(participant_id: str, reason: str, coordinator: str, ports: Ports) -> None:
    """An exclusion ends before its time; a new first interview brings the person back.

    Raises:
        Absent: nobody of this id is excluded.
    """
    now = ports.clock.now()
    await ports.exclusions.update(participant_id, lambda present: exclusion.lift(present, coordinator, reason, now))
    await _readmit(participant_id, ports)
    logger.info("exclusion.lifted", association=ports.association, participant=participant_id)


async def run_out(participant_id: str, ports: Ports) -> None:
    """The period of an exclusion is over: the addresses are forgotten."""
    now = ports.clock.now()
    left = await ports.exclusions.update(participant_id, lambda present: exclusion.run_out(present, now))
    if left.over_at is not None:
        await _readmit(participant_id, ports)


async def forget_words(participant_id: str, ports: Ports) -> None:
    """For an erasure: of an exclusion stay the keyed hashes, the dates and who decided."""
    if await ports.exclusions.find(participant_id) is not None:
        await ports.exclusions.update(participant_id, exclusion.forget)


async def excluded(ids: Iterable[str], ports: Ports) -> dict[str, Exclusion]:
    """The exclusions, over or not, of these participants."""
    return {each.id: each for each in await ports.exclusions.select({"id": {"$in": list(ids)}})}


async def _readmit(participant_id: str, ports: Ports) -> None:
    try:
        await ports.participants.update(participant_id, life.no_longer_excluded)
    except Absent:
        return
