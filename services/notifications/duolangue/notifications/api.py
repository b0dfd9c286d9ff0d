"""JSON for the desk. Only what waits to be handed over names people; all else is ids and counts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.facts.notifications import Channel, MessageKind
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import EntityId
from duolangue.notifications import usecases
from duolangue.notifications.domain.message import Message, MessageStatus
from duolangue.notifications.ports import Ports

router = APIRouter(prefix="/messages/api", tags=["messages"])

At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Reading = Annotated[Desk[Ports], Depends(desk(Access.READ))]


class ReadyMessage(BaseModel):
    """A message to hand over."""

    id: str
    kind: MessageKind
    recipient: str
    about: str
    name: str
    phone: str | None
    language: str
    text: str
    """For one WhatsApp message."""
    whatsapp: str | None
    """Opens a chat with the text ready to send."""
    links: dict[Purpose, str]


class Waiting(BaseModel):
    """What waits on the desk, the oldest first."""

    messages: list[ReadyMessage]


class ShownMessage(BaseModel):
    """A message and where it stands."""

    id: str
    kind: MessageKind
    recipient: str
    about: str
    week: str | None
    status: MessageStatus
    channel: Channel | None
    attempts: int
    made_at: AwareDatetime
    due_at: AwareDatetime | None
    told_at: AwareDatetime | None


class Messages(BaseModel):
    """Messages that fit, the newest first, at most 200."""

    messages: list[ShownMessage]


class Counts(BaseModel):
    """How many messages stand where."""

    by_status: dict[str, int]
    by_kind: dict[str, dict[str, int]]
    """By kind, then by status."""
    unreachable: int
    """People whose address refuses mail."""


def _shown(message: Message) -> ShownMessage:
    return ShownMessage.model_validate(message.model_dump(exclude={"lapses_at"}))


@router.get("/waiting", summary="Messages to hand over, with their words and links made now")
async def waiting(desk: At) -> Waiting:
    """Answers 503 while registration is away: words cannot be made without it."""
    return Waiting(
        messages=[
            ReadyMessage(
                id=each.message.id,
                kind=each.message.kind,
                recipient=each.message.recipient,
                about=each.message.about,
                name=each.name,
                phone=each.phone,
                language=each.language,
                text=each.text,
                whatsapp=each.whatsapp,
                links=dict(each.links),
            )
            for each in await usecases.waiting(desk.ports)
        ]
    )


@router.post("/messages/{message_id}/handed-over", summary="The person has it")
async def handed_over(message_id: EntityId, desk: At) -> ShownMessage:
    """Saying so twice changes nothing; 409 when the message does not wait."""
    return _shown(await usecases.hand_over(message_id, desk.ports))


@router.post("/messages/{message_id}/retry", summary="Send a failed message again")
async def retry(message_id: EntityId, desk: At) -> ShownMessage:
    """For when the address was put right; 409 when the message did not fail."""
    return _shown(await usecases.try_again(message_id, desk.ports))


@router.get("/messages", summary="Messages and where they stand, without names")
async def messages(
    desk: Reading,
    status: Annotated[MessageStatus | None, Query()] = None,
    about: Annotated[EntityId | None, Query()] = None,
    recipient: Annotated[EntityId | None, Query()] = None,
) -> Messages:
    """The newest first, at most 200."""
    found = await usecases.list_messages(desk.ports, status=status, about=about, recipient=recipient)
    return Messages(messages=[_shown(each) for each in found])


@router.get("/totals", summary="How many messages stand where")
async def totals(desk: Reading) -> Counts:
    """By status, and by kind then status."""
    found = await usecases.totals(desk.ports)
    return Counts(
        by_status=dict(found.by_status),
        by_kind={kind: dict(counts) for kind, counts in found.by_kind.items()},
        unreachable=found.unreachable,
    )
