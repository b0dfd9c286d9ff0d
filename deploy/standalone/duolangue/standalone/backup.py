"""Everything in one file: the four databases at one moment, the facts not yet handled by all, the keys that links are signed with.

The file lets whoever has it read everything: keep it like the data itself.
"""

from __future__ import annotations

import asyncio
import io
import json
import tarfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import bson
import nats
from motor.motor_asyncio import AsyncIOMotorClient
from nats.js.errors import NotFoundError

from duolangue.contracts.subjects import EVENTS_STREAM
from duolangue.provision.platform import PLATFORM
from duolangue.registration import journal
from duolangue.registration.commands import erase_again
from duolangue.standalone.configuration import ERASURES_FILE, Configuration, Running, erasures_file
from duolangue.standalone.operate import elsewhere, find, foundation, operator
from duolangue.standalone.servers import Servers, local_servers

FORMAT: Final = 1
KEPT_SECRETS: Final = ("signing-key.pem", "exclusion-key")
BATCH: Final = 500


class CannotRestore(Exception):
    """The file or the folder is not fit; nothing was changed."""


async def backup(folder: Path, file: Path) -> dict[str, int]:
    """Write everything to `file`; the platform may run meanwhile. Returns how many documents and facts it holds."""
    async with _servers(folder) as servers:
        fresh = file.with_name(f".{file.name}.part")
        handled = await _handled_by_all(
            servers
        )  # before the databases: what is handled meanwhile is told again, and known again
        with tarfile.open(fresh, "w:gz") as archive:
            documents = await _write_databases(servers, archive)
            facts = await _facts_after(servers, handled)
            _put(archive, "facts.json", json.dumps(facts).encode())
            for name in KEPT_SECRETS:
                _put(archive, f"secrets/{name}", servers.secrets.read(name).encode())
            manifest = {
                "format": FORMAT,
                "made_at": datetime.now(UTC).isoformat(),
                "documents": documents,
                "facts": len(facts),
            }
            _put(archive, "manifest.json", json.dumps(manifest).encode())
        fresh.chmod(0o600)
        fresh.replace(file)
    keep_lines(erasures_file(folder), file.absolute().parent / ERASURES_FILE)
    return {"documents": documents, "facts": len(facts)}


