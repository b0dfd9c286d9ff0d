"""Who stands twice: drafts held against each other and against those who are known. The same person is refused, a shared address remarked upon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from duolangue.registration.domain.imports import Reading, Remark
from duolangue.registration.domain.invalid import AlreadyKnown, Invalid
from duolangue.registration.domain.participant import Participant


def settle(reading: Reading, known: Iterable[Participant]) -> Reading:
    """Hold the drafts against each other and against who is known: the same person twice is refused, a shared address remarked upon."""
    taken: dict[str, str] = {}
    shared: dict[str, str] = {}
    for participant in known:
        for identity in participant.identities:
            taken.setdefault(identity, "")
            shared.setdefault(_address(identity), "")
    settled = Reading(
        rejected=list(reading.rejected), warnings=list(reading.warnings), rejected_emails=dict(reading.rejected_emails)
    )
    twice: set[int] = set()
    for draft in reading.drafts:
        row = _first(taken, draft.identities)
        if row is not None:
            settled.rejected.append(Remark(draft.row, same_person(row)))
            twice.add(draft.row)
            continue
        for identity in draft.identities:
            address = _address(identity)
            if address in shared:
                settled.warnings.append(Remark(draft.row, _shared(address, shared[address])))
            taken[identity] = shared[address] = str(draft.row)
        settled.drafts.append(draft)
    settled.warnings = [remark for remark in settled.warnings if remark.row not in twice]
    for remarks in (settled.rejected, settled.warnings):
        remarks.sort(key=lambda remark: remark.row)
    return settled


def same_person(row: str = "") -> Invalid:
    """Why somebody is not imported a second time; `row` is where they stand in the file, empty when they were known before."""
    if row:
        return AlreadyKnown("same_person", "The same person as in row %(row)s.", field="email", row=row)
    return AlreadyKnown(
        "same_person", "This person is registered already: the same name, year of birth and address.", field="email"
    )


def shared_addresses(participant: Participant, sharing: Iterable[Participant]) -> list[Invalid]:
    """What to remark about somebody whose addresses others have, too."""
    theirs = {address for other in sharing for address in (other.email, other.phone)}
    return [_shared(address, "") for address in (participant.email, participant.phone) if address and address in theirs]


def _shared(address: str, row: str) -> Invalid:
    column = "email" if "@" in address else "phone"
    if row:
        return Invalid(
            "shared_address",
            "Shares the address of row %(row)s: every message will name its person.",
            field=column,
            row=row,
        )
    return Invalid(
        "shared_address",
        "Shares the address of somebody registered already: every message will name its person.",
        field=column,
    )


def _first(taken: Mapping[str, str], wanted: Iterable[str]) -> str | None:
    return next((taken[identity] for identity in wanted if identity in taken), None)


def _address(identity: str) -> str:
    return identity.partition("|")[0]


def addresses(reading: Reading) -> set[str]:
    """Every address the drafts name, their own and their partners': whoever else has one must be known to `settle`."""
    own = {address for draft in reading.drafts for address in (draft.told.email, draft.told.phone) if address}
    return own | {draft.partner_email for draft in reading.drafts if draft.partner_email}
