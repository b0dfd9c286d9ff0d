"""Files of one association, in GridFS: kept whole or not at all, read in pieces, taken away. What they are is their service's to know."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

from duolangue.chassis.store.aggregates import Absent, Taken
from duolangue.chassis.store.documents import key
from duolangue.chassis.store.driver import FileThere, NoSuchFile
from duolangue.chassis.store.kinds import FileKind
from duolangue.chassis.store.scope import Scope


class FileTooLarge(Exception):
    """More bytes came than may be kept; nothing of them stays."""


class Files:
    """The files of one kind in one association. A file's id in the database begins with the association, and so do its pieces'."""

    def __init__(self, scope: Scope, kind: FileKind) -> None:
        self._scope = scope
        self._kind = kind
        self._bucket = scope.raw_bucket(kind)

    async def keep(self, file_id: str, content: AsyncIterable[bytes], most: int) -> int:
        """Store a file as its bytes come; it can be read once all are there. Returns how many there are.

        Whoever may die meanwhile remembers the id beforehand and removes it later: `remove` also takes away pieces of a file that never
        came to its end.

        Raises:
            Taken: there is a file with this id.
            FileTooLarge: there are more than `most` bytes.
        """
        name = key(self._scope.association, file_id)
        stream = self._bucket.open_upload_stream_with_id(name, name)
        size = 0
        try:
            async for piece in content:
                size += len(piece)
                if size > most:
                    raise FileTooLarge(f"{self._kind.name}: more than {most} bytes")
                await stream.write(piece)
            await stream.close()
        except FileThere as error:
            raise Taken("_id_") from error
        except BaseException:
            await stream.abort()
            raise
        return size

    async def read(self, file_id: str) -> AsyncIterator[bytes]:
        """A file's bytes, in pieces.

        Raises:
            Absent: there is none with this id in this association.
        """
        try:
            stream = await self._bucket.open_download_stream(key(self._scope.association, file_id))
        except NoSuchFile as error:
            raise Absent(f"{self._kind.name} {file_id}") from error

        async def pieces() -> AsyncIterator[bytes]:
            while piece := await stream.readchunk():
                yield piece

        return pieces()

    async def remove(self, file_id: str) -> None:
        """Take a file away, or what there is of it. To do again changes nothing."""
        try:
            await self._bucket.delete(key(self._scope.association, file_id))
        except NoSuchFile:
            return
