"""A running nats-server reads its configuration anew: what a new version's services may say and hear holds without a restart."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import Any, Final

from duolangue.provision.secrets import Secrets
from duolangue.provision.shares import keep
from duolangue.provision.waiting import connected
from duolangue.provision.wrong import CannotProvision

SYSTEM: Final = "system"
ANSWER_SECONDS: Final = 1.0


async def reload_changed(url: str, secrets: Secrets, configuration: str) -> None:
    """Reload unless the servers were told to read the same configuration the last time: for some milliseconds nobody answers for the streams.

    Raises:
        CannotProvision: see `reload_nats`.
    """
    digest = hashlib.sha256(configuration.encode()).hexdigest()
    told = secrets.path("nats-loaded")
    if not told.is_file() or told.read_text(encoding="utf-8") != digest:
        await reload_nats(url, secrets)
        keep(told, digest)


async def reload_nats(url: str, secrets: Secrets) -> None:
    """Have every server of the bus read its configuration file. Where that says what it said before, nothing happens.

    Raises:
        CannotProvision: none answers, or one finds a fault in it, and goes on with what it had.
    """
    async with connected(url, SYSTEM, secrets.read(f"nats-{SYSTEM}")) as client:
        servers = {each["server"]["id"] for each in await _answers(client, "$SYS.REQ.SERVER.PING")}
        if not servers:
            raise CannotProvision("no server of the bus can be asked to read its configuration anew")
        for server in servers:
            [answer] = await _answers(client, f"$SYS.REQ.SERVER.{server}.RELOAD", most=1) or [{}]
            if fault := answer.get("error"):
                raise CannotProvision(f"the bus refuses its new configuration: {fault.get('description', fault)}")


async def _answers(client: Any, subject: str, most: int = 64) -> list[dict[str, Any]]:
    """What all who listen answer, as far as they do it at once."""
    inbox = client.new_inbox()
    found: list[dict[str, Any]] = []
    heard = await client.subscribe(inbox)
    await client.publish(subject, b"", reply=inbox)
    with suppress(TimeoutError):
        while len(found) < most:
            found.append(json.loads((await heard.next_msg(timeout=ANSWER_SECONDS)).data))
    await heard.unsubscribe()
    return found
