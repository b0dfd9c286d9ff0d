"""A problem is reported, and the association's coordinators are told that there is one."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.mail import Refused, Unavailable
from duolangue.chassis.store import Taken
from duolangue.registration import mails
from duolangue.registration.domain import report
from duolangue.registration.domain.report import MOST_A_DAY, ProblemKind, Report, TooManyReports
from duolangue.registration.ports import FEW_A_DAY, Ports

logger = log.get(__name__)
_NAMESPACE: Final = uuid.UUID("6d1f1f3e-5d1b-4b8f-9b57-2c3f1f0a8e11")


async def report_problem(person: str, about: str, kind: ProblemKind, words: str, ports: Ports) -> None:
    """Somebody reports a problem; the same words on the same day are one report. Coordinators are told at once, and until they are.

    Raises:
        TooManyReports: the person reported ten things that day already.
    """
    now = ports.clock.now()
    same = f"{ports.association}/{person}/{about}/{kind.value}/{now.date()}/{words}"
    told = Report(
        id=uuid.uuid5(_NAMESPACE, same).hex,
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
    """Mail every coordinator that a report waits on the desk. The mail holds neither its words nor a name.

    Raises:
        mail.Unavailable: some could not be told for now, and are to be tried again; the others were.
    """
    later: Unavailable | None = None
    present = await ports.reports.get(report_id)
    own = await ports.own()
    for coordinator in await ports.coordinators.select({"active": True}):
        if coordinator.id in present.told:
            continue
        try:
            await ports.mails.send(
                mails.problem(
                    own.name, coordinator, f"{ports.public_url.rstrip('/')}/people/reports", ports.mails.sender
                )
            )
        except Refused:
            logger.warning("problem.not_mailed", report=report_id, coordinator=coordinator.id)
        except Unavailable as error:
            later = error
            continue
        await ports.reports.update(report_id, partial(report.tell, coordinator=coordinator.id))
    if later is not None:
        raise later
    await ports.reports.update(report_id, report.all_told)
