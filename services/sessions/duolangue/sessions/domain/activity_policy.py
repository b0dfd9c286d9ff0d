"""What an association decides about its activities: whom it asks what, how long places are kept, when people are reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.eligibility import Rule

POLICY: Final = "activities"
"""The id of the one document."""
BALANCING: Final = tuple(kind for kind in ActivityKind if kind is not ActivityKind.LESSON)
"""The kinds that have places for two sides: an hour is one person's."""


class ActivityPolicy(BaseModel):
    """With what an activity begins; each may differ."""

    model_config = ConfigDict(frozen=True)

    id: str = POLICY
    rules: dict[ActivityKind, tuple[Rule, ...]] = {ActivityKind.MODULE: (Rule.INCOME, Rule.OUTSIDE_EU)}
    """Whom an activity of a kind is for; a kind that is absent asks nothing. French courses need no income."""
    balanced: tuple[ActivityKind, ...] = (ActivityKind.WORKSHOP,)
    """The kinds that are half for newcomers, half for locals."""
    relax_hours: int = Field(default=48, ge=0, le=720)
    offer_hours: int = Field(default=24, ge=1, le=168)
    reminder_hours: int = Field(default=24, ge=1, le=168)
    changed_at: AwareDatetime | None = None
    changed_by: str = ""

    def rules_for(self, kind: ActivityKind) -> tuple[Rule, ...]:
        """What is asked at an enrolment in an activity of this kind."""
        return self.rules.get(kind, ())

    def begun(self, kind: ActivityKind, plan: Plan) -> Plan:
        """The plan of one of this kind whose form asks for none of what is decided here."""
        return replace(
            plan,
            rules=self.rules_for(kind),
            balanced=kind in self.balanced and kind in BALANCING,
            relax_hours=self.relax_hours,
            offer_hours=self.offer_hours,
            reminder_hours=self.reminder_hours,
        )


def decided(known: ActivityPolicy, fresh: ActivityPolicy, by: str, now: datetime) -> Change[ActivityPolicy] | None:
    """An administrator decided anew; activities that are announced stay as they are."""
    same = known.model_dump(exclude={"changed_at", "changed_by"}) == fresh.model_dump(
        exclude={"changed_at", "changed_by"}
    )
    return None if same else Change(fresh.model_copy(update={"changed_at": now, "changed_by": by}))
