"""What is kept here about one participant: told to them when they ask, and reduced when they are erased."""

from __future__ import annotations

from datetime import datetime

from duolangue.chassis.erasure import tell_erased
from duolangue.contracts.facts.matching import MatchingErased
from duolangue.contracts.requests import PersonalDataAnswer
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import people

Row = dict[str, str | int | bool | None]


async def tell(participant: str, ports: Ports) -> PersonalDataAnswer:
    """Somebody's duos and waiting. The other side of a duo is not named, and why somebody declined or ended is not told."""
    person = await ports.people.find(participant)
    duos = [
        Row(
            duo=duo.id,
            role=duo.side(participant).value,
            status=duo.status.value,
            shared_interests=", ".join(each.value for each in duo.shared_interests),
            shared_languages=", ".join(duo.shared_languages),
            shared_moments=", ".join(duo.shared_slots),
            accepted=duo.side(participant) in duo.accepted_by,
            proposed_at=_moment(duo.proposed_at),
            confirmed_at=_moment(duo.confirmed_at),
            ended_at=_moment(duo.ended_at),
        )
        for duo in await ports.duos.touching(participant)
        if duo.public
    ]
    waits = [
        Row(run=part.run, since=_moment(each.since), reason=each.reason.code)
        for part in await ports.parts.naming(participant)
        for each in part.waiting
        if each.participant == participant
    ]
    questions = [
        Row(status=each.status.value, sent_at=_moment(each.sent_at), closed_at=_moment(each.closed_at))
        for each in await ports.questions.of(participant)
    ]
    standing = [Row(status=person.status.value, available=bool(person.roles) and not person.gone)] if person else []
    return PersonalDataAnswer(
        tables={
            "standing": standing,
            "since_when": [
                Row(status=turn.status.value, since=_moment(turn.at)) for turn in (person.turns if person else ())
            ],
            "duos": duos,
            "runs_without_a_partner": waits,
            "whether_still_taking_part": questions,
        }
    )


async def erase(participant: str, ports: Ports, *, again: bool = False) -> None:
    """Reduce what is kept here to ids, times and outcomes, then say that it is done."""
    await people.settle(participant, ports)
    await tell_erased(participant, MatchingErased, ports.erasures, ports.clock, again=again)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
