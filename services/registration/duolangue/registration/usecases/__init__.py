"""All that registration does, one function each: (what is asked, ports) -> what comes of it."""

from duolangue.registration.usecases import batches, clips, exclusions, exporting, logos, reports, signing_up
from duolangue.registration.usecases.allowing import Limit, all_allowed, allowed, forget_allowance
from duolangue.registration.usecases.answering import contacts, keys, people
from duolangue.registration.usecases.associations import register_association, update_association
from duolangue.registration.usecases.coordinators import (
    change_access,
    coordinator_with,
    hand_over,
    invite_again,
    invite_coordinator,
    operator_link,
    revoke_coordinator,
    tell_invited,
)
from duolangue.registration.usecases.desk import today
from duolangue.registration.usecases.importing import Imported, import_participants
from duolangue.registration.usecases.own_accounts import (
    accounts_to_choose,
    agree_accounts,
    come_from_provider,
    leave_for_provider,
    stop_accounts,
)
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
from duolangue.registration.usecases.platform import associations_with_figures, create_association
from duolangue.registration.usecases.reports import report_problem, tell_coordinators
from duolangue.registration.usecases.sessions import (
    desks,
    end_session,
    forget_revocation,
    forget_session,
    forget_sign_in,
    go_to,
    renew,
    sessions_of,
    sign_out,
    sign_out_everywhere,
)
from duolangue.registration.usecases.signing_in import Asking, finish_sign_in, finish_with_code, start_sign_in

__all__ = [
    "accounts_to_choose", "agree_accounts", "associations_with_figures", "come_from_provider", "create_association",
    "leave_for_provider", "stop_accounts",
    "Asking", "batches", "exporting", "change_access", "coordinator_with", "desks", "end_session", "finish_with_code", "forget_revocation", "forget_session", "forget_sign_in",
    "go_to", "hand_over", "invite_again", "sessions_of", "sign_out_everywhere", "tell_invited",
    "Imported", "Limit", "all_allowed", "allowed", "clips", "come_back", "contacts", "exclusions", "finish_sign_in", "forget_allowance", "import_participants", "interview", "invite_coordinator", "keys", "leave", "logos",
    "mark_unreachable", "operator_link", "pause", "people", "register_association", "register_participant", "renew", "report_problem", "reports",
    "resume", "revoke_coordinator", "sign_out", "signing_up", "start_sign_in", "tell_coordinators", "today", "update_association", "update_participant",
]  # fmt: skip
