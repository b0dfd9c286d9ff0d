"""Which interests are asked for and kept. Some words of the published language would tell of what nobody shall be asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema

from duolangue.contracts.vocabulary import Interest
from duolangue.registration.domain.invalid import Invalid

NEVER_KEPT: Final = frozenset({Interest.HEALTH, Interest.POLITICS, Interest.RELIGION})
ASKED: Final = tuple(each for each in Interest if each not in NEVER_KEPT)


def kept(told: list[Interest]) -> list[Interest]:
    """Those that are kept, once each, in the order they came; the others are left out wherever they come from."""
    return [each for each in dict.fromkeys(told) if each not in NEVER_KEPT]


def left_out(told: Iterable[Interest]) -> Invalid | None:
    """What to remark where somebody brought an interest that is not kept."""
    if NEVER_KEPT.isdisjoint(told):
        return None
    return Invalid(
        "interest_not_kept", "Nothing is kept of health, politics or religion: this interest was left out.", field="interests"
    )  # fmt: skip


AskedInterest = Annotated[Interest, WithJsonSchema({"type": "string", "enum": [each.value for each in ASKED]})]
Interests = Annotated[list[AskedInterest], AfterValidator(kept)]
