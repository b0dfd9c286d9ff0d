"""The settings of matching, read from the environment as `DUO_MATCHING_<NAME>`."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from duolangue.chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """What matching needs beyond what every service needs."""

    model_config = SettingsConfigDict(env_prefix="DUO_MATCHING_", extra="ignore", frozen=True, populate_by_name=True)
