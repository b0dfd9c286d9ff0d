"""Why a coordinator is to look at an application that came by the sign-up: codes in `Participant.to_look_at`."""

from __future__ import annotations

from datetime import date
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.registration.domain import application
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.participant import AGAIN, Participant, SaidAgain, Status
from duolangue.registration.domain.signup.record import SignUp

OUTSIDE: Final = "outside_zone"
"""Lives in none of the association's zones."""
SAID_YOUNG: Final = "said_young"
"""First named a year of birth of a minor, then another."""
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


def came_again(participant: Participant, said: SaidAgain) -> Change[Participant] | None:
    """Somebody who is registered signed up once more: what they answered, the latest of it, lies beside what is known until a
    coordinator decides. Anybody may type somebody's name, year and address: nothing that is known gives way by itself.
    """
    if participant.status is Status.ERASED or participant.said_again == said:
        return None
    marks = list(dict.fromkeys([*participant.to_look_at, AGAIN]))
    return Change(participant.model_copy(update={"to_look_at": marks, "said_again": said}))
