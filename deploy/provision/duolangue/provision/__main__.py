"""`python -m duolangue.provision render|apply`: for whoever runs the servers; the standalone platform does both by itself."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from duolangue.provision.apply import apply_mongodb, apply_nats
from duolangue.provision.platform import PLATFORM
from duolangue.provision.render import render_nats
from duolangue.provision.secrets import Secrets


def main() -> None:
    """Render the servers' configuration, or make what they need once they run."""
    parser = argparse.ArgumentParser(prog="duolangue.provision", description=__doc__)
    parser.add_argument("--secrets", type=Path, required=True, help="folder of the secrets; made where missing")
    verbs = parser.add_subparsers(dest="verb", required=True)
    render = verbs.add_parser("render", help="print the nats-server configuration")
    render.add_argument("--store", type=Path, required=True, help="where JetStream keeps its files")
    render.add_argument("--listen", default="0.0.0.0:4222")
    apply = verbs.add_parser(
        "apply", help="streams, consumers, database users, indexes (DUO_NATS_URL, DUO_MONGODB_ROOT_URL)"
    )
    apply.add_argument("--replicas", type=int, default=1)
    asked = parser.parse_args()
    secrets = Secrets(asked.secrets)
    secrets.ensure([member.name for member in PLATFORM])
    if asked.verb == "render":
        sys.stdout.write(render_nats(PLATFORM, secrets, store=asked.store, listen=asked.listen))
    else:
        asyncio.run(_apply(secrets, asked.replicas))


async def _apply(secrets: Secrets, replicas: int) -> None:
    await apply_nats(PLATFORM, secrets, os.environ["DUO_NATS_URL"], replicas)
    await apply_mongodb(PLATFORM, secrets, os.environ["DUO_MONGODB_ROOT_URL"])


if __name__ == "__main__":
    main()
