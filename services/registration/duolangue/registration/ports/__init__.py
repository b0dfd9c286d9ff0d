"""What the use cases need of the outside, for one association. A Protocol each, by subject."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from duolangue.chassis.clock import Clock
from duolangue.chassis.identity import Signer
from duolangue.chassis.identity.directory import Asks
from duolangue.chassis.store import Aggregates, Projections
from duolangue.registration.domain.allowance import Allowance
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.batch import Batch
from duolangue.registration.domain.batch_rows import Part
from duolangue.registration.domain.bulk import Bulk
from duolangue.registration.domain.calls import CallsNotice
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.departures import Departures
from duolangue.registration.domain.door import Door, Revocation
from duolangue.registration.domain.duplicates import Lookout, Pair
from duolangue.registration.domain.erasure import Erasure
from duolangue.registration.domain.exclusion import Exclusion
from duolangue.registration.domain.history import Happening, KnownDuo
from duolangue.registration.domain.logo import Logo
from duolangue.registration.domain.note import Note
from duolangue.registration.domain.own_accounts import OwnAccounts
from duolangue.registration.domain.own_page import Wish
from duolangue.registration.domain.passkey import Challenge, Passkey
from duolangue.registration.domain.report import Report
from duolangue.registration.domain.retention import Watch
from duolangue.registration.domain.session import Session
from duolangue.registration.domain.sign_in import SignIn
from duolangue.registration.domain.signup.clip import Clip, Sound
from duolangue.registration.domain.signup.notice import MinorsNotice
from duolangue.registration.domain.signup.record import SignUp
from duolangue.registration.ports.accounts import (
    Answered,
    AnswerRefused,
    Authenticators,
    Identity,
    ProviderFailed,
    Providers,
)
from duolangue.registration.ports.people import FEW_A_DAY, MOST_COUNTED, Participants
from duolangue.registration.ports.written import AuditLog, Journal, Mails
from duolangue.registration.sealing import Sealer

__all__ = [
    "FEW_A_DAY", "MOST_COUNTED", "AnswerRefused", "Answered", "AuditLog", "Authenticators", "Identity", "Journal", "Mails", "Participants", "Ports",
    "PortsOf", "ProviderFailed", "Providers",
]  # fmt: skip


@dataclass(frozen=True)
class Ports:
    """The outside of one association; `sign_ins`, `passkeys`, `challenges`, `doors`, `accounts`, `allowances` and `revocations` are the
    platform's own.
    """

    association: str
    clock: Clock
    associations: Aggregates[Association]
    participants: Participants
    coordinators: Aggregates[Coordinator]
    departures: Aggregates[Departures]
    sign_ins: Aggregates[SignIn]
    passkeys: Aggregates[Passkey]
    challenges: Aggregates[Challenge]
    sessions: Aggregates[Session]
    reports: Aggregates[Report]
    notes: Aggregates[Note]
    pairs: Aggregates[Pair]
    lookouts: Aggregates[Lookout]
    happenings: Aggregates[Happening]
    bulks: Aggregates[Bulk]
    batches: Aggregates[Batch]
    batch_parts: Aggregates[Part]
    duos: Projections[KnownDuo]
    exclusions: Aggregates[Exclusion]
    exclusion_key: bytes
    logos: Aggregates[Logo]
    sign_ups: Aggregates[SignUp]
    minors: Aggregates[MinorsNotice]
    calls: Aggregates[CallsNotice]
    clips: Aggregates[Clip]
    sounds: Aggregates[Sound]
    doors: Aggregates[Door]
    allowances: Aggregates[Allowance]
    revocations: Aggregates[Revocation]
    erasures: Aggregates[Erasure]
    wishes: Aggregates[Wish]
    watches: Aggregates[Watch]
    audit: AuditLog
    journal: Journal
    mails: Mails
    signer: Signer
    sealer: Sealer
    accounts: Aggregates[OwnAccounts]
    providers: Providers
    authenticators: Authenticators
    all_associations: Callable[[], Awaitable[list[Association]]]
    """For the platform's operators alone."""
    public_url: str
    others: Asks
    """The other services, asked over the bus."""

    async def own(self) -> Association:
        """The association itself, or `Absent`."""
        return await self.associations.get(self.association)


PortsOf = Callable[[str], Ports]
"""The ports of an association, by its slug."""
