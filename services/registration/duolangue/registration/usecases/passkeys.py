"""Passkeys of coordinators: added and removed shortly after signing in, and used instead of a code. They never replace it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial
from typing import Final

from duolangue.chassis import log
from duolangue.chassis.mail import Refused, Unavailable
from duolangue.chassis.store import Absent, Contended, Taken
from duolangue.registration import mails
from duolangue.registration.domain import passkey, session, sign_in
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.invalid import AlreadyKnown
from duolangue.registration.domain.passkey import Aim, Passkey, PasskeyRefused
from duolangue.registration.domain.sign_in import LinkRefused, Place
from duolangue.registration.ports import AnswerRefused, Ports, PortsOf
from duolangue.registration.usecases.allowing import Limit, allowed
from duolangue.registration.usecases.sessions import SignedIn
from duolangue.registration.usecases.signing_in import enter

logger = log.get(__name__)
CHALLENGE_BYTES: Final = 32
MOST_AN_HOUR: Final = 30
"""Sign-ins with one account's passkeys, and passkeys asked for by it, in an hour."""
HOUR: Final = timedelta(hours=1)


async def passkeys_of(coordinator_id: str, ports: Ports) -> list[Passkey]:
    """Those of a coordinator, the oldest first."""
    return await ports.passkeys.select({"place.coordinator": {"$eq": coordinator_id}}, sort=[("added_at", 1)])


async def signed_in_lately(token: str, coordinator_id: str, ports: Ports) -> bool:
    """Whether this browser's session began a short while ago, and is this coordinator's."""
    association, secret = sign_in.untagged(token)
    found = await ports.sessions.find(sign_in.hashed(secret)) if association == ports.association else None
    return found is not None and found.coordinator == coordinator_id and session.young(found, ports.clock.now())


async def ask_for_passkey(token: str, one: Coordinator, ports: Ports) -> str:
    """What the browser is asked so that this coordinator gets a passkey, as JSON.

    Raises:
        NotNow: the sign-in is not recent, or there were too many attempts.
        PasskeyRefused: browsers offer no passkeys at this address.
    """
    await _lately(token, one.id, ports)
    if not await allowed(Limit(f"passkey/add/{one.id}", MOST_AN_HOUR, HOUR), ports):
        raise passkey.refused()
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    held = await passkeys_of(one.id, ports)
    handle, name = passkey.handle(_place(one.id, ports)), one.email or one.phone
    try:
        asked = ports.authenticators.to_add(challenge, handle, name, one.called, [each.credential for each in held])
    except AnswerRefused as error:
        raise passkey.refused() from error
    await _keep(challenge, Aim.ADD, one.id, ports)
    return asked


async def add_passkey(answer: str, name: str, token: str, coordinator_id: str, ports: Ports) -> Passkey:
    """A coordinator has one passkey more.

    Raises:
        NotNow: the sign-in is not recent, or there are many already.
        PasskeyRefused: what came is no answer to what was asked.
        AlreadyKnown: it is somebody's already.
    """
    await _lately(token, coordinator_id, ports)
    try:
        told = ports.authenticators.read(answer)
        await _answered(told.challenge, Aim.ADD, coordinator_id, ports)
        signed = ports.authenticators.added(answer, told.challenge)
    except AnswerRefused as error:
        raise _refused("add", error, ports) from error
    held, now = await passkeys_of(coordinator_id, ports), ports.clock.now()
    fresh = passkey.keep(_place(coordinator_id, ports), signed, name, held, now)
    try:
        added = await ports.passkeys.add(fresh)
    except Taken as error:
        raise AlreadyKnown("passkey_known", "This passkey is there already.") from error
    logger.info("passkey.added", association=ports.association, coordinator=coordinator_id)
    return added


async def tell_of_passkey(coordinator_id: str, ports: Ports) -> None:
    """Mail the owner of an account that it got a passkey: who sat down at somebody else's desk does not go unnoticed. Once, if it can be."""
    one = await ports.coordinators.get(coordinator_id)
    if not one.email:
        return
    platform = ports.association == PLATFORM
    name = "Duolangue" if platform else (await ports.own()).name
    url = f"{ports.public_url.rstrip('/')}{'/platform' if platform else ''}/account"
    try:
        await ports.mails.send(mails.passkey_added(name, one, url, ports.mails.sender))
    except (Unavailable, Refused) as error:
        logger.warning(
            "passkey.not_told", association=ports.association, coordinator=coordinator_id, error=type(error).__name__
        )


