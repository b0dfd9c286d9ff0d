"""All that registration does, one function each: (what is asked, ports) -> what comes of it."""

from duolangue.registration.usecases import batches, clips, exclusions, exporting, logos, passkeys, reports, signing_up
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
    pause_if_active,
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
    "Asking",
    "Imported",
    "Limit",
    "accounts_to_choose",
    "agree_accounts",
    "all_allowed",
    "allowed",
    "associations_with_figures",
    "batches",
    "change_access",
    "clips",
    "come_back",
    "come_from_provider",
    "contacts",
    "coordinator_with",
    "create_association",
    "desks",
    "end_session",
    "exclusions",
    "exporting",
    "finish_sign_in",
    "finish_with_code",
    "forget_allowance",
    "forget_revocation",
    "forget_session",
    "forget_sign_in",
    "go_to",
    "hand_over",
    "import_participants",
    "interview",
    "invite_again",
    "invite_coordinator",
    "keys",
    "leave",
    "leave_for_provider",
    "logos",
    "mark_unreachable",
    "operator_link",
    "passkeys",
    "pause",
    "pause_if_active",
    "people",
    "register_association",
    "register_participant",
    "renew",
    "report_problem",
    "reports",
    "resume",
    "revoke_coordinator",
    "sessions_of",
    "sign_out",
    "sign_out_everywhere",
    "signing_up",
    "start_sign_in",
    "stop_accounts",
    "tell_coordinators",
    "tell_invited",
    "today",
    "update_association",
    "update_participant",
]  # fmt: skip
