"""What is kept about one person: shown to them, handed out whole, opened to them by a link; and what they agreed to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from duolangue.chassis import log
from duolangue.chassis.bus import Refused as AnswerRefused
from duolangue.chassis.bus import Unavailable as Away
from duolangue.chassis.mail import Refused, Unavailable
from duolangue.chassis.store import Absent, Taken
from duolangue.chassis.web import spoken
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import PERSONAL_DATA, PersonalDataAnswer, PersonalDataQuestion
from duolangue.registration import mails
from duolangue.registration.domain import consents, own_page, values
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.history import Act
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.own_page import Wish
from duolangue.registration.domain.participant import ConsentChannel, Participant, seen_outside
from duolangue.registration.ports import Ports, PortsOf
from duolangue.registration.usecases.allowing import Limit, all_allowed

logger = log.get(__name__)
KEPT_BACK: Final = frozenset(
    {
        "identities", "search", "sort_name", "alike", "named_at", "refusal", "refusal_reason", "checklist", "history", "to_look_at",
        "asked_for", "asked_at", "merged_into", "resumes_at", "consent", "consents",
    }
)  # fmt: skip
"""What is in tables of its own, serves the desk's lists alone, or is a coordinator's note: those may tell of others, too, and are asked for."""
HOUR: Final = timedelta(hours=1)
FROM_ONE_NETWORK: Final = 20
"""Links to own pages in an hour, of whatever associations."""
AT_ONE_ASSOCIATION: Final = 1000
"""Links to its people's own pages in an hour; what is asked of another association does not count."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Copy:
    """Everything that is kept about somebody, as tables of rows, by service."""

    participant: Participant
    parts: dict[str, dict[str, Rows]]
    away: list[str] = field(default_factory=list)
    """Services that did not answer: their part is missing."""


def own_link(participant: Participant, ports: Ports, language: str) -> str:
    """A link to somebody's own page, for seven days."""
    expires = own_page.link_expires(ports.clock.now())
    token = ports.signer.action_token(
        ports.association, Purpose.OWN_PAGE, participant.id, participant.id, expires, language
    )
    return Purpose.OWN_PAGE.url(ports.public_url, token)


def activities_link(participant: Participant, ports: Ports, language: str, expires: datetime) -> str:
    """A link to somebody's own activities, as long as that to their page."""
    token = ports.signer.action_token(
        ports.association, Purpose.OWN_ACTIVITIES, participant.id, participant.id, expires, language
    )
    return Purpose.OWN_ACTIVITIES.url(ports.public_url, token)


async def ask_own_page(address: str, network: str, slug: str, ports_of: PortsOf) -> None:
    """Somebody typed an e-mail address or a telephone number to get the link to their page; of one association where it is named.

    It is mailed where the address is one person's alone; else a coordinator is asked to hand it over. Nothing is raised or
    returned: whoever asks sees the same, known or not.
    """
    platform = ports_of(PLATFORM)
    limits = (
        Limit(f"own-page/{address.strip().casefold()}", 3, HOUR),
        Limit(f"own-page/{network}", FROM_ONE_NETWORK, HOUR),
    )
    wanted = _addresses(address)
    if not wanted or not await all_allowed(limits, platform):
        return
    for association in [slug] if slug else [each.id for each in await platform.all_associations()]:
        await _ask_in(wanted, ports_of(association))


async def _ask_in(wanted: list[str], ports: Ports) -> None:
    try:
        own = await ports.own()
    except Absent:
        return
    found = [one for one in await ports.participants.with_addresses(wanted) if one.merged_into is None]
    limit = Limit(f"own-page/association/{ports.association}", AT_ONE_ASSOCIATION, HOUR)
    if not found or not await all_allowed((limit,), ports):
        return
    now = ports.clock.now()
    for one in found:
        alone = one.email in wanted and len(found) == 1
        language = spoken(one.ui_language, own.language)
        mailed = alone and await _mailed(one, own.name, language, ports)
        if not mailed:
            await _wish(Wish(id=one.id, asked_at=now, open=True), ports)


async def hand_over_own_page(participant_id: str, ports: Ports) -> None:
    """A coordinator gave somebody their link."""
    now = ports.clock.now()
    try:
        await ports.wishes.update(participant_id, lambda present: own_page.handed_over(present, now))
    except Absent:
        return


