"""What notifications keeps about one participant: told to them when they ask, and reduced when they are erased."""

from __future__ import annotations

from duolangue.chassis.erasure import tell_erased
from duolangue.contracts.facts.notifications import NotificationsErased
from duolangue.contracts.requests import PersonalDataAnswer
from duolangue.notifications.domain import contact, message
from duolangue.notifications.ports import Ports

Row = dict[str, str | int | bool | None]
MOST_MESSAGES = 1000
"""The latest ones: an answer must fit in one message of the bus."""


async def tell_personal_data(participant: str, ports: Ports) -> PersonalDataAnswer:
    """The messages somebody got or is to get; their words are kept nowhere."""
    sent = await ports.messages.select({"recipient": {"$eq": participant}}, sort=[("made_at", -1)], limit=MOST_MESSAGES)
    reached = await ports.contacts.find(participant)
    unreachable = reached.unreachable_since if reached else None
    return PersonalDataAnswer(
        tables={
            "messages": [
                Row(
                    kind=each.kind.value,
                    status=each.status.value,
                    channel=each.channel.value if each.channel else None,
                    made_at=each.made_at.isoformat(),
                    told_at=each.told_at.isoformat() if each.told_at else None,
                )
                for each in sent
            ],
            "reachable": [Row(mail_refused_since=unreachable.isoformat())] if unreachable else [],
        }
    )


async def erase(participant: str, ports: Ports, *, again: bool = False) -> None:
    """Messages hold ids alone: what was not sent is dropped, what is known of an address too; then say that it is done."""
    for each in await ports.messages.select(
        {"recipient": {"$eq": participant}, "status": {"$in": [status.value for status in sorted(message.OPEN)]}}
    ):
        await ports.messages.update(each.id, message.dropped)
    if await ports.contacts.find(participant) is not None:
        await ports.contacts.update(participant, contact.worth_another_try)
    await tell_erased(participant, NotificationsErased, ports.erasures, ports.clock, again=again)
