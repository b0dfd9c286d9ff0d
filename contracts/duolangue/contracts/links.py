"""Action links: what they are for, and where each leads. Registration signs them, the named service opens them."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """The one thing a link allows its person to do; reporting a problem is allowed with any."""

    ANSWER_PROPOSAL = "duo.answer"
    STILL_TAKING_PART = "participation.answer"
    """Say whether one still wants to take part."""
    LOG_CONVERSATION = "session.log"
    NEXT_STEP = "duo.next"
    """After the weeks that were promised: say whether one goes on."""
    REPORT_PROBLEM = "problem.report"
    OWN_PAGE = "participant.own"
    """See, correct, download and erase one's own data."""
    OWN_ACTIVITIES = "activities.own"
    """See what one takes part in, enrol and cancel, propose a workshop."""
    THREE_QUESTIONS = "questions.answer"
    """Answer three questions about how one is doing."""
    HOST_ACTIVITY = "activity.host"
    """Note who came to an activity one gives."""
    CALENDAR = "calendar.own"
    """Subscribe to the times of what one takes part in."""
    CONFIRM_ATTESTATION = "attestation.confirm"
    """See that a paper with hours on it is genuine: for whoever holds the paper, so it allows nothing else."""

    @property
    def path(self) -> str:
        """Where the link leads, before its token."""
        return _PATHS[self]

    @property
    def route(self) -> str:
        """The same with the token, as routes name it: the dependency that opens the link reads it there."""
        return f"{self.path}/{{token}}"

    def url(self, base_url: str, token: str) -> str:
        """The whole address of a link."""
        return f"{base_url.rstrip('/')}{self.path}/{token}"


_PATHS = {
    Purpose.ANSWER_PROPOSAL: "/duos/answer",
    Purpose.STILL_TAKING_PART: "/duos/still",
    Purpose.LOG_CONVERSATION: "/sessions/log",
    Purpose.NEXT_STEP: "/sessions/next",
    Purpose.REPORT_PROBLEM: "/problem",
    Purpose.OWN_PAGE: "/me",
    Purpose.OWN_ACTIVITIES: "/sessions/mine",
    Purpose.THREE_QUESTIONS: "/sessions/questions",
    Purpose.HOST_ACTIVITY: "/sessions/host",
    Purpose.CALENDAR: "/sessions/calendar",
    Purpose.CONFIRM_ATTESTATION: "/sessions/attestation",
}
