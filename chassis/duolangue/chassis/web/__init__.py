"""Pages and APIs: who may, what comes back when something is wrong, one look, several languages."""

from duolangue.chassis.web.access import ActionLink, Desk, desk, opened
from duolangue.chassis.web.languages import LANGUAGES, OWN_NAMES, direction, spoken, translations
from duolangue.chassis.web.pages import page
from duolangue.chassis.web.reader import reader_language

__all__ = [
    "LANGUAGES", "OWN_NAMES", "ActionLink", "Desk", "desk", "direction", "opened", "page", "reader_language", "spoken", "translations",
]  # fmt: skip
