"""Reports of everybody and of zones held against each other: what one hides, no other gives away."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from duolangue.chassis import places
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.counted import Counted, Told, municipality
from duolangue.sessions.domain.figures import By
from duolangue.sessions.domain.impact import impact
from duolangue.sessions.domain.material import Material, Visit
from duolangue.sessions.domain.period import Period
from duolangue.sessions.domain.suppression import LEAST


def town(people: dict[tuple[str, str], int]) -> Material:
    """Newcomers by municipality and level, each of whom came to an outing."""
    known, visits = {}, []
    for (where, level), number in people.items():
        for each in range(number):
            key = f"{where}-{level}-{each}"
            told = Told(month="2026-01", active=True, roles=(Role.NEWCOMER,), level=level, municipality=where)
            known[key] = Counted(id=key, key=key, heard=1, joined="2026-01", history=(told,))
            visits.append(Visit(key, Role.NEWCOMER, ActivityKind.OUTING, 1, 60))
    return Material(people=known, duos={}, visits=visits)


YEAR = Period("2026-01", "2026-12")


def shown_in(material: Material, by: By, zone: frozenset[str] | None, *others: frozenset[str]) -> dict[str, int | None]:
    report = impact(material, YEAR, "", zone, others)
    found = next(each for each in report.breakdowns if (each.side, each.by) == (Role.NEWCOMER, by))
    return {each.category: each.people for each in found.cells if each.people != 0}


def test_what_everybodys_report_hides_a_zones_report_does_not_give_away() -> None:
    zone = frozenset({"4000"})
    people = town({
        ("4000", "A0"): 3, ("4000", "A1"): 8, ("4000", "A2"): 5, ("4000", "B1"): 20, ("5000", "A2"): 25, ("5000", "B1"): 30,
    })  # fmt: skip
    assert shown_in(people, By.LEVEL, None, zone) == {"A0": None, "A1": None, "A2": 30, "B1": 50}
    assert shown_in(people, By.LEVEL, zone) == {"A0": None, "A1": None, "A2": None, "B1": 20}, "8 would tell of the 3"


def test_a_municipality_of_few_is_not_told_by_what_a_zone_has_in_all() -> None:
    near = [municipality(each) for each in ("4000", "4040", "4100")]
    people = town({(near[0], "A1"): 20, (near[1], "A1"): 9, (near[2], "A1"): 3, (municipality("5000"), "A1"): 5})
    zone = frozenset(near)
    everybody, zoned = (shown_in(people, By.MUNICIPALITY, *each) for each in ((None, zone), (zone,)))
    assert set(everybody.values()) == {20}, "the zone has 32 people: 9 would tell of the 3"
    assert set(zoned.values()) == {20}


@given(st.dictionaries(st.tuples(st.sampled_from(["4000", "4040", "4100", "5000"]), st.just("A1")), st.integers(1, 12)))
def test_of_nobody_unnamed_are_few_left_beside_the_named_in_a_zone_or_outside_it(
    people: dict[tuple[str, str], int],
) -> None:
    homes = {municipality(each): each for each in ("4000", "4040", "4100", "5000")}
    counts = Counter({municipality(where): number for (where, _), number in people.items()})
    material, zone = (
        town({(municipality(where), level): number for (where, level), number in people.items()}),
        frozenset(list(homes)[:2]),
    )
    names = {places.find(each).municipality: each for each in homes}  # type: ignore[union-attr]
    everybody = {names[key] for key in shown_in(material, By.MUNICIPALITY, None, zone)}
    zoned = {names[key] for key in shown_in(material, By.MUNICIPALITY, zone)}
    assert zoned <= everybody
    for side in (zone, frozenset(homes) - zone):
        named_there = sum(counts[each] for each in everybody & side)
        left = sum(counts[each] for each in side) - named_there
        assert not (named_there and 0 < left < LEAST)
