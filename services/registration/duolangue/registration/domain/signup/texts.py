"""The texts that people agree to while signing up, by version. A changed text is a new version, and is asked for anew."""

from __future__ import annotations

from typing import Final

from duolangue.registration.domain.application import CONSENT_TEXT
from duolangue.registration.domain.association import Association

CONSENT_VERSION: Final = CONSENT_TEXT
CHARTER_VERSION: Final = "2026-1"


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


CONSENT: Final = (
    N_(
        # review: consent text
        "%(association)s keeps what you tell here. It is used to find a partner for you, and for nothing else."
    ),
    N_(
        # review: consent text
        "Your name, telephone number and e-mail address are seen by the coordinators of %(association)s, and by no other association."
    ),
    N_(
        # review: consent text
        "Before you both say yes, a partner sees only: your first name, your age group, what you both like, and your town."
    ),
    N_(
        # review: consent text
        "After you both say yes, your partner gets your first name, and your telephone number or your e-mail address."
    ),
    N_(
        # review: consent text
        "We do not ask for your nationality, your religion, your health or your papers."
    ),
    N_(
        # review: consent text
        "At any time you can see, correct or erase what is kept about you, or say that you do not agree any more. Ask your coordinator."
    ),
    N_(
        # review: consent text
        "After you leave, everything about you is erased: at the latest after %(months)s months."
    ),
    N_(
        # review: consent text
        "You can also complain to the Belgian Data Protection Authority."
    ),
)
_NAME_2026_1: Final = N_(
    # review: consent text
    "After you both say yes, your partner gets your name, and your telephone number or your e-mail address."
)
_PARTNER_GETS: Final = 3
OLDER_CONSENTS: Final = {"2026-1": (*CONSENT[:_PARTNER_GETS], _NAME_2026_1, *CONSENT[_PARTNER_GETS + 1 :])}
"""The texts that people agreed to before, by version."""
CHARTER: Final = (
    N_(
        # review: consent text
        "I speak French with my partner, at least %(minutes)s minutes a week. I am not a teacher: we talk as equals."
    ),
    N_(
        # review: consent text
        "I am a volunteer: nobody pays me. I may stop when I like, and I tell the association."
    ),
    N_(
        # review: consent text
        "I keep to myself what my partner tells me about their life."
    ),
    N_(
        # review: consent text
        "I ask for no money and give none. I do not press anybody, and I do not look for a love story."
    ),
    N_(
        # review: consent text
        "%(association)s told me what it is for, and tells me how I am insured and who pays if I cause damage while I help."
    ),
    N_(
        # review: safety text
        "If something is not right, I tell the coordinator. In danger, I call 112."
    ),
)


def values(association: Association) -> dict[str, object]:
    """What stands in the texts."""
    return {
        "association": association.name,
        **association.figures,
    }
