"""What sessions keeps about one participant: told to them when they ask. What an erasure leaves names nobody."""

from __future__ import annotations

from duolangue.chassis.erasure import tell_erased
from duolangue.contracts.facts.sessions import SessionsErased
from duolangue.contracts.requests import PersonalDataAnswer
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.conversation import Conversation, Telling
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activity_data, counting, course_data

Row = dict[str, str | int | bool | None]
MOST_CONVERSATIONS = 1000
"""The latest ones: an answer must fit in one message of the bus."""


async def tell(participant: str, ports: Ports) -> PersonalDataAnswer:
    """Somebody's commitments and the conversations of their duos, with what they wrote of them; nobody else is named or quoted."""
    known = await _commitments(participant, ports)
    sides = {each.id: each.side_of(participant) for each in known}
    talks = await ports.conversations.select(
        {"duo": {"$in": [each.id for each in known]}},
        sort=[("held_on", -1)],
        limit=MOST_CONVERSATIONS,
    )
    told = conversations.told_of(talks)
    return PersonalDataAnswer(
        tables={
            **await activity_data.tables(participant, ports),
            **await counting.tables(participant, ports),
            **await course_data.tables(participant, ports),
            "commitments": [_commitment(each, participant) for each in known],
            "conversations": [_conversation(each, told[each.id], sides[each.duo]) for each in talks if not each.spare],
        }
    )


async def erase(participant: str, ports: Ports, *, again: bool = False) -> None:
    """Duos and minutes are kept for the figures, under ids that lead to nobody any more; say that this part is done.

    What either side of their duos wrote to the coordinator is forgotten: it may speak of them.
    """
    for duo in await _commitments(participant, ports):
        for each in await ports.conversations.select({"duo": {"$eq": duo.id}}, index="by_duo"):
            if conversations.wordless(each) is not None:
                await ports.conversations.update(each.id, conversations.wordless)
    await activity_data.erase(participant, ports)
    await course_data.erase(participant, ports)
    await counting.erase(participant, ports)
    await tell_erased(participant, SessionsErased, ports.erasures, ports.clock, again=again)


async def _commitments(participant: str, ports: Ports) -> list[Commitment]:
    return [
        *await ports.commitments.select({"newcomer": {"$eq": participant}}),
        *await ports.commitments.select({"volunteer": {"$eq": participant}}),
    ]


def _conversation(each: Conversation, told: list[Telling], side: Role) -> Row:
    own = next((telling for telling in told if telling.side is side), None)
    return Row(
        duo=each.duo,
        held_on=each.held_on.isoformat(),
        minutes=each.minutes,
        medium=each.medium.value,
        taken_back=each.withdrawn,
        how_it_went=own.face.value if own and own.face else None,
        told_the_coordinator=own.word if own else "",
    )


def _commitment(commitment: Commitment, participant: str) -> Row:
    return Row(
        duo=commitment.id,
        role=commitment.side_of(participant).value,
        status=commitment.status.value,
        since=commitment.since.isoformat(),
        minutes_a_week=commitment.promised,
        missed_weeks=", ".join(commitment.missed),
        how_it_stands=commitment.standing.health.value,
        reached=", ".join(each.value for each in commitment.milestones),
        breaks=", ".join(f"{each.since.isoformat()} - {each.until.isoformat()}" for each in commitment.breaks),
        wants_after_the_term=wish.value if (wish := commitment.term.of(commitment.side_of(participant))) else None,
    )
