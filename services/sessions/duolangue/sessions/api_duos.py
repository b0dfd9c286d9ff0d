"""The API of sessions: duos with their weeks, conversations, totals."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.vocabulary import EntityId, Medium, Role, Week
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.conversation import LONGEST, Conversation
from duolangue.sessions.domain.follow_up import FollowUp
from duolangue.sessions.domain.overview import DuoOverview, Totals
from duolangue.sessions.domain.standing import Health, NextStep
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import conversations, duos, following
from duolangue.sessions.usecases import desk as desks
from duolangue.sessions.usecases.conversations import Told

router = APIRouter(prefix="/sessions/api", tags=["sessions"])
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Administers = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
DuoId = Annotated[EntityId, Path(description="The duo's id.")]
MOST: Final = 200
"""Duos in one answer."""


class Duos(BaseModel):
    """Some of the duos that were ever confirmed, in the order of their ids."""

    duos: list[DuoOverview]
    next: EntityId | None = None
    """Where there are more: what to give as `after`."""


class DuoToCall(BaseModel):
    """A duo that somebody should call, and why."""

    duo: EntityId
    newcomer: EntityId
    volunteer: EntityId
    health: Health
    since: date | None
    """From which day on."""
    last_talk: date | None
    wants_to_end: list[Role]
    """Who would like to end it, with thanks, once their weeks are over."""

    @classmethod
    def of(cls, commitment: Commitment) -> DuoToCall:
        """What the API shows of a duo to call."""
        standing = commitment.standing
        return cls(
            duo=commitment.id,
            newcomer=commitment.newcomer,
            volunteer=commitment.volunteer,
            health=standing.health,
            since=standing.since,
            last_talk=standing.last_talk,
            wants_to_end=[side for side in Role if commitment.term.of(side) is NextStep.END],
        )


class Calls(BaseModel):
    """Whom to call, the most pressing reason first."""

    count: int
    calls: list[DuoToCall]
    """The first of them."""
    by_health: dict[Health, int]
    """How many duos are of which health, ended ones included."""


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
    another: bool = False
    """They talked more than once that day: without it, a day of which a conversation is known is refused."""


@router.get("/duos", summary="How duos are doing")
async def every_duo(
    desk: Reads, after: Annotated[str, Query(max_length=64)] = "", limit: Annotated[int, Query(ge=1, le=MOST)] = MOST
) -> Duos:
    """Each duo's weeks beside its promise, its health, and whether to call it. Ended duos are among them."""
    some = await duos.some(after, limit, desk.ports)
    return Duos(duos=some, next=some[-1].duo if len(some) == limit else None)


@router.get("/calls", summary="Whom to call, and why")
async def calls(desk: Reads, limit: Annotated[int, Query(ge=1, le=MOST)] = MOST) -> Calls:
    """Computed from what was told and from silence, never from what anybody said."""
    count, first = await desks.calls(desk.ports, limit)
    healths = dict(await desks.healths(desk.ports))
    return Calls(count=count, calls=[DuoToCall.of(each) for each in first], by_health=healths)


@router.post("/duos/{duo}/called", summary="A duo was called")
async def called(duo: DuoId, desk: Coordinates) -> DuoOverview:
    """It is not to be called for the same reason again for a while. Saying so twice changes nothing."""
    await following.called(duo, desk.ports)
    return await duos.duo(duo, desk.ports)


@router.get("/follow-up", summary="After how long a duo is to be called, how long its term is")
async def follow_up(desk: Reads) -> FollowUp:
    """The rules that hold now."""
    return (await following.present(desk.ports)).rules


@router.put("/follow-up", summary="Change these rules")
async def change_follow_up(rules: FollowUp, desk: Administers) -> FollowUp:
    """Every running duo is looked at anew, in a moment."""
    return (await following.change_rules(rules, desk.coordinator.id, desk.ports)).rules


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
    """A conversation a coordinator heard of: on a day that is not to come, nor over a year ago, nor after the duo's end.

    409 `told_already` where one of that day is known, from one of the two or from the desk: `another` says that they talked again.
    """
    key = told.key or str(uuid.uuid4())
    heard = Told(told.held_on, told.minutes, told.medium, key, another=told.another)
    conversation = await conversations.log_by_desk(duo, heard, desk.ports)
    return ConversationLogged.of(conversation)


@router.delete("/conversations/{conversation}", status_code=204, summary="Take a conversation back")
async def withdraw(conversation: EntityId, desk: Coordinates) -> Response:
    """It counts nowhere from now on. Doing it again changes nothing."""
    await conversations.withdraw(conversation, desk.ports)
    return Response(status_code=204)


@router.get("/totals", summary="The association's figures")
async def totals(desk: Reads, since: date | None = None, until: date | None = None) -> Totals:
    """Conversations, minutes and duos between two days, both included, a year at most; without them, of the last twelve months."""
    return await duos.totals(since, until, desk.ports)
