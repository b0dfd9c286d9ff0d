"""The wiring of notifications, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from duolangue.chassis.service import Declaration, Foundation
from duolangue.contracts.requests import ACTIVITIES as ASK_ACTIVITIES
from duolangue.contracts.requests import CONTACTS as ASK_CONTACTS
from duolangue.contracts.requests import KEYS, PEOPLE
from duolangue.notifications import api, pages, store
from duolangue.notifications.answers import answers
from duolangue.notifications.due import due
from duolangue.notifications.ports import Ports
from duolangue.notifications.programme import AskedProgramme
from duolangue.notifications.reactions_commitments import on
from duolangue.notifications.settings import Settings

AT_WORK: Final = 1000
"""Associations whose ports are kept at hand."""

DECLARATION: Final = Declaration(
    name="notifications",
    prefix="/messages",
    package="duolangue.notifications",
    settings=Settings,
    kinds=store.KINDS,
    reactions=on,
    due=due,
    answers=answers,
    asks=(PEOPLE, ASK_CONTACTS, KEYS, ASK_ACTIVITIES),
    routers=(api.router, pages.router),
)


def wire(foundation: Foundation[Settings]) -> Callable[[str], Ports]:
    """Ports for an association; made once for each of those that are at work, since they hold nothing but the way to its data."""

    @lru_cache(maxsize=AT_WORK)
    def ports(association: str) -> Ports:
        tenant = foundation.tenant(association)
        return Ports(
            association=association,
            clock=foundation.clock,
            messages=tenant.aggregates(store.MESSAGES),
            contacts=tenant.aggregates(store.CONTACTS),
            followed=tenant.aggregates(store.FOLLOWED),
            associations=tenant.projections(store.ASSOCIATIONS),
            participants=tenant.projections(store.PARTICIPANTS),
            duos=tenant.projections(store.DUOS),
            questions=tenant.projections(store.QUESTIONS),
            conversations=tenant.projections(store.CONVERSATIONS),
            erasures=tenant.aggregates(store.ERASURES),
            directory=foundation.directory,
            post=foundation.mailer,
            rhythm=foundation.settings.rhythm,
            gatherings=tenant.projections(store.GATHERINGS),
            places=tenant.projections(store.PLACES),
            rests=tenant.projections(store.RESTS),
            three_questions=tenant.projections(store.THREE_QUESTIONS),
            programme=AskedProgramme(foundation.bus),
        )

    return ports
