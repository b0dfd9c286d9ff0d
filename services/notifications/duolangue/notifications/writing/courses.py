"""The sentences of messages about French courses. Whoever misses classes is told that they are missed, never that they did wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from duolangue.contracts.facts.notifications import MessageKind
from duolangue.notifications.writing.activities import own
from duolangue.notifications.writing.activities import told as told_of
from duolangue.notifications.writing.letter import Action, Draft, Note
from duolangue.notifications.writing.occasion import Occasion

Say = Callable[[str], str]


def _homework(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("There is something new to watch and to do at home, for: {title}.").format(title=told.title)
    how = _("You can hand it in with a text, a photo or a recording of your voice.")
    return _draft(_("Homework: {title}").format(title=told.title), (begin, how), _action(occasion, _("See it")))


def _returned(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("Your teacher has looked at your homework, for: {title}.").format(title=told.title)
    return _draft(
        _("Your homework: {title}").format(title=told.title), (begin,), _action(occasion, _("Read what they say"))
    )


def _absences(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("We have not seen you often lately, in: {title}. We miss you!").format(title=told.title)
    ask = _("Is there a difficulty: children, transport, the hour? Tell us: we look for a solution with you.")
    return _draft(_("We miss you: {title}").format(title=told.title), (begin, ask), _action(occasion, _("Tell us")))


def _serious(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("You have missed many classes of: {title}. Other people wait for a place.").format(title=told.title)
    ask = _("Please come to the next class, or tell us what keeps you away.")
    return _draft(_("Your course: {title}").format(title=told.title), (begin, ask), _action(occasion, _("Tell us")))


def _last(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("This is our last reminder: you have missed too many classes of: {title}.").format(title=told.title)
    ask = _(
        "Please speak with your coordinator before the next class. Without news from you, your place can go to somebody else."
    )
    return _draft(_("Your place in: {title}").format(title=told.title), (begin, ask), _action(occasion, _("Tell us")))


def _action(occasion: Occasion, label: str) -> Action:
    return Action(label, f"{own(occasion)}/courses/{told_of(occasion).activity}")


def _draft(subject: str, sentences: tuple[str, ...], action: Action) -> Draft:
    *before, last = sentences
    return Draft(
        subject=subject,
        parts=(*(Note(each) for each in sentences), action),
        short="\n".join((*before, f"{last} {action.url}")),
    )


KINDS: Final[Mapping[MessageKind, Callable[[Occasion, Say], Draft]]] = {
    MessageKind.HOMEWORK: _homework,
    MessageKind.HOMEWORK_RETURNED: _returned,
    MessageKind.ABSENCES: _absences,
    MessageKind.ABSENCES_SERIOUS: _serious,
    MessageKind.ABSENCES_LAST: _last,
}
