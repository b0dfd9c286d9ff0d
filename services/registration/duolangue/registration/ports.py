"""What the use cases need of the outside, for one association."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Final, Protocol

from duolangue.chassis.clock import Clock
from duolangue.chassis.decision import Change
from duolangue.chassis.identity import Signer
from duolangue.chassis.identity.directory import Asks
from duolangue.chassis.store import Aggregates, Projections
from duolangue.contracts.envelope import Fact
from duolangue.registration.domain import audit
from duolangue.registration.domain.allowance import Allowance
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.audit import Act, Actor
from duolangue.registration.domain.batch import Batch, Part
from duolangue.registration.domain.bulk import Bulk
from duolangue.registration.domain.calls import CallsNotice
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.departures import Departures
from duolangue.registration.domain.door import Door, Revocation
from duolangue.registration.domain.duplicates import Known, Lookout, Pair
from duolangue.registration.domain.erasure import Cause, Erasure
from duolangue.registration.domain.exclusion import Exclusion
from duolangue.registration.domain.filters import Filters, Mark
from duolangue.registration.domain.history import Happening, KnownDuo
from duolangue.registration.domain.logo import Logo
from duolangue.registration.domain.note import Note
from duolangue.registration.domain.own_accounts import OwnAccounts
from duolangue.registration.domain.own_page import Wish
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.domain.passkey import Challenge, Passkey, RelyingParty, Signed
from duolangue.registration.domain.report import Report
from duolangue.registration.domain.retention import Watch
from duolangue.registration.domain.session import Session
from duolangue.registration.domain.sign_in import SignIn
from duolangue.registration.domain.signup.clip import Clip, Sound
from duolangue.registration.domain.signup.notice import MinorsNotice
from duolangue.registration.domain.signup.record import SignUp
from duolangue.registration.sealing import Sealer

MOST_COUNTED: Final = 2000
"""How far people are counted for a figure."""
FEW_A_DAY: Final = "few_a_day"
"""The unique index that bounds how many problems one person reports in a day."""


class Participants(Protocol):
    """The association's participants."""

    async def get(self, entity_id: str) -> Participant:
        """The participant, or `Absent`."""
        ...

    async def add(self, entity: Participant, *facts: Fact) -> Participant:
        """Keep a new one, or `Taken`."""
        ...

    async def add_many(self, changes: Sequence[Change[Participant]]) -> dict[str, str]:
        """Keep many new ones; the ids of those that are held by others, with the rule that says so."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Participant], Change[Participant] | None]) -> Participant:
        """Change one."""
        ...

    async def find(self, entity_id: str) -> Participant | None:
        """The participant, or none."""
        ...

    async def select(
        self, where: Mapping[str, Any] | None = None, *, sort: Sequence[tuple[str, int]] = (), limit: int = 0
    ) -> list[Participant]:
        """Those whose fields fit; nobody who is erased."""
        ...

    async def erased(self, entity_id: str) -> bool:
        """Whether somebody was here and is erased; everywhere else they are absent."""
        ...

    async def erase(self, entity_id: str) -> None:
        """Make a tombstone of somebody; or `Absent`."""
        ...

    async def forget(self, entity_id: str, may: Callable[[Participant], bool] = ...) -> bool:
        """Take somebody away of whom nobody was told, if `may` says so; whether they are gone."""
        ...

    async def with_ids(self, ids: Collection[str]) -> list[Participant]:
        """Those of these who exist."""
        ...

    async def with_addresses(self, addresses: Iterable[str]) -> list[Participant]:
        """Those who have one of these e-mail addresses or telephone numbers."""
        ...

    async def page(self, status: Status | None, after: str, limit: int, *, discreet: bool = False) -> list[Participant]:
        """Some, in the order of their ids, beginning after one; `discreet` as in `participant.meant_by`."""
        ...

    async def desk(self, status: Status | None, skip: int, limit: int) -> list[Participant]:
        """Some, in the order the desk shows them: who applied last comes first."""
        ...

    async def numbers(self, *wanted: Status) -> dict[Status, int]:
        """How many stand where: in these places, or in all."""
        ...

    async def count(self, where: Mapping[str, Any] | None = None, *, most: int = 0, index: str = "") -> int:
        """How many fit, by fields of the state in the database's own operators; counted no further than `most`, where that is given,
        and by this index, where one is named.
        """
        ...

    async def listed(
        self,
        filters: Filters,
        now: datetime,
        *,
        after: str = "",
        before: str = "",
        limit: int,
        discreet: bool = False,
    ) -> list[Participant]:
        """Those who fit, in the order asked for: beginning after somebody, or ending before somebody; `discreet` as in
        `participant.meant_by`.
        """
        ...

    async def marked(self, mark: Mark, *, most: int) -> int:
        """How many a coordinator should look at, for this reason; counted no further than `most`."""
        ...

    async def named_since(self, since: datetime | None, after: str, limit: int) -> list[Participant]:
        """Those whose name, year or telephone was told at a moment or later, in that order, beginning after somebody."""
        ...

    async def alike(self, keys: Collection[str]) -> list[Known]:
        """Those who share one of these keys, with no more than is needed to compare."""
        ...


class Mails(Protocol):
    """Hands mails to a mail server; raises `mail.Unavailable` or `mail.Refused`."""

    @property
    def sender(self) -> str:
        """The platform's own address."""
        ...

    async def send(self, message: EmailMessage) -> None:
        """Send one."""
        ...


