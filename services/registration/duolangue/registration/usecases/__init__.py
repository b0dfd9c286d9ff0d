"""All that registration does, one function each: (what is asked, ports) -> what comes of it."""

from duolangue.registration.usecases import exclusions
from duolangue.registration.usecases.allowing import Limit, all_allowed, allowed, forget_allowance
from duolangue.registration.usecases.answering import contacts, keys, people
from duolangue.registration.usecases.associations import (
    invite_coordinator,
    register_association,
    revoke_coordinator,
    update_association,
)
from duolangue.registration.usecases.desk import today
from duolangue.registration.usecases.importing import Imported, import_participants
from duolangue.registration.usecases.participants import (
    come_back,
    interview,
    leave,
    mark_unreachable,
    pause,
    register_participant,
    resume,
    update_participant,
)
from duolangue.registration.usecases.reports import report_problem, tell_coordinators
from duolangue.registration.usecases.signing_in import finish_sign_in, operator_link, renew, sign_out, start_sign_in

__all__ = [
    "Imported", "Limit", "all_allowed", "allowed", "come_back", "contacts", "exclusions", "finish_sign_in", "forget_allowance", "import_participants", "interview", "invite_coordinator", "keys", "leave",
    "mark_unreachable", "operator_link", "pause", "people", "register_association", "register_participant", "renew", "report_problem",
    "resume", "revoke_coordinator", "sign_out", "start_sign_in", "tell_coordinators", "today", "update_association", "update_participant",
]  # fmt: skip
