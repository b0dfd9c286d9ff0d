"""The roll of a pool: who waits and who has a free place, kept in memory as people, duos and questions change. No run looks at it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain, islice
from typing import Any

from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.domain.duo import Closing, Duo, Status


@dataclass(frozen=True, slots=True)
class Member:
    """What the roll needs to know of a participant."""

    id: str
    version: int
    status: ParticipantStatus
    roles: tuple[str, ...]
    since: datetime | None
    """Since when they wait for a partner, where they told it as a newcomer."""
    level: Level | None
    """Of spoken French, as a newcomer."""
    places: int | None
    """As a volunteer."""
    partner: str | None
    """Whom they named as their partner when they were imported."""

    @property
    def active(self) -> bool:
        """Whether they take part at present."""
        return self.status is ParticipantStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Tie:
    """What the roll needs to know of a duo."""

    id: str
    newcomer: str
    volunteer: str
    status: Status
    held: bool
    barred: bool
    imported: bool
    decides: bool
    """Whether it says who goes first, should it be somebody's last."""
    innocent: tuple[Role, ...]
    confirmed_at: datetime | None
    ended_at: datetime | None
    ran: bool
    """Whether it was a duo once, and is over."""

    @classmethod
    def of(cls, duo: Duo) -> Tie:
        """What the roll keeps of a duo."""
        binding = duo.held or duo.barred or duo.closing is Closing.SILENCE or duo.away is not None
        return cls(
            id=duo.id,
            newcomer=duo.newcomer,
            volunteer=duo.volunteer,
            status=duo.status,
            held=duo.held,
            barred=duo.barred,
            imported=duo.origin is DuoOrigin.IMPORT,
            decides=binding and (duo.status is Status.ENDED or bool(duo.innocent or duo.silent)),
            innocent=duo.innocent,
            confirmed_at=duo.confirmed_at,
            ended_at=duo.ended_at,
            ran=duo.ran,
        )


class Kind(StrEnum):
    """How somebody waits."""

    WAITING = "waiting"
    EXPECTED = "expected"
    """The partner was named at import and is not here yet: nobody else is looked for."""
    QUESTIONED = "questioned"
    """They are asked whether they still want to take part."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an active person stands."""

    kind: Kind | None = None
    """None for who does not wait."""
    since: datetime | None = None
    goes_first: bool = False
    places: int | None = None
    """A volunteer's free places; none for who is no volunteer."""


AWAY = Standing()
MANY = 1000
"""Changes at once after which the row of who waits is sorted anew."""


