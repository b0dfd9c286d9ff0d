"""What sessions keeps about one participant: told to them when they ask. What an erasure leaves names nobody."""

from __future__ import annotations

from duolangue.chassis.erasure import tell_erased
from duolangue.contracts.facts.sessions import SessionsErased
from duolangue.contracts.requests import PersonalDataAnswer
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activity_data

Row = dict[str, str | int | bool | None]
MOST_CONVERSATIONS = 1000
"""The latest ones: an answer must fit in one message of the bus."""


async def tell(participant: str, ports: Ports) -> PersonalDataAnswer:
    """Somebody's commitments and the conversations of their duos; nobody else is named."""
    known = [
        *await ports.commitments.select({"newcomer": {"$eq": participant}}),
        *await ports.commitments.select({"volunteer": {"$eq": participant}}),
    ]
    talks = await ports.conversations.select(
        {"duo": {"$in": [each.id for each in known]}, "withdrawn": False},
        sort=[("held_on", -1)],
        limit=MOST_CONVERSATIONS,
    )
    return PersonalDataAnswer(
        tables={
            **await activity_data.tables(participant, ports),
            "commitments": [_commitment(each, participant) for each in known],
            "conversations": [
                Row(duo=each.duo, held_on=each.held_on.isoformat(), minutes=each.minutes, medium=each.medium.value)
                for each in talks
            ],
        }
    )


async def erase(participant: str, ports: Ports, *, again: bool = False) -> None:
    """Duos and minutes are kept for the figures, under ids that lead to nobody any more; say that this part is done."""
    await activity_data.erase(participant, ports)
    await tell_erased(participant, SessionsErased, ports.erasures, ports.clock, again=again)


def _commitment(commitment: Commitment, participant: str) -> Row:
    return Row(
        duo=commitment.id,
        role=commitment.side_of(participant).value,
        status=commitment.status.value,
        since=commitment.since.isoformat(),
        minutes_a_week=commitment.promised,
        missed_weeks=", ".join(commitment.missed),
    )
