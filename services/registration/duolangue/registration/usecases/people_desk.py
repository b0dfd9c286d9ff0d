"""What the desk shows of people: lists, figures, and all that is known of one of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from duolangue.chassis.store import Taken
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.matching import DuoState
from duolangue.contracts.facts.notifications import ContactUnreachable, NotificationSent
from duolangue.contracts.facts.sessions import SessionLogged
from duolangue.registration.domain import life
from duolangue.registration.domain.duplicates import Pair
from duolangue.registration.domain.filters import Filters, Mark
from duolangue.registration.domain.history import Act, Happening, KnownDuo
from duolangue.registration.domain.interview import Item
from duolangue.registration.domain.note import Note
from duolangue.registration.domain.participant import Participant, Status, discreetly
from duolangue.registration.ports import MOST_COUNTED, Ports
from duolangue.registration.usecases import twins
from duolangue.registration.usecases.notes import notes_about

SHOWN: Final = 50
"""People on a page."""
STREAMED: Final = 500
"""People read at once where all are wanted."""
TOLD: Final = 100
"""Happenings on a person's page."""
COUNTED: Final = 500
"""How far figures are counted."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list."""

    people: list[Participant]
    before: str
    """Whom the page before ends at; empty on the first."""
    after: str
    """Whom the next page begins after; empty on the last."""


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """What waits for a coordinator among people; each counted no further than `COUNTED`."""

    interviews: int
    unreachable: int
    duplicates: int
    to_look_at: int
    asked: int