async def wishes(ports: Ports, most: int = 100) -> list[Participant]:
    """Who waits for a link from a coordinator, the longest first."""
    waiting = await ports.wishes.select({"open": True}, sort=[("asked_at", 1)], limit=most)
    people = {one.id: one for one in await ports.participants.with_ids([wish.id for wish in waiting])}
    return [people[wish.id] for wish in waiting if wish.id in people]


async def forget_wish(participant_id: str, ports: Ports) -> None:
    """A wish for a link is long over."""
    now = ports.clock.now()
    await ports.wishes.forget(participant_id, lambda wish: wish.due_at <= now)


async def copy_of(participant_id: str, ports: Ports) -> Copy:
    """All that every service keeps about somebody. Of a service that is away it says so.

    Raises:
        Absent: there is no such participant.
    """
    one = await ports.participants.get(participant_id)
    answers = await asyncio.gather(*(_asked(name, participant_id, ports) for name in PERSONAL_DATA))
    parts = {"registration": _own_part(one)}
    away = []
    for name, answer in zip(PERSONAL_DATA, answers, strict=True):
        if answer is None:
            away.append(name)
        else:
            parts[name] = {table: [dict(row) for row in rows] for table, rows in answer.tables.items()}
    return Copy(one, parts, away)


async def agree_to_feed(
    participant_id: str, feed: str, channel: ConsentChannel, language: str, ports: Ports
) -> Participant:
    """Somebody agrees that an outside feed is told of them. Raises `Invalid`, `NotNow`."""
    own, now = await ports.own(), ports.clock.now()
    return await ports.participants.update(
        participant_id, lambda present: consents.give(present, feed, own, channel, language, now)
    )


async def withdraw_from_feed(participant_id: str, feed: str, ports: Ports) -> Participant:
    """Somebody takes that back."""
    now = ports.clock.now()
    return await ports.participants.update(participant_id, lambda present: consents.withdraw(present, feed, now))


async def promise_charter(participant_id: str, channel: ConsentChannel, language: str, ports: Ports) -> Participant:
    """A volunteer promises the charter; twice is as once."""
    own, now = await ports.own(), ports.clock.now()
    return await ports.participants.update(
        participant_id, lambda present: consents.promise(present, own, channel, language, now)
    )


async def _asked(service: str, participant_id: str, ports: Ports) -> PersonalDataAnswer | None:
    question = PersonalDataQuestion(association=ports.association, participant=participant_id)
    try:
        return await ports.others.ask(PERSONAL_DATA[service], question, PersonalDataAnswer)
    except (Away, AnswerRefused) as error:
        logger.warning("personal_data.away", service=service, error=type(error).__name__)
        return None


async def _mailed(one: Participant, association: str, language: str, ports: Ports) -> bool:
    """Whether the link left by mail."""
    assert one.email is not None
    message = mails.own_page(association, one.email, language, own_link(one, ports, language), ports.mails.sender)
    try:
        await ports.mails.send(message)
    except (Refused, Unavailable) as error:
        logger.warning("own_page.not_mailed", participant=one.id, error=type(error).__name__)
        return False
    return True


async def _wish(fresh: Wish, ports: Ports) -> None:
    try:
        await ports.wishes.add(fresh)
    except Taken:
        await ports.wishes.update(fresh.id, lambda known: own_page.again(known, fresh))


def _addresses(typed: str) -> list[str]:
    found = []
    for read in (values.email, values.phone):
        try:
            found.append(read(typed))
        except Invalid:
            continue
    return found


def _own_part(one: Participant) -> dict[str, Rows]:
    told = {**one.model_dump(mode="json", exclude=set(KEPT_BACK)), "status": seen_outside(one.status)}
    given = [each.model_dump(mode="json") for each in (one.consent, *one.consents)]
    happened = [
        {"what": entry.act.value, "on": entry.at.isoformat()} for entry in one.history if entry.act is not Act.LOOKED_AT
    ]
    talk = {"went_through": ", ".join(tick.item.value for tick in one.checklist), "asked_of_you": one.asked_for}
    return {
        "about_you": [_flat(told)],
        "what_you_agreed_to": given,
        "what_happened": happened,
        "first_talk": [talk] if any(talk.values()) else [],
    }


def _flat(told: dict[str, Any]) -> dict[str, Any]:
    """Lists as text, the two profiles as columns of their own."""
    row: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, dict):
            row |= {f"{name}_{inner}": _cell(each) for inner, each in value.items()}
        else:
            row[name] = _cell(value)
    return row


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    return value
