"""Drafts that make way for others, all or as far as it goes: what is to be done is kept first, so that a crash in between loses nobody's draft."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.matching.domain.run import Pair
from duolangue.matching.domain.state import State

TAKEN_UP_AFTER: Final = timedelta(seconds=10)
"""Whoever began it is through by then, or dead: from then on any replica goes on with it."""


class Step(StrEnum):
    """How far it is."""

    LEAVING = "leaving"
    """Drafts make way."""
    MAKING = "making"
    """All of them did: others are made."""
    UNDOING = "undoing"
    """One did not, or what it is all for cannot be made: those that made way are made again."""


class Rearrangement(State):
    """Some drafts make way, others come. It is forgotten once it is done."""

    id: str
    by: str = ""
    """The coordinator, where the drafts that come are theirs."""
    run: str = ""
    """Where they are a run's, which."""
    asked_at: datetime
    leaving: tuple[str, ...]
    """The drafts that make way."""
    pairs: tuple[Pair, ...]
    """Those that come."""
    essential: int = 0
    """How many of them, the first ones, must come about; else nothing changes."""
    step: Step = Step.LEAVING

    @property
    def due_at(self) -> datetime:
        """When it is taken up by somebody else."""
        return self.asked_at + TAKEN_UP_AFTER

    def draft_id(self, number: int) -> str:
        """The id of the draft that comes at this place: the same however often it is done."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.id}/{number}"))

    def again_id(self, duo: str) -> str:
        """The id of the draft that is made again in place of one that made way."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.id}/again/{duo}"))


def go_on(state: Rearrangement, step: Step) -> Change[Rearrangement] | None:
    """It goes on to this step. What was decided first holds: from undoing there is no way back, and to make begins once."""
    onward = {Step.LEAVING: {Step.MAKING, Step.UNDOING}, Step.MAKING: {Step.UNDOING}, Step.UNDOING: set[Step]()}
    return Change(state.model_copy(update={"step": step})) if step in onward[state.step] else None
