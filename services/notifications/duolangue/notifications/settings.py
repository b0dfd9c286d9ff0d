"""Settings, read from the environment as `DUO_NOTIFICATIONS_<NAME>`."""

from __future__ import annotations

from datetime import time

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from duolangue.chassis.settings import ServiceSettings
from duolangue.notifications.domain.weeks import NudgeMoment


class Settings(ServiceSettings):
    """When duos are reminded; the rest is the chassis'."""

    model_config = SettingsConfigDict(
        env_prefix="DUO_NOTIFICATIONS_", extra="ignore", frozen=True, populate_by_name=True
    )

    nudge_weekday: int = Field(default=4, ge=1, le=7)
    """On which day of the week duos are reminded: 1 is Monday, 7 is Sunday."""
    nudge_time: time = time(17)
    """At what time, on the association's own clocks."""

    @property
    def rhythm(self) -> NudgeMoment:
        """When in the week duos are reminded."""
        return NudgeMoment(self.nudge_weekday, self.nudge_time)
