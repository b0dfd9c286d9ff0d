"""Between models and documents: how a state is written, and the keys that carry the tenant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final

from pydantic import BaseModel


def key(association: str, entity_id: str) -> str:
    """The document's `_id`: the tenant, then the entity."""
    return f"{association}/{entity_id}"


def state_of(model: BaseModel) -> dict[str, Any]:
    """The model as values the database keeps."""
    plain = _plain(model.model_dump(mode="python"))
    assert isinstance(plain, dict)
    return plain


_AS_IT_IS: Final = frozenset({str, int, float, bool, bytes, type(None)})


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IT_IS:  # nearly all there is: an import writes a million of them
        return value
    if kind is dict:
        return {
            (name if type(name) is str else _plain(name)): (inner if type(inner) in _AS_IT_IS else _plain(inner))
            for name, inner in value.items()
        }
    if kind is list or kind is tuple:
        return [inner if type(inner) in _AS_IT_IS else _plain(inner) for inner in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _plain(dict(value))
    if isinstance(value, set | frozenset):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, list | tuple):
        return _plain(list(value))
    return value
