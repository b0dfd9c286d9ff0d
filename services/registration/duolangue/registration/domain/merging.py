"""Two records of one person become one: which stays, which value of each field stays, and what is left of the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantLeft
from duolangue.registration.domain import application, life
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.history import MOST, Act, Entry
from duolangue.registration.domain.invalid import NotNow
from duolangue.registration.domain.participant import (
    NO_YEAR,
    NOWHERE,
    Consent,
    ConsentPurpose,
    Participant,
    Status,
    identities,
    public,
    tidy_list,
)


class Choice(StrEnum):
    """Whose value stays."""

    STAYS = "stays"
    """That of the record that stays."""
    GOES = "goes"
    BOTH = "both"
    """Of a list: what either has."""


LISTS: Final = ("languages", "interests", "availability")
FIELDS: Final = (
    "name", "email", "phone", "birth_year", "gender", "postcode", *LISTS, "radius_km", "arrived_on", "ui_language", "newcomer", "volunteer",
)  # fmt: skip
"""What can be chosen; `name` is first and last name together."""
_ORDER: Final = (Status.ACTIVE, Status.PAUSED, Status.APPLIED, Status.LEFT, Status.REFUSED)


def who_stays(one: Participant, other: Participant, running: frozenset[str]) -> tuple[Participant, Participant]:
    """The record that stays, and the one that goes: who is in a duo stays, since the duo knows them by their id; then who takes part;
    then who came first.

    Raises:
        NotNow: both are in a duo, one is kept out for safety, or one is gone.
    """
    for each in (one, other):
        if each.status is Status.EXCLUDED:
            raise NotNow(
                "merge_excluded",
                "One of the two is kept out for safety. The person in charge of safety decides about that first.",
            )
        if each.status is Status.ERASED or not each.first_name:
            raise NotNow("merge_gone", "One of the two is not there any more.")
    for goes, stays in ((one, other), (other, one)):
        if goes.merged_into == stays.id:
            return stays, goes
    if {one.id, other.id} <= running:
        raise NotNow("merge_both_in_duos", "Both are in a duo at the moment. End one of the duos first.")
    first, second = sorted((one, other), key=lambda each: _rank(each, running))
    return first, second


def _rank(participant: Participant, running: frozenset[str]) -> tuple[bool, int, datetime, str]:
    return (
        participant.id not in running,
        _ORDER.index(participant.status),
        participant.applied_at,
        participant.id,
    )


def differing(stays: Participant, goes: Participant) -> list[str]:
    """The fields about which there is something to choose."""
    return [
        field
        for field in FIELDS
        if _value(goes, field) not in (None, [], "") and _value(goes, field) != _value(stays, field)
    ]


def proposed(stays: Participant, goes: Participant, field: str) -> Choice:
    """What is chosen where nobody chooses: lists are joined, gaps are filled, all else stays."""
    if field in LISTS:
        return Choice.BOTH
    return Choice.STAYS if _value(stays, field) not in (None, "") or _value(goes, field) is None else Choice.GOES


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side, or one and what was said anew: which stays, and what there is to choose."""

    stays: Participant
    goes: Participant

    @property
    def fields(self) -> list[str]:
        """Those about which there is something to choose."""
        return differing(self.stays, self.goes)

    def chosen(self, choices: Mapping[str, Choice]) -> dict[str, Choice]:
        """What is chosen of each, by whoever chose or by itself."""
        return {field: proposed(self.stays, self.goes, field) for field in self.fields} | dict(choices)


def with_chosen(stays: Participant, goes: Participant, choices: Mapping[str, Choice]) -> Participant:
    """The one that stays, with the values chosen of the other; where nobody chose, with those proposed."""
    values: dict[str, Any] = {}
    for field in differing(stays, goes):
        choice = choices.get(field, proposed(stays, goes, field))
        if choice is Choice.BOTH and field in LISTS:
            values[field] = tidy_list([*_value(stays, field), *_value(goes, field)])
        elif choice is Choice.GOES:
            values |= (
                {"first_name": goes.first_name, "last_name": goes.last_name}
                if field == "name"
                else {field: _value(goes, field)}
            )
    return stays.model_copy(update=values)


