"""What an association decides about its matching: weights, tiers, rules, rhythm, how people are asked. The defaults are the platform's."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Final, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from duolangue.matching.domain.schedule import Schedule
from duolangue.matching.domain.state import State

FULL_SCORE: Final = 1_000_000
MOST_TIERS: Final = 8
LONGEST_DAYS: Final = 3650


class CriterionName(StrEnum):
    """What makes two people fit."""

    AGE = "age"
    INTERESTS = "interests"
    LEVEL = "level"
    DISTANCE = "distance"
    AVAILABILITY = "availability"
    LANGUAGE = "language"


class AskOrder(StrEnum):
    """Who is asked first about a proposal."""

    VOLUNTEER_FIRST = "volunteer_first"
    """The newcomer is asked once the volunteer said yes: nobody who waited for long is disappointed by a no."""
    TOGETHER = "together"


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
    """What an association may tune. Refuses, with a sentence, what cannot be meant."""

    weights: Weights = Weights()
    day_waited: int = Field(default=10_000, ge=0, le=FULL_SCORE)
    """What one day of waiting adds to a newcomer's claim, in millionths of a full score: 100 days weigh like a perfect fit."""
    minimum_score: int = Field(default=0, ge=0, le=FULL_SCORE)
    """Below it nobody is paired, in millionths."""
    tiers: tuple[int, ...] = (90, 30, 14)
    """Days waited from which on a newcomer belongs to the first tier, the second, and so on; who goes first stands before all of them."""
    common_time: bool = False
    """Whether two people without a common moment may not be paired. Who named no moment can at any time."""
    schedule: Schedule | None = None
    """When runs happen by themselves; never, where there is none."""
    proposes_at_once: bool = False
    """Whether a run asks people by itself, instead of leaving drafts to the coordinator."""
    ask_order: AskOrder = AskOrder.VOLUNTEER_FIRST
    reminder_days: int = Field(default=1, ge=1, le=30)
    """Days after the proposal's message really left for somebody who has not answered."""
    expiry_days: int = Field(default=4, ge=2, le=60)
    """Days of silence, counted from the same moment, that end a proposal."""
    question_days: int = Field(default=7, ge=1, le=60)
    """Days of silence after the last question, counted from when it really left, after which somebody is paused."""

    @field_validator("weights")
    @classmethod
    def _weigh_something(cls, weights: Weights, _: ValidationInfo) -> Weights:
        if not any(weights.of(criterion) for criterion in CriterionName):
            raise PydanticCustomError("weights_nothing", "At least one weight must be more than nothing.")
        return weights

    @field_validator("tiers")
    @classmethod
    def _tiers_descend(cls, tiers: tuple[int, ...], _: ValidationInfo) -> tuple[int, ...]:
        if len(tiers) > MOST_TIERS or any(not 1 <= days <= LONGEST_DAYS for days in tiers):
            raise PydanticCustomError("tiers_range", "At most 8 tiers, each from 1 to 3650 days.")
        if any(longer <= shorter for longer, shorter in pairwise(tiers)):
            raise PydanticCustomError("tiers_order", "Each tier needs fewer days than the one before it.")
        return tiers

    @model_validator(mode="after")
    def _reminder_comes_before_the_end(self) -> Self:
        if self.reminder_days >= self.expiry_days:
            raise PydanticCustomError("reminder_late", "The reminder must come before the proposal is over.")
        return self
