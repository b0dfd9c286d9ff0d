"""The API of sessions: duos with their weeks, conversations, totals."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import AwareDatetime, BaseModel, Field

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.vocabulary import EntityId, Medium, Role, Week
from duolangue.sessions.domain.conversation import LONGEST, Conversation
from duolangue.sessions.domain.overview import DuoOverview, Totals
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import conversations, duos

router = APIRouter(prefix="/sessions/api", tags=["sessions"])
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
DuoId = Annotated[EntityId, Path(description="The duo's id.")]


class Duos(BaseModel):
    """All duos that were ever confirmed."""

    duos: list[DuoOverview]


class ConversationLogged(BaseModel):
    """A conversation that counts."""

    id: EntityId
    duo: EntityId
    held_on: date
    week: Week
    minutes: int
    medium: Medium
    logged_by: Role | None
    """None when a coordinator logged it."""
    logged_at: AwareDatetime

    @classmethod
    def of(cls, conversation: Conversation) -> ConversationLogged:
        """What the API shows of a conversation."""
        return cls.model_validate(conversation.model_dump(include=set(cls.model_fields)))


class Conversations(BaseModel):
    """A duo's conversations, the latest first."""

    conversations: list[ConversationLogged]


class ConversationToLog(BaseModel):
    """What a coordinator heard of."""

    held_on: date
    """The day, where the association is."""
    minutes: int = Field(ge=1, le=LONGEST)
    medium: Medium
    key: EntityId | None = None
    """Anything unique, to send the same request again without logging twice."""


@router.get("/duos", summary="How all duos are doing")
async def every_duo(desk: Reads) -> Duos:
    """Each duo's weeks beside its promise, and whether to call it. Ended duos are among them."""
    return Duos(duos=await duos.duos(desk.ports))


@router.get("/duos/{duo}", summary="How one duo is doing")
async def one_duo(duo: DuoId, desk: Reads) -> DuoOverview:
    """The duo's weeks beside its promise."""
    return await duos.duo(duo, desk.ports)


@router.get("/duos/{duo}/conversations", summary="A duo's conversations")
async def conversations_of(duo: DuoId, desk: Reads) -> Conversations:
    """The latest first, without those taken back."""
    found = await conversations.of_duo(duo, desk.ports)
    return Conversations(conversations=[ConversationLogged.of(each) for each in found])


@router.post("/duos/{duo}/conversations", status_code=201, summary="Log a conversation")
async def log(duo: DuoId, told: ConversationToLog, desk: Coordinates) -> ConversationLogged:
    """A conversation a coordinator heard of: on a day that is not to come, nor over a year ago, nor after the duo's end."""
    key = told.key or str(uuid.uuid4())
    conversation = await conversations.log_by_desk(
        duo, desk.ports, held_on=told.held_on, minutes=told.minutes, medium=told.medium, key=key
    )
    return ConversationLogged.of(conversation)


@router.delete("/conversations/{conversation}", status_code=204, summary="Take a conversation back")
async def withdraw(conversation: EntityId, desk: Coordinates) -> Response:
    """It counts nowhere from now on. Doing it again changes nothing."""
    await conversations.withdraw(conversation, desk.ports)
    return Response(status_code=204)


@router.get("/totals", summary="The association's figures")
async def totals(desk: Reads, since: date | None = None, until: date | None = None) -> Totals:
    """Conversations, minutes and duos between two days, both included; without them, over all time."""
    return await duos.totals(since, until, desk.ports)
