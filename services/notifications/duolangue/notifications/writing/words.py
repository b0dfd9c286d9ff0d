"""The sentences of each kind of message. Short words, as for somebody who reads French at A2; the same for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from duolangue.chassis.web import translations, words
from duolangue.chassis.whatsapp import wa_me
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Role
from duolangue.notifications.writing import courses, duos, gatherings
from duolangue.notifications.writing.letter import Action, Draft, Letter, Lines, Note, Part
from duolangue.notifications.writing.occasion import Glimpse, Occasion, Reach

PACKAGE: Final = "duolangue.notifications"

Say = Callable[[str], str]


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


PHRASES: Final = (
    ("Bonjour, je m’appelle… Et vous ?", N_("Hello, my name is… And you?")),
    ("Comment s’est passée votre journée ?", N_("How was your day?")),
    ("Pouvez-vous parler plus lentement, s’il vous plaît ?", N_("Can you speak more slowly, please?")),
)
"""To begin a conversation: always in French, with their meaning for who reads another language."""


def compose(occasion: Occasion) -> Letter:
    """Write one message.

    Raises:
        KeyError: a link that this kind of message needs is missing.
    """
    _ = translations(PACKAGE, occasion.language).gettext
    draft = _KINDS[occasion.kind](occasion, _)
    greeting = _("Hello {name},").format(name=occasion.first_name)
    problem = Action(_("A problem?"), occasion.links[Purpose.REPORT_PROBLEM])
    closing = _("Kind regards,") + "\n" + occasion.association
    short = "\n\n".join(
        (greeting, draft.short, f"{problem.label} {problem.url}", occasion.association),
    )
    return Letter(occasion.language, draft.subject, greeting, draft.parts, closing, problem, short)


def _welcome(occasion: Occasion, _: Say) -> Draft:
    if occasion.role is Role.NEWCOMER:
        begin = _("You want to speak French with somebody. That is a good idea!")
    elif occasion.role is Role.VOLUNTEER:
        begin = _("You want to help somebody to speak French. Thank you!")
    else:
        begin = _("You want to speak with somebody, in French. That is a good idea!")
    if occasion.runs_a_duo:
        follow = _("You already have a partner: nothing changes. Each week we send you a short message.")
    else:
        follow = _(
            "Now we look for a partner for you. This can take some time. Then we write to you, and you say yes or no."
        )
    promise = _("A duo talks {minutes} minutes a week, by video or by phone. It is free.").format(
        minutes=occasion.minutes
    )
    return Draft(
        subject=_("Welcome to {association}").format(association=occasion.association),
        parts=(Note(begin), Note(follow), Note(promise)),
        short=f"{begin}\n{follow}",
    )


def _proposal(occasion: Occasion, _: Say) -> Draft:
    partner = occasion.partner
    if not isinstance(partner, Glimpse):
        raise TypeError("a proposal shows a glimpse of the other person, no more")
    answer = occasion.links[Purpose.ANSWER_PROPOSAL]
    if occasion.role is Role.NEWCOMER:
        begin = _("We found somebody to speak French with you: {name}.").format(name=partner.first_name)
    else:
        begin = _("We found somebody who wants to speak French with you: {name}.").format(name=partner.first_name)
    shared = ", ".join(words.interest(each, occasion.language) for each in occasion.interests)
    seen = (
        _("Age: {age}").format(age=words.age_band(partner.age_band, occasion.language)) if partner.age_band else "",
        _("Lives in: {place}").format(place=partner.municipality) if partner.municipality else "",
        _("You both like: {interests}").format(interests=shared) if shared else "",
    )
    about = Lines(partner.first_name, tuple(line for line in seen if line))
    promise = _("You talk {minutes} minutes a week, by video or by phone.").format(minutes=occasion.minutes)
    free = _("You are free to say yes or no. You give no reason. Please answer in the next few days.")
    return Draft(
        subject=_("A partner for you: {name}").format(name=partner.first_name),
        parts=(
            Note(begin),
            about,
            Note(promise),
            Note(free),
            Action(_("Yes, I want to"), f"{answer}?choice=accept"),
            Action(_("No, thank you"), f"{answer}?choice=decline", second=True),
        ),
        short="\n".join((begin, *about.lines, _("Yes or no? Answer here:") + " " + answer)),
    )


def _reminder(occasion: Occasion, _: Say) -> Draft:
    partner = occasion.partner
    if not isinstance(partner, Glimpse):
        raise TypeError("a reminder shows a glimpse of the other person, no more")
    answer = occasion.links[Purpose.ANSWER_PROPOSAL]
    begin = _("We found a partner for you: {name}. We have not heard from you yet.").format(name=partner.first_name)
    free = _("Yes or no: both are good. Please answer soon. The other person waits, too.")
    return Draft(
        subject=_("Your answer about {name}").format(name=partner.first_name),
        parts=(
            Note(begin),
            Note(free),
            Action(_("Yes, I want to"), f"{answer}?choice=accept"),
            Action(_("No, thank you"), f"{answer}?choice=decline", second=True),
        ),
        short="\n".join((begin, free, _("Yes or no? Answer here:") + " " + answer)),
    )


def _last_question(occasion: Occasion, _: Say) -> Draft:
    still = occasion.links[Purpose.STILL_TAKING_PART]
    begin = _("We wrote to you twice about a partner, and did not hear from you. That can happen.")
    ask = _("Do you still want to take part?")
    without = _(
        "If you do not answer, we stop looking for a partner for you. You can come back: tell your coordinator."
    )
    return Draft(
        subject=ask,
        parts=(
            Note(begin),
            Note(ask),
            Action(_("Yes, I want to go on"), f"{still}?choice=yes"),
            Action(_("No, not now"), f"{still}?choice=no", second=True),
            Note(without),
        ),
        short="\n".join((f"{ask} {still}", without)),
    )


def _confirmation(occasion: Occasion, _: Say) -> Draft:
    partner = occasion.partner
    if not isinstance(partner, Reach):
        raise TypeError("a confirmation says how the other person is reached")
    begin = _("Good news! You and {name} both said yes. You are a duo.").format(name=partner.first_name)
    if occasion.role is Role.VOLUNTEER:
        call = _("You call first.")
    else:
        call = _("{name} calls you first.").format(name=partner.first_name)
    if occasion.slot:
        call += " " + _("A good moment for both: {moment}.").format(moment=words.slot(occasion.slot, occasion.language))
    reach, how = _reach(partner, occasion, _)
    phrases = tuple(french if occasion.language == "fr" else f"{french} ({_(meaning)})" for french, meaning in PHRASES)
    safety = (
        _("Never send money."),
        _("Never send a photo of your papers."),
        _("The first time you meet: in a public place, like a café or a library."),
    )
    log = Action(_("We talked this week"), occasion.links[Purpose.LOG_CONVERSATION], second=True)
    logging = _("After your talk you can press here. It is a help for us, not a duty.")
    return Draft(
        subject=_("You are a duo: you and {name}").format(name=partner.first_name),
        parts=(
            Note(begin),
            Note(call),
            *reach,
            Lines(_("To begin, you can say:"), phrases),
            Lines(_("To be safe:"), safety),
            Note(logging),
            log,
        ),
        short="\n".join((begin, call, *how, " ".join(safety))),
    )


def _reach(partner: Reach, occasion: Occasion, _: Say) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    if partner.phone:
        hello = f"Bonjour {partner.first_name} ! C’est {occasion.first_name}, de {occasion.association}."
        label = _("Write to {name} on WhatsApp").format(name=partner.first_name)
        number = _("Telephone: {number}").format(number=words.phone(partner.phone))
        return (Action(label, wa_me(partner.phone, hello)), Note(number)), (f"WhatsApp: {wa_me(partner.phone)}",)
    if partner.email:
        label = _("Write to {name}").format(name=partner.first_name)
        mail = _("E-mail: {address}").format(address=partner.email)
        return (Action(label, f"mailto:{partner.email}"), Note(mail)), (mail,)
    ask = _("We will tell you how to reach {name}.").format(name=partner.first_name)
    return (Note(ask),), (ask,)


def _nudge(occasion: Occasion, _: Say) -> Draft:
    partner = occasion.partner
    name = partner.first_name if partner else ""
    begin = _("Did you talk with {name} this week?").format(name=name)
    yes = _("If you did: press here and tell us how long. It takes ten seconds.")
    no = _("If not: there is still time. A short call is good too.")
    log = occasion.links[Purpose.LOG_CONVERSATION]
    return Draft(
        subject=_("This week with {name}").format(name=name),
        parts=(Note(begin), Note(yes), Action(_("We talked this week"), log), Note(no)),
        short="\n".join((begin, yes + " " + log, no)),
    )


def _next_step(occasion: Occasion, _: Say) -> Draft:
    name = occasion.partner.first_name if occasion.partner else ""
    begin = _("You and {name} have kept your promise: the weeks are over. Bravo!").format(name=name)
    ask = _("Do you go on, or do you end it, with thanks? Both are good.")
    link = occasion.links[Purpose.NEXT_STEP]
    return Draft(
        subject=_("You and {name}: do you go on?").format(name=name),
        parts=(Note(begin), Note(ask), Action(_("Say what you want"), link)),
        short="\n".join((begin, f"{ask} {link}")),
    )


def _withdrawn(_occasion: Occasion, _: Say) -> Draft:
    begin = _("We proposed a partner to you. This time it does not go on. It happens, and nobody did anything wrong.")
    place = _("You keep your place. We look for somebody else for you.")
    return Draft(_("Your partner proposal"), (Note(begin), Note(place)), f"{begin}\n{place}")


def _ended(_occasion: Occasion, _: Say) -> Draft:
    begin = _("Your duo is over. Thank you for the time that you gave each other.")
    next_step = _("Do you want to talk about it, or to have a new partner? Tell your coordinator.")
    return Draft(_("Your duo is over"), (Note(begin), Note(next_step)), f"{begin}\n{next_step}")


_KINDS: Final[dict[MessageKind, Callable[[Occasion, Say], Draft]]] = {
    MessageKind.WELCOME: _welcome,
    MessageKind.PROPOSAL: _proposal,
    MessageKind.REMINDER: _reminder,
    MessageKind.CONFIRMATION: _confirmation,
    MessageKind.NUDGE: _nudge,
    MessageKind.WITHDRAWN: _withdrawn,
    MessageKind.NEXT_STEP: _next_step,
    MessageKind.ENDED: _ended,
    MessageKind.LAST_QUESTION: _last_question,
    **gatherings.KINDS,
    **courses.KINDS,
    **duos.KINDS,
}
