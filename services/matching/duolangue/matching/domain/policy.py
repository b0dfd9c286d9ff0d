"""How much each criterion weighs, and how much a day of waiting. The defaults are the platform's."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from duolangue.matching.domain.state import State


class CriterionName(StrEnum):
    """What makes two people fit."""

    AGE = "age"
    INTERESTS = "interests"
    LEVEL = "level"
    DISTANCE = "distance"
    AVAILABILITY = "availability"
    LANGUAGE = "language"


class Weights(State):
    """Shares of the criteria in a pair's score; only their proportions count."""

    age: int = Field(default=20, ge=0, le=100)
    interests: int = Field(default=25, ge=0, le=100)
    level: int = Field(default=15, ge=0, le=100)
    distance: int = Field(default=15, ge=0, le=100)
    availability: int = Field(default=15, ge=0, le=100)
    language: int = Field(default=10, ge=0, le=100)

    def of(self, criterion: CriterionName) -> int:
        """The share of one criterion."""
        share: int = getattr(self, criterion.value)
        return share

    @property
    def total(self) -> int:
        """The sum of the shares; at least 1, so that it can divide."""
        return max(1, sum(self.of(criterion) for criterion in CriterionName))


class Policy(State):
    """What an association may tune."""

    weights: Weights = Weights()
    day_waited: int = Field(default=10_000, ge=0, le=1_000_000)
    """What one day of waiting adds to a newcomer's claim, in millionths of a full score: 100 days weigh like a perfect fit."""
