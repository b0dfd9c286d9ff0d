"""The wiring of matching: what it declares, and the ports its work is done with."""

from __future__ import annotations

from collections.abc import Callable

from duolangue.chassis.service import Declaration, Foundation
from duolangue.contracts.requests import KEYS, PEOPLE
from duolangue.matching import (
    api,
    api_drafts,
    api_replay,
    api_runs,
    api_waiting,
    pages,
    pages_anew,
    pages_drafts,
    pages_lists,
    pages_missing,
    pages_replay,
    pages_runs,
    pages_settings,
    pages_still,
    pages_waiting,
    store,
    store_replays,
    store_roll,
)
from duolangue.matching.answers import answers
from duolangue.matching.computing import Worker
from duolangue.matching.due import due
from duolangue.matching.missing_computing import Lookout
from duolangue.matching.ports import Ports
from duolangue.matching.reactions import on
from duolangue.matching.replaying.computing import ReplayWorker
from duolangue.matching.settings import Settings

DECLARATION = Declaration[Ports, Settings](
    name="matching",
    prefix="/duos",
    package="duolangue.matching",
    settings=Settings,
    kinds=store.KINDS,
    reactions=on,
    due=due,
    answers=answers,
    asks=(PEOPLE, KEYS),
    routers=(
        api.router,
        api_drafts.router,
        api_waiting.router,
        api_runs.router,
        api_replay.router,
        pages_replay.router,
        pages_settings.router,
        pages_runs.router,
        pages_still.router,
        pages_missing.router,
        pages_waiting.router,
        pages_anew.router,
        pages_drafts.router,
        pages_lists.router,
        pages.router,
    ),
)


def wire(foundation: Foundation[Settings], computation: Worker | None = None) -> Callable[[str], Ports]:
    """How the ports of an association are made. Its runs are computed in a process of its own, unless another is given."""
    computing = computation or Worker()
    foundation.at_end.append(computing.close)
    comparison = ReplayWorker()
    foundation.at_end.append(comparison.close)
    rolls = store_roll.Rolls(foundation.tenant)
    lookout = Lookout()
    foundation.at_end.append(lookout.close)

    def ports(association: str) -> Ports:
        tenant = foundation.tenant(association)
        return Ports(
            association=association,
            clock=foundation.clock,
            duos=store.StoredDuos(tenant, store.DUOS),
            runs=store.StoredRuns(tenant, store.RUNS),
            exclusions=tenant.aggregates(store.EXCLUSIONS),
            people=store.StoredPeople(tenant, store.PEOPLE),
            roll=rolls.of(association),
            associations=tenant.projections(store.ASSOCIATIONS),
            erasures=tenant.aggregates(store.ERASURES),
            directory=foundation.directory,
            parts=store.StoredParts(tenant, store.PARTS),
            questions=store.StoredQuestions(tenant, store.QUESTIONS),
            separations=store.StoredSeparations(tenant, store.SEPARATIONS),
            rearrangements=tenant.aggregates(store.REARRANGEMENTS),
            policies=tenant.aggregates(store.POLICIES),
            computation=computing,
            made_due=foundation.made_due,
            replays=store_replays.StoredReplays(tenant, store_replays.REPLAYS),
            replay_parts=store_replays.StoredReplayParts(tenant, store_replays.REPLAY_PARTS),
            comparison=comparison,
            missing=tenant.aggregates(store.MISSING),
            lookout=lookout,
            public_url=foundation.settings.public_url,
        )

    return ports
