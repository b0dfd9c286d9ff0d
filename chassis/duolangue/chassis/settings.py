"""Settings every service has, read from the environment as `DUO_<SERVICE>_<NAME>`; shared ones as `DUO_<NAME>`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


def shared(name: str, default: Any = ...) -> Any:
    """A setting that is the same for all services: `DUO_<NAME>`, which `DUO_<SERVICE>_<NAME>` overrides."""
    return Field(default, validation_alias=AliasChoices(name, f"DUO_{name.upper()}"))


class ServiceSettings(BaseSettings):
    """What the chassis needs. A service subclasses it with its own prefix and adds its own."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    mongodb_url: SecretStr
    """Where this service's own database is, with its own user."""
    mongodb_database: str
    nats_url: str
    """Where the bus is, without user or password."""
    nats_user: str
    nats_password: SecretStr
    nats_inbox: str
    """The prefix of this service's reply inboxes; no other user may subscribe to it."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = "http://localhost:8000"
    """The platform's address as people see it; links begin with it."""
    clock_file: Path | None = None
    """Moves this process's clock; for demonstrations and tests only."""
    log_format: str = Field(default="json", pattern="^(json|console)$")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    poll_seconds: float = Field(default=1.0, gt=0, le=60)
    """How often the outbox and the due work are looked at when nothing woke them."""
    retry_seconds: tuple[float, ...] = (0.5, 2.0, 10.0, 60.0, 300.0, 900.0)
    """How long to wait after the first, second... failure of a reaction; then the fact goes to the dead letters."""
    shutdown_seconds: float = Field(default=15.0, ge=0, le=300)
    """How long work in flight may take to finish when the service stops."""


class MailSettings(BaseSettings):
    """How mail leaves."""

    model_config = SettingsConfigDict(env_prefix="DUO_MAIL_", extra="ignore", frozen=True)

    host: str = ""
    """The SMTP server; empty means that no mail can leave, and messages wait."""
    port: int = Field(default=25, ge=1, le=65535)
    user: str = ""
    password: SecretStr = SecretStr("")
    tls: str = Field(default="none", pattern="^(none|starttls|tls)$")
    sender: str = "Duolangue <bonjour@duolangue.invalid>"
    timeout_seconds: float = Field(default=20, gt=0, le=120)


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def read(kind: type[SettingsT]) -> SettingsT:
    """Read settings from the environment, or say in one line what is missing or wrong and exit with 2."""
    try:
        return kind()
    except ValidationError as error:
        prefix = kind.model_config.get("env_prefix") or "DUO_"
        for fault in error.errors(include_url=False, include_input=False):
            name = prefix + "_".join(str(part) for part in fault["loc"]).upper()
            print(f"setting {name}: {fault['msg']}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from error
