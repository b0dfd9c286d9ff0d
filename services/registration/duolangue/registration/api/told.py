"""What every part of the interface shares: who asks, and how what is sent is read."""

from __future__ import annotations

from typing import Annotated, Any, Final, NoReturn

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.auditing import Audited
from duolangue.registration.ports import Ports

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
MOST_SHOWN: Final = 200


def routes() -> APIRouter:
    """A part of the interface: what it shows and changes is written down."""
    return APIRouter(prefix="/people/api", tags=["people"], route_class=Audited)


class Told(BaseModel):
    """What is sent here: an unknown field is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Created(BaseModel):
    """The new entity's id."""

    id: EntityId


def changed(changes: BaseModel) -> dict[str, Any]:
    """What was sent, and no more."""
    return {name: getattr(changes, name) for name in changes.model_fields_set}


def refuse(error: ValidationError) -> NoReturn:
    """Say what is wrong as the framework does, though it was found later."""
    faults = error.errors(include_url=False, include_context=False)
    raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from error
