"""Passwords and keys: made once, kept in a folder only its owner may read."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from duolangue.chassis.identity import Signer


@dataclass(frozen=True, slots=True)
class Secrets:
    """A folder with one file for each secret."""

    folder: Path

    def ensure(self, services: Sequence[str]) -> None:
        """Make what is missing; what is there stays."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for service in services:
            for name in (f"nats-{service}", f"mongodb-{service}", f"inbox-{service}"):
                self._make(name, secrets.token_urlsafe(24))
        for name in ("nats-operator", "nats-provision", "nats-system", "mongodb-root", "mongodb-migrations"):
            self._make(name, secrets.token_urlsafe(24))
        self._make("jetstream-key", secrets.token_hex(16))
        self._make("mongodb-keyfile", secrets.token_urlsafe(512)[:700].replace("-", "A").replace("_", "B"))
        self._make("signing-key.pem", Signer.new_key().decode())
        self._make("exclusion-key", secrets.token_urlsafe(32))

    def read(self, name: str) -> str:
        """A secret's value."""
        return self.path(name).read_text()

    def path(self, name: str) -> Path:
        """A secret's file."""
        return self.folder / name

    def inbox(self, service: str) -> str:
        """The prefix of a service's reply inboxes: nobody guesses it."""
        return f"_INBOX_{service}_{self.read(f'inbox-{service}').replace('-', '').replace('_', '')[:16]}"

    def _make(self, name: str, value: str) -> None:
        path = self.path(name)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(value)
