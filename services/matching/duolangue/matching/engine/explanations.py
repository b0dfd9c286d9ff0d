"""Why a pair, why not: structured reasons from the arrays. The sentences are made elsewhere, in the reader's language."""

from __future__ import annotations

import numpy as np

from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.domain.reasons import Criterion, Parameter, Reason, common_ground
from duolangue.matching.domain.waiting import Options
from duolangue.matching.engine.pool import Flags, Numbers, Pool, Reals, Small
from duolangue.matching.engine.traits import UNKNOWN


def of_pair(
    pool: Pool, values: dict[CriterionName, Numbers], kilometres: Reals, row: int, column: int, offset: int = 0
) -> tuple[Criterion, ...]:
    """The value of each criterion for one pair, with what a sentence needs. The arrays begin with newcomer `offset`."""
    newcomer, volunteer = pool.newcomers.people[row], pool.volunteers.people[column]
    ground = common_ground(newcomer, volunteer)
    ages = int(pool.newcomers.age[row]), int(pool.volunteers.age[column])
    parameters: dict[CriterionName, dict[str, Parameter]] = {
        CriterionName.AGE: {"years": None if UNKNOWN in ages else abs(ages[0] - ages[1])},
        CriterionName.INTERESTS: {"interests": tuple(each.value for each in ground.interests)},
        CriterionName.LEVEL: {
            "level": newcomer.newcomer.french_oral.value if newcomer.newcomer else None,
            "comfort": volunteer.volunteer.comfort.value if volunteer.volunteer else None,
        },
        CriterionName.DISTANCE: {
            "tenths_km": round(float(kilometres[row - offset, column]) * 10),
            "from": newcomer.postcode,
            "to": volunteer.postcode,
        },
        CriterionName.AVAILABILITY: {
            "slots": ground.slots,
            "any_time": int(not (newcomer.availability and volunteer.availability)),
        },
        CriterionName.LANGUAGE: {"languages": ground.languages},
    }
    return tuple(
        Criterion(criterion=name, value=int(values[name][row - offset, column]), parameters=parameters[name])
        for name in CriterionName
    )


def of_waiting(pool: Pool, masks: dict[str, Flags], kilometres: Reals, row: int, offset: int = 0) -> Reason:
    """Why a newcomer has nobody: the constraints are peeled in their order until no volunteer is left.

    The arrays begin with newcomer `offset`; `masks` may hold more constraints than `ORDER`, which are peeled last.
    """
    left = np.ones(len(pool.volunteers.people), np.bool_)
    if not left.size:
        return Reason(code="no_volunteers")
    for name, mask in masks.items():
        remaining = left & mask[row - offset]
        if not remaining.any():
            return Reason(code=name, parameters=_parameters(pool, kilometres[row - offset], row, name, left))
        left = remaining
    return Reason(code="taken", parameters={"volunteers": int(left.sum())})


def of_options(capacity: Small, masks: dict[str, Flags], own: int) -> Options:
    """Which volunteers there are for a newcomer, and which single constraint most of them do not meet.

    `masks` are this newcomer's alone. Nobody counts as a volunteer for themselves: `own` is their number as one, or -1. A distance too far
    for either is one constraint.
    """
    others = np.arange(len(capacity)) != own
    met = {name: mask[0] for name, mask in masks.items()}
    met["too_far"] = met["too_far"] & met.pop("too_far_for_them")
    broken = sum((~mask for mask in met.values()), np.zeros(len(capacity), np.int64))
    possible = others & (broken == 0)
    blocked = {name: int((others & ~mask).sum()) for name, mask in met.items()}
    blocker = max(blocked, key=lambda name: blocked[name], default="")
    some = bool(blocker) and blocked[blocker] > 0
    return Options(
        volunteers=int(others.sum()),
        possible=int(possible.sum()),
        free=int((possible & (capacity > 0)).sum()),
        blocker=blocker if some else "",
        blocked=blocked[blocker] if some else 0,
        alone=int((others & ~met[blocker] & (broken == 1)).sum()) if some else 0,
    )


def _parameters(pool: Pool, kilometres: Reals, row: int, name: str, left: Flags) -> dict[str, Parameter]:
    """What the sentence on one constraint needs; `left` are the volunteers who met all constraints before it."""
    newcomer = pool.newcomers.people[row]
    profile = newcomer.newcomer
    assert profile is not None
    near: dict[str, Parameter] = {"volunteers": int(left.sum())}
    if name in {"too_far", "too_far_for_them"}:
        nearest = float(np.nanmin(np.where(left, kilometres, np.nan)))
        return {**near, "radius_km": int(pool.newcomers.radius_km[row]), "tenths_km": round(nearest * 10)}
    if name == "zone":
        return {**near, "own": int(pool.newcomers.zones[row] == 0)}
    if name == "no_place":
        return {**near, "own": int(pool.newcomers.place[row] == UNKNOWN)}
    if name == "level":
        return {**near, "level": profile.french_oral.value}
    if name == "wishes":
        age = profile.partner_age
        return {
            **near,
            "gender": profile.partner_gender.value if profile.partner_gender else None,
            "least": age.least if age else None,
            "most": age.most if age else None,
        }
    return near
