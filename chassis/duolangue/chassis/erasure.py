"""A service's part of an erasure: what it keeps is reduced, then it says so, once. The id of what is kept here is the participant's."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict

from duolangue.chassis.clock import Clock
from duolangue.chassis.decision import Change
from duolangue.chassis.store import Aggregates, Taken
from duolangue.chassis.store.kinds import AggregateKind
from duolangue.contracts.envelope import Fact
from duolangue.contracts.vocabulary import EntityId


class Erased(BaseModel):
    """That somebody was erased here."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    erased_at: AwareDatetime


class ErasedFact(Protocol):
    """The class of a service's fact that its part is done."""

    def __call__(self, *, erased_at: datetime) -> Fact:
        """The fact."""
        ...


def erasures(fact: ErasedFact) -> AggregateKind[Erased]:
    """The collection in which a service remembers whom it erased; told again by `republish` with its own fact."""
    return AggregateKind("erasures", Erased, snapshot=lambda erased, _: fact(erased_at=erased.erased_at))


async def tell_erased(
    participant: str, fact: ErasedFact, kept: Aggregates[Erased], clock: Clock, *, again: bool = False
) -> None:
    """Say that this service's part is done. Called anew it says nothing more, unless the question itself was told `again`."""
    erased = Erased(id=participant, erased_at=clock.now())
    told = fact(erased_at=erased.erased_at)
    try:
        await kept.add(erased, told)
    except Taken:
        if again:
            await kept.update(participant, lambda known: Change(known, (fact(erased_at=known.erased_at),)))
