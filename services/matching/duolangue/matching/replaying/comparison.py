"""All policies of a replay, one after the other."""

from __future__ import annotations

from collections.abc import Callable

from duolangue.matching.domain.people import Association
from duolangue.matching.domain.replay_outcome import Outcome
from duolangue.matching.domain.replay_question import ReplayQuestion
from duolangue.matching.replaying.figures import outcome
from duolangue.matching.replaying.simulation import Simulation


def compare(
    question: ReplayQuestion, association: Association, tell: Callable[[int], None] = lambda _: None
) -> tuple[Outcome, ...]:
    """What each policy would have brought, in their order. `tell` hears how far it is, in hundredths, when that changes."""
    outcomes: list[Outcome] = []
    told = -1

    def passed(share: float) -> None:
        nonlocal told
        hundredths = int(100 * (len(outcomes) + share) / len(question.cases))
        if hundredths > told:
            told = hundredths
            tell(hundredths)

    for case in question.cases:
        record = Simulation(question, case.policy, association).run(passed)
        outcomes.append(outcome(record, question.history.stays, question.ends))
    return tuple(outcomes)
