"""The settings each service gets on one machine: the same ones it would read from its environment elsewhere."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from duolangue.chassis.service import Declaration
from duolangue.standalone.servers import Servers

ERASURES_FILE: Final = "erasures.jsonl"
"""Beside the data, and beside each backup: who was erased, by opaque ids."""


def erasures_file(folder: Path) -> Path:
    """Where erasures are listed: where the operator says, else beside the data."""
    return Path(os.environ.get("DUO_REGISTRATION_ERASURES_FILE") or folder / ERASURES_FILE)


@dataclass(frozen=True, slots=True)
class Configuration:
    """How the services of this machine are set."""

    servers: Servers
    public_url: str
    clock_file: Path | None = None
    poll_seconds: float = 1.0

    def values(self, service: str) -> dict[str, str]:
        """Setting names and values for one service."""
        values = {
            "mongodb_url": self.servers.mongodb_url(service),
            "mongodb_database": service,
            "nats_url": self.servers.nats_url,
            "nats_user": service,
            "nats_password": self.servers.secrets.read(f"nats-{service}"),
            "nats_inbox": self.servers.secrets.inbox(service),
            "public_url": self.public_url,
            "poll_seconds": str(self.poll_seconds),
        }
        if self.clock_file:
            values["clock_file"] = str(self.clock_file)
        if service == "registration":
            values["signing_key"] = str(self.servers.secrets.path("signing-key.pem"))
            values["erasures_file"] = str(erasures_file(self.servers.secrets.folder.parent))
            values["exclusion_key"] = str(self.servers.secrets.path("exclusion-key"))
        return values

    def settings(self, declaration: Declaration[Any, Any]) -> Any:
        """The service's settings, read as it reads them from its environment; what the operator set there comes too."""
        return declaration.settings(**self.values(declaration.name))

    def environment(self, service: str) -> dict[str, str]:
        """The environment of a process of its own for one service."""
        prefix = f"DUO_{service.upper()}_"
        return {**os.environ, **{f"{prefix}{name.upper()}": value for name, value in self.values(service).items()}}


@dataclass(frozen=True, slots=True)
class Running:
    """What a running platform tells other commands on this machine, in a file only its owner may read."""

    pid: int
    url: str
    nats_url: str
    mongodb_port: int

    @staticmethod
    def file(folder: Path) -> Path:
        """Where it stands."""
        return folder / "running.json"

    @classmethod
    def find(cls, folder: Path) -> Running | None:
        """The platform that runs on this folder, if one does. Its number alone would not tell: after a power cut it may be another process's."""
        try:
            found = cls(**json.loads(cls.file(folder).read_text()))
            with cls._lock(folder).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return found
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return None

    @staticmethod
    def _lock(folder: Path) -> Path:
        return folder / "running.lock"

    @contextmanager
    def told(self, folder: Path) -> Iterator[None]:
        """Tell, until the end of the block or of the process: a lock goes with whoever holds it, however they end."""
        lock, path = self._lock(folder), self.file(folder)
        lock.touch(mode=0o600)
        with lock.open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # who looks holds it for a moment
            path.touch(mode=0o600)
            path.write_text(json.dumps(asdict(self)))
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
