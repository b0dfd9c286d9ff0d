"""A coordinator who knows better: which rules may be set aside for one pair, and what the pair looks like without them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from duolangue.contracts.vocabulary import Level
from duolangue.matching.domain.duo import Closing, Duo, Status
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import CriterionName, Policy
from duolangue.matching.domain.run import Pair

FARTHEST_KM: Final = 300
SOFT: Final = frozenset(
    {
        "zone", "too_far", "too_far_for_them", "level", "wishes", "their_wishes", "language", "common_time", "minimum_score", "history",
    }
)  # fmt: skip
"""Rules and wishes that a coordinator may set aside, with a reason. Safety, a no, and who is kept apart are not among them."""


@dataclass(frozen=True, slots=True)
class Case:
    """Two people, and the rules they are held against."""

    newcomer: Person
    volunteer: Person
    association: Association
    policy: Policy
    apart: bool
    """Whether their history speaks against it."""


def may_meet_again(duos: Collection[Duo]) -> bool:
    """Whether a coordinator may bring two people together in spite of what was between them: never after a no, or a report."""
    reported = (duo.unsafe or duo.closing is Closing.SAFETY for duo in duos)
    return not any(reported) and all(duo.status is not Status.DECLINED for duo in duos if duo.barred)


def without(case: Case, rule: str) -> Case:
    """The same two, as if this rule or wish were not.

    Raises:
        KeyError: the rule is none of `SOFT`.
    """
    newcomer, volunteer = case.newcomer.newcomer, case.volunteer.volunteer
    assert newcomer is not None
    assert volunteer is not None
    if rule == "zone":
        return replace(case, association=case.association.model_copy(update={"zones": ()}))
    if rule in {"too_far", "too_far_for_them"}:
        far = {"radius_km": FARTHEST_KM}
        return replace(
            case, newcomer=case.newcomer.model_copy(update=far), volunteer=case.volunteer.model_copy(update=far)
        )
    if rule in {"common_time", "minimum_score"}:
        return replace(case, policy=case.policy.model_copy(update={rule: type(getattr(case.policy, rule))()}))
    if rule == "history":
        return replace(case, apart=False)
    wishes: dict[str, dict[str, bool | None]] = {
        "wishes": {"partner_gender": None, "partner_age": None},
        "language": {"needs_common_language": False},
    }
    if rule in wishes:
        return replace(
            case,
            newcomer=case.newcomer.model_copy(update={"newcomer": newcomer.model_copy(update=wishes[rule])}),
        )
    offers: dict[str, dict[str, Level | bool]] = {
        "level": {"comfort": newcomer.french_oral},
        "their_wishes": {"same_gender_only": False},
    }
    return replace(
        case, volunteer=case.volunteer.model_copy(update={"volunteer": volunteer.model_copy(update=offers[rule])})
    )


def worth(pair: Pair, aside: Iterable[str], policy: Policy) -> Pair:
    """The pair with what it is really worth: who is not at ease with a level gets nothing for it."""
    if "level" not in aside:
        return pair
    reasons = tuple(
        each.model_copy(update={"value": 0}) if each.criterion is CriterionName.LEVEL else each for each in pair.reasons
    )
    score = sum(policy.weights.of(each.criterion) * each.value for each in reasons) // policy.weights.total
    return pair.model_copy(update={"reasons": reasons, "score": score})
