"""What messages about activities, courses and places share: the activity's words, and the ways to one's own page."""

from __future__ import annotations

from collections.abc import Callable

from duolangue.contracts.links import Purpose
from duolangue.notifications.writing.letter import Action
from duolangue.notifications.writing.occasion import Occasion, Programme

Say = Callable[[str], str]


def told(occasion: Occasion) -> Programme:
    """The activity that the message is about.

    Raises:
        TypeError: its words are missing.
    """
    if occasion.programme is None:
        raise TypeError("a message about an activity needs the activity's words")
    return occasion.programme


def own(occasion: Occasion) -> str:
    """The address of the recipient's own page."""
    return occasion.links[Purpose.OWN_ACTIVITIES]


def your_activities(occasion: Occasion, _: Say) -> Action:
    """The way to it."""
    return Action(_("Your activities"), own(occasion))


def cannot_come(_: Say) -> str:
    """What to do when something comes in between."""
    return _("You cannot come? Tell us here, so that somebody else can.")
