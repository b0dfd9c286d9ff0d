"""Settings of registration, read from the environment as `DUO_REGISTRATION_<NAME>`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from duolangue.chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """What registration needs besides what every service needs."""

    model_config = SettingsConfigDict(
        env_prefix="DUO_REGISTRATION_", extra="ignore", frozen=True, populate_by_name=True
    )

    erasures_file: Path | None = None
    """Where erasures are listed outside the database, so that a restored backup brings nobody back; `./duo up` sets it."""
    signing_key: Path
    """The file with the Ed25519 private key (PEM) that signs tokens and links. No other service has it."""
    exclusion_key: Path
    """The file with the secret under which addresses of excluded people are hashed. It is kept with backups."""
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    """How many proxies of the operator's own stand in front, each adding to X-Forwarded-For; with 0 that header is not read."""
