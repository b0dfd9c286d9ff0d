"""An attestation: the hours somebody gave or followed between two days, under a number that nobody can guess. No name is kept with it.

What is printed is signed by registration as part of a link: whoever holds the paper can have its name and its hours checked against the
signature, and nobody who holds only the number learns whose it is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b32encode
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.vocabulary import EntityId

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a number: those of Crockford's base 32, in which none looks like another."""
LENGTH: Final = 12
"""Signs that are drawn: 60 bits."""
GROUP: Final = 4
MOST_YEARS: Final = 10
"""How far back hours are attested, and for how long the signed link is good."""
_SEEN_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_NUMBER: Final = re.compile(f"[0-9]{{4}}[{SIGNS}]{{{LENGTH}}}")


class NothingToAttest(RuleBroken):
    """Nothing took place between the two days."""

    code = "nothing_to_attest"
    status = 409


class DaysOutOfOrder(RuleBroken):
    """Days in the wrong order, to come, or too long ago."""

    code = "days_out_of_order"


class Work(StrEnum):
    """What hours were spent on."""

    DUO = "duo"
    WORKSHOP = "workshop"
    COURSE = "course"
    LESSON = "lesson"
    OUTING = "outing"
    MODULE = "module"
    GIVEN = "given"
    """Workshops and other activities that they gave."""


class Attestation(BaseModel):
    """One that was issued. Its id is its number."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    participant: EntityId | None
    """None once they were erased: the paper they hold stays good."""
    since: date
    until: date
    minutes: dict[Work, int]
    issued_on: date
    issued_at: AwareDatetime
    issued_by: EntityId
    """The coordinator."""
    withdrawn_at: AwareDatetime | None = None
    """When it was taken back, because it was issued by mistake."""

    @property
    def total(self) -> int:
        """Minutes in all."""
        return sum(self.minutes.values())

    def seal(self, name: str) -> str:
        """What the signed link says of the paper: a digest of all that is written on it, the name included."""
        hours = [f"{work.value}={self.minutes[work]}" for work in Work if work in self.minutes]
        lines = [
            self.id,
            plain(name),
            self.since.isoformat(),
            self.until.isoformat(),
            self.issued_on.isoformat(),
            *hours,
        ]
        digest = hashlib.sha256("\n".join(lines).encode()).digest()
        return b32encode(digest[:20]).decode()


class Hours(BaseModel):
    """What somebody did between two days, in minutes, by what it was."""

    model_config = ConfigDict(frozen=True)

    minutes: dict[Work, int] = Field(default_factory=dict)

    @property
    def total(self) -> int:
        """In all."""
        return sum(self.minutes.values())


def hours(talked: int, visited: Mapping[ActivityKind, int], given: int) -> Hours:
    """Hours from the minutes of duos, of what was followed, of what was given; what is nothing is left out."""
    all_of_it = {
        Work.DUO: talked,
        **{Work(kind.value): minutes for kind, minutes in visited.items()},
        Work.GIVEN: given,
    }
    return Hours(minutes={work: all_of_it[work] for work in Work if all_of_it.get(work)})


def number_of(year: int, drawn: bytes) -> str:
    """A number from at least 8 random bytes, as in 2026-7KQ2-M9PD-RX4T."""
    value = int.from_bytes(drawn)
    signs = "".join(SIGNS[value >> 5 * place & 31] for place in range(LENGTH))
    return _grouped(f"{year:04}{signs}")


def as_typed(text: str) -> str:
    """The number somebody typed, in its one form; empty where it is none. Letters that look like digits are taken for them."""
    signs = re.sub(r"[\s\-–—.]", "", unicodedata.normalize("NFKC", text)).upper().translate(_SEEN_AS)
    return _grouped(signs) if _NUMBER.fullmatch(signs) else ""


def plain(name: str) -> str:
    """A name as it is compared: no accents, one blank between words, no capitals."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return " ".join(bare.casefold().split())


def between(since: date, until: date, today: date) -> None:
    """Whether hours between two days can be attested.

    Raises:
        DaysOutOfOrder: the last comes before the first, is still to come, or the first is more than ten years ago.
    """
    if until < since:
        raise DaysOutOfOrder("The last day comes before the first.", field="until")
    if until > today:
        raise DaysOutOfOrder("This day is still to come.", field="until")
    if since < today - timedelta(days=366 * MOST_YEARS):
        raise DaysOutOfOrder("This day is more than ten years ago.", field="since")


def issue(
    number: str, participant: str, since: date, until: date, found: Hours, by: str, now: datetime, today: date
) -> Attestation:
    """Issue one.

    Raises:
        NothingToAttest: there are no hours.
    """
    if not found.total:
        raise NothingToAttest("Nothing was told between these two days: there is nothing to attest.", field="since")
    return Attestation(
        id=number,
        participant=participant,
        since=since,
        until=until,
        minutes=found.minutes,
        issued_on=today,
        issued_at=now,
        issued_by=by,
    )


def withdraw(attestation: Attestation, now: datetime) -> Change[Attestation] | None:
    """Take one back that was issued by mistake: whoever asks for its number is told so."""
    if attestation.withdrawn_at is not None:
        return None
    return Change(attestation.model_copy(update={"withdrawn_at": now}))


def nameless(attestation: Attestation) -> Change[Attestation] | None:
    """Whoever holds it was erased: nothing leads to them any more, and the number stays good."""
    return Change(attestation.model_copy(update={"participant": None})) if attestation.participant else None


def of_another(attestation: Attestation, participant: str) -> Change[Attestation] | None:
    """Two records were one person: it is theirs under the id that stays. The paper stays good: no id is on it."""
    if attestation.participant == participant:
        return None
    return Change(attestation.model_copy(update={"participant": participant}))


def _grouped(signs: str) -> str:
    return "-".join(signs[place : place + GROUP] for place in range(0, len(signs), GROUP))
