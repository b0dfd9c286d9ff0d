"""Requests sent over kept connections, with as little work as can be: the sender shares the machine with what it measures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass
class Sent:
    """What came of it."""

    took: list[float] = field(default_factory=list)
    """Milliseconds of each that was answered as wanted."""
    otherwise: list[str] = field(default_factory=list)
    """How the others were answered."""

    def slowest(self, of_a_hundred: int = 95) -> float:
        """So many of a hundred took no longer, in milliseconds."""
        took = sorted(self.took)
        return took[min(len(took) - 1, len(took) * of_a_hundred // 100)] if took else 0.0


def form(url: str, path: str, fields: Mapping[str, str]) -> bytes:
    """A form as a browser sends it to a platform at `url`."""
    body, host = urlencode(fields).encode(), urlsplit(url).netloc
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {url}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def send(
    url: str,
    requests: Iterator[tuple[bytes, Any]],
    *,
    connections: int,
    seconds: float,
    answered: Callable[[Any], None] = lambda _: None,
    expected: int = 303,
) -> tuple[Sent, float]:
    """Send requests one after the other on each connection, for so many seconds; and how many seconds it took in all.

    Each comes with something to tell `answered` once it was answered as expected.
    """
    host, port = urlsplit(url).hostname or "127.0.0.1", urlsplit(url).port or 80
    sent, began = Sent(), time.perf_counter()

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while time.perf_counter() - began < seconds and (following := next(requests, None)) is not None:
            request, what = following
            started = time.perf_counter()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            text = await reader.readexactly(_length(head))
            if head.split(b" ", 2)[1] == str(expected).encode():
                sent.took.append((time.perf_counter() - started) * 1000)
                answered(what)
            else:
                sent.otherwise.append(f"{head[:20]!r} {text[:200]!r}")
            if b"connection: close" in head:
                reader, writer = await asyncio.open_connection(host, port)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return sent, time.perf_counter() - began


def _length(head: bytes) -> int:
    _, found, rest = head.partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0
