"""The one module that knows the database driver (Motor; see docs/decisions/0003). It hands out raw collections to this package only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakValueDictionary

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from bson.timestamp import Timestamp
from gridfs.errors import FileExists, NoFile
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorGridFSBucket
from pymongo import ASCENDING, IndexModel, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from duolangue.chassis.store.kinds import AggregateKind, FileKind, Kind

__all__ = [
    "AFTER", "STAMP", "STAMPED", "Change", "Collection", "Database", "DatabaseError", "DatabaseRefuses", "DuplicateKey", "Encoded", "FileThere", "NoSuchFile",
    "SomeRefused", "Stamp", "encoded", "refusals",
]  # fmt: skip

Collection = AsyncIOMotorCollection
DuplicateKey = DuplicateKeyError
DatabaseError = PyMongoError
DatabaseRefuses = OperationFailure
SomeRefused = BulkWriteError
Change = UpdateOne
Encoded = RawBSONDocument
FileThere = FileExists
NoSuchFile = NoFile
DUPLICATE: Final = 11000
AFTER: Final = ReturnDocument.AFTER
Stamp = Timestamp
STAMP: Final = Timestamp(0, 0)
"""In a new document the server puts its own clock in place of this: a time that never goes back, in the whole replica set."""
STAMPED: Final[Mapping[str, Any]] = {"changed": {"$type": "timestamp"}}
"""What `$currentDate` does the same with, where a document changes."""


class Database:
    """A connection to one service's own database, with majority writes and reads."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._collections: dict[str, Any] = {}
        self.passages: WeakValueDictionary[tuple[str, str], Any] = WeakValueDictionary()
        """The ways to documents that are in use, by kind and association: for this package alone."""
        self._client: Any = AsyncIOMotorClient(
            url,
            tz_aware=True,
            w="majority",
            readConcernLevel="majority",
            retryWrites=True,
            serverSelectionTimeoutMS=5000,
            appname=name,
        )

    def collection(self, kind: str) -> Any:
        """The raw collection, over all tenants: for this package alone."""
        if kind not in self._collections:
            self._collections[kind] = self._client[self.name].get_collection(
                kind, codec_options=CodecOptions(tz_aware=True)
            )
        return self._collections[kind]

    def bucket(self, kind: str) -> Any:
        """The raw GridFS bucket of a kind of files, over all tenants: for this package alone."""
        return AsyncIOMotorGridFSBucket(self._client[self.name], bucket_name=kind)

    async def ping(self) -> None:
        """Ask the server for a sign of life.

        Raises:
            DatabaseError: there is none.
        """
        await self._client[self.name].command("ping")

    async def readable(self, kind: str) -> None:
        """See that we may read a collection of ours.

        Raises:
            DatabaseError: we may not, or there is no answer.
        """
        await self.collection(kind).find_one({"association": ""}, {"_id": True})

    def close(self) -> None:
        """Give all connections back."""
        self._client.close()


def encoded(document: Mapping[str, Any]) -> Encoded:
    """A document as the database gets it.

    Raises:
        UnicodeError, OverflowError: a value of it cannot be kept.
    """
    return RawBSONDocument(bson.encode(document))


def refusals(error: BulkWriteError) -> dict[int, str]:
    """Which of many documents a unique index refused: their places, and what the server says.

    Raises:
        BulkWriteError: one was refused for another reason, or the write is not safe yet.
    """
    details = error.details or {}
    faults = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(fault["code"] != DUPLICATE for fault in faults):
        raise error
    return {int(fault["index"]): str(fault.get("errmsg", "")) for fault in faults}


def indexes_of(kind: Kind[Any]) -> list[IndexModel]:
    """The server's indexes for a kind: its own, and those the outbox and the due work need. Of files: `grid_indexes`."""
    if isinstance(kind, FileKind):
        return []
    wanted = [
        IndexModel(
            [("association", ASCENDING), *((f"state.{name}", ASCENDING) for name in index.fields)],
            name=index.name,
            unique=index.unique,
            **(
                {"partialFilterExpression": {f"state.{name}": value for name, value in index.where.items()}}
                if index.where
                else {}
            ),
        )
        for index in kind.indexes
    ]
    wanted.append(IndexModel([("association", ASCENDING), ("_id", ASCENDING)], name="tenant"))
    if kind.followed:
        wanted.append(
            IndexModel([("association", ASCENDING), ("changed", ASCENDING), ("_id", ASCENDING)], name="changed")
        )
    if kind.forgotten_after is not None:
        seconds = int(kind.forgotten_after.total_seconds())
        wanted.append(
            IndexModel([(f"state.{kind.forgotten_by}", ASCENDING)], name="forgotten", expireAfterSeconds=seconds)
        )
    if isinstance(kind, AggregateKind):
        wanted.append(
            IndexModel(
                [("outbox.id", ASCENDING)], name="outbox", partialFilterExpression={"outbox.id": {"$exists": True}}
            )
        )
        if kind.due:
            wanted.append(
                IndexModel([("due", ASCENDING)], name="due", partialFilterExpression={"due": {"$type": "date"}})
            )
    return wanted


def grid_indexes(kind: FileKind) -> dict[str, IndexModel]:
    """By collection, the two indexes that GridFS itself asks for before it stores anything (its specification says which).

    The tenant leads in both all the same: a file's id and its name begin with the association.
    """
    files, chunks = kind.collections
    return {
        files: IndexModel([("filename", ASCENDING), ("uploadDate", ASCENDING)]),
        chunks: IndexModel([("files_id", ASCENDING), ("n", ASCENDING)], unique=True),
    }


def described(index: Mapping[str, Any]) -> dict[str, Any]:
    """What makes an index what it is, as we declare it or as the server tells it."""
    key = index["key"]
    return {
        "key": [(name, int(way)) for name, way in (key.items() if isinstance(key, Mapping) else key)],
        "unique": bool(index.get("unique")),
        "where": _plain(index.get("partialFilterExpression", {})),
        "seconds": index.get("expireAfterSeconds"),
    }


def _plain(value: Any) -> Any:
    return {name: _plain(inner) for name, inner in value.items()} if isinstance(value, Mapping) else value