@dataclass(frozen=True, slots=True)
class Told:
    """One line of somebody's timeline."""

    what: str
    """An `Act`, or a fact's name as in `duo.confirmed`."""
    at: datetime
    by: str = ""
    """The coordinator, where one did it."""
    duo: KnownDuo | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the desk knows of somebody."""

    one: Participant
    timeline: list[Told]
    duos: list[KnownDuo]
    notes: list[Note]
    duplicates: list[tuple[Pair, Participant]]
    names: dict[str, str]
    """Of partners and coordinators, by id."""
    stayed: Participant | None
    """The record that stayed, where this one was merged."""


async def people_listed(
    filters: Filters, ports: Ports, *, after: str = "", before: str = "", discreet: bool = False
) -> Listing:
    """One page of those who fit: beginning after somebody, or ending before somebody. `discreet`: as read-only accounts see them."""
    found = await ports.participants.listed(
        filters, ports.clock.now(), after=after, before="" if after else before, limit=SHOWN + 1, discreet=discreet
    )
    found = [discreetly(each) for each in found] if discreet else found
    back = bool(before and not after)
    more = len(found) > SHOWN
    shown = (found[1:] if back else found[:-1]) if more else found
    return Listing(
        people=shown,
        before=shown[0].id if shown and (more if back else after) else "",
        after=shown[-1].id if shown and (True if back else more) else "",
    )


async def people_numbers(ports: Ports, *, discreet: bool) -> dict[Status, int]:
    """How many stand where, counted no further than `MOST_COUNTED` each. `discreet`: as read-only accounts see them."""
    numbers = await ports.participants.numbers()
    kept_out = numbers.pop(Status.EXCLUDED, 0) if discreet else 0
    if kept_out:
        numbers[Status.LEFT] = min(numbers.get(Status.LEFT, 0) + kept_out, MOST_COUNTED)
    return numbers


async def everybody(filters: Filters, ports: Ports) -> AsyncIterator[Participant]:
    """All who fit, in the order asked for; read a part at a time, so that memory stays small."""
    after, now = "", ports.clock.now()
    while True:
        found = await ports.participants.listed(filters, now, after=after, limit=STREAMED)
        for each in found:
            yield each
        if len(found) < STREAMED:
            return
        after = found[-1].id


async def people_figures(ports: Ports) -> PeopleFigures:
    """What waits for a coordinator among people."""
    applied = {"status": {"$eq": Status.APPLIED.value}}
    interviews, unreachable, to_look_at, asked, pairs = await asyncio.gather(
        ports.participants.count(applied, most=COUNTED, index="desk"),
        ports.participants.marked(Mark.UNREACHABLE, most=COUNTED),
        ports.participants.marked(Mark.TO_LOOK_AT, most=COUNTED),
        ports.participants.marked(Mark.ASKED, most=COUNTED),
        open_pairs(ports),
    )
    return PeopleFigures(interviews, unreachable, pairs, to_look_at, asked)


async def open_pairs(ports: Ports) -> int:
    """How many possible duplicates wait for somebody to decide."""
    return await ports.pairs.count({"open": True}, most=COUNTED)


async def dossier(participant_id: str, ports: Ports, *, private: bool) -> Dossier:
    """All that is known of somebody; notes and possible duplicates only where `private` is allowed, all else as `discreetly` has it.

    Raises:
        Absent: there is no such participant.
    """
    one = await ports.participants.get(participant_id)
    duos = await duos_of(participant_id, ports)
    happenings, notes, alike = await asyncio.gather(
        ports.happenings.select(
            {"about": {"$in": [participant_id, *(duo.id for duo in duos)]}}, sort=[("at", -1)], limit=TOLD
        ),
        notes_about(participant_id, ports) if private else _nothing(),
        twins.duplicates_of(participant_id, ports) if private else _nothing(),
    )
    by_id = {duo.id: duo for duo in duos}
    timeline = [Told(entry.act.value, entry.at, by=entry.by) for entry in one.history]
    timeline += [Told(each.what, each.at, duo=by_id.get(each.about), minutes=each.minutes) for each in happenings]
    partners = {duo.beside(participant_id) for duo in duos} | ({one.merged_into} if one.merged_into else set())
    people = {each.id: each for each in await ports.participants.with_ids(partners)} if partners else {}
    authors = {entry.by for entry in one.history} | {note.author for note in notes}
    coordinators = await ports.coordinators.select({"id": {"$in": sorted(authors - {""})}}) if authors - {""} else []
    return Dossier(
        one=one if private else discreetly(one),
        timeline=sorted(timeline, key=lambda told: told.at, reverse=True),
        duos=duos,
        notes=notes,
        duplicates=alike,
        names={each.id: each.name for each in people.values()}
        | {each.id: each.name or each.email for each in coordinators},
        stayed=people.get(one.merged_into or ""),
    )


async def duos_of(participant_id: str, ports: Ports) -> list[KnownDuo]:
    """The duos that matching told of somebody."""
    sides = [{f"state.{side}": {"$eq": participant_id}} for side in ("newcomer", "volunteer")]
    return await ports.duos.select({"$or": sides})


async def follow_duo(fact: DuoState, event: Event, ports: Ports) -> None:
    """Know the duo as it stands now."""
    duo = KnownDuo(id=event.subject, newcomer=fact.newcomer, volunteer=fact.volunteer, status=fact.status)
    await ports.duos.apply(duo, event.entityversion)


async def note_happening(
    fact: DuoState | SessionLogged | NotificationSent | ContactUnreachable, event: Event, ports: Ports
) -> None:
    """Write into timelines what another service told, once. What is told again for late comers is no news; of who is erased nothing is
    written, however late it comes.
    """
    if event.replayed:
        return
    about, what, minutes = event.subject, f"{fact.entity}.{fact.fact}", None
    if isinstance(fact, SessionLogged):
        about, minutes = fact.duo, fact.minutes
    elif isinstance(fact, NotificationSent):
        about, what = fact.recipient, f"message.{fact.kind.value}"
    try:
        await ports.happenings.add(Happening(id=event.id, about=about, what=what, at=event.time, minutes=minutes))
    except Taken:
        return
    duo = fact if isinstance(fact, DuoState) else await ports.duos.find(about)
    people = {duo.newcomer, duo.volunteer} if duo else {about}
    if all(
        [await ports.participants.erased(each) for each in people]
    ):  # after it is written: an erasure may be under way
        await ports.happenings.forget(event.id)


async def forget_happenings(participant_id: str, ports: Ports) -> None:
    """Nothing that others told of somebody stays: for an erasure."""
    for happening in await ports.happenings.select({"about": {"$eq": participant_id}}):
        await ports.happenings.forget(happening.id)


async def tick_items(participant_id: str, items: frozenset[Item], by: str, ports: Ports) -> Participant:
    """These items of the first interview were gone through."""
    now = ports.clock.now()
    return await ports.participants.update(participant_id, lambda present: life.tick(present, items, by, now))


async def ask_for_more(participant_id: str, words: str, by: str, ports: Ports) -> Participant:
    """Something more is asked before the interview is over."""
    now = ports.clock.now()
    return await ports.participants.update(
        participant_id, lambda present: life.remembered(life.ask(present, words, now), Act.ASKED, now, by)
    )


async def looked_at(participant_id: str, by: str, ports: Ports, *, guards: bool = False) -> Participant:
    """A human looked at what was to be looked at. `guards`: it was somebody in charge of safety. Raises as `life.looked_at`."""
    now = ports.clock.now()
    return await ports.participants.update(
        participant_id, lambda present: life.remembered(life.looked_at(present, guards=guards), Act.LOOKED_AT, now, by)
    )


async def _nothing() -> list[Any]:
    return []
