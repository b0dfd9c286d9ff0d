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
    if type(value) in _AS_IT_IS:  # nearly all there is: an import writes a million of them
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_plain(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
