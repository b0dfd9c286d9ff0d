"""What whoever runs the machine may do from its command line."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.service import Foundation
from duolangue.chassis.store import Absent
from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM, AssociationSettings
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.invalid import AlreadyKnown
from duolangue.registration.domain.retention import AHEAD
from duolangue.registration.service import wire
from duolangue.registration.usecases import erasing, retaining


async def create_association(argv: list[str], foundation: Foundation[Any]) -> None:
    """`create-association SLUG --name NAME --coordinator EMAIL`: a new tenant, its administrator, and a link to sign in.

    Done again it changes nothing and prints another link.
    """
    parser = argparse.ArgumentParser("create-association")
    parser.add_argument("slug")
    parser.add_argument("--name", required=True)
    parser.add_argument("--language", default="fr")
    parser.add_argument("--timezone", default="Europe/Brussels")
    parser.add_argument("--coordinator", required=True, metavar="EMAIL")
    told = parser.parse_args(argv)
    try:
        await found_association(
            foundation,
            told.slug,
            name=told.name,
            language=told.language,
            timezone=told.timezone,
            email=told.coordinator,
        )
    except (RuleBroken, ValueError) as error:
        raise SystemExit(str(error)) from error
    print(await operator_link(foundation, told.slug, told.coordinator))  # noqa: T201


async def found_association(
    foundation: Foundation[Any], slug: str, *, name: str, language: str, email: str, timezone: str = "Europe/Brussels"
) -> None:
    """A new tenant and its administrator; done again it changes nothing.

    Raises:
        RuleBroken: a setting or the address is not right.
    """
    ports = wire(foundation)(slug)
    if await ports.associations.find(slug) is None:
        await usecases.register_association(AssociationSettings(name=name, language=language, timezone=timezone), ports)
    with suppress(AlreadyKnown):
        await usecases.invite_coordinator(email, "", AccessLevel.ADMINISTER, None, ports)


async def operator_link(foundation: Foundation[Any], slug: str, email: str) -> str:
    """A link that signs a coordinator in: for ten minutes, once, in any browser.

    Raises:
        Absent: the association has no such coordinator.
    """
    return await usecases.operator_link(email, wire(foundation)(slug))


async def sign_in_link(argv: list[str], foundation: Foundation[Any]) -> None:
    """`sign-in-link SLUG EMAIL`: a link that signs a coordinator in, for ten minutes, once, in any browser."""
    parser = argparse.ArgumentParser("sign-in-link")
    parser.add_argument("slug")
    parser.add_argument("email")
    told = parser.parse_args(argv)
    try:
        print(await operator_link(foundation, told.slug, told.email))  # noqa: T201
    except Absent as error:
        raise SystemExit(f"{told.email} is no coordinator of {told.slug}") from error
    except RuleBroken as error:
        raise SystemExit(str(error)) from error


async def operator(argv: list[str], foundation: Foundation[Any]) -> None:
    """`operator EMAIL`: somebody may operate the platform, and a link to sign in. Done again it prints another link."""
    parser = argparse.ArgumentParser("operator")
    parser.add_argument("email")
    parser.add_argument("--revoke", action="store_true", help="they may not any more")
    told = parser.parse_args(argv)
    ports = wire(foundation)(PLATFORM)
    try:
        if told.revoke:
            leaving = await usecases.coordinator_with(told.email, ports)
            await usecases.revoke_coordinator(leaving.id, ports)
            return
        with suppress(AlreadyKnown):
            await usecases.invite_coordinator(told.email, "", AccessLevel.OPERATE, None, ports)
        print(await usecases.operator_link(told.email, ports))  # noqa: T201
    except Absent as error:
        raise SystemExit(f"{told.email} does not operate this platform") from error
    except RuleBroken as error:
        raise SystemExit(str(error)) from error


async def erase_again(foundation: Foundation[Any], slug: str, participants: Sequence[str]) -> int:
    """After a restore: erase again who had been erased since. Returns how many were there again."""
    return await erasing.erase_again(participants, wire(foundation)(slug))


async def retention(argv: list[str], foundation: Foundation[Any]) -> None:
    """`retention [--association SLUG] [--dry-run]`: erase whose time is over, or only say who would go and when; ids, no names."""
    parser = argparse.ArgumentParser("retention")
    parser.add_argument("--association", default="", metavar="SLUG")
    parser.add_argument("--dry-run", action="store_true")
    told = parser.parse_args(argv)
    ports_of = wire(foundation)
    known = [each.id for each in await ports_of(PLATFORM).all_associations()]
    for slug in known:
        if told.association not in {"", slug}:
            continue
        ports = ports_of(slug)
        if told.dry_run:
            for each in await retaining.leaving(ports.clock.now() + AHEAD, ports, most=0):
                print(slug, each.participant.id, each.because.value, f"{each.on:%Y-%m-%d}", sep="\t")  # noqa: T201
        else:
            print(slug, await retaining.look_after_retention(ports), sep="\t")  # noqa: T201


COMMANDS: Final[dict[str, Callable[[list[str], Foundation[Any]], Awaitable[None]]]] = {
    "create-association": create_association,
    "operator": operator,
    "retention": retention,
    "sign-in-link": sign_in_link,
}
