"""Where entities are kept: tenant-bound collections with their outbox, inbox, due date and lease in the document itself."""

from duolangue.chassis.store.aggregates import Absent, Aggregates, Contended, LeaseLost, Taken
from duolangue.chassis.store.driver import Database
from duolangue.chassis.store.files import Files, FileTooLarge
from duolangue.chassis.store.following import Following
from duolangue.chassis.store.kinds import AggregateKind, FileKind, Index, Kind, ProjectionKind
from duolangue.chassis.store.projections import Projections
from duolangue.chassis.store.tenant import Tenant
from duolangue.chassis.store.together import Together

__all__ = [
    "Absent", "AggregateKind", "Aggregates", "Contended", "Database", "FileKind", "FileTooLarge", "Files", "Following", "Index", "Kind", "LeaseLost", "ProjectionKind", "Projections",
    "Taken", "Tenant", "Together",
]  # fmt: skip
