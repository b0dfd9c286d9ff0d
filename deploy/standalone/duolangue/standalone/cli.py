"""The verbs of the standalone platform."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shlex
import signal
import sys
from pathlib import Path
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.settings import MailSettings, read
from duolangue.contracts.vocabulary import SLUG_PATTERN
from duolangue.registration import commands as registration
from duolangue.standalone import operate
from duolangue.standalone.backup import CannotRestore, backup, restore
from duolangue.standalone.configuration import Running
from duolangue.standalone.demo.against import MAILS, OPERATOR, demo_against
from duolangue.standalone.demo.desk import Refused
from duolangue.standalone.demo.run import demo
from duolangue.standalone.local import local_platform
from duolangue.standalone.servers import CannotStart, Servers

SAMPLE: Final = Path("data/liege.csv")
OPERATOR_LINK: Final = "this link signs in once, within ten minutes; ./duo operator makes another"
LINK: Final = "this link signs in once, within ten minutes; ./duo sign-in-link makes another"


def main() -> None:
    """Run a verb; what goes wrong ends in one sentence and a status that is not 0."""
    asked = _parser().parse_args()
    try:
        asyncio.run(asked.run(asked))
    except (CannotStart, CannotRestore, operate.NotRunning, Refused, RuleBroken) as error:
        raise SystemExit(f"duo: {error}") from error
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="duo")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, run: object, words: str, *, data: bool = True) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=words, description=words)
        added.set_defaults(run=run)
        if data:
            added.add_argument(
                "--data",
                type=Path,
                default=_default_folder(),
                metavar="DIR",
                help="the platform's folder (default: %(default)s)",
            )
        return added

    show = verb("demo", _demo, "Run the main job on sample people, with servers of its own.", data=False)
    show.add_argument(
        "--csv",
        type=Path,
        default=SAMPLE,
        metavar="FILE",
        help="the participants (default: %(default)s, invented people)",
    )
    show.add_argument(
        "--association",
        default="",
        metavar="SLUG",
        help="the association's name in addresses (default: the file's name)",
    )
    show.add_argument("--json", action="store_true", help="the last line of standard output is one JSON object")
    show.add_argument(
        "--keep", action="store_true", help="stay up afterwards, and print the address and a sign-in link"
    )
    show.add_argument(
        "--against", default="", metavar="URL", help="on a platform that runs already, with a mail catcher"
    )
    show.add_argument(
        "--mails", default=MAILS, metavar="URL", help="of --against: the mail catcher (default: %(default)s)"
    )
    show.add_argument(
        "--operator",
        default=OPERATOR,
        metavar="COMMAND",
        help="of --against: what runs registration's commands (default: %(default)s)",
    )
    up = verb("up", _up, "Run the platform on this machine, durable in a folder, until Ctrl-C or SIGTERM.")
    up.add_argument("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
    up.add_argument("--port", type=int, default=8000, help="(default: %(default)s)")
    up.add_argument("--url", default="", help="the address people use, where a proxy stands in front")
    association = verb(
        "association", _association, "Create an association and its first coordinator, who gets a link to sign in."
    )
    association.add_argument("slug", help="its name in addresses, as in interra-liege")
    association.add_argument("--name", required=True)
    association.add_argument("--language", default="fr", choices=("fr", "nl", "en"))
    association.add_argument("--coordinator", required=True, metavar="EMAIL")
    operator = verb(
        "operator", _operator, "Let somebody operate the platform, and print a link to sign in: ten minutes, once."
    )
    operator.add_argument("email")
    operator.add_argument("--revoke", action="store_true", help="they may not any more")
    link = verb("sign-in-link", _sign_in_link, "Print a link that signs a coordinator in: ten minutes, once.")
    link.add_argument("slug")
    link.add_argument("email")
    for name, words in (
        ("backup", "Write everything to one file; the platform may run meanwhile."),
        ("restore", "Fill an empty folder from a backup."),
    ):
        added = verb(name, _backup if name == "backup" else _restore, words)
        added.add_argument("file", type=Path)
        if name == "restore":
            added.add_argument(
                "--erasures",
                type=Path,
                action="append",
                default=[],
                metavar="LIST",
                help="a list of erasures, besides the one beside the file: the old folder's erasures.jsonl",
            )
    kept = verb("retention", _retention, "Erase whose time is over, as each association decided.")
    kept.add_argument("--association", default="", metavar="SLUG")
    kept.add_argument("--dry-run", action="store_true", help="only say who would go in the next weeks, and when")
    verb("mail-test", _mail_test, "Send one mail with the settings in force (DUO_MAIL_...).", data=False).add_argument(
        "address"
    )
    dead = verb("dead", _dead, "List the facts that a service could not handle.")
    dead.add_argument(
        "--deliver",
        type=int,
        nargs="*",
        metavar="NUMBER",
        help="deliver these (all, when none is named) again to the service that failed",
    )
    again = verb("republish", _republish, "Tell a service's present state again, at its stored versions.")
    again.add_argument("service", choices=("registration", "matching", "sessions", "notifications"))
    again.add_argument("--association", default=None, metavar="SLUG")
    return parser


def _default_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "duolangue"


async def _demo(asked: argparse.Namespace) -> None:
    log.configure("console", "ERROR")
    if not asked.csv.is_file():
        raise SystemExit(f"duo: there is no file {asked.csv}")
    slug = asked.association or "".join(c if c.isalnum() else "-" for c in asked.csv.stem.casefold()).strip("-")
    if asked.against:
        sheet, operator = asked.csv.read_bytes(), shlex.split(asked.operator)
        await demo_against(asked.against, asked.mails, operator, sheet, _slug(slug), as_json=asked.json)
        return
    await demo(asked.csv.read_bytes(), _slug(slug), as_json=asked.json, keep=asked.keep)


async def _up(asked: argparse.Namespace) -> None:
    log.configure("json", os.environ.get("DUO_LOG_LEVEL", "INFO"))
    if running := Running.find(asked.data):
        raise SystemExit(f"duo: a platform runs on {asked.data} already, at {running.url} (process {running.pid})")
    mail = read(MailSettings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    _say(f"starting on {asked.data}")
    try:
        async with local_platform(asked.data, mail, host=asked.host, port=asked.port, public_url=asked.url) as platform:
            _say(f"ready at {platform.url}")
            if not mail.host:
                _say(
                    "no mail server is set (DUO_MAIL_HOST): mails wait until one is; ./duo mail-test ADDRESS tries the settings"
                )
            where = "" if asked.data == _default_folder() else f" --data {asked.data}"
            _say(f"create an association: ./duo association SLUG{where} --name NAME --coordinator EMAIL")
            ended = await _first_to_end(stop, platform.configuration.servers)
            _say(f"{ended} ended by itself; its last words are in {asked.data}. Stopping" if ended else "stopping")
    except OSError as error:
        raise SystemExit(f"duo: cannot listen on {asked.host}:{asked.port}: {error.strerror}") from error
    if ended:
        raise SystemExit(f"duo: stopped, because {ended} ended")
    _say("stopped")


async def _first_to_end(stop: asyncio.Event, servers: Servers) -> str:
    """Wait until the platform is to stop; the name of a server that ended by itself before that, if one did."""
    asked, ended = asyncio.create_task(stop.wait()), asyncio.create_task(servers.ended())
    try:
        await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
        return "" if asked.done() else ended.result()
    finally:
        for each in (asked, ended):
            each.cancel()


async def _association(asked: argparse.Namespace) -> None:
    slug = _slug(asked.slug)
    async with operate.foundation(operate.find(asked.data), "registration") as made:
        argv = [slug, "--name", asked.name, "--language", asked.language, "--coordinator", asked.coordinator]
        await registration.create_association(argv, made)
    _say(LINK)


def _slug(name: str) -> str:
    if re.fullmatch(SLUG_PATTERN, name):
        return name
    raise SystemExit(
        f"duo: {name!r} cannot be an association's name in addresses: small letters, digits and dashes, as in interra-liege"
    )


async def _sign_in_link(asked: argparse.Namespace) -> None:
    async with operate.foundation(operate.find(asked.data), "registration") as made:
        await registration.sign_in_link([asked.slug, asked.email], made)
    _say(LINK)


async def _operator(asked: argparse.Namespace) -> None:
    async with operate.foundation(operate.find(asked.data), "registration") as made:
        await registration.operator([asked.email, *(["--revoke"] if asked.revoke else [])], made)
    _say(f"{asked.email} operates the platform no more" if asked.revoke else OPERATOR_LINK)


async def _backup(asked: argparse.Namespace) -> None:
    if not asked.file.absolute().parent.is_dir():
        raise SystemExit(f"duo: there is no folder {asked.file.parent}")
    done = await backup(asked.data, asked.file)
    _say(
        f"{asked.file} holds {done['documents']} documents and {done['facts']} facts not yet handled by all. Keep it safe: it holds personal data and keys."
    )


async def _restore(asked: argparse.Namespace) -> None:
    done = await restore(asked.data, asked.file, asked.erasures)
    _say(
        f"{asked.data} holds {done['documents']} documents and {done['facts']} facts from {asked.file}; {done['erased']} people who had been "
        f"erased since were erased again. Start it with ./duo up --data {asked.data}"
    )


async def _retention(asked: argparse.Namespace) -> None:
    async with operate.foundation(operate.find(asked.data), "registration") as made:
        argv = [*(["--association", asked.association] if asked.association else [])]
        await registration.retention([*argv, *(["--dry-run"] if asked.dry_run else [])], made)


async def _mail_test(asked: argparse.Namespace) -> None:
    await operate.mail_test(asked.address)


async def _dead(asked: argparse.Namespace) -> None:
    async with operate.operator(operate.find(asked.data).servers) as client:
        letters = await operate.dead_letters(client)
        if asked.deliver is None:
            for letter in letters:
                row = (letter.sequence, f"{letter.since:%Y-%m-%d %H:%M}", letter.service, letter.subject, letter.reason)
                print(*row, sep="\t")  # noqa: T201
            _say(f"{len(letters)} dead letters" + ("; --deliver has them delivered again" if letters else ""))
            return
        chosen = [letter for letter in letters if not asked.deliver or letter.sequence in asked.deliver]
        for letter in chosen:
            await operate.deliver_again(client, letter)
        _say(f"{len(chosen)} delivered again")


async def _republish(asked: argparse.Namespace) -> None:
    _say(
        f"{await operate.republish_state(operate.find(asked.data), asked.service, asked.association)} facts told again"
    )


def _say(line: str) -> None:
    print(f"duo: {line}", file=sys.stderr, flush=True)  # noqa: T201
