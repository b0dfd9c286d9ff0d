"""What provision does for servers that others run: each container's share of the secrets, a bus that reads its configuration anew, one line when
something is wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nats
import pytest

from duolangue.provision.initiate import initiate
from duolangue.provision.platform import PLATFORM
from duolangue.provision.reload import reload_nats
from duolangue.provision.render import MAX_PAYLOAD, render_nats
from duolangue.provision.secrets import Secrets
from duolangue.provision.shares import hand_out
from duolangue.provision.waiting import servers_answer
from duolangue.provision.wrong import CannotProvision
from duolangue.standalone.servers import Servers
from tests.integration import toy

MONGODB = "mongodb://mongodb:27017/?replicaSet=duo"


def test_each_container_gets_its_own_share_and_to_hand_out_again_changes_nothing(tmp_path: Path) -> None:
    secrets, shares = Secrets(tmp_path / "secrets"), tmp_path / "shares"
    secrets.ensure([member.name for member in PLATFORM])
    hand_out(PLATFORM, secrets, shares, mongodb_url=MONGODB, nats_store=Path("/data"))
    files = sorted(each for each in shares.rglob("*") if each.is_file())
    assert {each.stat().st_mode & 0o777 for each in files} == {0o400}
    for member in PLATFORM:
        seen = " ".join(each.read_text() for each in (shares / member.name).iterdir())
        for other in PLATFORM:
            for name in (f"mongodb-{other.name}", f"nats-{other.name}"):
                assert (secrets.read(name) in seen) is (other is member), (member.name, name)
        assert (secrets.read("signing-key.pem") in seen) is (member.name == "registration")
        assert secrets.read("mongodb-root") not in seen
    url = (shares / "matching" / "mongodb-url").read_text()
    assert (
        url
        == f"mongodb://matching:{secrets.read('mongodb-matching')}@mongodb:27017/?replicaSet=duo&authSource=matching"
    )
    before = {each: each.stat().st_mtime_ns for each in files}
    hand_out(PLATFORM, secrets, shares, mongodb_url=MONGODB, nats_store=Path("/data"))
    assert {each: each.stat().st_mtime_ns for each in files} == before


async def test_a_bus_that_runs_reads_its_configuration_anew_and_cuts_nobody_off(servers: Servers) -> None:
    folder = servers.secrets.folder.parent
    file = next(each for each in (folder / "nats" / "nats.conf", folder / "nats.conf") if each.exists())
    told = file.read_text()
    name = toy.MEMBERS[0].name
    lost: list[str] = []

    async def gone() -> None:
        lost.append(name)

    async def connected() -> Any:
        password = servers.secrets.read(f"nats-{name}")
        return await nats.connect(
            servers.nats_url, user=name, password=password, disconnected_cb=gone, allow_reconnect=False
        )

    client = await connected()
    store = Path(next(line for line in told.splitlines() if "store_dir" in line).split('"')[1])
    listen = next((line.split()[1] for line in told.splitlines() if line.startswith("listen:")), "")
    assert render_nats(toy.MEMBERS, servers.secrets, store=store, listen=listen) == told
    file.write_text(told.replace(f"max_payload: {MAX_PAYLOAD}", f"max_payload: {MAX_PAYLOAD // 2}"))
    await reload_nats(servers.nats_url, servers.secrets)
    another = await connected()
    assert another.max_payload == MAX_PAYLOAD // 2
    file.write_text(told + "\nbroken {")
    with pytest.raises(CannotProvision, match="refuses its new configuration"):
        await reload_nats(servers.nats_url, servers.secrets)
    file.write_text(told)
    await reload_nats(servers.nats_url, servers.secrets)
    await client.flush()
    assert not lost
    for each in (client, another):
        await each.close()


async def test_servers_that_do_not_answer_or_were_made_with_other_secrets_are_named(
    servers: Servers, tmp_path: Path
) -> None:
    root, secrets = servers.mongodb_root_url, servers.secrets
    await servers_answer(servers.nats_url, root, secrets)
    with pytest.raises(CannotProvision, match=r"the bus at 127\.0\.0\.1:1 does not answer"):
        await servers_answer("nats://127.0.0.1:1", root, secrets, seconds=0.1)
    with pytest.raises(CannotProvision, match=r"the database at 127\.0\.0\.1:1 does not answer"):
        await servers_answer(servers.nats_url, "mongodb://127.0.0.1:1/?directConnection=true", secrets, seconds=0.1)
    with pytest.raises(CannotProvision, match="refuses the user root"):
        await servers_answer(servers.nats_url, root.replace(secrets.read("mongodb-root"), "secret-word"), secrets)
    others = Secrets(tmp_path / "others")
    others.ensure([member.name for member in toy.MEMBERS])
    with pytest.raises(CannotProvision, match="refuses the user provision"):
        await servers_answer(servers.nats_url, root, others)
    if "127.0.0.1" in root and os.environ.get("DUO_TEST_CONTAINERS") != "1":
        await initiate("127.0.0.1", secrets.read("mongodb-root"), port=servers.mongodb_port)
        with pytest.raises(CannotProvision, match="another root password"):
            await initiate("127.0.0.1", "secret-word", port=servers.mongodb_port)


def test_a_missing_setting_of_provision_is_said_in_one_line(tmp_path: Path) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("DUO_")}
    command = [sys.executable, "-m", "duolangue.provision", "--secrets", str(tmp_path), "apply"]
    done = subprocess.run(command, env=known, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, "provision: setting DUO_NATS_URL: Field required\n")
