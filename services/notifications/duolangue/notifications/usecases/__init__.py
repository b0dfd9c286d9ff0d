"""All that the service does, one function each.

- telling: what a fact means for messages: who is told, what is not wanted any more, which duo is followed;
- delivering: what is due: a message on its way, a week's nudges;
- desk: what coordinators see and do.
"""

from duolangue.notifications.usecases.delivering import deliver, nudge
from duolangue.notifications.usecases.desk import (
    Ready,
    Totals,
    concerns,
    hand_over,
    list_messages,
    ready,
    standing,
    totals,
    try_again,
    unreachable_people,
    waiting,
)
from duolangue.notifications.usecases.personal_data import erase, tell_personal_data
from duolangue.notifications.usecases.telling import (
    ask_next_step,
    confirm,
    end,
    follow,
    know_association,
    know_conversation,
    know_duo,
    know_participant,
    know_question,
    propose,
    put_question,
    reach_again,
    remind,
    tell,
    welcome,
    withdraw,
)
from duolangue.notifications.usecases.writing import AssociationUnknown

__all__ = [
    "AssociationUnknown", "Ready", "Totals", "ask_next_step", "concerns", "confirm", "deliver", "end", "erase", "follow", "hand_over", "know_association",
    "know_conversation", "know_duo", "know_participant", "know_question", "list_messages", "nudge", "propose", "put_question", "reach_again",
    "ready", "remind", "standing", "tell", "tell_personal_data",
    "totals", "try_again", "unreachable_people", "waiting", "welcome", "withdraw",
]  # fmt: skip
