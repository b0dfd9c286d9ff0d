"""Why a coordinator is to look at an application that came by the sign-up: codes in `Participant.to_look_at`."""

from __future__ import annotations

from typing import Final

from duolangue.chassis.decision import Change
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.domain.signup.record import SignUp

OUTSIDE: Final = "outside_zone"
"""Lives in none of the association's zones."""
SAID_YOUNG: Final = "said_young"
"""First named a year of birth of a minor, then another."""
AGAIN: Final = "signed_up_again"
"""Is registered, and signed up once more."""


def of(sign_up: SignUp, own: Association) -> list[str]:
    """The marks of what somebody sends."""
    postcode = sign_up.answers.postcode
    outside = [OUTSIDE] if postcode and own.outside(postcode) else []
    return [*outside, *([SAID_YOUNG] if sign_up.said_young else [])]


def came_again(participant: Participant) -> Change[Participant] | None:
    """Somebody who is registered signed up once more: the coordinator decides what it means."""
    if AGAIN in participant.to_look_at or participant.status is Status.ERASED:
        return None
    return Change(participant.model_copy(update={"to_look_at": [*participant.to_look_at, AGAIN]}))
