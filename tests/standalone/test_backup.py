"""A backup of a platform that runs: its databases and its facts belong to one moment, and only its owner can read it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from duolangue.standalone import backup as backups
from duolangue.standalone.backup import backup, restore
from duolangue.standalone.configuration import Running
from tests.standalone.test_up import duo, signed_in, up

pytestmark = pytest.mark.long


async def test_what_happens_while_a_backup_is_written_is_wholly_in_it_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other, file = tmp_path / "data", tmp_path / "other", tmp_path / "monday.backup"
    async with up(folder) as platform:
        _, words = await duo(
            "association", "interra", "--name", "Interra", "--coordinator", "ana@example.org", "--data", str(folder)
        )
        client = await signed_in(platform.url, re.findall(r"http\S+/sign-in/\S+", words)[0])

        async def accepted(name: str) -> str:
            told = {"first_name": name, "email": f"{name}@example.org", "birth_year": 1990, "postcode": "4000"}
            body = {**told, "volunteer": {"places": 1}, "consent": True}
            person = (await client.post("/people/api/participants", json=body)).json()["id"]
            await client.post(f"/people/api/participants/{person}/interview", json={"passed": True})
            async with asyncio.timeout(20):
                while (
                    await client.get(f"/duos/waiting/{person}")
                ).status_code != 200:  # until matching has heard of them
                    await asyncio.sleep(0.1)
            return str(person)

        before = await accepted("amina")
        write, late = backups._write_collection, list[str]()

        async def meanwhile(*some: object) -> int:
            count = await write(*some)  # type: ignore[arg-type]  # as it was called
            if not late:  # the databases' moment is that of the first look at them
                assert oct((tmp_path / ".monday.backup.part").stat().st_mode)[-3:] == "600"
                late.append(await accepted("selam"))
            return count

        monkeypatch.setattr(backups, "_write_collection", meanwhile)
        await backup(folder, file)
        await client.aclose()
    assert list(tmp_path.glob(".*.part")) == []
    with tarfile.open(file) as archive:
        facts = archive.extractfile("facts.json")
        assert facts is not None
        told = {json.loads(each["body"])["subject"] for each in json.loads(facts.read())}
    assert late[0] not in told, "a person whom registration would not know"
    await restore(other, file)
    async with up(other) as platform:
        link = await duo("sign-in-link", "interra", "ana@example.org", "--data", str(other))
        client = await signed_in(platform.url, re.findall(r"http\S+/sign-in/\S+", link[1])[0])
        known = {each["id"] for each in (await client.get("/people/api/participants")).json()["participants"]}
        assert known == {before}
        assert (await client.get(f"/duos/waiting/{before}")).status_code == 200
        assert (await client.get(f"/duos/waiting/{late[0]}")).status_code == 404
        await client.aclose()


async def test_a_backup_that_breaks_off_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "monday.backup"
    file.write_bytes(b"of last week")

    @contextmanager
    def broken(fileobj: io.BytesIO, mode: str) -> Iterator[tarfile.TarFile]:
        raise OSError("no space left on device")
        yield

    monkeypatch.setattr(tarfile, "open", broken)
    with pytest.raises(OSError, match="no space"), backups._fresh(file):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["monday.backup"]
    assert file.read_bytes() == b"of last week"


async def test_a_number_left_behind_by_a_power_cut_is_nobodys_platform(tmp_path: Path) -> None:
    for pid in (1, 2**22):  # of a process that runs, of somebody else's; and of none
        Running.file(tmp_path).write_text(json.dumps({"pid": pid, "url": "", "nats_url": "", "mongodb_port": 1}))
        assert Running.find(tmp_path) is None
        (tmp_path / "running.lock").touch()
        assert Running.find(tmp_path) is None
    with Running(1, "http://localhost:1", "", 1).told(tmp_path):
        found = Running.find(tmp_path)
        assert found is not None
        assert found.url == "http://localhost:1"
    assert Running.find(tmp_path) is None
