"""The words that lie with a copy of somebody's data, in their language."""

from __future__ import annotations

from typing import Final

from duolangue.chassis.web import translations
from duolangue.registration.usecases.personal_data import Copy

PACKAGE: Final = "duolangue.registration"


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


WHAT: Final = N_("This is a copy of all that %(association)s keeps about you.")
HOW: Final = N_(
    "There is a folder for each part of the platform. Each table is there as CSV, for a spreadsheet; all of them as JSON, for a program."
)
MISSING: Final = N_("These parts did not answer and are missing: %(parts)s. Please download again in a few minutes.")
NOT_HERE: Final = N_(
    "Not in here: notes of the coordinators and reports of problems, since they may concern other people, too. "
    "Ask %(association)s: somebody looks and answers you within a month."
)
AUTHORITY: Final = N_("You can also complain to the Belgian Data Protection Authority.")


def read_me(copy: Copy, association: str, language: str) -> str:
    """What is in the archive and what is not."""
    words = translations(PACKAGE, language)
    values = {"association": association, "parts": ", ".join(copy.away)}
    said = (WHAT, HOW, *([MISSING] if copy.away else []), NOT_HERE, AUTHORITY)
    return "\n\n".join(words.gettext(sentence) % values for sentence in said) + "\n"
