"""Whether mail reaches somebody. The address itself is registration's."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.notifications import Channel, ContactUnreachable
from duolangue.contracts.vocabulary import EntityId


class Contact(BaseModel):
    """One participant as somebody to be reached."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    """The participant's."""
    unreachable_since: AwareDatetime | None = None


def unreachable(contact: Contact, now: datetime) -> Change[Contact] | None:
    """The address refused a message for good; said once, until the address may have changed."""
    if contact.unreachable_since is not None:
        return None
    state = contact.model_copy(update={"unreachable_since": now})
    return Change(state, (ContactUnreachable(channel=Channel.MAIL, since=now),))


def worth_another_try(contact: Contact) -> Change[Contact] | None:
    """What is known of this person changed, perhaps the address too."""
    if contact.unreachable_since is None:
        return None
    return Change(contact.model_copy(update={"unreachable_since": None}))


def snapshot(contact: Contact, _last_fact: str) -> ContactUnreachable | None:
    """The fact that tells again that somebody cannot be reached; none for everybody else."""
    if contact.unreachable_since is None:
        return None
    return ContactUnreachable(channel=Channel.MAIL, since=contact.unreachable_since)
