"""Who gives an activity: named, missed when they leave, forgotten when they are erased. Pure decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.activities import ActivityCancelled, ActivityUpdated
from duolangue.sessions.domain.activity import COMING, Activity, Status, tell
from duolangue.sessions.domain.announcing import Decision, NotNow, cancel


def entrust(activity: Activity, host: str | None, coordinator: str) -> Decision:
    """Another participant gives it, or the association's own people.

    Raises:
        NotNow: it is over or cancelled.
    """
    if activity.status not in COMING:
        raise NotNow("This is over: it cannot be changed any more.")
    if activity.host == host and not activity.host_left:
        return None
    update = {"host": host, "host_left": False, "coordinator": activity.coordinator or coordinator}
    state = activity.model_copy(update=update)
    return Change(state, (tell(ActivityUpdated, state),) if activity.status is Status.PUBLISHED else ())


def host_leaves(activity: Activity) -> Decision:
    """Whoever gives it left: it is to be given by somebody else, or cancelled."""
    if activity.status not in COMING or activity.host_left:
        return None
    return Change(activity.model_copy(update={"host_left": True}))


def without_host(activity: Activity, *, words: bool, counted: str = "") -> Decision:
    """Its host is erased: whose it was is forgotten but for the key under which they are `counted`, and their own words where nobody needs
    them (any more).
    """
    if activity.host is None:
        return None
    left = activity.status in COMING
    update: dict[str, Any] = {"host": None, "host_counted": counted, "host_left": left, "wishes": ""}
    if words:
        update["text"] = ""
    elif activity.proposed:
        update["words_go"] = True
    state = activity.model_copy(update=update)
    return Change(state, (tell(ActivityUpdated, state),) if activity.status is Status.PUBLISHED else ())


def cancel_without_host(activity: Activity, *, now: datetime, counted: str) -> Decision:
    """Its host is erased, and it cannot be without them: everybody who enrolled is told."""
    gone = cancel(activity, now)
    if gone is None:
        return None
    state = gone.state.model_copy(update={"host": None, "host_counted": counted, "wishes": ""})
    return Change(state, (tell(ActivityCancelled, state),) if gone.facts else ())


def given_by(activity: Activity, host: str, *, left: bool) -> Decision:
    """Two records were one person: it is theirs under the id that stays; `left`: that one does not take part either."""
    if activity.host == host:
        return None
    state = activity.model_copy(update={"host": host, "host_left": activity.host_left and left})
    return Change(state, (tell(ActivityUpdated, state),) if activity.status is Status.PUBLISHED else ())
