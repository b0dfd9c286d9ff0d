"""Somebody who is known signed up once more: what they said now beside what is known, and what of it a coordinator takes over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from duolangue.chassis.decision import Change
from duolangue.registration.domain import application, consents, life, merging
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import NotNow
from duolangue.registration.domain.merging import Choice
from duolangue.registration.domain.participant import (
    Consent,
    ConsentPurpose,
    Participant,
    SaidAgain,
    Status,
)
from duolangue.registration.domain.signup import record


def nothing_said() -> NotNow:
    """Why there is nothing to compare."""
    return NotNow("not_said_again", "This was looked at already: nothing waits to be taken over.")


def as_said(participant: Participant, association: Association) -> Participant:
    """The person as they described themselves when they signed up again, for a look beside what is known.

    Raises:
        NotNow: they did not sign up again, or somebody looked at it.
    """
    said = _said(participant)
    told = record.application(said.answers, said.language, said.channel)
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
    present = _reopened(seen.state if seen else participant, said.at)
    wanted = life.told_by(merging.with_chosen(present, fresh, choices), association)
    if wanted.newcomer:
        waits = participant.newcomer if participant.status not in life.MAY_REOPEN else None
        since = association.today(waits.waiting_since if waits else said.at)
        newcomer = wanted.newcomer.model_copy(update={"waiting_since": since})
        wanted = wanted.model_copy(update={"newcomer": newcomer})
    updated = life.update(present, wanted, association, now)
    state = updated.state if updated else present
    main, others = record.consents(said.answers, said.channel, association.feeds)
    kept = {"consent": main, "consents": _consents(state, others)}
    return Change(state.model_copy(update=kept), updated.facts if updated else ())


def _reopened(participant: Participant, said_at: datetime) -> Participant:
    """Who takes part goes on; whoever left or was refused applied anew. Raises as `life.reopen` for whoever is kept out."""
    if participant.status in {Status.APPLIED, Status.ACTIVE, Status.PAUSED}:
        return participant
    reopened = life.reopen(participant)
    return reopened.state.model_copy(update={"applied_at": said_at}) if reopened else participant


def _consents(participant: Participant, others: list[Consent]) -> list[Consent]:
    """What was agreed to before stays on record; what holds already is not given twice."""
    fresh = [
        each
        for each in others
        if each.purpose is not ConsentPurpose.FEED or consents.in_force(participant, each.to) is None
    ]
    return [*participant.consents, participant.consent, *fresh]


def _said(participant: Participant) -> SaidAgain:
    if participant.said_again is None:
        raise nothing_said()
    return participant.said_again
