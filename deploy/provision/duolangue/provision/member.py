"""A service as provision sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from duolangue.chassis.service import Declaration, Foundation


@dataclass(frozen=True, slots=True)
class Member:
    """A service of the platform: what it declares, and how its ports are made."""

    declaration: Declaration[Any, Any]
    wire: Callable[[Foundation[Any]], Callable[[str], Any]]

    @property
    def name(self) -> str:
        """The service's name."""
        return self.declaration.name
