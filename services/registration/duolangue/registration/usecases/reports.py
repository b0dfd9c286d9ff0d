"""A problem is reported, and the association's coordinators are told that there is one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.mail import Refused, Unavailable
from duolangue.chassis.store import Taken
from duolangue.registration import mails
from duolangue.registration.domain import report, safeguarding
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.participant import Participant
from duolangue.registration.domain.report import MOST_A_DAY, Outcome, ProblemKind, Report, TooManyReports
from duolangue.registration.ports import FEW_A_DAY, Ports
from duolangue.registration.usecases import whole

logger = log.get(__name__)
_NAMESPACE: Final = uuid.UUID("6d1f1f3e-5d1b-4b8f-9b57-2c3f1f0a8e11")


async def report_problem(person: str, about: str, kind: ProblemKind, words: str, ports: Ports) -> None:
    """Somebody reports a problem; the same words on the same day are one report, until that is closed. Coordinators are told at once, and until they are.

    Raises:
        TooManyReports: the person reported ten things that day already.
    """
    now = ports.clock.now()
    same = f"{ports.association}/{person}/{about}/{kind.value}/{now.date()}/{words}"
    report_id, again = uuid.uuid5(_NAMESPACE, same).hex, 0
    while (known := await ports.reports.find(report_id)) is not None:
        if known.closed_at is None:
            return
        again += 1  # it was dealt with, and is reported anew
        report_id = uuid.uuid5(_NAMESPACE, f"{same}/{again}").hex
    told = Report(
        id=report_id,
        person=person,
        about=about,
        kind=kind,
        words=words,
        slot="",
        reported_at=now,
        due_at=now,
    )
    for number in range(1, MOST_A_DAY + 1):
        try:
            await ports.reports.add(told.model_copy(update={"slot": f"{now.date()}/{number}"}))
        except Taken as taken:
            if taken.index != FEW_A_DAY:
                return
        else:
            logger.info("problem.reported", report=told.id, association=ports.association, kind=kind.value)
            return
    raise TooManyReports


async def tell_coordinators(report_id: str, ports: Ports) -> None:
    """Mail those who look after reports that a report waits on the desk. The mail holds neither its words nor a name. Where no mail reaches
    any of them, whoever administers the association is told.

    Raises:
        mail.Unavailable: some could not be told for now, and are to be tried again; the others were.
    """
    own, coordinators = await ports.own(), await ports.coordinators.select({"active": True})
    for some in (safeguarding.guardians(own, coordinators), safeguarding.administrators(coordinators)):
        await _tell(report_id, some, own, ports)
        if (await ports.reports.get(report_id)).reached:
            break
    else:
        logger.error("problem.nobody_mailed", report=report_id, association=ports.association)
    await ports.reports.update(report_id, report.all_told)


async def _tell(report_id: str, coordinators: Iterable[Coordinator], own: Association, ports: Ports) -> None:
    later: Unavailable | None = None
    present = await ports.reports.get(report_id)
    for coordinator in coordinators:
        if coordinator.id in present.told or not coordinator.email:
            continue
        refused = False
        try:
            await ports.mails.send(
                mails.problem(
                    own.name, coordinator, f"{ports.public_url.rstrip('/')}/people/reports", ports.mails.sender
                )
            )
        except Refused:
            logger.warning("problem.not_mailed", report=report_id, coordinator=coordinator.id)
            refused = True
        except Unavailable as error:
            later = error
            continue
        await ports.reports.update(report_id, partial(report.tell, coordinator=coordinator.id, refused=refused))
    if later is not None:
        raise later


async def reports_of(*, closed: bool, ports: Ports, limit: int) -> list[Report]:
    """Those that wait, the oldest first; or the closed ones, the latest first."""
    where = {"closed_at": {"$type": "date"}} if closed else {"closed_at": None}
    return await ports.reports.select(where, sort=[("reported_at", -1 if closed else 1)], limit=limit)


async def concerned(present: Report, ports: Ports) -> tuple[Participant | None, Participant | None]:
    """Who reported, and the person it may be about: the partner in the duo, or whom the link was for. None where nobody is known."""
    duo = await ports.duos.find(present.about)
    sides = {duo.newcomer, duo.volunteer} if duo else {present.about}
    reporter = await whole.person(present.person, ports)
    found = {each: await whole.person(each, ports) for each in sides}
    mine = {
        each for each, one in found.items() if each == present.person or (one and reporter and one.id == reporter.id)
    }
    others = sides - mine if duo is None or mine else set()
    return reporter, next((one for each in sorted(others) if (one := found[each]) is not None), None)


async def look_at_report(report_id: str, coordinator: str, ports: Ports) -> Report:
    """Somebody takes a report on, or opens a closed one again."""
    now = ports.clock.now()
    return await ports.reports.update(report_id, lambda present: report.look_at(present, coordinator, now))


async def close_report(report_id: str, outcome: Outcome, coordinator: str, ports: Ports) -> Report:
    """A report is dealt with."""
    now = ports.clock.now()
    return await ports.reports.update(report_id, lambda present: report.close(present, outcome, coordinator, now))


async def note_on_report(report_id: str, words: str, coordinator: str, ports: Ports) -> Report:
    """Something is written down about a report, for those alone who may read it. Raises `Invalid`."""
    now = ports.clock.now()
    return await ports.reports.update(report_id, lambda present: report.note(present, words, coordinator, now))