def joined(
    stays: Participant,
    goes: Participant,
    choices: Mapping[str, Choice],
    association: Association,
    now: datetime,
    by: str,
) -> Change[Participant] | None:
    """The record that stays, with the values chosen. A newcomer keeps the longer wait.

    Raises:
        Invalid: together the values break a rule.
    """
    fresh = with_chosen(stays, goes, choices)
    fresh = fresh.model_copy(
        update={
            "newcomer": _longer_wait(fresh.newcomer, stays.newcomer, goes.newcomer),
            "host": stays.host or goes.host,
            "current_partner": stays.current_partner or goes.current_partner,
            "consents": _consents([*stays.consents, goes.consent, *goes.consents]),
            "to_look_at": tidy_list([*stays.to_look_at, *goes.to_look_at]),
            "said_again": stays.said_again or goes.said_again,
            "named_at": now,
            "identities": identities(fresh.first_name, fresh.last_name, fresh.birth_year, fresh.email, fresh.phone),
            "history": [
                *sorted([*stays.history, *goes.history], key=lambda entry: entry.at),
                Entry(act=Act.MERGED, at=now, by=by),
            ][-MOST:],
        }
    )
    told = life.told_by(fresh, association)
    for fault in application.faults(told, association.today(now)):
        raise fault
    return life.changed(stays, fresh.model_copy(update={"roles": told.roles}))


def _consents(told: list[Consent]) -> list[Consent]:
    """All of them; what is given to an outside feed is withdrawn where either record withdrew it later: the last word counts."""
    withdrawn: dict[tuple[ConsentPurpose, str], datetime] = {}
    for each in told:
        if each.to and each.withdrawn_at is not None:
            before = withdrawn.get((each.purpose, each.to), each.withdrawn_at)
            withdrawn[each.purpose, each.to] = max(before, each.withdrawn_at)
    return [_as_last_said(each, withdrawn.get((each.purpose, each.to))) for each in told]


def _as_last_said(consent: Consent, withdrawn: datetime | None) -> Consent:
    if withdrawn is None or consent.withdrawn_at is not None or consent.given_at >= withdrawn:
        return consent
    return consent.model_copy(update={"withdrawn_at": withdrawn})


def giving_way(goes: Participant, stays: str) -> Change[Participant] | None:
    """The record that goes points to the one that stays, and is not the person any more: others move what they keep of it."""
    if goes.merged_into is not None:
        return None
    # one identity of its own, which is no person's: the index that keeps people apart takes two that have none for one
    gone: dict[str, Any] = {
        "status": Status.LEFT, "merged_into": stays, "identities": [f"merged|{goes.id}"], "current_partner": None, "resumes_on": None, "resumes_at": None,
        "unreachable_since": None, "asked_for": "", "asked_at": None, "to_look_at": [], "said_again": None,
    }  # fmt: skip
    fresh = goes.model_copy(update=gone)
    outside = goes.status in {Status.ACTIVE, Status.PAUSED, Status.LEFT}
    return Change(fresh, (ParticipantLeft(**public(fresh)),) if outside else ())


def emptied(goes: Participant) -> Change[Participant] | None:
    """All that was told is with the record that stays: here is nothing more of it."""
    if not goes.first_name:
        return None
    nothing: dict[str, Any] = {
        "first_name": "", "last_name": "", "email": None, "phone": None, "gender": None, "languages": [], "interests": [], "availability": [],
        "radius_km": None, "arrived_on": None, "newcomer": None, "volunteer": None, "roles": [], "checklist": [], "consents": [], "refusal": "",
        "refusal_reason": None, "history": [], "host": False, "named_at": None, "birth_year": NO_YEAR, "postcode": NOWHERE,
    }  # fmt: skip
    return Change(goes.model_copy(update=nothing))


def _value(participant: Participant, field: str) -> Any:
    return participant.name if field == "name" else getattr(participant, field)


def _longer_wait(chosen: NewcomerProfile | None, *both: NewcomerProfile | None) -> NewcomerProfile | None:
    if chosen is None:
        return None
    since = min(each.waiting_since for each in both if each is not None)
    return chosen.model_copy(update={"waiting_since": since})
