"""The one person behind records that were made one: links, reports and duos from before name the record that went."""

from __future__ import annotations

from duolangue.registration.domain.participant import Participant
from duolangue.registration.ports import Ports


async def person(participant_id: str, ports: Ports) -> Participant | None:
    """Somebody as the record that stayed; none for who is unknown or erased."""
    found = await ports.participants.find(participant_id)
    while found is not None and found.merged_into is not None:
        found = await ports.participants.find(found.merged_into)
    return found


async def records(participant_id: str, ports: Ports) -> set[str]:
    """Somebody's record, and all that were made one with it."""
    found, fresh = {participant_id}, {participant_id}
    while fresh:
        went = await ports.participants.select({"merged_into": {"$type": "string", "$in": sorted(fresh)}})
        fresh = {each.id for each in went} - found
        found |= fresh
    return found