async def remove_passkey(passkey_id: str, token: str, coordinator_id: str, ports: Ports) -> None:
    """A coordinator signs in with it no more.

    Raises:
        Absent: it is not theirs.
        NotNow: the sign-in is not recent.
    """
    found = await ports.passkeys.get(passkey_id)
    if found.place != _place(coordinator_id, ports):
        raise Absent("passkey")
    await _lately(token, coordinator_id, ports)
    await ports.passkeys.forget(passkey_id, lambda _: True)
    logger.info("passkey.removed", association=ports.association, coordinator=coordinator_id)


async def ask_for_sign_in(browser: str, ports_of: PortsOf) -> str:
    """What the browser is asked so that somebody signs in, as JSON: the same for everybody.

    Raises:
        PasskeyRefused: browsers offer no passkeys at this address.
    """
    platform = ports_of(PLATFORM)
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    try:
        asked = platform.authenticators.to_sign_in(challenge)
    except AnswerRefused as error:
        raise passkey.refused() from error
    await _keep(challenge, Aim.SIGN_IN, sign_in.hashed(browser), platform)
    return asked


async def finish_with_passkey(answer: str, browser: str | None, ports_of: PortsOf, device: str = "") -> SignedIn:
    """Sign in whoever's passkey signed what this browser was asked.

    Raises:
        PasskeyRefused: it opens nothing; whether it is anybody's is not told.
    """
    platform = ports_of(PLATFORM)
    try:
        told = platform.authenticators.read(answer)
        await _answered(told.challenge, Aim.SIGN_IN, sign_in.hashed(browser or ""), platform)
        known = await platform.passkeys.find(passkey.passkey_id(told.credential))
        if known is None:
            raise AnswerRefused("unknown")
        if told.handle != passkey.handle(known.place):
            raise AnswerRefused("handle")
        if not await allowed(Limit(f"passkey/{known.place.coordinator}", MOST_AN_HOUR, HOUR), platform):
            raise AnswerRefused("too_many")
        count = platform.authenticators.signed(answer, told.challenge, known)
        await platform.passkeys.update(known.id, partial(passkey.use, count=count, now=platform.clock.now()))
        return await enter([known.place], device, ports_of)
    except (AnswerRefused, Absent, Contended, LinkRefused, PasskeyRefused) as error:
        raise _refused("sign_in", error, platform) from error


async def forget_challenge(challenge_id: str, ports: Ports) -> None:
    """Nobody may answer it any more."""
    now = ports.clock.now()
    await ports.challenges.forget(challenge_id, lambda present: present.expires_at <= now)


async def _lately(token: str, coordinator_id: str, ports: Ports) -> None:
    if not await signed_in_lately(token, coordinator_id, ports):
        raise passkey.not_lately()


async def _keep(challenge: bytes, aim: Aim, holder: str, ports: Ports) -> None:
    await ports.challenges.add(passkey.ask(_challenge_id(challenge), aim, holder, ports.clock.now()))


async def _answered(challenge: bytes, aim: Aim, holder: str, ports: Ports) -> None:
    """It was asked here and is answered for the first time: only then is the answer looked at."""
    answer = partial(passkey.answer, aim=aim, holder=holder, now=ports.clock.now())
    try:
        await ports.challenges.update(_challenge_id(challenge), answer)
    except (Absent, Contended, PasskeyRefused) as error:
        raise AnswerRefused("challenge") from error


def _challenge_id(challenge: bytes) -> str:
    return sign_in.hashed(challenge.hex())


def _place(coordinator_id: str, ports: Ports) -> Place:
    return Place(association=ports.association, coordinator=coordinator_id)


def _refused(purpose: str, error: Exception, ports: Ports) -> PasskeyRefused:
    reason = str(error) if isinstance(error, AnswerRefused) else type(error).__name__
    logger.warning("passkey.refused", purpose=purpose, reason=reason, association=ports.association)
    return passkey.refused()
