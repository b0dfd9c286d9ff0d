"""Reading one value somebody told: a name, an address, a number, a postcode, a date. Each function returns it tidy or says what is wrong."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from duolangue.chassis import places
from duolangue.contracts.vocabulary import LANGUAGES, SLOTS
from duolangue.registration.domain.invalid import Invalid

NAME_LENGTH: Final = 100
SHOWN: Final = 40
"""How much of a faulty value is repeated in a message."""
HOME_REGION: Final = "BE"
JUST_READ: Final = 4
"""An address is read in its cell, and again as a part of what somebody told: the second time it is known. No more are remembered."""
JOINERS: Final = "\u200c\u200d"
"""Invisible, and part of the spelling of Persian and Indic names."""
HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_DATE_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DATE_BELGIAN = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


def shown(text: object) -> str:
    """A faulty value as messages repeat it: short, and without what cannot be seen."""
    visible = "".join(sign if unicodedata.category(sign) not in HIDDEN else "?" for sign in str(text)[: SHOWN + 1])
    return visible if len(visible) <= SHOWN else f"{visible[:SHOWN]}…"


def folded(text: str) -> str:
    """The text as identities and column names compare it: no case, no accents, no outer or double spaces."""
    if text.isascii():  # most there is in a large import
        return " ".join(text.lower().split())
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join(plain.split())


def name(text: str) -> str:
    """Part of a name, as people write it; it may be empty. Whatever it contains it stays text."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if len(tidy) > NAME_LENGTH:
        raise Invalid("name_too_long", "A name has at most %(most)s letters.", most=NAME_LENGTH)
    seen = tidy.isascii() and tidy.isprintable()
    if not seen and any(unicodedata.category(sign) in HIDDEN and sign not in JOINERS for sign in tidy):
        raise Invalid("name_unreadable", "The name contains signs that cannot be shown.")
    return tidy


def first_name(text: str) -> str:
    """A first name: the one name everybody has."""
    tidy = name(text)
    if not any(sign.isalnum() for sign in tidy):
        raise Invalid("name_missing", "A first name is needed.")
    return tidy


@lru_cache(maxsize=JUST_READ)
def email(text: str) -> str:
    """An e-mail address in lower case. Whether it exists is not asked."""
    try:
        address = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise Invalid("email_invalid", "%(value)s is not an e-mail address.", value=shown(text)) from error
    return address.lower()


@lru_cache(maxsize=JUST_READ)
def phone(text: str) -> str:
    """A telephone number as E.164 (+32470123456); one without a country is Belgian."""
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise Invalid("phone_invalid", "%(value)s is not a telephone number.", value=shown(text)) from error
    if not phonenumbers.is_valid_number(number):
        raise Invalid("phone_invalid", "%(value)s is not a telephone number.", value=shown(text))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def postcode(text: str) -> str:
    """A Belgian postcode that exists."""
    tidy = text.strip().upper().removeprefix("B-").removeprefix("BE-")
    if not tidy:
        raise Invalid("postcode_missing", "A postcode is needed: people are paired who live near each other.")
    if not re.fullmatch(r"[0-9]{4}", tidy):
        raise Invalid(
            "postcode_invalid", "%(value)s is not a Belgian postcode: four digits, as in 4000.", value=shown(text)
        )
    if places.find(tidy) is None:
        raise Invalid("postcode_unknown", "No Belgian municipality has the postcode %(value)s.", value=tidy)
    return tidy


def language(text: str) -> str:
    """A language's code."""
    code = text.strip().lower()
    if code not in LANGUAGES:
        raise Invalid(
            "language_unknown", "No language has the code %(value)s (two letters, as in fr, ar, ti).", value=shown(text)
        )
    return code


def slot(text: str) -> str:
    """A moment of the week."""
    tidy = text.strip().lower()
    if tidy not in SLOTS:
        raise Invalid(
            "slot_unknown", "No moment is called %(value)s (a day and a moment, as in mon_evening).", value=shown(text)
        )
    return tidy


def whole_number(text: str) -> int:
    """A whole number, which may be negative."""
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text.strip()):
        raise Invalid("not_a_number", "%(value)s is not a whole number.", value=shown(text))
    return int(text)


def day(text: str) -> date:
    """A date: 2025-02-28, or as Belgians write it, 28/02/2025."""
    tidy = text.strip()
    if found := _DATE_ISO.fullmatch(tidy):
        year, month, number = (int(part) for part in found.groups())
    elif found := _DATE_BELGIAN.fullmatch(tidy):
        number, month, year = (int(part) for part in found.groups())
    else:
        raise Invalid("date_invalid", "%(value)s is not a date (as in 2025-02-28 or 28/02/2025).", value=shown(text))
    try:
        return date(year, month, number)
    except ValueError as error:
        raise Invalid("date_invalid", "%(value)s: there is no such date.", value=shown(text)) from error
