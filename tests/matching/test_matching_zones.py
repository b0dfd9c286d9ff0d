"""Zones: duos stay within one, whatever the distance; without zones distance alone decides."""

from __future__ import annotations

import pytest

from duolangue.chassis.places.zones import containing
from duolangue.contracts.facts.registration import AssociationUpdated, PostcodeRange, Zone
from duolangue.matching.domain.people import Association
from duolangue.matching.sentences import Sentences
from tests.matching.test_matching_engine import (
    ARLON,
    BRUSSELS,
    LIEGE,
    SERAING,
    newcomer,
    pairs,
    reason,
    run,
    volunteer,
)

AROUND_LIEGE = Zone(name="Liège", ranges=[PostcodeRange(first="4000", last="4032")], centre="4000", radius_km=12)
THE_CAPITAL = Zone(name="Brussels", ranges=[PostcodeRange(first="1000", last="1210")])
ZONES = (AROUND_LIEGE, THE_CAPITAL)


def test_a_zone_holds_its_ranges_and_what_lies_around_its_centre() -> None:
    assert containing(LIEGE, ZONES) == {0}
    assert containing(SERAING, ZONES) == {0}, "near enough to the centre"
    assert containing(BRUSSELS, ZONES) == {1}
    assert containing(ARLON, ZONES) == frozenset()
    assert containing(None, ZONES) == frozenset()
    assert containing(LIEGE, [AROUND_LIEGE, Zone(centre="4100", radius_km=10)]) == {0, 1}, "zones may overlap"


def test_two_in_one_zone_are_paired_and_two_in_two_zones_are_not_however_far_they_would_go() -> None:
    here, there = newcomer("here", postcode=SERAING, radius_km=300), newcomer("there", postcode=BRUSSELS, radius_km=300)
    found = run([here, there], [volunteer("v", radius_km=300, offers={"places": 2})], zones=ZONES)
    assert pairs(found) == {("here", "v")}
    assert reason(found, "there").code == "zone"
    everywhere = run([here, there], [volunteer("v", radius_km=300, offers={"places": 2})])
    assert pairs(everywhere) == {("here", "v"), ("there", "v")}


def test_who_lives_in_no_zone_gets_no_duo_and_is_told_apart_in_the_reasons() -> None:
    outside = newcomer("outside", postcode=ARLON, radius_km=300)
    alone = newcomer("alone", postcode=BRUSSELS, radius_km=300)
    found = run(
        [outside, alone], [volunteer("v", postcode=ARLON, radius_km=300), volunteer("w", radius_km=300)], zones=ZONES
    )
    assert not found.pairs
    sentences = Sentences("en")
    assert sentences.of_waiting(reason(found, "outside")) == "lives in none of the zones"
    assert sentences.of_waiting(reason(found, "alone")) == "no volunteer lives in the same zone"


@pytest.mark.parametrize("zones", [[], [AROUND_LIEGE.model_dump()]])
def test_the_zones_come_with_the_associations_facts(zones: list[dict]) -> None:
    fact = AssociationUpdated.model_validate({"name": "Interra", "language": "fr", "zones": zones})
    assert [zone.model_dump() for zone in Association.of("interra", fact).zones] == zones
