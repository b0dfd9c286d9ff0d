"""Whom and what the figures count: learnt from what others tell, and kept without anybody's id once they are erased."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from duolangue.chassis.causality import correlation_id, within
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.matching import DuoState
from duolangue.contracts.facts.registration import ParticipantState
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import attestation as attestations
from duolangue.sessions.domain import counted, formed, placement, story, weeks
from duolangue.sessions.domain.counted import Counted, under_key
from duolangue.sessions.domain.placement import Learner
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import asking, associations

Row = dict[str, str | int | bool | None]


async def know(participant: str, fact: ParticipantState, version: int, told_at: datetime, ports: Ports) -> None:
    """Keep in bands what registration tells of somebody.

    Raises:
        AssociationUnknown: the association's time zone is not known yet; trying again helps.
    """
    zone = (await associations.known(ports)).zone
    day = weeks.day_at(told_at, zone)
    try:
        await ports.counting.counted.add(counted.heard(participant, fact, version, day, zone))
    except Taken:
        await ports.counting.counted.update(
            participant, lambda known: counted.heard_again(known, fact, version, day, zone)
        )


async def follow(duo: str, fact: DuoState, version: int, ports: Ports) -> None:
    """Keep when a duo was confirmed and ended, and how long its newcomer had waited.

    Raises:
        AssociationUnknown: the association's time zone is not known yet; trying again helps.
    """
    if fact.confirmed_at is None:
        return
    zone = (await associations.known(ports)).zone
    ended_on = weeks.day_at(fact.ended_at, zone) if fact.ended_at else None
    if await ports.counting.formed.find(duo) is None:
        newcomer = await ports.counting.counted.find(fact.newcomer)
        confirmed_on = weeks.day_at(fact.confirmed_at, zone)
        fresh = formed.Formed(
            id=duo,
            newcomer=fact.newcomer,
            volunteer=fact.volunteer,
            confirmed_on=confirmed_on,
            ended_on=ended_on,
            origin=fact.origin,
            waited_days=formed.waited(newcomer.waiting_since if newcomer else None, confirmed_on),
            heard=version,
        )
        try:
            await ports.counting.formed.add(fresh)
        except Taken:
            pass
        else:
            return
    await ports.counting.formed.update(duo, lambda known: formed.heard_again(known, ended_on, version))


async def erase(participant: str, ports: Ports) -> None:
    """What was counted of somebody stays, under a key drawn at random; nothing here leads from them to it any more.

    Broken off anywhere it is finished when called again: the key is known until the last step.
    """
    known = await ports.counting.counted.find(participant)
    if known is None or known.erased:
        return
    with within(
        correlation=correlation_id()
    ):  # by state, not by event: others answered the same event with some of these
        await asking.erase(participant, ports)
        await _keep_nameless(known, ports)
        await _rename(participant, known.key, ports)
        await ports.counting.counted.update(participant, counted.tombstone)


async def _keep_nameless(known: Counted, ports: Ports) -> None:
    day = await associations.today(ports)
    with suppress(Taken):
        await ports.counting.counted.add(counted.nameless(known, day))
    told = await ports.counting.stories.find(known.id)
    if told is None:
        return
    if not (kept := story.nameless(told, known.key)).empty:
        with suppress(Taken):
            await ports.counting.stories.add(kept)
    await ports.counting.stories.forget(known.id)


async def _rename(person: str, key: str, ports: Ports) -> None:
    counting, courses = ports.counting, ports.courses
    for paper in await counting.attestations.select({"participant": {"$eq": person}}):
        await counting.attestations.update(paper.id, attestations.nameless)
    for side in Role:
        for duo in await counting.formed.select({side.value: {"$eq": person}}):
            await counting.formed.update(duo.id, lambda each: under_key(each, person, key, *Role))
        for promise in await ports.commitments.select({side.value: {"$eq": person}}):
            await ports.commitments.update(promise.id, lambda each: under_key(each, person, key, *Role))
    await _rename_learner(person, key, ports)
    for needs in await courses.attendings.select({"participant": {"$eq": person}}):
        await courses.attendings.update(needs.id, lambda each: under_key(each, person, key, "participant"))
    for work in await courses.homework.select({"participant": {"$eq": person}}):
        await courses.homework.update(work.id, lambda each: under_key(each, person, key, "participant"))
    for visit in await ports.attendances.of_participant(person):
        await ports.attendances.update(visit.id, lambda each: under_key(each, person, key, "participant"))
    for place in await ports.enrolments.of_participant(person):
        await ports.enrolments.update(place.id, lambda each: under_key(each, person, key, "participant"))


async def _rename_learner(person: str, key: str, ports: Ports) -> None:
    learner = await ports.courses.learners.find(person)
    if learner is None:
        return
    if learner.reached:
        with suppress(Taken):
            await ports.courses.learners.add(Learner(id=key, reached=learner.reached))
    await ports.courses.learners.update(person, placement.emptied)


async def tables(participant: str, ports: Ports) -> dict[str, list[Row]]:
    """What is counted of somebody, what they told of themselves, what was attested to them."""
    known = await ports.counting.counted.find(participant)
    told = await ports.counting.stories.find(participant)
    asked = await ports.counting.askings.find(participant)
    papers = await ports.counting.attestations.select({"participant": {"$eq": participant}})
    answers = [(moment, told.answers(moment)) for moment in story.Moment] if told else []
    return {
        "counted_as": [
            Row(
                month=each.month,
                age_band=known.age_band if known else None,
                level=each.level,
                gender=each.gender,
                municipality=each.municipality,
                takes_part=each.active,
            )
            for each in (known.history if known else ())
        ],
        "three_questions": [
            Row(moment=moment.value, month=given.month, **{each.value: given.of(each) for each in story.Question})
            for moment, given in answers
            if given
        ],
        "three_questions_asked": [Row(moment=moment.value) for moment in (asked.asked if asked else ())],
        "reached": [
            Row(outcome=each.outcome.value, month=each.month, until=each.until)
            for each in (told.outcomes if told else ())
        ],
        "words_to_show": [Row(text=told.words.text)] if told and told.words else [],
        "attestations": [
            Row(number=each.id, since=each.since.isoformat(), until=each.until.isoformat(), minutes=each.total)
            for each in papers
        ],
    }