class AuditLog(Protocol):
    """Who saw or changed whose data: written once, never changed."""

    async def record(self, actor: Actor, act: Act, subjects: Iterable[str], what: str = "") -> None:
        """Write down that this was done."""
        ...

    async def latest(self, subject: str | None, before: datetime | None, limit: int) -> list[audit.Entry]:
        """The latest first: of everybody, or about one person; those before a moment where one is given."""
        ...


class Journal(Protocol):
    """The list of erasures outside the database."""

    async def note(self, participant: str, cause: Cause, at: datetime) -> None:
        """Somebody was erased."""
        ...


class ProviderFailed(Exception):
    """A provider of accounts says nothing, or nothing that can be believed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a provider of accounts says somebody is."""

    email: str
    verified: bool
    """Whether the provider vouches for the address."""


class Providers(Protocol):
    """Providers of accounts that associations have of their own; each raises `ProviderFailed`."""

    async def address(self, accounts: OwnAccounts, trip: Mapping[str, str], back: str) -> str:
        """Where the browser signs in; `trip` holds the state, the nonce and the verifier, `back` is where it returns to."""
        ...

    async def identity(
        self, accounts: OwnAccounts, secret: str, code: str, trip: Mapping[str, str], back: str
    ) -> Identity:
        """Who came back with this code."""
        ...


class AnswerRefused(Exception):
    """An authenticator's answer is none, or cannot be believed; says why in one word."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a browser brings back from an authenticator, before it is verified."""

    credential: str
    """The id of the credential, in base64url."""
    challenge: bytes
    handle: bytes
    """The user handle it holds; empty where it says none."""


class Authenticators(Protocol):
    """Phones, computers and keys that hold passkeys, spoken to through a browser; each raises `AnswerRefused`."""

    @property
    def party(self) -> RelyingParty | None:
        """For whom they sign; none where browsers offer no passkeys."""
        ...

    def to_add(self, challenge: bytes, handle: bytes, name: str, display: str, known: Iterable[str]) -> str:
        """What a browser is asked, as JSON, so that a passkey is made; those that are known make no second one."""
        ...

    def to_sign_in(self, challenge: bytes) -> str:
        """What a browser is asked, as JSON, so that somebody signs in."""
        ...

    def read(self, answer: str) -> Answered:
        """What came back, before any of it is believed."""
        ...

    def added(self, answer: str, challenge: bytes) -> Signed:
        """The passkey that was made."""
        ...

    def signed(self, answer: str, challenge: bytes, known: Passkey) -> int:
        """How often this passkey says it signed, this time included."""
        ...


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
