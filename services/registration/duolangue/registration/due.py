"""What must happen later: breaks that end by themselves, reports that coordinators must be told of."""

from __future__ import annotations

from duolangue.chassis.due import DueWork
from duolangue.registration import usecases
from duolangue.registration.ports import Ports
from duolangue.registration.store import (
    ALLOWANCES,
    BATCHES,
    BULKS,
    CALLS,
    CHALLENGES,
    COORDINATORS,
    ERASURES,
    EXCLUSIONS,
    LOOKOUTS,
    MINORS,
    REPORTS,
    REVOCATIONS,
    SESSIONS,
    SIGN_INS,
    SIGN_UPS,
    WATCHES,
    WISHES,
)
from duolangue.registration.store_people import PARTICIPANTS
from duolangue.registration.usecases import bulk, calls, erasing, personal_data, retaining, twins

due = DueWork[Ports]()


@due.on(PARTICIPANTS)
async def end_break(participant_id: str, ports: Ports) -> None:
    """The day has come on which somebody is back."""
    await usecases.come_back(participant_id, ports)


@due.on(REPORTS)
async def tell_coordinators(report_id: str, ports: Ports) -> None:
    """A report waits."""
    await usecases.tell_coordinators(report_id, ports)


@due.on(EXCLUSIONS)
async def forget_held_addresses(participant_id: str, ports: Ports) -> None:
    """The period is over for which an excluded person is recognised."""
    await usecases.exclusions.run_out(participant_id, ports)


@due.on(ALLOWANCES)
async def forget_allowance(allowance_id: str, ports: Ports) -> None:
    """A span is over in which something was counted."""
    await usecases.forget_allowance(allowance_id, ports)


@due.on(SIGN_UPS)
async def forget_sign_up(sign_up_id: str, ports: Ports) -> None:
    """Nobody went on with a sign-up for thirty days."""
    await usecases.signing_up.forget_sign_up(sign_up_id, ports)


@due.on(MINORS)
async def tell_of_minors(notice_id: str, ports: Ports) -> None:
    """A minor wanted to sign up."""
    await usecases.signing_up.tell_of_minors(notice_id, ports)


@due.on(CALLS)
async def tell_of_calls(notice_id: str, ports: Ports) -> None:
    """Duos are to be called, and it is morning."""
    await calls.tell_of_calls(notice_id, ports)


@due.on(COORDINATORS)
async def tell_invited(coordinator_id: str, ports: Ports) -> None:
    """Somebody was invited, and does not know yet."""
    await usecases.tell_invited(coordinator_id, ports)


@due.on(SIGN_INS)
async def forget_sign_in(sign_in_id: str, ports: Ports) -> None:
    """A sign-in is long over."""
    await usecases.forget_sign_in(sign_in_id, ports)


@due.on(CHALLENGES)
async def forget_challenge(challenge_id: str, ports: Ports) -> None:
    """Nobody may sign it any more."""
    await usecases.passkeys.forget_challenge(challenge_id, ports)


@due.on(SESSIONS)
async def forget_session(session_id: str, ports: Ports) -> None:
    """A session is long over."""
    await usecases.forget_session(session_id, ports)


@due.on(REVOCATIONS)
async def forget_revocation(coordinator_id: str, ports: Ports) -> None:
    """No token from before it lives any more."""
    await usecases.forget_revocation(coordinator_id, ports)


@due.on(LOOKOUTS)
async def look_for_duplicates(_: str, ports: Ports) -> None:
    """People came in or changed: some may be there already."""
    await twins.look_for_duplicates(ports)


@due.on(BULKS)
async def forget_bulk(bulk_id: str, ports: Ports) -> None:
    """What was done to many was kept for long enough to be looked at."""
    await bulk.forget_bulk(bulk_id, ports)


@due.on(BATCHES)
async def go_on_with_import(batch_id: str, ports: Ports) -> None:
    """An import goes on, or its rows have been kept long enough."""
    await usecases.batches.go_on_with_import(batch_id, ports)


@due.on(ERASURES)
async def finish_erasure(participant_id: str, ports: Ports) -> None:
    """An erasure was interrupted."""
    await erasing.finish_erasure(participant_id, ports)


@due.on(WISHES)
async def forget_wish(participant_id: str, ports: Ports) -> None:
    """A wish for a link to one's own page is long over."""
    await personal_data.forget_wish(participant_id, ports)


@due.on(WATCHES)
async def look_after_retention(_: str, ports: Ports) -> None:
    """The daily look at who is kept for how long."""
    await retaining.look_after_retention(ports)
