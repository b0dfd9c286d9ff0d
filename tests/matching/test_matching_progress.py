"""How far a computation is: told as it goes, never backwards, and not so often that telling takes longer than computing."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import assignment, compute, progress
from duolangue.matching.wire_format import HEADER, Mark
from duolangue.matching.worker import telling

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def town(newcomers: int, volunteers: int) -> compute.Question:
    def person(name: str, role: Role, **told) -> Person:
        return Person(id=name, status=ParticipantStatus.ACTIVE, roles=(role,), postcode="4000", birth_year=1990, **told)

    waits = [NewcomerProfile(french_oral=Level.A1, waiting_since=NOW - timedelta(days=day)) for day in range(newcomers)]
    return compute.Question(
        newcomers=[person(f"n{day}", Role.NEWCOMER, newcomer=told) for day, told in enumerate(waits)],
        volunteers=[person(f"v{number}", Role.VOLUNTEER, volunteer=VolunteerProfile()) for number in range(volunteers)],
        capacity={f"v{number}": 1 for number in range(volunteers)},
        apart=set(),
        association=Association(id="a"),
        policy=Policy(),
        now=NOW,
    )


@pytest.mark.parametrize(("newcomers", "volunteers"), [(0, 0), (0, 2), (5, 0), (5, 3), (300, 270)])
def test_a_run_tells_how_far_it_is_and_never_goes_back(newcomers, volunteers):
    told: list[int] = []
    compute.plan(town(newcomers, volunteers), told.append)
    assert told == sorted(set(told))
    assert told[0] < 10
    assert newcomers == 0 or told[-1] == (100 if newcomers > volunteers else 80)
    if newcomers * volunteers > assignment.SMALL:
        assert sum(10 < share < 60 for share in told) >= 2, "while it is solved, too"


def test_a_proof_is_nearer_the_fewer_pairs_a_look_finds():
    shares = [progress.closing_in(added, 1_000_000) for added in (1_000_000, 100_000, 1_000, 10, 0)]
    assert shares == sorted(set(shares))
    assert (shares[0], shares[-1]) == (0, 100)


def test_telling_writes_frames_and_spares_them_where_it_is_soon_done():
    out = io.BytesIO()
    tell = telling(out, every=0.0)
    tell(7)
    mark, size = HEADER.unpack(out.getvalue()[: HEADER.size])
    assert (Mark(mark), out.getvalue()[HEADER.size :], size) == (Mark.SHARE, b"7", 1)
    rarely = io.BytesIO()
    tell = telling(rarely, every=3600.0)
    for share in range(100):
        tell(share)
    assert rarely.getvalue() == b""
