"""How long people's data are kept after they left, and when administrators are told before anybody is erased for that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.exclusion import months_after
from duolangue.registration.domain.participant import Participant, Status

OVER: Final = (Status.LEFT, Status.REFUSED, Status.EXCLUDED)
"""Those whose time counts from the day they left, were refused or were excluded."""
WATCHED: Final = (*OVER, Status.APPLIED)
AHEAD: Final = timedelta(days=45)
"""How far ahead it is told who will go."""
TOLD_EVERY: Final = timedelta(days=30)
NOTICE: Final = timedelta(days=14)
"""Nobody is erased sooner after administrators were told of the rule that does it."""
LOOK_EVERY: Final = timedelta(days=1)


class Watch(BaseModel):
    """An association's daily look at who is kept for how long. Its id is the slug."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    due_at: datetime
    told_at: datetime | None = None
    """When administrators were told last."""
    announced_at: datetime | None = None
    """When they were first told of the present rule."""
    rule: tuple[int, int] = (0, 0)
    """The months that were told: after leaving, after applying."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who will be erased by themselves."""

    participant: Participant
    because: Status
    on: datetime


def rule_of(association: Association) -> tuple[int, int]:
    """The association's months: after leaving, after an application that led nowhere."""
    return association.retention_months, association.application_months


def bounds(association: Association, now: datetime) -> dict[Status, datetime]:
    """By status: who has stood so since before this moment is to go now."""
    after, applied = rule_of(association)
    return {status: months_before(now, applied if status is Status.APPLIED else after) for status in WATCHED}


def leaves_on(participant: Participant, association: Association) -> datetime | None:
    """When somebody is to go; none for whoever takes part, and for those of whom it is not known since when they do not."""
    after, applied = rule_of(association)
    if participant.status is Status.APPLIED:
        return months_after(participant.standing_since or participant.applied_at, applied)
    if participant.status in OVER and participant.standing_since is not None:
        over = months_after(participant.standing_since, after)
        again = participant.said_again
        return max(over, months_after(again.at, applied)) if again else over
    return None


def months_before(moment: datetime, months: int) -> datetime:
    """The same day some months earlier."""
    return months_after(moment, -months)


def looked(watch: Watch, association: Association, expected: int, now: datetime) -> Change[Watch]:
    """The day's look is done: `expected` people go in the next weeks, and administrators are told when it is time to."""
    rule = rule_of(association)
    fresh = watch.rule != rule
    due = {"due_at": now + LOOK_EVERY}
    if not expected or not (fresh or watch.told_at is None or now - watch.told_at >= TOLD_EVERY):
        return Change(watch.model_copy(update=due))
    announced = now if fresh or watch.announced_at is None else watch.announced_at
    return Change(watch.model_copy(update={**due, "told_at": now, "announced_at": announced, "rule": rule}))


def may_erase(watch: Watch, association: Association, now: datetime) -> bool:
    """Whether administrators have known the present rule for long enough."""
    return watch.rule == rule_of(association) and watch.announced_at is not None and now - watch.announced_at >= NOTICE


def dated(participant: Participant, now: datetime) -> Change[Participant] | None:
    """Of somebody who left before that was kept, the time counts from now."""
    if participant.standing_since is not None or participant.status not in OVER:
        return None
    return Change(participant.model_copy(update={"standing_since": now}))
