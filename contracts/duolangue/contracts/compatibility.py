"""Whether a schema may replace another under the same version: only additions may be made; anything else is a new version.

Both directions matter on a stream: what was published must stay readable, and who reads today must be able to read on.
A word added to a list of words counts as an addition; a bound may become wider, never narrower.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_EXACT: Final = ("pattern", "format", "multipleOf", "uniqueItems")


def breaking(published: Schema, fresh: Schema) -> list[str]:
    """What in `fresh` would break who relies on `published`, one sentence each, with the place; empty when nothing would."""
    return list(_Comparison(published, fresh).compare(published, fresh, "$"))


class _Comparison:
    """Two documents, whose references are followed within each."""

    def __init__(self, published: Schema, fresh: Schema) -> None:
        self._published = published
        self._fresh = fresh

    def compare(self, old: Schema, new: Schema, where: str) -> Iterator[str]:
        old, new = _resolved(old, self._published), _resolved(new, self._fresh)
        if "default" in old and old["default"] != new.get("default", ...):
            yield f"{where}: when absent it meant {old['default']!r}, now it does not"
        if "anyOf" in old or "anyOf" in new:
            yield from self._alternatives(old, new, where)
            return
        if _types(old) != _types(new):
            yield f"{where}: the type was {_named(old)}, now {_named(new)}"
            return
        yield from _narrowed(old, new, where)
        yield from self._members(old, new, where)
        for keyword in ("items", "additionalProperties"):
            yield from self._inner(keyword, old, new, where)

    def _alternatives(self, old: Schema, new: Schema, where: str) -> Iterator[str]:
        before, after = _options(old, self._published), _options(new, self._fresh)
        for name in sorted(before.keys() - after.keys()):
            yield f"{where}: may no longer be {name}"
        for name in sorted(after.keys() - before.keys()):
            yield f"{where}: may now be {name}"
        for name in sorted(before.keys() & after.keys()):
            yield from self.compare(before[name], after[name], where)

    def _members(self, old: Schema, new: Schema, where: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, still = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(before.keys() - after.keys()):
            yield f"{where}.{name}: removed"
        for name in sorted(still - needed):
            yield f"{where}.{name}: required, which it was not"
        for name in sorted((needed - still) & after.keys()):
            yield f"{where}.{name}: no longer promised"
        for name in sorted(before.keys() & after.keys()):
            yield from self.compare(before[name], after[name], f"{where}.{name}")

    def _inner(self, keyword: str, old: Schema, new: Schema, where: str) -> Iterator[str]:
        before, after = old.get(keyword, True), new.get(keyword, True)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.compare(before, after, f"{where}[]")
        elif before is not False and after is not True and before != after:
            yield f"{where}: {keyword} is limited, which it was not"


def _narrowed(old: Schema, new: Schema, where: str) -> Iterator[str]:
    words = _words(new)
    if words is not None:
        before = _words(old)
        if before is None:
            yield f"{where}: limited to a list of words, which it was not"
        else:
            for word in sorted(map(str, before - words)):
                yield f"{where}: the word {word!r} was removed"
    for keyword in _LOWER:
        if keyword in new and (keyword not in old or new[keyword] > old[keyword]):
            yield f"{where}: {keyword} was {old.get(keyword, 'free')}, now {new[keyword]}"
    for keyword in _UPPER:
        if keyword in new and (keyword not in old or new[keyword] < old[keyword]):
            yield f"{where}: {keyword} was {old.get(keyword, 'free')}, now {new[keyword]}"
    for keyword in _EXACT:
        if keyword in new and new[keyword] != old.get(keyword):
            yield f"{where}: {keyword} was {old.get(keyword, 'free')}, now {new[keyword]}"


def _resolved(schema: Schema, document: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = document
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            found = found[part]
        schema = {**found, **{name: value for name, value in schema.items() if name != "$ref"}}
    return schema


def _options(schema: Schema, document: Schema) -> dict[str, Schema]:
    """What a value may be, by type; the second of a type is called so."""
    options: dict[str, Schema] = {}
    for each in schema.get("anyOf", [schema]):
        option = _resolved(each, document)
        name = _named(option)
        while name in options:
            name += " (another)"
        options[name] = option
    return options


def _types(schema: Schema) -> frozenset[str]:
    told = schema.get("type", ())
    return frozenset([told] if isinstance(told, str) else told)


def _named(schema: Schema) -> str:
    return "/".join(sorted(_types(schema))) or "anything"


def _words(schema: Schema) -> set[Any] | None:
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None
