"""What the coordinator reads of somebody who waits: tier, volunteers, what stands in the way, how long it takes. And the newcomer's own words."""

from __future__ import annotations

from typing import Final

from duolangue.chassis.web import LANGUAGES
from duolangue.contracts.facts.registration import AgeRange
from duolangue.contracts.vocabulary import Gender
from duolangue.matching.domain.missing import Hours, Profile
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.waiting import GOES_FIRST, Estimate, Options
from duolangue.matching.sentences import Sentences

DAYS_SAID: Final = 21
"""Up to so many days a span is told in days, then in weeks."""
WEEK: Final = 7
YOUNGEST: Final = AgeRange().least
OLDEST: Final = AgeRange().most
"""Where a range of ages ends there, it is open."""


class WaitingSentences(Sentences):
    """The sentences of one language."""

    def of_tier(self, tier: int, policy: Policy) -> str:
        """Before whom somebody comes, as in "waits for 30 days or more"."""
        if tier == GOES_FIRST:
            return self._catalogue.gettext("comes first: somebody else said no, or did not answer")
        if tier <= len(policy.tiers):
            days = policy.tiers[tier - 1]
            sentence = self._catalogue.ngettext(
                "has waited %(num)d day or more", "has waited %(num)d days or more", days
            )
            return sentence % {"num": days}
        return self._catalogue.gettext("has not waited for long yet")

    def of_options(self, options: Options) -> str:
        """How many volunteers there are, as in "12 volunteers fit, 3 of them have a free place"."""
        if not options.volunteers:
            return self._catalogue.gettext("there is no volunteer yet")
        if not options.possible:
            sentence = self._catalogue.ngettext(
                "the only volunteer does not fit", "none of the %(num)d volunteers fits", options.volunteers
            )
            return sentence % {"num": options.volunteers}
        fit = self._catalogue.ngettext(
            "%(num)d of %(all)d volunteers fits", "%(num)d of %(all)d volunteers fit", options.possible
        ) % {"num": options.possible, "all": options.volunteers}
        free = self._catalogue.ngettext(
            "%(num)d of them has a free place", "%(num)d of them have a free place", options.free
        ) % {"num": options.free}
        return f"{fit}; {free}"

    def of_blocker(self, options: Options) -> str:
        """Which single constraint most volunteers do not meet; empty where all fit."""
        if not options.blocker:
            return ""
        ngettext = self._catalogue.ngettext
        count = options.blocked
        said = {
            "no_place": ngettext(
                "for %(num)d volunteer the distance is not known",
                "for %(num)d volunteers the distance is not known",
                count,
            ),
            "zone": ngettext(
                "%(num)d volunteer lives in another zone", "%(num)d volunteers live in another zone", count
            ),
            "too_far": ngettext(
                "%(num)d volunteer lives too far away for one of the two",
                "%(num)d volunteers live too far away for one of the two",
                count,
            ),
            "level": ngettext(
                "%(num)d volunteer is not at ease with this level of French",
                "%(num)d volunteers are not at ease with this level of French",
                count,
            ),
            "wishes": ngettext(
                "%(num)d volunteer is not whom the newcomer wishes for",
                "%(num)d volunteers are not whom the newcomer wishes for",
                count,
            ),
            "their_wishes": ngettext(
                "%(num)d volunteer wishes for a partner of the same gender",
                "%(num)d volunteers wish for a partner of the same gender",
                count,
            ),
            "language": ngettext(
                "%(num)d volunteer speaks no other language in common",
                "%(num)d volunteers speak no other language in common",
                count,
            ),
            "common_time": ngettext(
                "%(num)d volunteer has no moment in common", "%(num)d volunteers have no moment in common", count
            ),
            "history": ngettext(
                "%(num)d volunteer was proposed before, or is kept apart",
                "%(num)d volunteers were proposed before, or are kept apart",
                count,
            ),
            "minimum_score": ngettext(
                "%(num)d volunteer fits less well than the settings ask for",
                "%(num)d volunteers fit less well than the settings ask for",
                count,
            ),
        }[options.blocker]
        return said % {"num": count}

    def of_alone(self, options: Options) -> str:
        """Who would fit if that one constraint did not stand in the way; empty where nobody would."""
        if not options.alone:
            return ""
        sentence = self._catalogue.ngettext(
            "Without this alone %(num)d more would fit.", "Without this alone %(num)d more would fit.", options.alone
        )
        return sentence % {"num": options.alone}

    def of_estimate(self, told: Estimate | None) -> str:
        """How much longer it may take; that nobody can say, where too few were in the same place before."""
        if told is None:
            return self._catalogue.gettext("Too few people were in the same place so far to say how long it takes.")
        least = self.span(told.least)
        if told.most is None:
            sentence = self._catalogue.gettext(
                "Probably more than %(least)s from now: many who waited as long still wait."
            )
            return sentence % {"least": least}
        if self.span(told.most) == least:
            sentence = self._catalogue.gettext("Probably about %(least)s from now: so it was for half of those before.")
            return sentence % {"least": least}
        sentence = self._catalogue.gettext(
            "Probably %(least)s to %(most)s from now: so it was for half of those before."
        )
        return sentence % {"least": least, "most": self.span(told.most)}

    def of_cases(self, told: Estimate) -> str:
        """On how many people an estimate rests."""
        if told.same_level:
            sentence = self._catalogue.ngettext(
                "This rests on %(num)d person with the same level of French, who had waited as long.",
                "This rests on %(num)d people with the same level of French, who had waited as long.",
                told.cases,
            )
        else:
            sentence = self._catalogue.ngettext(
                "This rests on %(num)d person of any level, who had waited as long.",
                "This rests on %(num)d people of any level, who had waited as long.",
                told.cases,
            )
        return sentence % {"num": told.cases}

    def of_profile(self, profile: Profile) -> list[str]:
        """What is asked of a kind of volunteer, a few words each; empty where nothing is."""
        _ = self._catalogue.gettext
        asked: list[str] = []
        if profile.beginners:
            asked.append(_("at ease with beginners"))
        else:
            asked.append(_("at ease from %(comfort)s on") % {"comfort": profile.comfort.cefr})
        if profile.language:
            asked.append(_("speaks %(language)s") % {"language": self._named([profile.language])})
        if profile.hours is not None:
            asked.append(
                {
                    Hours.DAYTIME: _("free during the day, from Monday to Friday"),
                    Hours.EVENING: _("free in the evening, from Monday to Friday"),
                    Hours.WEEKEND: _("free at the weekend"),
                }[profile.hours]
            )
        if profile.gender is not None:
            asked.append(
                {Gender.FEMALE: _("a woman"), Gender.MALE: _("a man")}.get(
                    profile.gender, _("somebody of another gender")
                )
            )
        if profile.age is not None:
            asked.append(self.of_age(profile.age))
        return asked

    def of_age(self, age: AgeRange) -> str:
        """Ages that are wished for, as in "from 25 to 40 years old"."""
        _ = self._catalogue.gettext
        shown = {"least": age.least, "most": age.most}
        if age.most >= OLDEST:
            return _("%(least)s years old or more") % shown
        if age.least <= YOUNGEST:
            return _("up to %(most)s years old") % shown
        return _("from %(least)s to %(most)s years old") % shown

    def span(self, days: int) -> str:
        """A number of days as people say it: days, then weeks."""
        if days < DAYS_SAID:
            return self._catalogue.ngettext("%(num)d day", "%(num)d days", days) % {"num": days}
        weeks = round(days / WEEK)
        return self._catalogue.ngettext("%(num)d week", "%(num)d weeks", weeks) % {"num": weeks}

    def own_words(self) -> str:
        """What a newcomer who waits is told; no place in a row, no number, no promise."""
        return self._catalogue.gettext(
            "We are still looking for somebody who suits you. You stay on the list, and you need not do anything. "
            "We write to you as soon as we have found somebody."
        )


def speaking(languages: tuple[str, ...]) -> str:
    """The language in which somebody is told: the first they speak that pages exist in, else French."""
    return next((code for code in languages if code in LANGUAGES and code != "fr"), "fr")
