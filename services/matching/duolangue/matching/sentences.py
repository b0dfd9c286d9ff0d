"""Reasons as people say them, in the reader's language: why a pair, why somebody waits."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from babel.numbers import format_decimal

from duolangue.chassis.web import spoken, translations, words
from duolangue.contracts.vocabulary import Level
from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.domain.reasons import Criterion, Reason

PACKAGE: Final = "duolangue.matching"
SHOWN_SLOTS: Final = 4


class Sentences:
    """The sentences of one language; one that no catalogue exists for falls to French."""

    def __init__(self, language: str) -> None:
        self.language = spoken(language)
        self._catalogue: gettext.NullTranslations = translations(PACKAGE, self.language)

    def title(self, criterion: CriterionName) -> str:
        """A criterion's name."""
        _ = self._catalogue.gettext
        return {
            CriterionName.AGE: _("Age"),
            CriterionName.INTERESTS: _("Interests"),
            CriterionName.LEVEL: _("Level of French"),
            CriterionName.DISTANCE: _("Distance"),
            CriterionName.AVAILABILITY: _("Shared moments"),
            CriterionName.LANGUAGE: _("Another shared language"),
        }[criterion]

    def of_pair(self, reason: Criterion) -> str:
        """One criterion of a pair, as in "3 years apart"."""
        told: dict[str, Any] = dict(reason.parameters)
        return {
            CriterionName.AGE: self._age,
            CriterionName.INTERESTS: self._interests,
            CriterionName.LEVEL: self._level,
            CriterionName.DISTANCE: self._distance,
            CriterionName.AVAILABILITY: self._moments,
            CriterionName.LANGUAGE: self._languages,
        }[reason.criterion](told)

    def of_waiting(self, reason: Reason) -> str:
        """Why somebody waits, as in "all 3 possible volunteers are taken"."""
        told: dict[str, Any] = dict(reason.parameters)
        _ = self._catalogue.gettext
        fixed = {
            "no_volunteers": _("there is no volunteer yet"),
            "no_place": _("a postcode is missing"),
            "next_run": _("the next run looks for somebody"),
            "no_run": _("no run has looked for somebody yet"),
            "questioned": _("is asked whether they still want to take part"),
            "partner_expected": _("the partner of their running duo is not registered here yet"),
        }
        if reason.code in fixed:
            return fixed[reason.code]
        if reason.code == "zone":
            return _("lives in none of the zones") if told.get("own") else _("no volunteer lives in the same zone")
        if reason.code in {"too_far", "too_far_for_them"}:
            return self._far(reason.code, told)
        return self._peeled(reason.code, told)

    def _age(self, told: dict[str, Any]) -> str:
        years = told.get("years")
        if years is None:
            return self._catalogue.gettext("age not told")
        if years == 0:
            return self._catalogue.gettext("the same age")
        return self._catalogue.ngettext("%(years)d year apart", "%(years)d years apart", years) % {"years": years}

    def _interests(self, told: dict[str, Any]) -> str:
        shared = told.get("interests") or ()
        listed = ", ".join(words.interest(each, self.language) for each in shared)
        return listed or self._catalogue.gettext("no shared interest told")

    def _level(self, told: dict[str, Any]) -> str:
        level, comfort = Level(told["level"]), Level(told["comfort"])
        shown = {"level": level.cefr, "comfort": comfort.cefr}
        if comfort.rank > Level.A0.rank:
            return self._catalogue.gettext("%(level)s: at ease from %(comfort)s on") % shown
        if level.rank <= Level.A1.rank:
            return self._catalogue.gettext("%(level)s: welcomes beginners") % shown
        return self._catalogue.gettext("%(level)s: at ease with every level") % shown

    def _distance(self, told: dict[str, Any]) -> str:
        if told.get("from") == told.get("to"):
            return self._catalogue.gettext("the same postcode: %(postcode)s") % {"postcode": told.get("from")}
        shown = {"distance": self._kilometres(told["tenths_km"]), "home": told.get("from"), "other": told.get("to")}
        return self._catalogue.gettext("%(distance)s km: %(home)s – %(other)s") % shown

    def _moments(self, told: dict[str, Any]) -> str:
        slots = tuple(told.get("slots") or ())
        if not slots:
            return (
                self._catalogue.gettext("at any time")
                if told.get("any_time")
                else self._catalogue.gettext("no shared moment told")
            )
        listed = ", ".join(words.slot(slot, self.language) for slot in slots[:SHOWN_SLOTS])
        more = len(slots) - SHOWN_SLOTS
        if more <= 0:
            return listed
        shown = {"moments": listed, "more": more}
        return self._catalogue.ngettext("%(moments)s and %(more)d more", "%(moments)s and %(more)d more", more) % shown

    def _languages(self, told: dict[str, Any]) -> str:
        return self._named(told.get("languages") or ()) or self._catalogue.gettext("none besides French")

    def _named(self, codes: Iterable[str]) -> str:
        return ", ".join(words.language_name(code, self.language) for code in codes)

    def _far(self, code: str, told: dict[str, Any]) -> str:
        shown = {"radius": told["radius_km"], "distance": self._kilometres(told["tenths_km"])}
        if code == "too_far":
            return (
                self._catalogue.gettext("no volunteer within %(radius)d km; the nearest is %(distance)s km away")
                % shown
            )
        return (
            self._catalogue.gettext("the nearest volunteer is %(distance)s km away, further than they can go") % shown
        )

    def _peeled(self, code: str, told: dict[str, Any]) -> str:
        count = int(told.get("volunteers") or 0)
        shown: dict[str, Any] = {"count": count}
        ngettext = self._catalogue.ngettext
        if code == "level":
            shown["level"] = Level(told["level"]).cefr
            return (
                ngettext(
                    "the only volunteer nearby is not at ease with level %(level)s",
                    "none of the %(count)d volunteers nearby is at ease with level %(level)s",
                    count,
                )
                % shown
            )
        if code == "wishes":
            shown["wish"] = self._wish(told)
            return (
                ngettext(
                    "wishes for %(wish)s: the only other possible volunteer is not",
                    "wishes for %(wish)s: none of the %(count)d otherwise possible volunteers is",
                    count,
                )
                % shown
            )
        sentence = {
            "their_wishes": ngettext(
                "the only other possible volunteer wishes for a partner of the same gender",
                "the %(count)d otherwise possible volunteers wish for a partner of the same gender",
                count,
            ),
            "language": ngettext(
                "asked for another common language: the only other possible volunteer has none",
                "asked for another common language: none of the %(count)d otherwise possible volunteers has one",
                count,
            ),
            "common_time": ngettext(
                "the only otherwise possible volunteer has no common moment",
                "none of the %(count)d otherwise possible volunteers has a common moment",
                count,
            ),
            "minimum_score": ngettext(
                "the only otherwise possible volunteer fits too little",
                "none of the %(count)d otherwise possible volunteers fits well enough",
                count,
            ),
            "history": ngettext(
                "the only possible volunteer was proposed before",
                "all %(count)d possible volunteers were proposed before",
                count,
            ),
            "taken": ngettext(
                "the only possible volunteer is taken",
                "all %(count)d possible volunteers are taken",
                count,
            ),
        }[code]
        return sentence % shown

    def _wish(self, told: dict[str, Any]) -> str:
        _ = self._catalogue.gettext
        genders = {"female": _("a woman"), "male": _("a man"), "other": _("somebody of another gender")}
        who = genders.get(str(told.get("gender")), _("somebody"))
        if told.get("least") is None:
            return who
        shown = {"who": who, "least": told["least"], "most": told["most"]}
        return _("%(who)s of %(least)d to %(most)d years") % shown

    def _kilometres(self, tenths: int) -> str:
        return _kilometres(tenths, self.language)


@lru_cache(maxsize=4096)
def _kilometres(tenths: int, language: str) -> str:
    """A distance as it is written in a language: a page of pairs has many, and Babel looks its language up each time."""
    return str(format_decimal(tenths / 10, format="0.#", locale=language))
