"""`python -m duolangue.provision VERB`: for whoever runs the servers; the standalone platform does all this by itself."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from duolangue.provision.apply import apply_mongodb, apply_nats, root_url
from duolangue.provision.initiate import initiate
from duolangue.provision.platform import PLATFORM
from duolangue.provision.reload import reload_changed
from duolangue.provision.render import render_nats
from duolangue.provision.secrets import Secrets
from duolangue.provision.shares import hand_out
from duolangue.provision.waiting import servers_answer
from duolangue.provision.wrong import CannotProvision


def main() -> None:
    """Write what the servers need before they start, or make what they need once they run. What goes wrong is said in one line."""
    asked = _parser().parse_args()
    secrets = Secrets(asked.secrets)
    try:
        secrets.ensure([member.name for member in PLATFORM])
        match asked.verb:
            case "render":
                sys.stdout.write(render_nats(PLATFORM, secrets, store=asked.store, listen=asked.listen))
            case "hand-out":
                hand_out(PLATFORM, secrets, asked.folder, mongodb_url=_told("DUO_MONGODB_URL"), nats_store=asked.store)
            case "initiate":
                asyncio.run(initiate(asked.host, secrets.read("mongodb-root")))
            case _:
                asyncio.run(_apply(secrets, asked.replicas))
    except CannotProvision as error:
        raise SystemExit(f"provision: {error}") from error
    except OSError as error:
        raise SystemExit(f"provision: {error.filename}: {error.strerror}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="duolangue.provision", description=__doc__)
    parser.add_argument("--secrets", type=Path, required=True, help="folder of the secrets; made where missing")
    verbs = parser.add_subparsers(dest="verb", required=True)
    render = verbs.add_parser("render", help="print the nats-server configuration")
    render.add_argument("--store", type=Path, required=True, help="where JetStream keeps its files")
    render.add_argument("--listen", default="0.0.0.0:4222")
    shares = verbs.add_parser(
        "hand-out", help="write each container's share of the secrets (DUO_MONGODB_URL, without a user)"
    )
    shares.add_argument("folder", type=Path)
    shares.add_argument(
        "--store", type=Path, required=True, help="where JetStream keeps its files, in its own container"
    )
    first = verbs.add_parser("initiate", help="bring a replica set of one node to life, from where its mongod runs")
    first.add_argument("host", help="how others reach it, as in mongodb:27017")
    apply = verbs.add_parser(
        "apply",
        help="streams, consumers, database users, indexes (DUO_NATS_URL; DUO_MONGODB_URL or DUO_MONGODB_ROOT_URL)",
    )
    apply.add_argument("--replicas", type=int, default=1)
    return parser


async def _apply(secrets: Secrets, replicas: int) -> None:
    nats_url = _told("DUO_NATS_URL")
    mongodb_url = os.environ.get("DUO_MONGODB_ROOT_URL") or root_url(_told("DUO_MONGODB_URL"), secrets)
    await servers_answer(nats_url, mongodb_url, secrets)
    await reload_changed(nats_url, secrets, render_nats(PLATFORM, secrets, store=Path()))
    await apply_nats(PLATFORM, secrets, nats_url, replicas)
    await apply_mongodb(PLATFORM, secrets, mongodb_url)


def _told(name: str) -> str:
    if value := os.environ.get(name):
        return value
    raise CannotProvision(f"setting {name}: Field required")


if __name__ == "__main__":
    main()
