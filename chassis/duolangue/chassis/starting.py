"""What a service finds when it starts: its database and its bus answer, know it, and were prepared for it. Else a sentence says which is not so."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from nats.errors import Error as BusError
from nats.js.errors import NotFoundError

from duolangue.chassis.bus import Bus
from duolangue.chassis.settings import ServiceSettings
from duolangue.chassis.store import Database
from duolangue.chassis.store.driver import DatabaseError, DatabaseRefuses

START_SECONDS: Final = 10.0
"""How long a server may take to answer when a service starts; then the service ends, and its supervisor starts it again."""
FORBIDDEN: Final = 13
"""MongoDB's code for what a known user may not do."""


class CannotStart(Exception):
    """A server that the service needs does not answer, refuses it, or lacks something; the message says which, without a password."""


async def database_answers(settings: ServiceSettings, database: Database, collection: str) -> None:
    """Return once the database lets this service's user read a collection of its own.

    Raises:
        CannotStart: it does not answer, does not know the user, or lets it read nothing.
    """
    url = settings.mongodb_url.get_secret_value()
    where = f"the database {settings.mongodb_database} at {_address(url)}"
    try:
        async with asyncio.timeout(START_SECONDS):
            await database.readable(collection)
    except DatabaseRefuses as error:
        user = url.partition("//")[2].rpartition("@")[0].partition(":")[0] or "nobody"
        if error.code == FORBIDDEN:
            raise CannotStart(f"{where} lets the user {user} read nothing of it: has provision prepared it?") from error
        raise CannotStart(
            f"{where} refuses the user {user}: is the password right, and has provision made the user?"
        ) from error
    except (DatabaseError, OSError) as error:  # a TimeoutError is an OSError
        raise CannotStart(f"{where} does not answer ({type(error).__name__})") from error


async def bus_answers(settings: ServiceSettings, bus: Bus[Any]) -> None:
    """Connect to the bus, and begin to react and to answer.

    Raises:
        CannotStart: it does not answer, refuses the user, or has no stream or no consumer for this service.
    """
    where = f"the bus at {_address(settings.nats_url)}"
    try:
        async with asyncio.timeout(START_SECONDS):
            await bus.start()
    except NotFoundError as error:
        raise CannotStart(f"{where} says: {error.description}: has provision prepared it for {bus.service}?") from error
    except (BusError, OSError) as error:
        raise CannotStart(f"{where} {_why(error, settings.nats_user, bus)}") from error


def _why(error: Exception, user: str, bus: Bus[Any]) -> str:
    if "Authorization Violation" in str(error):
        return f"refuses the user {user}: is the password right?"
    if bus.trouble:
        return f"does not let the user {user} do what it needs ({bus.trouble})"
    return f"does not answer ({type(error).__name__})"


def _address(url: str) -> str:
    """Where a server is, without user and password."""
    return url.rpartition("@")[2].rpartition("//")[2].partition("/")[0]
