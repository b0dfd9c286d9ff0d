"""Somebody who is known signed up once more: what they said now beside what is known, and what of it a coordinator takes over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from duolangue.chassis.decision import Change
from duolangue.registration.domain import application, consents, life
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import NotNow
from duolangue.registration.domain.merging import LISTS, Choice, differing
from duolangue.registration.domain.participant import (
    Consent,
    ConsentPurpose,
    Participant,
    SaidAgain,
    Status,
    tidy_list,
)
from duolangue.registration.domain.signup import record

COMES_BACK: Final = frozenset({Status.LEFT, Status.REFUSED})
"""Where somebody stands who signs up again to take part anew: the first interview is to come once more."""


def nothing_said() -> NotNow:
    """Why there is nothing to compare."""
    return NotNow("not_said_again", "This was looked at already: nothing waits to be taken over.")


def as_said(participant: Participant, association: Association) -> Participant:
    """The person as they described themselves when they signed up again, for a look beside what is known.

    Raises:
        NotNow: they did not sign up again, or somebody looked at it.
    """
    said = _said(participant)
    told = _application(said)
    return participant.model_copy(update=application.details(told, association, said.at, waits_from=said.at))


def taken(
    participant: Participant,
    choices: Mapping[str, Choice],
    association: Association,
    now: datetime,
    *,
    guards: bool,
) -> Change[Participant]:
    """The person with what the coordinator chose of what they said. Who had left, or was refused, waits for a first interview again, and for
    a partner from the day they signed up again. `guards`: who decides is in charge of safety.

    Raises:
        NotNow: nothing waits to be taken over, or they are kept out.
        Restricted: they came by a held address, and who decides is not in charge of safety.
        Invalid: together the values break a rule.
    """
    said, fresh = _said(participant), as_said(participant, association)
    seen = life.looked_at(participant, guards=guards)
    present = seen.state if seen else participant
    back = present.status in COMES_BACK
    if (reopened := life.reopen(present) if back or present.status is Status.EXCLUDED else None) is not None:
        present = reopened.state.model_copy(update={"applied_at": said.at})
    told, chosen = _application(said), life.told_by(present, association)
    changes = {
        name: value for field in differing(participant, fresh) for name, value in _of(field, told, chosen, choices)
    }
    if back:
        changes |= _waits_anew(changes.get("newcomer", chosen.newcomer), association.today(said.at))
    wanted = Application.model_validate({**chosen.model_dump(), **_plain(changes)})
    updated = life.update(present, wanted, association, now)
    state = updated.state if updated else present
    main, others = record.consents(said.answers, said.channel, association.feeds)
    kept = {"consent": main, "consents": _consents(state, others)}
    return Change(state.model_copy(update=kept), updated.facts if updated else ())


def _of(field: str, told: Application, known: Application, choices: Mapping[str, Choice]) -> list[tuple[str, Any]]:
    choice = choices.get(field, Choice.BOTH if field in LISTS else Choice.STAYS)
    if choice is Choice.STAYS:
        return []
    names = ("first_name", "last_name") if field == "name" else (field,)
    if choice is Choice.BOTH and field in LISTS:
        return [(field, tidy_list([*getattr(known, field), *getattr(told, field)]))]
    return [(name, getattr(told, name)) for name in names]


def _waits_anew(newcomer: application.NewcomerTold | None, day: Any) -> dict[str, Any]:
    return {"newcomer": newcomer.model_copy(update={"waiting_since": day})} if newcomer else {}


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.model_dump() if hasattr(value, "model_dump") else value for name, value in changes.items()}


def _consents(participant: Participant, others: list[Consent]) -> list[Consent]:
    """What was agreed to before stays on record; what holds already is not given twice."""
    fresh = [
        each
        for each in others
        if each.purpose is not ConsentPurpose.FEED or consents.in_force(participant, each.to) is None
    ]
    return [*participant.consents, participant.consent, *fresh]


def _application(said: SaidAgain) -> Application:
    return record.application(said.answers, said.language, said.channel)


def _said(participant: Participant) -> SaidAgain:
    if participant.said_again is None:
        raise nothing_said()
    return participant.said_again
