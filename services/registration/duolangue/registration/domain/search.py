"""How people are found by what somebody types: words without case, accents or signs, and the beginnings of them. No database here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import combinations, permutations
from typing import Final

from duolangue.chassis import places

MOST_WORDS: Final = 6
"""Words of a search that count."""
LONGEST: Final = 60
FEWEST_DIGITS: Final = 6
"""From so many digits on, signs between them are the spaces of a telephone number."""
HEAD: Final = 3
"""Letters of each word by which two of a person's words are found together."""
FEWEST_LETTERS: Final = 4
"""From so many letters on, a word may be the beginning of a municipality's name."""

_ALIKE: Final = str.maketrans({
    "ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None,
    "\u200c": None, "\u200d": None, "\u2019": "'", "\u02bc": "'",
})  # fmt: skip
_DIGITS: Final = re.compile(r"\+?\d[\d\s./()\-]*\d")
_WORD: Final = re.compile(r"[^\s,;:\"«»()]+")
_JOINERS: Final = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The text as searches compare it: no case, no accents, letters that are written in several ways alike, digits as 0 to 9."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in letters if not unicodedata.combining(sign)).translate(_ALIKE)
    return "".join(str(unicodedata.digit(sign, sign)) for sign in kept)


def pieces(text: str) -> list[str]:
    """The words of a name or an address, without the signs between them."""
    return parted(plain(text))


def parted(text: str) -> list[str]:
    """The words of a text that is folded already."""
    return [piece for piece in _JOINERS.split(text) if piece]


def terms(first_name: str, last_name: str, email: str | None, phone: str | None) -> list[str]:
    """Every word under whose beginning a person is found, and the beginnings of every two of them."""
    found: list[str] = []
    for name in (*first_name.split(), *last_name.split()):
        parts = pieces(name)
        found += parts
        if len(parts) > 1:
            found.append("".join(parts))
    if email:
        found += [plain(email), *pieces(email.partition("@")[0])]
    if phone:
        number = phone.lstrip("+")
        found.append(number)
        if number.startswith("32"):
            found.append(f"0{number[2:]}")
    known = [term[:LONGEST] for term in dict.fromkeys(found)]
    heads = dict.fromkeys(term[:HEAD] for term in known if not term.isdecimal())
    return known + [f"{one} {other}" for one, other in permutations(heads, 2)]


def pairs(typed: Iterable[str]) -> dict[tuple[str, str], str]:
    """How the pairs of a person's words begin for whom two of these words fit: many people share a first name and many a last, few both.
    A number or a town says nothing here, nor do two words that one word may fit, that begin alike, or that are too short.
    """
    telling = [word for word in typed if not word.isdecimal() and not postcodes(word)]
    found = {}
    for one, other in combinations(telling, 2):
        first, second = (one, other) if len(one) >= HEAD else (other, one)
        if len(first) >= HEAD and not first.startswith(second[:HEAD]):
            found[one, other] = f"{first[:HEAD]} {second[:HEAD]}"
    return found


def words(typed: str) -> list[str]:
    """What somebody typed, as words to look for: each must begin one of a person's terms, or name where they live."""
    text = _DIGITS.sub(_one_number, plain(typed))
    found: list[str] = []
    for word in _WORD.findall(text):
        if "@" in word.strip("@"):
            found.append(word)
        else:
            found += [piece for piece in _JOINERS.split(word) if piece]
    return [word[:LONGEST] for word in dict.fromkeys(found)][:MOST_WORDS]


def _one_number(run: re.Match[str]) -> str:
    digits = "".join(sign for sign in run[0] if sign.isdecimal())
    if len(digits) < FEWEST_DIGITS:
        return run[0]
    return digits.removeprefix("00")


@lru_cache(maxsize=256)
def postcodes(word: str) -> list[str]:
    """The postcodes that a word names: by their digits, or by the beginning of the municipality."""
    if word.isdecimal():
        return [code for code in places.table() if code.startswith(word)] if len(word) in {2, 3, 4} else []
    if len(word) < FEWEST_LETTERS:
        return []
    return [code for code, names in _named_places() if any(name.startswith(word) for name in names)]


def municipality(name: str) -> list[str]:
    """The postcodes of a municipality by its whole name, in French or Dutch; a postcode stands for itself."""
    wanted = plain(name).strip()
    if wanted.isdecimal():
        return [wanted] if wanted in places.table() else []
    return _municipalities().get(wanted, [])


@cache
def _named_places() -> list[tuple[str, tuple[str, ...]]]:
    """Each postcode with the words of its names."""
    return [
        (
            place.postcode,
            tuple(
                dict.fromkeys(
                    piece
                    for name in (place.municipality, place.municipality_nl, place.locality)
                    for piece in pieces(name)
                )
            ),
        )
        for place in places.table().values()
    ]


@cache
def _municipalities() -> dict[str, list[str]]:
    """The postcodes of each municipality, by its names."""
    found: dict[str, list[str]] = {}
    for place in places.table().values():
        for name in {plain(place.municipality), plain(place.municipality_nl)}:
            found.setdefault(name, []).append(place.postcode)
    return found
