"""A call for volunteers in words, in the languages in which people here are called: to share, and for a poster. It says who is wanted, never who waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from duolangue.chassis import places
from duolangue.chassis.web import translations, words
from duolangue.chassis.whatsapp import wa_me
from duolangue.contracts.vocabulary import Gender
from duolangue.matching.domain.missing import Call, Hours, Profile
from duolangue.matching.domain.people import Association
from duolangue.matching.sentences import PACKAGE
from duolangue.matching.sentences_waiting import WaitingSentences

CALL_LANGUAGES: Final = ("fr", "nl", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """A call as it is first proposed; the coordinator may change the text."""

    title: str
    text: str
    """Several lines; the address to sign up is the last one."""


def place_of(profile: Profile, language: str) -> str:
    """Where a volunteer is wanted, as in Liège; the postcode where its place is not known."""
    place = places.find(profile.postcode)
    if place is None:
        return profile.postcode
    return place.municipality_nl if language == "nl" else place.municipality


def join_address(public_url: str, association: str) -> str:
    """Where people sign up."""
    return f"{public_url.rstrip('/')}/join/{association}"


def words_of(call: Call, association: Association, address: str, language: str) -> Words:
    """The call in one of its languages."""
    catalogue = translations(PACKAGE, language)
    _, profile = catalogue.gettext, call.profile
    place = place_of(profile, language)
    lines = [
        _("Newcomers in %(place)s want to practise French, and nobody is there yet to talk with them.")
        % {"place": place},
        catalogue.ngettext(
            "With one more volunteer %(num)d person could begin.",
            "With more volunteers %(num)d people could begin.",
            call.more,
        )
        % {"num": call.more},
        catalogue.ngettext(
            "Talk with somebody every week, by video or by telephone, for about %(num)d minute. You need not be a teacher.",
            "Talk with somebody every week, by video or by telephone, for about %(num)d minutes. You need not be a teacher.",
            association.commitment_minutes,
        )
        % {"num": association.commitment_minutes},
        *_asked(profile, language),
        _("It costs nothing but a little time, and we are there for you from the first day."),
    ]
    if association.name:
        shown = {"association": association.name, "address": address}
        lines.append(_("Sign up with %(association)s: %(address)s") % shown)
    else:
        lines.append(_("Sign up here: %(address)s") % {"address": address})
    return Words(title=_("Wanted in %(place)s: people to talk with") % {"place": place}, text="\n".join(lines))


def shared(text: str, title: str) -> tuple[str, str]:
    """The addresses that open WhatsApp, and a mail program, with a text."""
    return wa_me("", text), f"mailto:?subject={quote(title, safe='')}&body={quote(text, safe='')}"


def _asked(profile: Profile, language: str) -> list[str]:
    """What is asked of the volunteers who are called, a sentence each."""
    _ = translations(PACKAGE, language).gettext
    said = []
    if profile.beginners:
        said.append(_("Most have just begun with French: patience and a smile are enough."))
    if profile.language:
        shown = {"language": words.language_name(profile.language, language)}
        said.append(_("Do you also speak %(language)s? That would be a great help.") % shown)
    if profile.hours is not None:
        said.append(
            {
                Hours.DAYTIME: _(
                    "Do you have time during the day, from Monday to Friday? Then we are looking for you."
                ),
                Hours.EVENING: _(
                    "Do you have time in the evening, from Monday to Friday? Then we are looking for you."
                ),
                Hours.WEEKEND: _("Do you have time at the weekend? Then we are looking for you."),
            }[profile.hours]
        )
    if profile.age is not None:
        shown = {"ages": WaitingSentences(language).of_age(profile.age)}
        said.append(_("Some of them would rather talk with somebody %(ages)s.") % shown)
    if profile.gender is Gender.FEMALE:
        said.append(_("Women are especially welcome: some of them would rather talk with a woman."))
    if profile.gender is Gender.MALE:
        said.append(_("Men are especially welcome: some of them would rather talk with a man."))
    return said
