"""The sentences of messages about a running duo: a break, what it reached; and the three questions to one of the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from babel.dates import format_date

from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.links import Purpose
from duolangue.notifications.writing.letter import Action, Draft, Note
from duolangue.notifications.writing.occasion import Occasion

Say = Callable[[str], str]


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


REACHED: Final[Mapping[Milestone, str]] = {
    Milestone.FIRST_TALK: N_("You and {name} have talked for the first time. A good beginning!"),
    Milestone.FIFTH_TALK: N_("You and {name} have talked five times already. Bravo!"),
    Milestone.TEN_HOURS: N_("You and {name} have talked for ten hours in all. Bravo!"),
    Milestone.TWELVE_WEEKS: N_("You and {name} have been talking for twelve weeks. Bravo!"),
    Milestone.FIRST_IN_PERSON: N_("You and {name} have met in person for the first time. How nice!"),
}


def _break(occasion: Occasion, _: Say) -> Draft:
    name = _name(occasion)
    until = format_date(occasion.until, "EEEE d MMMM", locale=occasion.language) if occasion.until else ""
    begin = _("Your duo with {name} takes a break until {day}. Nothing is expected of you before then.").format(
        name=name, day=until
    )
    then = _("After that you go on as before. You can always call each other sooner.")
    return Draft(_("A break: you and {name}").format(name=name), (Note(begin), Note(then)), f"{begin}\n{then}")


def _break_over(occasion: Occasion, _: Say) -> Draft:
    name = _name(occasion)
    begin = _("The break of your duo with {name} is over sooner than we said. You go on!").format(name=name)
    call = _("A short call is a good way to begin again.")
    log = Action(_("We talked this week"), occasion.links[Purpose.LOG_CONVERSATION], second=True)
    return Draft(
        _("You and {name} go on").format(name=name), (Note(begin), Note(call), log), f"{begin}\n{call} {log.url}"
    )


def _milestone(occasion: Occasion, _: Say) -> Draft:
    if occasion.milestone is None:
        raise TypeError("a word of thanks says what for")
    name = _name(occasion)
    begin = _(REACHED[occasion.milestone]).format(name=name)
    thanks = _("Thank you both for the time that you give each other.")
    return Draft(_("You and {name}: thank you!").format(name=name), (Note(begin), Note(thanks)), f"{begin}\n{thanks}")


def _questions(begin: str) -> Callable[[Occasion, Say], Draft]:
    def draft(occasion: Occasion, _: Say) -> Draft:
        first = _(begin)
        ask = _("Three short questions: speaking French, people you can call on, your projects. It takes one minute.")
        free = _("You need not answer. Your answers help us to do better.")
        link = Action(_("Answer the three questions"), occasion.links[Purpose.THREE_QUESTIONS])
        return Draft(
            _("Three questions for you"),
            (Note(first), Note(ask), link, Note(free)),
            f"{ask} {link.url}\n{free}",
        )

    return draft


def _name(occasion: Occasion) -> str:
    return occasion.partner.first_name if occasion.partner else ""


KINDS: Final[Mapping[MessageKind, Callable[[Occasion, Say], Draft]]] = {
    MessageKind.BREAK: _break,
    MessageKind.BREAK_OVER: _break_over,
    MessageKind.MILESTONE: _milestone,
    MessageKind.QUESTIONS_START: _questions(N_("You have begun to speak French with somebody. How do you feel?")),
    MessageKind.QUESTIONS_END: _questions(N_("You have spoken French with somebody for a while. How do you feel now?")),
}
