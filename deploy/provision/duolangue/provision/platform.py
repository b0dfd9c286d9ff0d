"""The four services as they declare themselves: the only list of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from duolangue.chassis.service import Declaration, Foundation
from duolangue.matching import service as matching
from duolangue.notifications import service as notifications
from duolangue.registration import service as registration
from duolangue.sessions import service as sessions


@dataclass(frozen=True, slots=True)
class Member:
    """A service of the platform: what it declares, and how its ports are made."""

    declaration: Declaration[Any, Any]
    wire: Callable[[Foundation[Any]], Callable[[str], Any]]

    @property
    def name(self) -> str:
        """The service's name."""
        return self.declaration.name


PLATFORM: Final = tuple(
    Member(module.DECLARATION, module.wire) for module in (registration, matching, sessions, notifications)
)
