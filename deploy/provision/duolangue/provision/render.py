"""The configuration of the servers, written before they start. Passwords stand in it hashed; the storage key stays in the environment."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import bcrypt

from duolangue.provision.member import Member
from duolangue.provision.nats_permissions import (
    OPERATOR,
    PROVISION,
    operator_permissions,
    provision_permissions,
    service_permissions,
)
from duolangue.provision.secrets import Secrets

BCRYPT_ROUNDS: Final = 8
"""Few suffice: the passwords are 192 random bits, which no guessing reaches, and the server checks one at every connection."""
TO_BCRYPT: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
)
"""From the letters of base64 (RFC 4648) to those of bcrypt, which packs bits alike."""
MAX_PAYLOAD: Final = 262_144
"""The largest message on the bus, in bytes."""


def render_nats(members: Sequence[Member], secrets: Secrets, *, store: Path, listen: str = "") -> str:
    """The nats-server configuration: three accounts, one user for each service, everything synced to disk before it is acknowledged.

    `listen` is left out where the command line says where to listen.
    """
    users = [
        _user(
            member.name,
            secrets.read(f"nats-{member.name}"),
            service_permissions(member.declaration, secrets.inbox(member.name)),
            answers=True,
        )
        for member in members
    ]
    users.append(_user(OPERATOR, secrets.read("nats-operator"), operator_permissions()))
    users.append(_user(PROVISION, secrets.read("nats-provision"), provision_permissions()))
    lines = [
        "# Rendered by duolangue.provision from what the services declare. Change the declarations, not this file.",
        *([f"listen: {listen}"] if listen else []),
        "server_name: duolangue",
        f"max_payload: {MAX_PAYLOAD}",
        "jetstream {",
        f'  store_dir: "{store}"',
        "  sync_interval: always",
        "  cipher: aes",
        "  key: $JS_KEY",
        "}",
        "accounts {",
        "  APP {",
        "    jetstream: enabled",
        "    users: [",
        *users,
        "    ]",
        "    exports: [",
        '      {service: "$JS.API.CONSUMER.MSG.NEXT.EVENTS.*", response_type: stream, accounts: [FEED]}',
        '      {service: "$JS.API.CONSUMER.INFO.EVENTS.*", accounts: [FEED]}',
        '      {service: "$JS.ACK.EVENTS.*.>", accounts: [FEED]}',
        "    ]",
        "  }",
        "  FEED {",
        "    imports: [",
        '      {service: {account: APP, subject: "$JS.API.CONSUMER.MSG.NEXT.EVENTS.*"}, to: "FEED.API.CONSUMER.MSG.NEXT.EVENTS.*"}',
        '      {service: {account: APP, subject: "$JS.API.CONSUMER.INFO.EVENTS.*"}, to: "FEED.API.CONSUMER.INFO.EVENTS.*"}',
        '      {service: {account: APP, subject: "$JS.ACK.EVENTS.*.>"}}',
        "    ]",
        "    limits { max_payload: 4KB, max_connections: 200 }",
        '    default_permissions { publish { deny: ">" }, subscribe { deny: ">" } }',
        "  }",
        f'  SYS {{ users: [ {{user: system, password: "{_hashed(secrets.read("nats-system"))}"}} ] }}',
        "}",
        "system_account: SYS",
        "",
    ]
    return "\n".join(lines)


def _user(name: str, password: str, permissions: dict[str, list[str]], *, answers: bool = False) -> str:
    quoted = {way: ", ".join(f'"{subject}"' for subject in allowed) for way, allowed in permissions.items()}
    return (
        f'      {{user: {name}, password: "{_hashed(password)}", permissions: {{publish: {{allow: [{quoted["publish"]}]}}, '
        f"subscribe: {{allow: [{quoted['subscribe']}]}}{', allow_responses: true' if answers else ''}}}}}"
    )


def _hashed(password: str) -> str:
    """The same for the same password: a server that reads its configuration anew cuts nobody off whose password stayed. Salts are against
    tables of passwords that people choose, which these are not.
    """
    salt = base64.b64encode(hashlib.sha256(password.encode()).digest()[:16]).decode().rstrip("=").translate(TO_BCRYPT)
    return bcrypt.hashpw(password.encode(), f"$2b${BCRYPT_ROUNDS:02}${salt}".encode()).decode()
