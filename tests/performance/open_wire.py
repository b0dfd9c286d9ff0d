"""Forms sent over kept connections, with as little work as can be: the sender shares the machine with what it measures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit


@dataclass
class Sent:
    """What came of it."""

    took: list[float] = field(default_factory=list)
    """Milliseconds of each that was answered as wanted."""
    otherwise: list[str] = field(default_factory=list)
    """How the others were answered."""


async def send_forms(
    url: str, forms: Iterator[tuple[str, dict[str, str]]], *, connections: int, seconds: float, expected: int = 303
) -> tuple[Sent, float]:
    """Send forms (path, fields) one after the other on each connection, for so many seconds; and how many seconds it took in all."""
    host, port = urlsplit(url).hostname or "127.0.0.1", urlsplit(url).port or 80
    sent, began = Sent(), time.perf_counter()

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while time.perf_counter() - began < seconds and (form := next(forms, None)) is not None:
            path, fields = form
            body = urlencode(fields).encode()
            started = time.perf_counter()
            writer.write(
                f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {url}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = next((int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
            text = await reader.readexactly(length)
            status = int(head.split(" ", 2)[1])
            if status == expected:
                sent.took.append((time.perf_counter() - started) * 1000)
            else:
                sent.otherwise.append(f"{status} {text[:200]!r}")
            if "connection: close" in head:
                reader, writer = await asyncio.open_connection(host, port)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return sent, time.perf_counter() - began
