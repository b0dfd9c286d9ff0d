"""What the chassis does while something it stands on is away, or answers slowly: nothing is lost, nobody waits for others."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from faststream.exceptions import NackMessage, RejectMessage

from duolangue.chassis.bus.bus import NoReaction
from duolangue.chassis.bus.failures import CRASHES, failure_handling
from duolangue.chassis.bus.requests import Unavailable
from duolangue.chassis.clock import SystemClock
from duolangue.chassis.identity import Access, Coordinator, Keyring, Signer, TokenRefused
from duolangue.chassis.identity import keys as module
from duolangue.chassis.metrics import Metrics
from duolangue.contracts.requests import KeysAnswer

DELAYS = (1.0, 2.0)


class Dead:
    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.letters: list[str] = []

    async def __call__(self, subject: str, _: bytes, __: dict[str, str]) -> None:
        if self.away:
            raise TimeoutError
        self.letters.append(subject)


async def handled(dead: Dead, deliveries: int, error: Exception | None) -> None:
    async def handler(_: Any) -> None:
        if error:
            raise error

    async def in_progress() -> None:
        return

    sequence = SimpleNamespace(stream=7, consumer=7)
    metadata = SimpleNamespace(num_delivered=deliveries, stream="EVENTS", sequence=sequence)
    raw = SimpleNamespace(
        subject="events.a.matching.duo.ended.v1", data=b"{}", metadata=metadata, in_progress=in_progress
    )
    middleware: Any = failure_handling("toy", dead, Metrics("toy"), DELAYS)(None, context=None)  # type: ignore[arg-type]  # no message yet
    await middleware.consume_scope(handler, SimpleNamespace(raw_message=raw))


async def test_a_message_is_kept_while_the_dead_letters_cannot_be_written() -> None:
    with pytest.raises(NackMessage) as kept:
        await handled(Dead(away=True), 3, KeyError())
    assert kept.value.extra_options["delay"] == DELAYS[-1]
    dead = Dead()
    with pytest.raises(RejectMessage):
        await handled(dead, 4, KeyError())
    assert dead.letters == ["dead.toy.events.a.matching.duo.ended.v1"]


async def test_a_message_processes_die_of_is_put_aside_untouched() -> None:
    dead = Dead()
    await handled(dead, len(DELAYS) + CRASHES, None)
    with pytest.raises(RejectMessage):
        await handled(dead, len(DELAYS) + CRASHES + 1, None)
    assert len(dead.letters) == 1


class Registration:
    def __init__(self) -> None:
        self.signer = Signer(Signer.new_key())
        self.asked = 0
        self.away = False
        self.slow: asyncio.Event | None = None

    async def __call__(self) -> KeysAnswer:
        self.asked += 1
        if self.slow:
            await self.slow.wait()
        if self.away:
            raise Unavailable
        return KeysAnswer(keys=self.signer.jwks())

    def token(self, signer: Signer | None = None) -> str:
        return (signer or self.signer).access_token(Coordinator("c-1", "liege", Access.READ), datetime.now(UTC))


async def test_while_registration_is_silent_known_keys_open_at_once_and_unknown_ones_do_not_ask_each_time(
    monkeypatch: Any,
) -> None:
    registration = Registration()
    keyring = Keyring(registration, SystemClock())
    assert (await keyring.coordinator(registration.token())).id == "c-1"
    monkeypatch.setattr(module, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    registration.away, registration.slow = True, asyncio.Event()
    first = asyncio.create_task(keyring.coordinator(registration.token()))
    await asyncio.sleep(0)
    async with asyncio.timeout(1):
        await asyncio.gather(*(keyring.coordinator(registration.token()) for _ in range(50)))
    registration.slow.set()
    assert (await first).id == "c-1"
    monkeypatch.setattr(module, "RETRY_SECONDS", 60.0)
    asked = registration.asked
    for _ in range(20):
        with pytest.raises(TokenRefused):
            await keyring.coordinator(registration.token(Signer(Signer.new_key())))
    assert registration.asked == asked


async def test_without_any_key_registration_is_said_to_be_away_and_the_token_is_not_blamed() -> None:
    registration = Registration()
    registration.away = True
    keyring = Keyring(registration, SystemClock())
    for _ in range(3):
        with pytest.raises(Unavailable):
            await keyring.coordinator(registration.token())
    assert registration.asked == 1


async def test_a_fact_that_only_a_newer_version_handles_is_asked_for_again() -> None:
    """While containers are replaced the old one hears of what the new one reacts to."""
    dead = Dead()
    with pytest.raises(NackMessage):
        await handled(dead, 1, NoReaction("events.a.matching.duo.ended.v1"))
    assert dead.letters == []
