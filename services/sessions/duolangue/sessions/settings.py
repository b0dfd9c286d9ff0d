"""The settings of sessions: those of every service, under `DUO_SESSIONS_`."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from duolangue.chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing beyond what the chassis needs."""

    model_config = SettingsConfigDict(env_prefix="DUO_SESSIONS_", extra="ignore", frozen=True, populate_by_name=True)
