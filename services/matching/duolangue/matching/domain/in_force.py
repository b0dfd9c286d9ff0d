"""The policy an association has, since when and by whom, and when it next makes a run happen by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.rules import Outdated
from duolangue.matching.domain.schedule import next_run
from duolangue.matching.domain.state import State

IN_FORCE: Final = "policy"
"""The id of an association's only one."""
KEPT: Final = 200
"""Changes that are remembered."""


class PolicyChange(State):
    """Who changed what, and when."""

    number: int
    at: datetime
    by: str
    """The coordinator."""
    fields: tuple[str, ...]
    before: Policy
    """What held until then."""


class InForce(State):
    """What holds now; number 0 is the platform's default, which nobody has changed."""

    id: str = IN_FORCE
    policy: Policy = Policy()
    number: int = 0
    changes: tuple[PolicyChange, ...] = ()
    """The newest first."""
    next_run_at: datetime | None = None


def change(
    present: InForce, policy: Policy, by: str, now: datetime, timezone: str, *, expected: int | None = None
) -> Change[InForce] | None:
    """Somebody decides otherwise.

    Raises:
        Outdated: `expected` is given, and the policy was changed since.
    """
    if expected is not None and expected != present.number:
        raise Outdated
    fields = tuple(name for name in Policy.model_fields if getattr(policy, name) != getattr(present.policy, name))
    if not fields:
        return None
    noted = PolicyChange(number=present.number + 1, at=now, by=by, fields=fields, before=present.policy)
    due = None if "schedule" in fields else present.next_run_at  # a run that is due this moment is not lost
    state = present.model_copy(
        update={
            "policy": policy,
            "number": noted.number,
            "changes": (noted, *present.changes)[:KEPT],
            "next_run_at": due or next_run(policy.schedule, now, timezone),
        }
    )
    return Change(state)


def timed(present: InForce, now: datetime, timezone: str) -> Change[InForce] | None:
    """The run that was due was asked for, or the association's clocks changed: the next one is then."""
    following = next_run(present.policy.schedule, now, timezone)
    return None if following == present.next_run_at else Change(present.model_copy(update={"next_run_at": following}))
