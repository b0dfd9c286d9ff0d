"""Nobody is recognised in a breakdown: an attacker who knows the rule, the total and all other cells cannot tell a hidden one."""

from __future__ import annotations

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from duolangue.sessions.domain.apart import rests
from duolangue.sessions.domain.suppression import LEAST, named, told

MOST = 9


def consistent(published: tuple[int | None, ...], total: int) -> list[tuple[int, ...]]:
    """Every breakdown of this total for which exactly this would have been published."""
    hidden = [place for place, cell in enumerate(published) if cell is None]
    rest = total - sum(cell for cell in published if cell is not None)
    found = []
    for values in product(range(rest + 1), repeat=max(0, len(hidden) - 1)):
        last = rest - sum(values)
        if not hidden or last < 0:
            continue
        guessed = dict(zip(hidden, (*values, last), strict=True))
        cells = [guessed[place] if cell is None else cell for place, cell in enumerate(published)]
        if tuple(told(dict(enumerate(cells))).values()) == published:
            found.append(tuple(cells))
    return found


def test_no_hidden_cell_of_up_to_four_categories_can_be_told_by_who_knows_the_rule() -> None:
    judged = 0
    for size in (2, 3):
        for cells in product(range(MOST), repeat=size):
            published = tuple(told(dict(enumerate(cells))).values())
            if not sum(cells) or None not in published:
                continue
            worlds = consistent(published, sum(cells))
            assert cells in worlds
            judged += 1
            for place, cell in enumerate(published):
                if cell is None:
                    assert len({world[place] for world in worlds}) > 1, (cells, published, worlds)
    assert judged > 500


@given(st.lists(st.integers(0, 40), min_size=2, max_size=9))
def test_a_hidden_small_cell_has_a_larger_one_to_change_places_with_or_all_are_hidden(cells: list[int]) -> None:
    published = told(dict(enumerate(cells)))
    hidden = [cells[place] for place, cell in published.items() if cell is None]
    assert all(cell is None or cell == 0 or cell >= LEAST for cell in published.values())
    if hidden and len(hidden) < len(cells):
        large = {count for count in hidden if count >= LEAST}
        assert len(large) == 1
        assert all(cell is None or cell == 0 or cell > max(large) for cell in published.values())


def test_a_breakdown_without_small_cells_is_told_whole() -> None:
    assert told({"A1": 5, "A2": 12}) == {"A1": 5, "A2": 12}


def test_empty_cells_are_told_unless_they_would_tell_where_the_few_are() -> None:
    assert told({"women": 60, "men": 0}) == {"women": 60, "men": 0}
    assert told({"women": 3, "men": 0}) == {"women": None, "men": None}


def test_a_small_cell_takes_the_next_larger_one_with_it_and_all_of_that_size() -> None:
    assert told({"A0": 2, "A1": 7, "A2": 7, "B1": 9}) == {"A0": None, "A1": None, "A2": None, "B1": 9}


def test_a_zone_hides_what_its_difference_from_the_whole_would_tell() -> None:
    zone, outside = {"f": 20, "m": 30, "other": 8}, {"f": 2, "m": 20, "other": 10}
    assert told(zone, [outside]) == {"f": None, "m": 30, "other": None}


def test_a_zone_hides_what_is_left_when_it_is_subtracted_together_with_another() -> None:
    lives = {"north": 20, "south": 20, "nowhere": 3}
    people = [(each, "f") for each, number in lives.items() for _ in range(number)]
    left = rests(people, frozenset({"north"}), [frozenset({"south"})])
    assert sorted(each["f"] for each in left) == [3, 23]
    assert told({"f": 20, "m": 0}, left) == {"f": None, "m": None}
    assert told({"f": 20, "m": 0}, rests(people, frozenset({"north"}), [])) == {"f": 20, "m": 0}, "23 are enough"


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("fmx")), max_size=80))
def test_of_reports_of_zones_no_sum_and_no_difference_tells_of_few(people: list[tuple[str, str]]) -> None:
    zones = {
        "a": frozenset("a"),
        "b": frozenset("b"),
        "cd": frozenset("cd"),
        "c": frozenset("c"),
        "abcd": frozenset("abcd"),
    }
    cells = {name: Counter(key for where, key in people if where in zone) for name, zone in zones.items()}
    shown: dict[str, dict[str, int | None]] = {
        name: told(
            {key: cells[name][key] for key in "fmx"},
            rests(people, zone, [zones[each] for each in zones if each != name]),
        )
        for name, zone in zones.items()
    }
    everybody = Counter(key for _, key in people)
    for parts in (("a",), ("b",), ("c",), ("cd",), ("a", "b"), ("a", "c"), ("a", "cd"), ("a", "b", "cd"), ("abcd",)):
        for key in "fmx":
            known = [shown[each][key] for each in parts]
            if None not in known:
                assert everybody[key] - sum(filter(None, known)) not in range(1, 5)
                inside = shown["abcd"][key]
                if inside is not None and parts != ("abcd",):
                    assert inside - sum(filter(None, known)) not in range(1, 5)


def test_municipalities_of_few_people_are_not_even_named() -> None:
    assert named({"Liège": 30, "Herstal": 6, "Visé": 1}) == {"Liège": 30}
    assert named({"Liège": 30, "Herstal": 6}) == {"Liège": 30, "Herstal": 6}
    assert named({"Liège": 30, "Herstal": 6}, unnamed={"Herstal"}) == {"Liège": 30}