async def restore(folder: Path, file: Path, lists: Sequence[Path] = ()) -> dict[str, int]:
    """Fill an empty folder, or the empty servers that the environment names, from a backup; whoever was erased since it was made is erased again, as the list beside the file and the
    other `lists` say. Returns how many documents and facts were restored, and how many people erased again.

    Raises:
        CannotRestore: the folder or the servers hold something, or the file is no backup.
    """
    given = elsewhere(folder)
    if given is None and folder.exists() and any(folder.iterdir()):
        raise CannotRestore(f"{folder} is not empty: move it away first, so that nothing is overwritten")
    try:
        with tarfile.open(file, "r:gz") as archive:
            parts = {entry.name: archive.extractfile(entry).read() for entry in archive if entry.isfile()}  # type: ignore[union-attr]  # a file has one
        manifest = json.loads(parts["manifest.json"])
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise CannotRestore(f"{file} is no backup of Duolangue ({type(error).__name__})") from error
    if manifest.get("format") != FORMAT:
        raise CannotRestore(f"{file} was made by another version (format {manifest.get('format')}, here {FORMAT})")
    if given:
        await _see_that_it_is_empty(given.servers)
    (folder / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (each for each in KEPT_SECRETS if f"secrets/{each}" in parts):  # one of before it was kept has none
        path = folder / "secrets" / name
        path.touch(mode=0o600)
        path.write_bytes(parts[f"secrets/{name}"])
    async with _given(given) if given else local_servers(folder, PLATFORM) as servers:
        client: Any = AsyncIOMotorClient(servers.mongodb_root_url)
        documents = 0
        try:
            for name, content in sorted(parts.items()):
                if name.startswith("databases/"):
                    database, collection = name.removeprefix("databases/").removesuffix(".bson").split("/")
                    for batch in _batches(content):
                        await client[database][collection].insert_many(batch)
                        documents += len(batch)
        finally:
            client.close()
        facts = json.loads(parts["facts.json"])
        await _tell_again(servers, facts)
        for known in (file.absolute().parent / ERASURES_FILE, *lists):
            keep_lines(known, erasures_file(folder))
        erased = await _erase_again(Configuration(servers, ""), erasures_file(folder))
    return {"documents": documents, "facts": len(facts), "erased": erased}


def keep_lines(source: Path, target: Path) -> None:
    """Add to a list of erasures what another one has and it has not."""
    if not source.is_file() or source.absolute() == target.absolute():
        return
    known = set(target.read_text(encoding="utf-8").splitlines()) if target.is_file() else set()
    missing = [line for line in source.read_text(encoding="utf-8").splitlines() if line and line not in known]
    if missing:
        journal.append(target, missing)


async def _erase_again(configuration: Configuration, file: Path) -> int:
    by_association: dict[str, list[str]] = {}
    for association, participant in journal.read(file):
        by_association.setdefault(association, []).append(participant)
    count = 0
    async with foundation(configuration, "registration") as made:
        for association, participants in by_association.items():
            count += await erase_again(made, association, participants)
    return count


@asynccontextmanager
async def _given(configuration: Configuration) -> AsyncIterator[Servers]:
    yield configuration.servers


async def _see_that_it_is_empty(servers: Servers) -> None:
    client: Any = AsyncIOMotorClient(servers.mongodb_root_url, serverSelectionTimeoutMS=10_000)
    try:
        for member in PLATFORM:
            for name in (name for kind in member.declaration.kinds for name in kind.collections):
                if await client[member.name][name].find_one({}, {"_id": True}):
                    raise CannotRestore(
                        f"the database {member.name} is not empty: restore into new volumes, so that nothing is overwritten"
                    )
    finally:
        client.close()


@asynccontextmanager
async def _servers(folder: Path) -> AsyncIterator[Servers]:
    if given := elsewhere(folder):
        yield given.servers
    elif Running.find(folder):
        yield find(folder).servers
    elif (folder / "secrets").is_dir():
        async with local_servers(folder, PLATFORM) as servers:
            yield servers
    else:
        raise CannotRestore(f"there is no platform's data in {folder}")


async def _write_databases(servers: Servers, archive: tarfile.TarFile) -> int:
    client: Any = AsyncIOMotorClient(servers.mongodb_root_url)
    count = 0
    try:
        async with await client.start_session(snapshot=True) as session:
            for member in PLATFORM:
                for name in (name for kind in member.declaration.kinds for name in kind.collections):
                    content = bytearray()
                    async for document in client[member.name][name].find({}, session=session):
                        content += bson.encode(document)
                        count += 1
                    await asyncio.to_thread(_put, archive, f"databases/{member.name}/{name}.bson", bytes(content))
    finally:
        client.close()
    return count


async def _handled_by_all(servers: Servers) -> int:
    """The place in the stream up to which every service has handled what concerns it."""
    async with operator(servers) as client:
        stream = client.jetstream()
        last: int = (await stream.stream_info(EVENTS_STREAM)).state.last_seq
        floors = []
        for member in PLATFORM:
            consumer = await stream.consumer_info(EVENTS_STREAM, member.name)
            idle = not consumer.num_pending and not consumer.num_ack_pending
            floors.append(last if idle else consumer.ack_floor.stream_seq)
    return min(floors)


async def _facts_after(servers: Servers, sequence: int) -> list[dict[str, Any]]:
    """The facts that some service may not have handled: who has handled one knows it again by its id."""
    facts = []
    async with operator(servers) as client:
        stream = client.jetstream()
        last = (await stream.stream_info(EVENTS_STREAM)).state.last_seq
        for number in range(sequence + 1, last + 1):
            try:
                message = await stream.get_msg(EVENTS_STREAM, number)
            except NotFoundError:
                continue
            message_id = (message.headers or {}).get("Nats-Msg-Id", "")
            facts.append({"subject": message.subject, "body": message.data.decode("latin-1"), "id": message_id})
    return facts


async def _tell_again(servers: Servers, facts: list[dict[str, Any]]) -> None:
    for fact in facts:
        owner = fact["subject"].split(".")[2] if fact["subject"].startswith("events.") else "operator"
        password = servers.secrets.read(f"nats-{owner}")
        inbox = "_INBOX_operator" if owner == "operator" else servers.secrets.inbox(owner)
        client = await nats.connect(servers.nats_url, user=owner, password=password, inbox_prefix=inbox.encode())
        try:
            headers = {"Nats-Msg-Id": fact["id"]} if fact["id"] else {}
            await client.jetstream().publish(
                fact["subject"], fact["body"].encode("latin-1"), headers=headers, stream=EVENTS_STREAM
            )
        finally:
            await client.close()


def _batches(content: bytes) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for document in bson.decode_file_iter(io.BytesIO(content)):
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), int(time.time()), 0o600
    archive.addfile(entry, io.BytesIO(content))
