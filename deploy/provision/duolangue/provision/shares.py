"""Each container's share of the secrets: a folder of its own, so that none sees what another must keep."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from duolangue.provision.apply import with_user
from duolangue.provision.member import Member
from duolangue.provision.render import render_nats
from duolangue.provision.secrets import Secrets

SIGNS: Final = "registration"
"""The one service that has the keys."""
KEY_FILE: Final = "jetstream-key.conf"


def hand_out(members: Sequence[Member], secrets: Secrets, folder: Path, *, mongodb_url: str, nats_store: Path) -> None:
    """Write `<folder>/<service>/` for every service, and `nats/` and `mongodb/` for the servers. What is right already is left as it is.

    `mongodb_url` is without a user; `nats_store` is where the server, in its own container, keeps its streams.
    """
    for member in members:
        name = member.name
        keep(folder / name / "mongodb-url", with_user(mongodb_url, name, secrets.read(f"mongodb-{name}"), name))
        keep(folder / name / "nats-password", secrets.read(f"nats-{name}"))
        keep(folder / name / "nats-inbox", secrets.inbox(name))
    for name in ("signing-key.pem", "exclusion-key"):
        keep(folder / SIGNS / name, secrets.read(name))
    keep(folder / "mongodb" / "keyfile", secrets.read("mongodb-keyfile"))
    keep(folder / "nats" / KEY_FILE, f'JS_KEY: "{secrets.read("jetstream-key")}"\n')
    configuration = render_nats(members, secrets, store=nats_store, listen="0.0.0.0:4222")
    keep(folder / "nats" / "nats.conf", f'include "./{KEY_FILE}"\n{configuration}')


def keep(path: Path, content: str) -> None:
    """A file that its owner alone may read, replaced in one step where it says something else."""
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="utf-8") as file:
        file.write(content)
    fresh.replace(path)
