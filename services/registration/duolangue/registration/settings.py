"""Settings of registration, read from the environment as `DUO_REGISTRATION_<NAME>`."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from duolangue.chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """What registration needs besides what every service needs."""

    model_config = SettingsConfigDict(
        env_prefix="DUO_REGISTRATION_", extra="ignore", frozen=True, populate_by_name=True
    )

    signing_key: Path
    """The file with the Ed25519 private key (PEM) that signs tokens and links. No other service has it."""
