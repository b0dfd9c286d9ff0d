"""What a list of people is asked for: the address of the page holds all of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from duolangue.contracts.vocabulary import Interest, Language, Level, Role
from duolangue.registration.domain.participant import Status


class Sort(StrEnum):
    """The order of a list."""

    LATEST = "latest"
    """Who registered last comes first."""
    EARLIEST = "earliest"
    NAME = "name"
    WAITING = "waiting"
    """Who waits longest for a partner comes first; newcomers alone."""


class Mark(StrEnum):
    """Why a coordinator should look at somebody."""

    TO_LOOK_AT = "to_look_at"
    """Something about the sign-up is for a human to judge."""
    UNREACHABLE = "unreachable"
    """An address refused a message."""
    ASKED = "asked"
    """Something more was asked before the interview is over."""


class Part(StrEnum):
    """What somebody can be in the association."""

    NEWCOMER = "newcomer"
    VOLUNTEER = "volunteer"
    HOST = "host"

    @property
    def role(self) -> Role | None:
        """The side of a duo; none for who gives workshops."""
        return None if self is Part.HOST else Role(self.value)


def _blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Empty = BeforeValidator(_blank)


class Filters(BaseModel):
    """What a list of people is asked for; everything that is empty asks for nothing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    q: str = Field(default="", max_length=100)
    """Words: the beginning of a name, a telephone number, an e-mail address, a postcode, a municipality."""
    status: Annotated[Status | None, Empty] = None
    role: Annotated[Part | None, Empty] = None
    level: Annotated[Level | None, Empty] = None
    language: Annotated[Language | None, Empty] = None
    interest: Annotated[Interest | None, Empty] = None
    municipality: str = Field(default="", max_length=60)
    waits: Annotated[Annotated[int, Field(ge=1, le=3650)] | None, Empty] = None
    """Days somebody has waited for a partner, at least."""
    mark: Annotated[Mark | None, Empty] = None
    sort: Annotated[Sort | None, Empty] = None

    @property
    def order(self) -> Sort:
        """The order asked for, else the usual one."""
        return self.sort or self.usual

    @property
    def usual(self) -> Sort:
        """The order where none is asked for: who waits longest comes first where it is about waiting, for a partner or for an interview;
        else who came last.
        """
        if self.waits is not None:
            return Sort.WAITING
        return Sort.EARLIEST if self.status is Status.APPLIED else Sort.LATEST

    @property
    def told(self) -> dict[str, str]:
        """What is asked for, as the parts of an address."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        return {name: str(value) for name, value in said.items() if value not in (None, "")}

    @property
    def searched(self) -> bool:
        """Whether more is asked for than where people stand."""
        return bool(set(self.told) - {"sort", "status"})

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for besides an order."""
        return bool(set(self.told) - {"sort"})
