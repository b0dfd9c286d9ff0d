"""Settings every service has, read from the environment as `DUO_<SERVICE>_<NAME>`; shared ones as `DUO_<NAME>`.

`DUO_<SERVICE>_<NAME>_FILE` names a file that holds the value instead, so that a secret stands in no environment.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError


def shared(name: str, default: Any = ...) -> Any:
    """A setting that is the same for all services: `DUO_<NAME>`, which `DUO_<SERVICE>_<NAME>` overrides."""
    return Field(default, validation_alias=AliasChoices(name, f"DUO_{name.upper()}"))


class WrongFile(SettingsError):
    """A setting's value cannot be had from the file that is named for it; the message begins with the setting's name."""


class FromFiles(PydanticBaseSettingsSource):
    """Reads a setting from the file that `<ITS NAME>_FILE` names; white space at the end does not count.

    Raises:
        WrongFile: the file cannot be read, or the setting stands in the environment as well.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The file's content, the field's name, and whether the content is JSON."""
        name = f"{self.config.get('env_prefix', '')}{field_name}".upper()
        file = os.environ.get(f"{name}_FILE")
        if not file:
            return None, field_name, False
        if name in os.environ:
            raise WrongFile(f"{name}: it is set, and so is {name}_FILE: which one counts?")
        try:
            return Path(file).read_text(encoding="utf-8").rstrip(), field_name, self.field_is_complex(field)
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise WrongFile(f"{name}_FILE: {file} cannot be read ({why})") from error

    def __call__(self) -> dict[str, Any]:
        """All settings that are read from files."""
        found: dict[str, Any] = {}
        for field_name, field in self.settings_cls.model_fields.items():
            value, key, is_json = self.get_field_value(field, field_name)
            try:
                if value is not None:
                    found[key] = self.prepare_field_value(field_name, field, value, is_json)
            except ValueError as error:
                raise SettingsError(f'field "{field_name}": no JSON') from error
        return found


class EnvironmentSettings(BaseSettings):
    """Settings from the environment, and from the files that it names."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What a caller gives comes first, then the environment, then the files it names; the library's own two are set up nowhere."""
        return init_settings, env_settings, FromFiles(settings_cls), dotenv_settings, file_secret_settings


class ServiceSettings(EnvironmentSettings):
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
    """How often due work, and every third time the outbox, are looked at when nothing woke them."""
    retry_seconds: tuple[float, ...] = (0.5, 2.0, 10.0, 60.0, 300.0, 900.0)
    """How long to wait after the first, second... failure of a reaction; then the fact goes to the dead letters."""
    shutdown_seconds: float = Field(default=15.0, ge=0, le=300)
    """How long work in flight may take to finish when the service stops."""


class MailSettings(EnvironmentSettings):
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
    prefix = kind.model_config.get("env_prefix") or "DUO_"
    try:
        return kind()
    except WrongFile as error:
        print(f"setting {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from error
    except SettingsError as error:  # the library names the field alone
        field = re.search(r'field "(\w+)"', str(error))
        print(f"setting {prefix}{field[1].upper() if field else '...'}: Input should be JSON", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from error
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            name = prefix + "_".join(str(part) for part in fault["loc"]).upper()
            print(f"setting {name}: {fault['msg']}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from error
