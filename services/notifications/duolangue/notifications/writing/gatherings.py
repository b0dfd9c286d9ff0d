"""The sentences of messages about activities: a place, the waiting list, an offer, a reminder, a change; and to who gives one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.links import Purpose
from duolangue.notifications.writing.activities import cannot_come, own, your_activities
from duolangue.notifications.writing.activities import told as told_of
from duolangue.notifications.writing.letter import Action, Draft, Lines, Note
from duolangue.notifications.writing.occasion import Occasion, Programme

Say = Callable[[str], str]


def _place(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("You have a place: {title}.").format(title=told.title)
    return _draft(
        _("Your place: {title}").format(title=told.title), begin, told, cannot_come(_), your_activities(occasion, _), _
    )


def _waiting_list(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("You would like to come to: {title}. All places are taken. You are on the waiting list.").format(
        title=told.title
    )
    next_step = _("When a place becomes free, we write to you. You need do nothing.")
    return _draft(
        _("Waiting list: {title}").format(title=told.title),
        begin,
        told,
        next_step,
        your_activities(occasion, _),
        _,
    )


def _offered(occasion: Occasion, _: Say) -> Draft:
    told, link = told_of(occasion), own(occasion)
    begin = _("Good news! A place is free for you: {title}.").format(title=told.title)
    soon = _("We keep it for you for {hours} hours. Then somebody else gets it.").format(hours=told.offer_hours)
    answer = Action(_("Yes or no: answer here"), f"{link}/activities/{told.activity}")
    return _draft(_("A place is free: {title}").format(title=told.title), begin, told, soon, answer, _)


def _reminder(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("Soon: {title}. We look forward to seeing you.").format(title=told.title)
    return _draft(
        _("Soon: {title}").format(title=told.title), begin, told, cannot_come(_), your_activities(occasion, _), _
    )


def _moved(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("Something has changed: {title}. Please look at the day, the hour and the place.").format(
        title=told.title
    )
    return _draft(
        _("Changed: {title}").format(title=told.title), begin, told, cannot_come(_), your_activities(occasion, _), _
    )


def _cancelled(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("You wanted to come to: {title}. It does not take place for you. We are sorry.").format(title=told.title)
    next_step = _("On your page you see why, and what else there is.")
    bare = Programme(told.activity, told.title)
    return _draft(
        _("Cancelled: {title}").format(title=told.title), begin, bare, next_step, your_activities(occasion, _), _
    )


def _hosting(occasion: Occasion, _: Say) -> Draft:
    told, link = told_of(occasion), occasion.links[Purpose.HOST_ACTIVITY]
    begin = _("Your activity is announced: {title}. Thank you for giving it!").format(title=told.title)
    see = _("Here you see who comes. On the day you note here who came.")
    return _draft(_("Announced: {title}").format(title=told.title), begin, told, see, Action(_("Who comes"), link), _)


def _hosting_reminder(occasion: Occasion, _: Say) -> Draft:
    told, link = told_of(occasion), occasion.links[Purpose.HOST_ACTIVITY]
    begin = _("Soon you give: {title}. Thank you!").format(title=told.title)
    see = _("Here you see who comes. On the day you note here who came.")
    return _draft(_("Soon: {title}").format(title=told.title), begin, told, see, Action(_("Who comes"), link), _)


def _hosting_moved(occasion: Occasion, _: Say) -> Draft:
    told, link = told_of(occasion), occasion.links[Purpose.HOST_ACTIVITY]
    begin = _("Days, hours or the place of what you give have changed: {title}. Please look at them.").format(
        title=told.title
    )
    see = _("If you cannot then, tell your coordinator.")
    return _draft(_("Changed: {title}").format(title=told.title), begin, told, see, Action(_("Who comes"), link), _)


def _hosting_cancelled(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("What you wanted to give is not announced any more: {title}. You need prepare nothing now.").format(
        title=told.title
    )
    see = _("Your coordinator can tell you more. Thank you for what you offer!")
    bare = Programme(told.activity, told.title)
    return _draft(_("Cancelled: {title}").format(title=told.title), begin, bare, see, your_activities(occasion, _), _)


def _hosting_over(occasion: Occasion, _: Say) -> Draft:
    told = told_of(occasion)
    begin = _("Somebody else gives this now: {title}. You need prepare nothing, and need not come to give it.").format(
        title=told.title
    )
    see = _("Your coordinator can tell you more. Thank you for what you offer!")
    bare = Programme(told.activity, told.title)
    return _draft(
        _("Somebody else gives it: {title}").format(title=told.title), begin, bare, see, your_activities(occasion, _), _
    )


def _hour_free(occasion: Occasion, _: Say) -> Draft:
    told, link = told_of(occasion), occasion.links[Purpose.HOST_ACTIVITY]
    begin = _("Whoever booked this hour with you does not come: {title}.").format(title=told.title)
    see = _("The hour is free again. If somebody else books it, we write to you.")
    return _draft(_("Free again: {title}").format(title=told.title), begin, told, see, Action(_("Who comes"), link), _)


def _draft(subject: str, begin: str, told: Programme, closing: str, action: Action, _: Say) -> Draft:
    when = (Lines(_("When and where:"), told.lines),) if told.lines else ()
    return Draft(
        subject=subject,
        parts=(Note(begin), *when, Note(closing), action),
        short="\n".join((begin, *told.lines, f"{closing} {action.url}")),
    )


KINDS: Final[Mapping[MessageKind, Callable[[Occasion, Say], Draft]]] = {
    MessageKind.PLACE: _place,
    MessageKind.WAITING_LIST: _waiting_list,
    MessageKind.PLACE_OFFERED: _offered,
    MessageKind.PLACE_REMINDER: _reminder,
    MessageKind.PLACE_MOVED: _moved,
    MessageKind.PLACE_CANCELLED: _cancelled,
    MessageKind.HOSTING: _hosting,
    MessageKind.HOSTING_REMINDER: _hosting_reminder,
    MessageKind.HOSTING_MOVED: _hosting_moved,
    MessageKind.HOSTING_CANCELLED: _hosting_cancelled,
    MessageKind.HOSTING_OVER: _hosting_over,
    MessageKind.HOUR_FREE: _hour_free,
}
