"""The wiring of registration, and nothing else."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from duolangue.chassis.identity import Signer
from duolangue.chassis.service import Declaration, Foundation
from duolangue.contracts.requests import PERSONAL_DATA, TODAY
from duolangue.registration import (
    api,
    pages,
    pages_account,
    pages_association,
    pages_coordinators,
    pages_desk,
    pages_export,
    pages_import,
    pages_join,
    pages_me,
    pages_own_accounts,
    pages_passkeys,
    pages_people,
    pages_personal,
    pages_platform,
    pages_reports,
    store,
)
from duolangue.registration.answers import answers
from duolangue.registration.authenticators import WebAuthn
from duolangue.registration.domain.association import PLATFORM, Association
from duolangue.registration.due import due
from duolangue.registration.journal import FileJournal
from duolangue.registration.ports import Ports, PortsOf
from duolangue.registration.providers import OpenIdProviders
from duolangue.registration.reactions import on
from duolangue.registration.sealing import Sealer
from duolangue.registration.settings import Settings
from duolangue.registration.store_audit import StoredAudit
from duolangue.registration.store_people import StoredParticipants
from duolangue.registration.verifying import RegistrationKeys

AT_WORK: Final = 1000
"""Associations whose ports are kept at hand."""


@cache
def signer(key: Path) -> Signer:
    """Who signs, with the key in a file."""
    return Signer(key.read_bytes())


@cache
def sealer(key: Path) -> Sealer:
    """Who seals, with a key derived from the same file."""
    return Sealer(key.read_bytes())


@cache
def secret(file: Path) -> bytes:
    """What a file with a secret holds."""
    return file.read_bytes()


def keys(foundation: Foundation[Settings]) -> RegistrationKeys:
    """Registration verifies with its own key, and looks up revocations where it keeps them."""
    revocations = foundation.tenant(PLATFORM).aggregates(store.REVOCATIONS)
    return RegistrationKeys(signer(foundation.settings.signing_key), foundation.clock, revocations)


def wire(foundation: Foundation[Settings]) -> PortsOf:
    """The ports of an association, on this foundation; made once for each of those that are at work, since they hold nothing but the way to
    its data.
    """
    providers = OpenIdProviders(foundation.clock)
    authenticators = WebAuthn(foundation.settings.public_url)

    async def all_associations() -> list[Association]:
        return [each async for each in foundation.everywhere(store.ASSOCIATIONS)]

    @lru_cache(maxsize=AT_WORK)
    def ports(association: str) -> Ports:
        tenant, platform = foundation.tenant(association), foundation.tenant(PLATFORM)
        return Ports(
            association=association,
            clock=foundation.clock,
            associations=tenant.aggregates(store.ASSOCIATIONS),
            participants=StoredParticipants(tenant),
            coordinators=tenant.aggregates(store.COORDINATORS),
            departures=tenant.aggregates(store.DEPARTURES),
            sign_ins=platform.aggregates(store.SIGN_INS),
            passkeys=platform.aggregates(store.PASSKEYS),
            challenges=platform.aggregates(store.CHALLENGES),
            sessions=tenant.aggregates(store.SESSIONS),
            reports=tenant.aggregates(store.REPORTS),
            notes=tenant.aggregates(store.NOTES),
            pairs=tenant.aggregates(store.PAIRS),
            lookouts=tenant.aggregates(store.LOOKOUTS),
            happenings=tenant.aggregates(store.HAPPENINGS),
            bulks=tenant.aggregates(store.BULKS),
            batches=tenant.aggregates(store.BATCHES),
            batch_parts=tenant.aggregates(store.BATCH_PARTS),
            duos=tenant.projections(store.DUOS),
            exclusions=tenant.aggregates(store.EXCLUSIONS),
            logos=tenant.aggregates(store.LOGOS),
            exclusion_key=secret(foundation.settings.exclusion_key),
            sign_ups=tenant.aggregates(store.SIGN_UPS),
            minors=tenant.aggregates(store.MINORS),
            calls=tenant.aggregates(store.CALLS),
            clips=tenant.aggregates(store.CLIPS),
            sounds=tenant.aggregates(store.SOUNDS),
            doors=platform.aggregates(store.DOORS),
            allowances=platform.aggregates(store.ALLOWANCES),
            revocations=platform.aggregates(store.REVOCATIONS),
            erasures=tenant.aggregates(store.ERASURES),
            wishes=tenant.aggregates(store.WISHES),
            watches=tenant.aggregates(store.WATCHES),
            audit=StoredAudit(tenant),
            journal=FileJournal(foundation.settings.erasures_file, association),
            mails=foundation.mailer,
            signer=signer(foundation.settings.signing_key),
            sealer=sealer(foundation.settings.signing_key),
            accounts=platform.aggregates(store.ACCOUNTS),
            providers=providers,
            authenticators=authenticators,
            all_associations=all_associations,
            public_url=foundation.settings.public_url,
            others=foundation.bus,
        )

    return ports


DECLARATION: Declaration[Ports, Settings] = Declaration(
    name="registration",
    prefix="/people",
    package="duolangue.registration",
    settings=Settings,
    kinds=store.KINDS,
    reactions=on,
    due=due,
    answers=answers,
    asks=(*TODAY.values(), *PERSONAL_DATA.values()),
    routers=(
        *api.ROUTERS,
        pages_desk.router,
        pages_reports.router,
        pages_coordinators.router,
        pages_account.router,
        pages_platform.router,
        pages_own_accounts.router,
        *pages_passkeys.ROUTERS,
        pages_association.router,
        *pages_join.ROUTERS,
        pages_import.router,
        pages_export.router,
        *pages.ROUTERS,
        pages_personal.router,
        pages_me.router,
        *pages_people.ROUTERS,
    ),
    large=pages_import.LARGE,
    keys=keys,
)
