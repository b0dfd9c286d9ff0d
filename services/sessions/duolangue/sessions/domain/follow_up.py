"""What an association decides about following its duos: after how long somebody is called, when a duo's term is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.vocabulary import EntityId

IN_FORCE: Final = "follow_up"
"""The id of an association's only one."""
REMEMBERED_SECONDS: Final = 1.0
"""For how long a replica may still go by the rules that it read."""
KEPT: Final = 100
"""Changes that are remembered."""


class FollowUpOutdated(RuleBroken):
    """Somebody else changed it meanwhile."""

    code = "follow_up_outdated"
    status = 409


class FollowUp(BaseModel):
    """The rules; days are days on the association's calendar, weeks are ISO weeks."""

    model_config = ConfigDict(frozen=True)

    not_started_days: int = Field(default=10, ge=3, le=60)
    """A duo that told of nothing for so long after its confirmation is to be called."""
    silent_days: int = Field(default=14, ge=7, le=90)
    """So long without a word of a conversation, and the duo is to be called."""
    below_weeks: int = Field(default=1, ge=1, le=8)
    """So many weeks in a row below the promise, and the duo is to be called."""
    one_sided_weeks: int = Field(default=4, ge=0, le=26)
    """When one side alone told of conversations over so many weeks; 0 looks at that not at all."""
    term_weeks: int = Field(default=12, ge=1, le=104)
    """After so many weeks that count, the two are asked whether they go on."""
    call_again_days: int = Field(default=14, ge=1, le=90)
    """A duo that was called for a reason is not to be called for the same one again before that."""
    congratulate: bool = True
    """Whether the two get a word of thanks for what they reached."""


LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "not_started_days": (3, 60),
    "silent_days": (7, 90),
    "below_weeks": (1, 8),
    "one_sided_weeks": (0, 26),
    "term_weeks": (1, 104),
    "call_again_days": (1, 90),
}
"""The least and the most of each number."""


class FollowUpChange(BaseModel):
    """Who changed what, and when."""

    model_config = ConfigDict(frozen=True)

    number: int
    at: AwareDatetime
    by: EntityId
    """The coordinator."""
    fields: tuple[str, ...]
    before: FollowUp


class FollowUpInForce(BaseModel):
    """What holds now, and how far the running duos were looked at anew since it was changed."""

    model_config = ConfigDict(frozen=True)

    id: EntityId = IN_FORCE
    rules: FollowUp = FollowUp()
    number: int = 0
    """0 is the platform's default, which nobody has changed."""
    changes: tuple[FollowUpChange, ...] = ()
    """The newest first."""
    looked_until: str = ""
    """The id of the last duo that was looked at under these rules, in the order of their ids."""
    due_at: AwareDatetime | None = None
    """None once every running duo was looked at."""


def change(
    present: FollowUpInForce, rules: FollowUp, by: str, now: datetime, *, expected: int | None = None
) -> Change[FollowUpInForce] | None:
    """Somebody decides otherwise; every running duo is looked at anew, once no replica goes by the former rules any more.

    Raises:
        FollowUpOutdated: `expected` is given, and another number is in force.
    """
    if expected is not None and expected != present.number:
        raise FollowUpOutdated("Somebody else changed this meanwhile. Please look again.")
    fields = tuple(name for name in FollowUp.model_fields if getattr(rules, name) != getattr(present.rules, name))
    if not fields:
        return None
    noted = FollowUpChange(number=present.number + 1, at=now, by=by, fields=fields, before=present.rules)
    return Change(
        present.model_copy(
            update={
                "rules": rules,
                "number": noted.number,
                "changes": (noted, *present.changes)[:KEPT],
                "looked_until": "",
                "due_at": now + timedelta(seconds=2 * REMEMBERED_SECONDS),
            }
        )
    )


def looked(present: FollowUpInForce, number: int, last: str | None, now: datetime) -> Change[FollowUpInForce] | None:
    """The duos up to `last` were looked at under the rules of this number; none: all were. Nothing, where they changed since."""
    if present.number != number:
        return None
    update = {"looked_until": last, "due_at": now} if last is not None else {"looked_until": "", "due_at": None}
    return Change(present.model_copy(update=update))
