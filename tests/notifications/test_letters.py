"""What messages say and must not say, in three languages and three shapes."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from duolangue.chassis.web import words
from duolangue.chassis.whatsapp import qr_svg, wa_me
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Interest, Role
from duolangue.notifications import usecases
from duolangue.notifications.writing import Glimpse, Occasion, Reach, compose
from duolangue.notifications.writing.mail import NotAnAddress, as_html, as_text, mail
from duolangue.notifications.writing.occasion import Programme

LANGUAGES = ("fr", "nl", "en")
TOKEN = "t" * 320  # about the length of a real one
PROGRAMME = Programme("act1", "Cuisine syrienne", ("samedi 5 décembre, 14:00: Rue Pierreuse 23",))
LINKS = {purpose: purpose.url("https://duolangue.example", TOKEN) for purpose in Purpose}
EVERY = [(kind, language) for kind in MessageKind for language in LANGUAGES]


def occasion(
    kind, language="fr", *, name="Amina", partner="Paul", role=Role.NEWCOMER, phone="+32 470/12.34.56", **changes
):
    others = {
        MessageKind.PROPOSAL: Glimpse(partner, "45-54", "Seraing"),
        MessageKind.REMINDER: Glimpse(partner, "45-54", "Seraing"),
        MessageKind.NUDGE: Glimpse(partner, "45-54", "Seraing"),
        MessageKind.NEXT_STEP: Glimpse(partner, "45-54", "Seraing"),
        MessageKind.BREAK: Glimpse(partner, "45-54", "Seraing"),
        MessageKind.BREAK_OVER: Glimpse(partner, "45-54", "Seraing"),
        MessageKind.MILESTONE: Glimpse(partner, "45-54", "Seraing"),
        MessageKind.CONFIRMATION: Reach(partner, phone, "paul@example.org"),
    }
    values = {
        "links": LINKS, "partner": others.get(kind) if isinstance(partner, str) else partner, "interests": (Interest.COOKING, Interest.MUSIC), "slot": "tue_evening", "programme": PROGRAMME,
        "until": date(2026, 12, 6), "milestone": Milestone.FIRST_TALK, **changes
    }  # fmt: skip
    return Occasion(kind, language, "Interra", name, role, **values)


def shapes(letter):
    return {"text": as_text(letter), "html": as_html(letter), "whatsapp": letter.short}


def sent(letter, *, name="Amina Secretname", address="amina@example.org", association="Interra"):
    made = mail(
        letter,
        sender="Duolangue <bonjour@duo.example>",
        association=association,
        name=name,
        address=address,
        message_id="0f8b",
        now=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )
    return email.message_from_bytes(made.as_bytes(), policy=email.policy.default)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.seen = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_message_greets_signs_and_says_where_a_problem_goes(kind, language):
    letter = compose(occasion(kind, language))
    for text in shapes(letter).values():
        assert "Amina" in text
        assert "Interra" in text
        assert LINKS[Purpose.REPORT_PROBLEM] in text
    assert letter.subject
    assert "{" not in as_text(letter) + letter.short + letter.subject


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_message_is_one_mail_with_text_and_html_and_nothing_from_elsewhere(kind, language):
    message = sent(compose(occasion(kind, language)))
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Message-ID"] == "<0f8b@duo.example>"
    assert message["Content-Language"] == language
    tags = Tags(message.get_body(("html",)).get_content()).seen
    assert {"img", "script", "link", "table", "iframe"}.isdisjoint(tag for tag, _ in tags)
    assert ("html", {"lang": language}) in tags


@pytest.mark.parametrize("kind", MessageKind)
def test_languages_differ(kind):
    assert len({as_text(compose(occasion(kind, language))) for language in LANGUAGES}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proposal_shows_a_glimpse_and_two_answers(language):
    letter = compose(occasion(MessageKind.PROPOSAL, language))
    shared = [words.interest(each, language) for each in (Interest.COOKING, Interest.MUSIC)]
    for text in shapes(letter).values():
        for shown in ("Paul", words.age_band("45-54", language), "Seraing", *shared):
            assert shown in text
    for choice in ("accept", "decline"):
        assert f"{LINKS[Purpose.ANSWER_PROPOSAL]}?choice={choice}" in as_text(letter)
        assert ("a", f"{LINKS[Purpose.ANSWER_PROPOSAL]}?choice={choice}") in [
            (tag, attrs.get("href")) for tag, attrs in Tags(as_html(letter)).seen
        ]
    assert LINKS[Purpose.ANSWER_PROPOSAL] in letter.short


async def test_before_both_accept_no_message_reveals_last_name_number_or_address_of_the_other(world):
    await world.pair(email="secret-paul@example.org", phone="+32470999999")
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    [to_amina] = [each for each in world.post.mails if "amina@" in each["To"]]
    body = "".join(part.get_content() for part in to_amina.iter_parts()) + to_amina["Subject"]
    assert "Paul" in body
    for secret in ("Secretname", "secret-paul", "470999999"):
        assert secret not in body


async def test_once_confirmed_each_has_the_other_s_number_but_not_the_last_name(world):
    await world.pair(phone="+32470999999")
    await world.confirmed()
    await world.deliver()
    [to_amina] = [each for each in world.post.mails if "amina@" in each["To"]]
    body = to_amina.get_body(("plain",)).get_content()
    assert "+32 470 99 99 99" in body
    assert "https://wa.me/32470999999?text=" in body
    assert "Secretname" not in body


def test_a_proposal_refuses_to_be_written_with_a_number_in_hand():
    with pytest.raises(TypeError):
        compose(occasion(MessageKind.PROPOSAL, partner=Reach("Paul", "+32470000000", None)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmation_says_how_when_and_what_to_beware_of(language):
    to_newcomer = as_text(compose(occasion(MessageKind.CONFIRMATION, language)))
    to_volunteer = as_text(compose(occasion(MessageKind.CONFIRMATION, language, role=Role.VOLUNTEER)))
    for text in (to_newcomer, to_volunteer):
        assert "https://wa.me/32470123456?text=Bonjour%20Paul" in text
        assert words.slot("tue_evening", language) in text
        assert "Comment s’est passée votre journée\u00a0?" in text
        assert LINKS[Purpose.LOG_CONVERSATION] in text
    money, call = {
        "fr": ("N’envoyez jamais d’argent", "C’est vous qui appelez"),
        "nl": ("Stuur nooit geld", "U belt eerst"),
        "en": ("Never send money", "You call first"),
    }[language]
    assert money in to_newcomer
    assert call in to_volunteer
    assert call not in to_newcomer


def test_without_a_number_the_partner_is_reached_by_mail():
    text = as_text(compose(occasion(MessageKind.CONFIRMATION, phone=None)))
    assert "mailto:paul@example.org" in text
    assert "wa.me" not in text


@pytest.mark.parametrize("kind", [MessageKind.WITHDRAWN, MessageKind.ENDED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_news_is_the_same_for_both_sides_and_names_nobody(kind, language):
    newcomer = as_text(compose(occasion(kind, language, role=Role.NEWCOMER)))
    volunteer = as_text(compose(occasion(kind, language, role=Role.VOLUNTEER)))
    assert newcomer == volunteer
    assert "Paul" not in newcomer
    for blame in ("refus", "declin", "weiger", "safety", "sécurité", "veilig"):
        assert blame not in newcomer.lower()


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_text_to_hand_over_is_short_besides_its_links(kind, language):
    short = compose(occasion(kind, language)).short
    assert len(short) < 1000
    assert len(re.sub(r"https://\S+", "", short)) < 400


HOSTILE = "Eve\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>"


def test_a_hostile_name_makes_no_header():
    letter = compose(occasion(MessageKind.PROPOSAL, name=HOSTILE, partner=HOSTILE))
    message = sent(letter, name=HOSTILE, association=HOSTILE)
    assert message["Bcc"] is None
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version", "Content-Type"
    }  # fmt: skip
    assert [each.addr_spec for each in message["To"].addresses] == ["amina@example.org"]
    assert [each.addr_spec for each in message["From"].addresses] == ["bonjour@duo.example"]


def test_a_hostile_name_makes_no_markup():
    shown = as_html(compose(occasion(MessageKind.PROPOSAL, name=HOSTILE, partner='"><img src=x onerror=y>')))
    tags = Tags(shown).seen
    assert {"script", "img"}.isdisjoint(tag for tag, _ in tags)
    assert not [attrs for _, attrs in tags if "onerror" in attrs]
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    "address", ["", "amina", "a@b\r\nBcc: c@d", "a b@c.example", "@", "a@b, c@d", "zoé@example.org"]
)
def test_what_is_no_address_gets_no_mail(address):
    with pytest.raises(NotAnAddress):
        sent(compose(occasion(MessageKind.WELCOME)), address=address)


@pytest.mark.parametrize("text", ["Ça va ? 1 & 2 = 3 #fin", "à\nla ligne", "https://x.example/?a=b&c=d", "مرحبا +32"])
def test_a_wa_me_link_carries_its_text_whole(text):
    address = urlsplit(wa_me("+32 470 12 34 56", text))
    assert (address.netloc, address.path, address.fragment) == ("wa.me", "/32470123456", "")
    assert parse_qs(address.query) == {"text": [text]}


def test_a_code_is_an_svg_image_even_of_a_long_text():
    assert qr_svg(LINKS[Purpose.ANSWER_PROPOSAL]).startswith(b"<?xml")
    longest = max((compose(occasion(kind, language)).short for kind, language in EVERY), key=len)
    assert b"<svg" in qr_svg(wa_me("+32470123456", longest))


async def test_a_language_without_catalogue_falls_to_the_association_s(world):
    await world.association(language="nl")
    await world.person("amina", "Amina", language="sw", email="amina@example.org")
    [message] = await world.deliver()
    assert message["Content-Language"] == "nl"
    await world.association(language="it")
    await world.person("sara", "Sara", language="sw", email="sara@example.org")
    assert (await world.deliver())[-1]["Content-Language"] == "fr"


async def test_the_desk_s_text_is_in_the_person_s_language_with_a_chat_link(world):
    await world.pair(email=None, language="nl")
    await world.hear(world.duo(), "duo1")
    await world.deliver()
    [ready] = [each for each in await usecases.waiting(world.ports) if each.message.kind is MessageKind.PROPOSAL]
    assert ready.text.startswith("Dag Paul,")
    assert parse_qs(urlsplit(ready.whatsapp).query)["text"] == [ready.text]
    assert ready.links[Purpose.ANSWER_PROPOSAL] in ready.text
    assert ready.code == ready.links[Purpose.ANSWER_PROPOSAL]