class Roll:
    """Who waits, the longest first, and who has a free place: the same as `usecases.pool.look` finds, without reading everybody each time."""

    def __init__(self) -> None:
        self.counts: Counter[Status] = Counter()
        """How many duos stand how."""
        self.kinds: Counter[Kind] = Counter()
        """How many wait how."""
        self.active = 0
        """Everybody active, in a duo or not."""
        self.places = 0
        """Free places in all."""
        self.free: dict[str, int] = {}
        """Volunteers with a free place, and how many."""
        self._members: dict[str, Member] = {}
        self._ties: dict[str, Tie] = {}
        self._ties_of: dict[str, set[str]] = {}
        self._naming: dict[str, set[str]] = {}
        self._asked: dict[str, str] = {}
        self._open: set[str] = set()
        self._excluded: frozenset[str] = frozenset()
        self._standing: dict[str, Standing] = {}
        self._row: list[tuple[datetime, str]] = []
        self.notes: dict[Hashable, Any] = {}
        """What was made of the roll as it stands; a change puts another in its place, so that what comes too late is not read."""
        self.made_of: dict[str, tuple[int, Any]] = {}
        """What was made of people, each by itself, and of which version."""

    def change(
        self,
        *,
        members: Iterable[Member] = (),
        ties: Iterable[Tie] = (),
        asked: Iterable[tuple[str, str, bool]] = (),
        excluded: frozenset[str] | None = None,
    ) -> None:
        """Take in what changed: people, duos, last questions (id, participant, whether it is open), and who is excluded now."""
        touched = self._tied(ties) | self._told(members) | self._questioned(asked)
        if excluded is not None and excluded != self._excluded:
            touched |= excluded ^ self._excluded
            self._excluded = excluded
        touched |= {other for each in touched for other in self._naming.get(each, ())}
        if not touched:
            return
        self.notes = {}
        many = len(touched) > MANY
        for each in touched:
            self._settle(each, sort=not many)
        if many:
            self._row = sorted((one.since, each) for each, one in self._standing.items() if one.since is not None)

    @property
    def waiting(self) -> int:
        """How many wait for a partner, in whatever way."""
        return len(self._row)

    def row(self, start: int = 0, count: int | None = None) -> list[str]:
        """Who waits, the longest first: `count` of them from place `start` on, or all."""
        return [each for _, each in self._row[start : None if count is None else start + count]]

    def with_places(self, most: int) -> list[str]:
        """Volunteers with a free place, so many of them."""
        return list(islice(self.free, most))

    def volunteers(self, most: int) -> list[str]:
        """Volunteers, so many of them: first those with a free place."""
        taken = (each for each, one in self._standing.items() if one.places == 0)
        return list(islice(chain(self.free, taken), most))

    def standing(self, participant: str) -> Standing:
        """How somebody stands; as who is away, where they are not active."""
        return self._standing.get(participant, AWAY)

    def member(self, participant: str) -> Member | None:
        """What is known of somebody."""
        return self._members.get(participant)

    def barred_from(self, participant: str) -> set[str]:
        """Whom somebody may not meet for their history, or since the two are together now."""
        ties = [self._ties[each] for each in self._ties_of.get(participant, ())]
        both = {person for tie in ties if tie.held or tie.barred for person in (tie.newcomer, tie.volunteer)}
        return both - {participant}

    def ties(self) -> Iterable[Tie]:
        """All duos there are and were."""
        return self._ties.values()

    def _tied(self, ties: Iterable[Tie]) -> set[str]:
        touched: set[str] = set()
        for tie in ties:
            before = self._ties.get(tie.id)
            if before == tie:
                continue
            if before is not None:
                self.counts[before.status] -= 1
            self.counts[tie.status] += 1
            self._ties[tie.id] = tie
            for person in (tie.newcomer, tie.volunteer):
                self._ties_of.setdefault(person, set()).add(tie.id)
                touched.add(person)
        return touched

    def _told(self, members: Iterable[Member]) -> set[str]:
        touched: set[str] = set()
        for member in members:
            before = self._members.get(member.id)
            if before == member:
                continue
            if before is not None and before.partner:
                self._naming[before.partner].discard(member.id)
            if member.partner:
                self._naming.setdefault(member.partner, set()).add(member.id)
            self.active += member.active - (before is not None and before.active)
            self._members[member.id] = member
            self.made_of.pop(member.id, None)
            touched.add(member.id)
        return touched

    def _questioned(self, asked: Iterable[tuple[str, str, bool]]) -> set[str]:
        touched: set[str] = set()
        for question, participant, is_open in asked:
            if is_open == (question in self._asked):
                continue
            touched.add(participant)
            if is_open:
                self._asked[question] = participant
            else:
                del self._asked[question]
        if touched:
            self._open = set(self._asked.values())
        return touched

    def _settle(self, participant: str, *, sort: bool) -> None:
        before, now = self._standing.get(participant, AWAY), self._stands(participant)
        if before == now:
            return
        if before.kind is not None:
            self.kinds[before.kind] -= 1
        if now.kind is not None:
            self.kinds[now.kind] += 1
        if sort and before.since != now.since:
            if before.since is not None:
                del self._row[bisect_left(self._row, (before.since, participant))]
            if now.since is not None:
                insort(self._row, (now.since, participant))
        self.places += (now.places or 0) - (before.places or 0)
        if now.places:
            self.free[participant] = now.places
        else:
            self.free.pop(participant, None)
        if now == AWAY:
            self._standing.pop(participant, None)
        else:
            self._standing[participant] = now

    def _stands(self, participant: str) -> Standing:
        member = self._members.get(participant)
        if member is None or not member.active or participant in self._excluded:
            return AWAY
        ties = [self._ties[each] for each in self._ties_of.get(participant, ())]
        held = [tie for tie in ties if tie.held]
        expects, questioned = self._expects(member, ties), participant in self._open
        kind = Kind.EXPECTED if expects else Kind.QUESTIONED if questioned else Kind.WAITING
        seeks = member.since is not None and Role.NEWCOMER.value in member.roles
        waits = seeks and not any(tie.newcomer == participant for tie in held)
        places = None
        if member.places is not None and Role.VOLUNTEER.value in member.roles:
            used = sum(tie.volunteer == participant for tie in held) + expects
            places = 0 if questioned else max(0, member.places - used)
        return Standing(
            kind=kind if waits else None,
            since=_since(member, ties) if waits else None,
            goes_first=waits and _goes_first(participant, ties),
            places=places,
        )

    def _expects(self, member: Member, ties: list[Tie]) -> bool:
        """Whether somebody has a running duo that cannot be shown yet, since the partner is not here or takes a break."""
        partner = member.partner
        if not partner or partner in self._excluded:
            return False
        if any(partner in {tie.newcomer, tie.volunteer} and (tie.held or tie.barred) for tie in ties):
            return False
        known = self._members.get(partner)
        return known is None or known.status is ParticipantStatus.PAUSED


def _since(member: Member, ties: list[Tie]) -> datetime | None:
    """Since when somebody waits: since they asked for a partner, or since their last duo was over."""
    ends = [tie.ended_at for tie in ties if tie.ran and tie.newcomer == member.id and tie.ended_at is not None]
    return max([member.since, *ends]) if member.since is not None else None


def _goes_first(participant: str, ties: list[Tie]) -> bool:
    """Whether their last proposal came to nothing without their fault."""
    over = [(tie.ended_at, tie) for tie in ties if tie.ended_at is not None and tie.decides]
    if not over:
        return False
    last = max(over, key=lambda each: each[0])[1]
    return (Role.NEWCOMER if last.newcomer == participant else Role.VOLUNTEER) in last.innocent
