"""Why a coordinator is to look at an application that came by the sign-up: codes in `Participant.to_look_at`."""

from __future__ import annotations

from datetime import date
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.registration.domain import application
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.domain.signup.record import SignUp

OUTSIDE: Final = "outside_zone"
"""Lives in none of the association's zones."""
SAID_YOUNG: Final = "said_young"
"""First named a year of birth of a minor, then another."""
AGAIN: Final = "same_person"
"""Is registered, and signed up once more."""


LONG_HERE: Final = "long_in_belgium"
"""Wants to speak French, and arrived longer ago than the association's definition of a newcomer."""


def of(sign_up: SignUp, told: Application, own: Association, today: date) -> list[str]:
    """The marks of what somebody sends."""
    marks = {
        OUTSIDE: own.outside(told.postcode),
        SAID_YOUNG: sign_up.said_young,
        LONG_HERE: application.long_here(told, own, today) is not None,
    }
    return [mark for mark, stands in marks.items() if stands]


def came_again(participant: Participant) -> Change[Participant] | None:
    """Somebody who is registered signed up once more: the coordinator decides what it means."""
    if AGAIN in participant.to_look_at or participant.status is Status.ERASED:
        return None
    return Change(participant.model_copy(update={"to_look_at": [*participant.to_look_at, AGAIN]}))
