"""One thing done to many people at once, and taken back where life allows it."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Final

from duolangue.chassis.store import Absent
from duolangue.registration.domain import bulk
from duolangue.registration.domain.bulk import KEPT, MOST, Bulk, BulkAct
from duolangue.registration.domain.invalid import Invalid, NotNow
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import participants

Doing = Callable[[Participant, str, date | None, Ports], Awaitable[Participant]]


async def _interview(present: Participant, by: str, _: date | None, ports: Ports) -> Participant:
    if present.status is Status.APPLIED and present.to_look_at:
        raise NotNow("to_look_at", "Something about this sign-up is to be looked at first: open the person's page.")
    return await participants.interview(present.id, True, "", ports, by=by)


async def _pause(present: Participant, by: str, until: date | None, ports: Ports) -> Participant:
    own = await ports.own()
    ahead = until if until is not None and until > own.today(ports.clock.now()) else None
    return await participants.pause(present.id, ahead, ports, by)


async def _resume(present: Participant, by: str, _: date | None, ports: Ports) -> Participant:
    return await participants.resume(present.id, ports, by)


async def _leave(present: Participant, by: str, _: date | None, ports: Ports) -> Participant:
    return await participants.leave(present.id, ports, by)


DOING: Final[dict[BulkAct, Doing]] = {
    BulkAct.INTERVIEW: _interview,
    BulkAct.PAUSE: _pause,
    BulkAct.RESUME: _resume,
    BulkAct.LEAVE: _leave,
}


async def do_to_many(
    act: BulkAct, ids: Sequence[str], by: str, ports: Ports, until: Mapping[str, date] | None = None
) -> Bulk:
    """Do one thing to each of these people; whoever it cannot be done to is named, with the reason, and stops nobody else. `until`: the
    day on which somebody's break ends, where one begins.

    Raises:
        Invalid: nobody was chosen, or too many.
    """
    chosen = list(dict.fromkeys(ids))
    if not chosen:
        raise Invalid("nobody_chosen", "Choose at least one person.", field="people")
    if len(chosen) > MOST:
        raise Invalid("too_many_chosen", "At most %(most)s people at once.", field="people", most=MOST)
    now = ports.clock.now()
    outcome = Bulk(id=uuid.uuid4().hex, act=act, by=by, at=now, due_at=now + KEPT)
    return await ports.bulks.add(await _each(outcome, chosen, by, until or {}, ports))


async def _each(outcome: Bulk, chosen: Sequence[str], by: str, until: Mapping[str, date], ports: Ports) -> Bulk:
    done: list[str] = []
    same: list[str] = []
    refused: dict[str, str] = {}
    ended: dict[str, date] = {}
    present = {each.id: each for each in await ports.participants.with_ids(chosen)}
    for person in chosen:
        if person not in present:
            continue
        try:
            after = await DOING[outcome.act](present[person], by, until.get(person), ports)
        except Invalid as fault:
            refused[person] = fault.template
        except Absent:
            continue
        else:
            (same if after == present[person] else done).append(person)
            if outcome.act is BulkAct.RESUME and (day := present[person].resumes_on) is not None:
                ended[person] = day
    return outcome.model_copy(update={"done": done, "same": same, "refused": refused, "until": ended})


async def undo(bulk_id: str, by: str, ports: Ports) -> Bulk:
    """Take back what was done; to do it twice changes nothing. Returns the outcome of taking back.

    Raises:
        NotNow: this cannot be taken back.
    """
    past = await ports.bulks.get(bulk_id)
    back = past.undo
    if back is None:
        raise NotNow("no_way_back", "This cannot be taken back.")
    await ports.bulks.update(bulk_id, bulk.taken_back)
    return await do_to_many(back, past.done, by, ports, past.until)


async def forget_bulk(bulk_id: str, ports: Ports) -> None:
    """The outcome has been kept for long enough."""
    await ports.bulks.forget(bulk_id)
