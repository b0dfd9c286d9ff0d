"""What sessions needs to know of an association."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from duolangue.contracts.facts.registration import Zone
from duolangue.contracts.vocabulary import Language, Slug


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no time zone has this name (IANA, as in Europe/Brussels)") from error
    return name


class Association(BaseModel):
    """An association as registration last told of it."""

    model_config = ConfigDict(frozen=True)

    id: Slug
    name: str
    language: Language
    timezone: Annotated[str, AfterValidator(_known_zone)]
    commitment_minutes: int = Field(ge=1, le=600)
    """What a duo that is confirmed from now on promises for a week, in minutes."""

    zones: tuple[Zone, ...] = ()
    """Where its duos live: figures can be told for one of them."""

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where its days and weeks are counted."""
        return ZoneInfo(self.timezone)
