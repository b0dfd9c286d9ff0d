"""Files of an association on the real mongod, as the service's own user."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from duolangue.chassis.store import Absent, Files, FileTooLarge, Taken
from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.integration.running import fresh, service


@pytest.fixture
async def owner(servers: Servers) -> AsyncIterator[Any]:
    made = service(toy.MEMBERS[0], servers)
    yield made.foundation
    made.foundation.database.close()


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for each in content:
        yield each


async def whole(files: Files, file_id: str) -> bytes:
    return b"".join([piece async for piece in await files.read(file_id)])


async def stored_under(servers: Servers, file_id: str) -> int:
    """Documents of the file in both collections."""
    client: Any = AsyncIOMotorClient(servers.mongodb_root_url)
    database = client["registration"]
    found = await database["pictures.files"].count_documents({"_id": {"$regex": file_id}})
    found += await database["pictures.chunks"].count_documents({"files_id": {"$regex": file_id}})
    client.close()
    return int(found)


async def test_a_file_is_kept_whole_read_in_pieces_and_taken_away(owner: Any, servers: Servers) -> None:
    files, name = owner.tenant("liege").files(toy.PICTURES), fresh()
    content = bytes(range(256)) * 4000
    assert await files.keep(name, pieces(content[:300_000], content[300_000:]), 2_000_000) == len(content)
    assert await whole(files, name) == content
    with pytest.raises(Taken):
        await files.keep(name, pieces(b"another"), 2_000_000)
    assert await whole(files, name) == content
    await files.remove(name)
    await files.remove(name)
    with pytest.raises(Absent):
        await files.read(name)
    assert await stored_under(servers, name) == 0


async def test_what_is_too_large_or_breaks_off_leaves_nothing(owner: Any, servers: Servers) -> None:
    files, name = owner.tenant("liege").files(toy.PICTURES), fresh()
    with pytest.raises(FileTooLarge):
        await files.keep(name, pieces(*[b"x" * 300_000] * 8), 2_000_000)

    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 600_000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await files.keep(name, broken(), 2_000_000)
    assert await stored_under(servers, name) == 0


async def test_another_association_neither_reads_a_file_nor_takes_it_away(owner: Any) -> None:
    ours, theirs, name = (
        owner.tenant("liege").files(toy.PICTURES),
        owner.tenant("charleroi").files(toy.PICTURES),
        fresh(),
    )
    await ours.keep(name, pieces(b"ours"), 100)
    with pytest.raises(Absent):
        await theirs.read(name)
    await theirs.remove(name)
    assert await whole(ours, name) == b"ours"
    await theirs.keep(name, pieces(b"theirs"), 100)
    assert await whole(ours, name) == b"ours"
