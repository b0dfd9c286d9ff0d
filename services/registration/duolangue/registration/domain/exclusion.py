"""Somebody who is kept out for safety. What recognises them is a keyed hash of their addresses; it is kept for a stated period and
outlives the erasure of their data. Who reported them stands nowhere here.
"""

from __future__ import annotations

import hashlib
import hmac
from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.participant import HELD, Participant


class Exclusion(BaseModel):
    """Somebody who is kept out. The id is the participant's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    hashes: list[str] = []
    """Of the e-mail address and the telephone number; none any more once it is over."""
    excluded_at: datetime
    excluded_by: EntityId
    """The coordinator who decided."""
    until: datetime
    reason: str = ""
    """For those who may read reports; goes with the person's data."""
    over_at: datetime | None = None
    lifted_by: EntityId | None = None
    lifted_because: str = ""

    @property
    def due_at(self) -> datetime | None:
        """When the addresses are to be forgotten; none once they are."""
        return self.until if self.over_at is None else None


def fingerprints(key: bytes, association: str, addresses: Iterable[str | None]) -> list[str]:
    """What is kept of addresses: HMAC-SHA256 (RFC 2104), so that nobody without the key can try telephone numbers one by one, and the
    same address is another hash in another association.
    """
    return [
        hmac.new(key, f"{association}|{address.casefold()}".encode(), hashlib.sha256).hexdigest()
        for address in addresses
        if address
    ]


def begin(participant: str, hashes: list[str], reason: str, coordinator: str, months: int, now: datetime) -> Exclusion:
    """Somebody is kept out from now on, for some months."""
    return Exclusion(
        id=participant,
        hashes=hashes,
        excluded_at=now,
        excluded_by=coordinator,
        until=months_after(now, months),
        reason=reason,
    )


def again(before: Exclusion, fresh: Exclusion) -> Change[Exclusion] | None:
    """Somebody whose exclusion was over is kept out anew; one that lasts is let be, but for addresses it does not know."""
    if before.over_at is not None:
        return Change(fresh)
    known = list(dict.fromkeys([*before.hashes, *fresh.hashes]))
    return None if known == before.hashes else Change(before.model_copy(update={"hashes": known}))


def lift(exclusion: Exclusion, coordinator: str, reason: str, now: datetime) -> Change[Exclusion] | None:
    """It ends before its time, for a reason."""
    if exclusion.over_at is not None:
        return None
    over = {"hashes": [], "over_at": now, "lifted_by": coordinator, "lifted_because": reason}
    return Change(exclusion.model_copy(update=over))


def run_out(exclusion: Exclusion, now: datetime) -> Change[Exclusion] | None:
    """The period is over: nobody is recognised any more, and why it was is forgotten."""
    if exclusion.over_at is not None or exclusion.until > now:
        return None
    return Change(exclusion.model_copy(update={"hashes": [], "reason": "", "over_at": now}))


def forget(exclusion: Exclusion) -> Change[Exclusion] | None:
    """The person's data are erased: only the hashes, the dates and who decided stay."""
    if not (exclusion.reason or exclusion.lifted_because):
        return None
    return Change(exclusion.model_copy(update={"reason": "", "lifted_because": ""}))


def mark(participant: Participant) -> Change[Participant] | None:
    """Somebody is to be looked at by a human; none when that is so already."""
    if HELD in participant.to_look_at:
        return None
    return Change(participant.model_copy(update={"to_look_at": [*participant.to_look_at, HELD]}))


def months_after(moment: datetime, months: int) -> datetime:
    """The same day some months later; the last of a month where that has no such day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
