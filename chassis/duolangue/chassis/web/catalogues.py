"""Keeps the catalogues of words whole: what the sources say, what is missing in a language, what a native speaker has not read yet.

`python -m duolangue.chassis.web.catalogues {check,update,unreviewed} PACKAGE...`, which `./duo words` calls for the whole platform.
A sentence under a comment `review: consent` (or `safety`) is one that somebody signs or is saved by: it stays listed as unreviewed,
in every language, until its translation carries the comment `# reviewed: NAME, DATE`.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from duolangue.chassis.web.languages import LANGUAGES, OWN_NAMES

SOURCE: Final = "en"
REVIEW: Final = "review:"
REVIEWED: Final = "reviewed:"
UNREVIEWED: Final = "not yet reviewed by a native speaker"
WORDS_OF: Final = frozenset({"_", "N_", "gettext", "translated"})
PLURALS_OF: Final = frozenset({"ngettext"})
_CODE: Final = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
Key = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the sources: its key (singular and plural where it counts), where it stands, who must have read its translations."""

    key: Key
    where: str
    review: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one sentence in one catalogue."""

    package: str
    language: str
    key: Key
    what: str

    def __str__(self) -> str:
        return f"{self.package} {self.language}: {self.what}: {_first(self.key)!r}"


def said(package: str) -> dict[str, Said]:
    """Every sentence a package says to people, by its (singular) key.

    Found are: what is passed to gettext's functions in templates and modules; what stands second after a code in the call of a
    rule's exception or in a pair with one, or first in a raised one; and class attributes called `sentence`.
    """
    root = _root(package)
    found: dict[str, Said] = {}
    for file in sorted(root.rglob("*")):
        where = file.relative_to(root).as_posix()
        if "templates" in file.parts and file.suffix == ".html":
            sentences = _of_template(file, where)
        elif file.suffix == ".py":
            sentences = _of_module(file, where)
        else:
            continue
        for each in sentences:
            known = found.get(_first(each.key))
            if known is None or (isinstance(each.key, tuple) and isinstance(known.key, str)):
                found[_first(each.key)] = each
            elif each.review and not known.review:
                found[_first(each.key)] = Said(known.key, known.where, each.review)
    return found


def faults(package: str, language: str) -> Iterator[Fault]:
    """What a catalogue lacks or has too much: missing, fuzzy or stale sentences, plural forms, placeholders."""
    catalogue = read(package, language)
    wanted = said(package)
    for key, sentence in wanted.items():
        message = catalogue.get(key)
        if message is None:
            yield Fault(package, language, sentence.key, "missing")
            continue
        forms = _forms(message.string)
        if isinstance(sentence.key, tuple) and len(forms) != catalogue.num_plurals:
            yield Fault(package, language, sentence.key, f"wants {catalogue.num_plurals} plural forms")
        elif not all(forms):
            yield Fault(package, language, sentence.key, "missing")
        elif message.fuzzy:
            yield Fault(package, language, sentence.key, "fuzzy")
        elif any(set(_PLACEHOLDER.findall(form)) - _placeholders(sentence.key) for form in forms):
            yield Fault(package, language, sentence.key, "has a placeholder that the sentence does not know")
        elif _placeholders(sentence.key) - set(_PLACEHOLDER.findall(forms[-1])):
            yield Fault(package, language, sentence.key, "lost a placeholder")
    for message in catalogue:
        if message.id and _first(message.id) not in wanted:
            yield Fault(package, language, _first(message.id), "stale")


def unreviewed(package: str, language: str) -> Iterator[Fault]:
    """Sentences about consent or safety that no native speaker has read in this language."""
    catalogue = read(package, language)
    for key, sentence in said(package).items():
        message = catalogue.get(key)
        if sentence.review and not (message and any(each.startswith(REVIEWED) for each in message.user_comments)):
            yield Fault(package, language, sentence.key, f"{sentence.review}, {UNREVIEWED}")


def update(package: str, language: str, words: dict[str, str | tuple[str, ...]] | None = None) -> Catalog:
    """Write a catalogue anew: all that is said, with the translations it had or `words` bring; what is not said any more goes."""
    before, fresh = read(package, language), _empty(package, language)
    for key, sentence in sorted(said(package).items()):
        known = before.get(key)
        text: str | tuple[str, ...] = (words or {}).get(key) or _kept(known.string if known is not None else "")
        marks = [each for each in (known.user_comments if known else []) if each != UNREVIEWED]
        if sentence.review and not any(each.startswith(REVIEWED) for each in marks):
            marks.append(UNREVIEWED)
        if isinstance(sentence.key, tuple) and not isinstance(text, tuple):
            text = (text,) * fresh.num_plurals if text and fresh.num_plurals == 1 else ("",) * fresh.num_plurals
        elif isinstance(sentence.key, str) and isinstance(text, tuple):
            text = text[0]
        fresh.add(
            sentence.key, text, auto_comments=[f"{REVIEW} {sentence.review}"] if sentence.review else [],
            user_comments=marks,
        )  # fmt: skip
    file = _file(package, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, fresh, width=0, omit_header=False)
    return fresh


def read(package: str, language: str) -> Catalog:
    """A catalogue as it is committed; an empty one where there is none."""
    file = _file(package, language)
    if not file.is_file():
        return _empty(package, language)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def _empty(package: str, language: str) -> Catalog:
    name = package.removeprefix("duolangue.")
    catalogue = Catalog(locale=language, project=f"Duolangue, {name}", fuzzy=False, charset="utf-8")
    catalogue.header_comment = f"# Words of {name} in {OWN_NAMES[language]}."
    catalogue.mime_headers = [
        ("Language", language),
        ("Plural-Forms", catalogue.plural_forms),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]
    return catalogue


def _root(package: str) -> Path:
    with resources.as_file(resources.files(package)) as root:
        return Path(root)


def _file(package: str, language: str) -> Path:
    return _root(package) / "locale" / language / "LC_MESSAGES" / "messages.po"


def _of_template(file: Path, where: str) -> Iterator[Said]:
    with file.open("rb") as stream:
        options = {"trimmed": "true", "encoding": "utf-8", "silent": "false"}
        for line, message, comments, _ in extract(
            "jinja2.ext:babel_extract", stream, comment_tags=[REVIEW], options=options
        ):
            key: Key = (message[0], message[1]) if isinstance(message, tuple) else message
            yield Said(key, f"{where}:{line}", comments[-1].strip() if comments else "")  # without the tag


def _of_module(file: Path, where: str) -> Iterator[Said]:
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        for line, key in _sentences(node):
            above = lines[line - 2].strip() if line > 1 else ""
            yield Said(key, f"{where}:{line}", _mark([above.removeprefix("#").strip()]))


def _sentences(node: ast.AST) -> Iterator[tuple[int, Key]]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first, second = (*node.args, None, None)[:2]
        if name in PLURALS_OF and first and second and _text(first) and _text(second):
            yield first.lineno, (_text(first), _text(second))
        elif name in WORDS_OF and first and _text(first):
            yield first.lineno, _text(first)
        else:
            yield from _beside_a_code(node.args)
    elif isinstance(node, ast.Tuple):
        yield from _beside_a_code(node.elts)
    elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
        if _is_sentence(_text(node.exc.args[0])):
            yield node.exc.args[0].lineno, _text(node.exc.args[0])
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(each, ast.Name) and each.id == "sentence" for each in targets) and _text(node.value):
            yield node.value.lineno, _text(node.value)


def _beside_a_code(nodes: list[ast.expr]) -> Iterator[tuple[int, Key]]:
    for number, node in enumerate(nodes):
        beside = (*nodes[max(number - 1, 0) : number], *nodes[number + 1 : number + 2])
        if _is_sentence(_text(node)) and any(_CODE.fullmatch(_text(each)) for each in beside):
            yield node.lineno, _text(node)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_sentence(text: str) -> bool:
    return " " in text and text.endswith((".", "?", "!", ")")) and not text[0].islower()


def _mark(comments: list[str]) -> str:
    found = [each.partition(REVIEW)[2].strip() for each in comments if REVIEW in each]
    return found[-1] if found else ""


def _placeholders(key: Key) -> set[str]:
    return set(_PLACEHOLDER.findall(key if isinstance(key, str) else key[1]))


def _kept(text: str | list[str] | tuple[str | list[str], ...] | None) -> str | tuple[str, ...]:
    return _forms(text) if isinstance(text, tuple) else str(text or "")


def _forms(text: str | list[str] | tuple[str | list[str], ...] | None) -> tuple[str, ...]:
    return tuple(str(each or "") for each in (text if isinstance(text, tuple) else (text,)))


def _first(key: Key | list[str] | tuple[str, ...]) -> str:
    return key if isinstance(key, str) else key[0]


def main(argv: list[str] | None = None) -> int:
    """The command line; 1 where something is wrong."""
    parser = argparse.ArgumentParser(
        prog="duo words", description="The words of pages and messages, in every language."
    )
    parser.add_argument("verb", choices=("check", "update", "unreviewed"))
    parser.add_argument("packages", nargs="+")
    told = parser.parse_args(argv)
    languages = [language for language in LANGUAGES if language != SOURCE]
    if told.verb == "update":
        for package in told.packages:
            for language in languages:
                update(package, language)
    listing = unreviewed if told.verb == "unreviewed" else faults
    found = [fault for package in told.packages for language in languages for fault in listing(package, language)]
    for fault in found:
        print(fault)  # noqa: T201
    if told.verb == "unreviewed":
        print(f"{len(found)} sentences about consent or safety wait for a native speaker.")  # noqa: T201
        return 0
    print(f"{len(found)} faults in the catalogues of {len(languages)} languages.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
