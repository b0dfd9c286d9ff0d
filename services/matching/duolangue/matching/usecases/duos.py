"""What coordinators and participants decide about a duo, what silence decides, and safety."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from duolangue.chassis import log
from duolangue.chassis.store import Absent, Taken
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain import life
from duolangue.matching.domain.duo import RUNNING, Closing, Duo, Status
from duolangue.matching.domain.people import Exclusion
from duolangue.matching.domain.rules import NotADraft
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import drafts, questions, suiting

logger = log.get(__name__)


async def approve(duo_id: str, by: str, ports: Ports) -> Duo:
    """A coordinator (or, without a name, the association's policy) approves a draft: both are asked, in the association's order.

    Raises as `life.approve`; `Absent`; `PersonExcluded`; `KeptApart`; `Unsuitable`, `NoFreePlace`: they suit each other no more.
    """
    duo = await ports.duos.get(duo_id)
    if duo.status is not Status.DRAFT:
        if not duo.held:
            raise NotADraft
        return duo
    newcomer, volunteer = await drafts.present(duo.newcomer, duo.volunteer, ports)
    for objection in (await suiting.objections([duo], ports)).values():
        raise objection
    policy = await drafts.terms(ports)
    now = ports.clock.now()
    return await ports.duos.update(
        duo_id, partial(life.approve, newcomer=newcomer, volunteer=volunteer, now=now, policy=policy, by=by)
    )


async def discard(duo_id: str, ports: Ports) -> Duo:
    """A coordinator discards a draft; the pair is never made again."""
    return await ports.duos.update(duo_id, partial(life.discard, now=ports.clock.now()))


async def allow_again(duo_id: str, ports: Ports) -> Duo:
    """A no, or a discarded draft, was a mistake: the pair may be made again. Raises as `life.allow_again`."""
    return await ports.duos.update(duo_id, life.allow_again)


async def withdraw(duo_id: str, ports: Ports) -> Duo:
    """A coordinator takes a draft or a proposal back, without prejudice to the pair."""
    return await ports.duos.update(duo_id, partial(life.withdraw, now=ports.clock.now()))


async def answer(duo_id: str, side: Role, ports: Ports, *, yes: bool, reason: str = "") -> Duo:
    """One side answers a proposal, by its link or through the coordinator."""
    now = ports.clock.now()
    decide = (
        partial(life.accept, side=side, now=now) if yes else partial(life.decline, side=side, reason=reason, now=now)
    )
    return await ports.duos.update(duo_id, decide)


async def record_asked(duo_id: str, participant: str, sent_at: datetime, ports: Ports) -> None:
    """The proposal's message really left for somebody."""
    duo = await ports.duos.find(duo_id)
    if duo is None or participant not in {duo.newcomer, duo.volunteer}:
        logger.warning("duo.unknown_message", duo=duo_id)
        return
    await ports.duos.update(duo_id, partial(life.asked, side=duo.side(participant), sent_at=sent_at))


async def look_after(duo_id: str, ports: Ports) -> None:
    """What time brings: a reminder to who has not answered; the end of a proposal that nobody answered in time, and what that
    silence means for who was silent.
    """
    now = ports.clock.now()
    duo = await ports.duos.update(duo_id, partial(life.expire, now=now))
    if duo.silent and not duo.silence_counted:
        await questions.consider(duo, ports)
        await ports.duos.update(duo_id, life.count_silence)
    elif duo.status is Status.PROPOSED:
        await ports.duos.update(duo_id, partial(life.remind, now=now))


async def pause(duo_id: str, ports: Ports) -> Duo:
    """The duo takes a break."""
    return await ports.duos.update(duo_id, partial(life.pause, now=ports.clock.now()))


async def resume(duo_id: str, ports: Ports) -> Duo:
    """The duo goes on."""
    return await ports.duos.update(duo_id, partial(life.resume, now=ports.clock.now()))


async def end(duo_id: str, reason: str, ports: Ports) -> Duo:
    """The duo is over; why stays here."""
    return await ports.duos.update(duo_id, partial(life.end, reason=reason, now=ports.clock.now()))


async def end_for_safety(duo_id: str, reported: Role, ports: Ports) -> tuple[Duo, list[Duo]]:
    """End a duo at once and keep the reported person out of the pool.

    Drafts and proposals of that person are taken back. Their other running duos are left to the coordinator: they are
    returned beside the ended one.
    """
    duo = await ports.duos.get(duo_id)
    person, now = duo.person(reported), ports.clock.now()
    try:
        await ports.exclusions.add(Exclusion(id=person, duo=duo_id, excluded_at=now))
    except Taken:
        logger.info("exclusion.kept", participant=person)
    ended = await ports.duos.update(duo_id, partial(life.end_for_safety, now=now))
    others = [
        await ports.duos.update(other.id, partial(life.withdraw, now=now, closing=Closing.SAFETY))
        for other in await ports.duos.held_by(person)
        if other.id != duo_id
    ]
    logger.info("duo.ended_for_safety", duo=duo_id)
    return ended, [other for other in others if other.status in RUNNING]


async def lift(participant: str, ports: Ports) -> None:
    """Somebody may be paired again; their duos that ended stay ended, and with whom they ended they are not paired again.

    Raises:
        Absent: nobody of that id is kept out in this association.
    """
    if await ports.exclusions.find(participant) is None:
        raise Absent(participant)
    await ports.exclusions.forget(participant)
    logger.info("exclusion.lifted", participant=participant)
