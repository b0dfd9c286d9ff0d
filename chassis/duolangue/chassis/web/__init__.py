"""Pages and APIs: who may, what comes back when something is wrong, one look, several languages."""

from duolangue.chassis.web.access import ActionLink, Desk, desk, opened
from duolangue.chassis.web.languages import LANGUAGES, spoken, translations
from duolangue.chassis.web.pages import page, reader_language

__all__ = ["LANGUAGES", "ActionLink", "Desk", "desk", "opened", "page", "reader_language", "spoken", "translations"]
