"""What registration keeps and how it is indexed. Participants have a module of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from duolangue.chassis.store import AggregateKind, Index, Kind, ProjectionKind
from duolangue.registration.domain import association
from duolangue.registration.domain.allowance import Allowance
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.batch import Batch
from duolangue.registration.domain.batch_rows import Part
from duolangue.registration.domain.bulk import Bulk
from duolangue.registration.domain.calls import CallsNotice
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.departures import Departures
from duolangue.registration.domain.door import Door, Revocation
from duolangue.registration.domain.duplicates import Lookout, Pair
from duolangue.registration.domain.erasure import Erasure
from duolangue.registration.domain.exclusion import Exclusion
from duolangue.registration.domain.history import Happening, KnownDuo
from duolangue.registration.domain.logo import Logo
from duolangue.registration.domain.note import Note
from duolangue.registration.domain.own_accounts import OwnAccounts
from duolangue.registration.domain.own_page import Wish
from duolangue.registration.domain.passkey import Challenge, Passkey
from duolangue.registration.domain.report import Report
from duolangue.registration.domain.retention import Watch
from duolangue.registration.domain.session import Session
from duolangue.registration.domain.sign_in import SignIn
from duolangue.registration.domain.signup.clip import Clip, Sound
from duolangue.registration.domain.signup.notice import MinorsNotice
from duolangue.registration.domain.signup.record import SignUp
from duolangue.registration.ports import FEW_A_DAY
from duolangue.registration.store_audit import AUDIT
from duolangue.registration.store_people import PARTICIPANTS

ASSOCIATIONS: Final = AggregateKind("associations", Association, snapshot=association.snapshot)
COORDINATORS: Final = AggregateKind(
    "coordinators",
    Coordinator,
    indexes=(
        Index("one_mail", ("email",), unique=True, where={"active": True, "email": {"$gt": ""}}),
        Index("phones", ("phone",)),
    ),
    due=lambda one: one.due_at,
)
KEPT_AFTER: Final = timedelta(days=1)
"""For how long a sign-in or a session that is over is kept; then due work forgets it."""
SLOTTED: Final = {"slot": {"$type": "string"}}
"""Documents of before there were slots have none; they bar nobody."""
SIGN_INS: Final = AggregateKind(
    "sign_ins",
    SignIn,
    indexes=(Index("asked_in", ("browser", "expires_at")), Index("handed_to", ("places.coordinator", "expires_at"))),
    due=lambda one: one.expires_at + KEPT_AFTER,
)
PASSKEYS: Final = AggregateKind("passkeys", Passkey, indexes=(Index("held_by", ("place.coordinator", "added_at")),))
CHALLENGES: Final = AggregateKind("passkey_challenges", Challenge, due=lambda one: one.expires_at)
SESSIONS: Final = AggregateKind(
    "sessions",
    Session,
    indexes=(Index("held", ("coordinator", "expires_at")),),
    due=lambda one: one.expires_at + KEPT_AFTER,
)
REPORTS: Final = AggregateKind(
    "reports",
    Report,
    indexes=(
        Index("latest", ("reported_at",)),
        Index("open", ("closed_at", "reported_at")),
        Index("about", ("about",)),
        Index(FEW_A_DAY, ("person", "slot"), unique=True, where=SLOTTED),
    ),
    due=lambda report: report.due_at,
)
EXCLUSIONS: Final = AggregateKind(
    "exclusions", Exclusion, indexes=(Index("held", ("hashes",)),), due=lambda exclusion: exclusion.due_at
)
LOGOS: Final = AggregateKind("logos", Logo)
NOTES: Final = AggregateKind("notes", Note, indexes=(Index("by_person", ("person", "written_at")),))
PAIRS: Final = AggregateKind(
    "pairs", Pair, indexes=(Index("open", ("open", "found_at")), Index("one", ("one",)), Index("other", ("other",)))
)
LOOKOUTS: Final = AggregateKind("lookouts", Lookout, due=lambda lookout: lookout.due_at)
HAPPENINGS: Final = AggregateKind("happenings", Happening, indexes=(Index("about", ("about", "at")),))
BULKS: Final = AggregateKind("bulks", Bulk, due=lambda bulk: bulk.due_at)
BATCHES: Final = AggregateKind(
    "batches",
    Batch,
    indexes=(Index("standing", ("status",)), Index("latest", ("uploaded_at",))),
    due=lambda one: one.due_at,
)
BATCH_PARTS: Final = AggregateKind(
    "batch_parts",
    Part,
    indexes=(
        Index("faulty", ("batch", "number"), where={"faulty": True}),
        Index("remarked", ("batch", "number"), where={"remarked": True}),
    ),
)
DUOS: Final = ProjectionKind(
    "duos", KnownDuo, indexes=(Index("newcomer", ("newcomer",)), Index("volunteer", ("volunteer",)))
)
SIGN_UPS: Final = AggregateKind(
    "sign_ups",
    SignUp,
    indexes=(
        Index("going_on", ("resumes",)),
        Index("at_desk", ("sent", "began_at"), where={"coordinator": {"$type": "string"}}),
    ),
    due=lambda one: one.expires_at,
)
CALLS: Final = AggregateKind("calls", CallsNotice, due=lambda one: one.due_at)
MINORS: Final = AggregateKind("minors", MinorsNotice, indexes=(Index("unseen", ("seen",)),), due=lambda one: one.due_at)
CLIPS: Final = AggregateKind("clips", Clip)
SOUNDS: Final = AggregateKind("sounds", Sound)
ACCOUNTS: Final = AggregateKind("accounts", OwnAccounts)
DOORS: Final = AggregateKind("doors", Door)
DEPARTURES: Final = AggregateKind("departures", Departures)
ALLOWANCES: Final = AggregateKind("allowances", Allowance, due=lambda one: one.until)
ERASURES: Final = AggregateKind(
    "erasures",
    Erasure,
    indexes=(Index("open", ("closed_at", "requested_at")),),
    due=lambda erasure: erasure.due_at,
)
WISHES: Final = AggregateKind(
    "own_page_wishes", Wish, indexes=(Index("open", ("open", "asked_at")),), due=lambda wish: wish.due_at
)
WATCHES: Final = AggregateKind("retention_watches", Watch, due=lambda watch: watch.due_at)
REVOCATIONS: Final = AggregateKind(
    "revocations", Revocation, indexes=(Index("recent", ("revoked_at",)),), due=lambda one: one.over_at
)

KINDS: Final[tuple[Kind[Any], ...]] = (
    ASSOCIATIONS, PARTICIPANTS, COORDINATORS, SIGN_INS, PASSKEYS, CHALLENGES, SESSIONS, REPORTS, EXCLUSIONS, LOGOS, SIGN_UPS, MINORS, CALLS,
    CLIPS, SOUNDS, DOORS, DEPARTURES, ACCOUNTS, ALLOWANCES, REVOCATIONS,
    NOTES, PAIRS, LOOKOUTS, HAPPENINGS, BULKS, BATCHES, BATCH_PARTS, DUOS,
    ERASURES, WISHES, WATCHES, AUDIT,
)  # fmt: skip
