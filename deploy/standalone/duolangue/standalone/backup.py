"""Everything in one file: the four databases at one moment, the facts not yet handled by all, the keys that links are signed with.

The file lets whoever has it read everything: keep it like the data itself.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import tarfile
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import bson
import nats
from motor.motor_asyncio import AsyncIOMotorClient
from nats.js.errors import NotFoundError

from duolangue.contracts.envelope import Event, Unreadable
from duolangue.contracts.subjects import EVENTS_STREAM, FactSubject, NotASubject
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
        handled = await _handled_by_all(
            servers
        )  # before the databases: what is handled meanwhile is told again, and known again
        with _fresh(file) as archive:
            documents, facts = await _write_state(servers, archive, file.absolute().parent, handled)
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
            parts = {entry.name: content.read() for entry, content in _files(archive) if not _is_data(entry)}
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
            with tarfile.open(file, "r:gz") as archive:
                for entry, content in _files(archive):
                    if _is_data(entry):
                        database, collection = entry.name.removeprefix("databases/").removesuffix(".bson").split("/")
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


@contextmanager
def _fresh(file: Path) -> Iterator[tarfile.TarFile]:
    """An archive beside the file, for its owner's eyes from the first byte on; it takes the file's place once it is whole."""
    fresh = file.with_name(f".{file.name}.part")
    fresh.unlink(missing_ok=True)  # of one that was broken off
    try:
        with (
            open(fresh, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as output,
            tarfile.open(fileobj=output, mode="w:gz") as archive,
        ):
            yield archive
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


async def _write_state(
    servers: Servers, archive: tarfile.TarFile, beside: Path, handled: int
) -> tuple[int, list[dict[str, Any]]]:
    """The databases at one moment, and the facts up to that moment which not every service had handled at an earlier one."""
    client: Any = AsyncIOMotorClient(servers.mongodb_root_url)
    count = 0
    try:
        told = await _told_by_now(
            servers
        )  # what is told by now was stored before, so the databases' moment knows of it
        async with await client.start_session(snapshot=True) as session:
            for member in PLATFORM:
                for name in (name for kind in member.declaration.kinds for name in kind.collections):
                    count += await _write_collection(archive, beside, member.name, name, client, session)
            facts = [
                each
                async for each in _facts(servers, handled)
                if each.place <= told or await _known(each, client, session)
            ]
    finally:
        client.close()
    return count, [each.kept for each in facts]


async def _write_collection(
    archive: tarfile.TarFile, beside: Path, database: str, name: str, client: Any, session: Any
) -> int:
    """A collection by way of a file: a large one does not fit in memory."""
    count = 0
    with tempfile.TemporaryFile(dir=beside) as content:
        async for document in client[database][name].find({}, session=session):
            content.write(bson.encode(document))
            count += 1
        entry = _entry(f"databases/{database}/{name}.bson", content.tell())
        content.seek(0)
        await asyncio.to_thread(archive.addfile, entry, content)
    return count


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact of the stream."""

    place: int
    subject: str
    body: bytes
    id: str

    @property
    def kept(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {"subject": self.subject, "body": self.body.decode("latin-1"), "id": self.id}


async def _known(fact: _Fact, client: Any, session: Any) -> bool:
    """Whether its owner had stored what it tells at the databases' moment. If not it tells of what is not in the file: others would be ahead
    of its owner, for ever.
    """
    try:
        subject = FactSubject.parse(fact.subject)
        event = Event.decode(fact.body, subject)
    except (NotASubject, Unreadable):
        return True  # one that only passes by
    owner = next(member for member in PLATFORM if member.name == subject.service)
    for kind in owner.declaration.aggregates:
        document = await client[owner.name][kind.name].find_one(
            {"_id": f"{event.associationid}/{event.subject}"}, {"version": True, "last_fact": True}, session=session
        )
        if document and str(document.get("last_fact", "")).startswith(f"{subject.entity}."):
            return bool(document["version"] >= event.entityversion)
    return False


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


async def _told_by_now(servers: Servers) -> int:
    """The place of the last fact in the stream."""
    async with operator(servers) as client:
        last: int = (await client.jetstream().stream_info(EVENTS_STREAM)).state.last_seq
        return last


async def _facts(servers: Servers, after: int) -> AsyncIterator[_Fact]:
    """The facts that some service may not have handled: who has handled one knows it again by its id."""
    async with operator(servers) as client:
        stream = client.jetstream()
        last = (await stream.stream_info(EVENTS_STREAM)).state.last_seq
        for number in range(after + 1, last + 1):
            try:
                message = await stream.get_msg(EVENTS_STREAM, number)
            except NotFoundError:
                continue
            message_id = (message.headers or {}).get("Nats-Msg-Id", "")
            yield _Fact(number, message.subject or "", message.data or b"", message_id)


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


def _files(archive: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for entry in archive:
        if (content := archive.extractfile(entry)) is not None:
            yield entry, content


def _is_data(entry: tarfile.TarInfo) -> bool:
    return entry.name.startswith("databases/")


def _batches(content: IO[bytes]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for document in bson.decode_file_iter(content):
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    archive.addfile(_entry(name, len(content)), io.BytesIO(content))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(time.time()), 0o600
    return entry
