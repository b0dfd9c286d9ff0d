"""What the use cases need of the outside, for one association."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final, Protocol

from duolangue.chassis.clock import Clock
from duolangue.chassis.decision import Change
from duolangue.chassis.identity import Signer
from duolangue.chassis.identity.directory import Asks
from duolangue.chassis.store import Aggregates
from duolangue.contracts.envelope import Fact
from duolangue.registration.domain.allowance import Allowance
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.door import Door, Revocation
from duolangue.registration.domain.exclusion import Exclusion
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.domain.report import Report
from duolangue.registration.domain.sign_in import Session, SignIn

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

    async def update(self, entity_id: str, decide: Callable[[Participant], Change[Participant] | None]) -> Participant:
        """Change one."""
        ...

    async def with_ids(self, ids: Collection[str]) -> list[Participant]:
        """Those of these who exist."""
        ...

    async def with_addresses(self, addresses: Iterable[str]) -> list[Participant]:
        """Those who have one of these e-mail addresses or telephone numbers."""
        ...

    async def page(self, status: Status | None, after: str, limit: int) -> list[Participant]:
        """Some, in the order of their ids, beginning after one."""
        ...

    async def desk(self, status: Status | None, skip: int, limit: int) -> list[Participant]:
        """Some, in the order the desk shows them: who applied last comes first."""
        ...

    async def numbers(self) -> dict[Status, int]:
        """How many stand where."""
        ...

    async def count(self, where: Mapping[str, Any] | None = None) -> int:
        """How many fit, by fields of the state in the database's own operators."""
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


@dataclass(frozen=True)
class Ports:
    """The outside of one association; `doors`, `allowances` and `revocations` are the platform's own."""

    association: str
    clock: Clock
    associations: Aggregates[Association]
    participants: Participants
    coordinators: Aggregates[Coordinator]
    sign_ins: Aggregates[SignIn]
    sessions: Aggregates[Session]
    reports: Aggregates[Report]
    exclusions: Aggregates[Exclusion]
    exclusion_key: bytes
    doors: Aggregates[Door]
    allowances: Aggregates[Allowance]
    revocations: Aggregates[Revocation]
    mails: Mails
    signer: Signer
    public_url: str
    others: Asks
    """The other services, asked over the bus."""

    async def own(self) -> Association:
        """The association itself, or `Absent`."""
        return await self.associations.get(self.association)


PortsOf = Callable[[str], Ports]
"""The ports of an association, by its slug."""
