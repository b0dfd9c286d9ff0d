"""What an association decides about its matching: kept with who decided it, refused where it cannot be meant, tried out before it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.registration import AssociationUpdated
from duolangue.matching.domain import policy_form
from duolangue.matching.domain.policy import AskOrder, Policy, Weights
from duolangue.matching.domain.schedule import Schedule, next_run
from tests.matching.conftest import World

NOTHING = dict.fromkeys(Weights.model_fields, 0)
MONDAY_AT_SIX = {"days": [1], "hour": 6, "minute": 0, "every_weeks": 1}


async def put(world: World, policy: dict[str, object], status: int = 200, **more: object) -> dict[str, object]:
    answer = await world.client.put(
        "/duos/api/policy", json={"policy": policy, **more}, headers=world.token(Access.ADMINISTER)
    )
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def test_a_change_is_kept_with_who_decided_it_and_a_second_pair_of_hands_does_not_overwrite_it(world: World):
    assert (await world.get("/duos/api/policy"))["number"] == 0
    kept = await put(world, {"tiers": [60, 20], "ask_order": "together"}, expected=0)
    assert (kept["number"], kept["policy"]) == (
        1,
        Policy(tiers=(60, 20), ask_order=AskOrder.TOGETHER).model_dump(mode="json"),
    )
    assert [(each["by"], each["fields"]) for each in kept["changes"]] == [("c-1", ["tiers", "ask_order"])]  # type: ignore[attr-defined]
    refused = await put(world, {"tiers": [10]}, 409, expected=0)
    assert refused["type"] == "urn:duolangue:problem:outdated"
    again = await put(world, {"tiers": [60, 20], "ask_order": "together"})
    assert again["number"] == 1
    forbidden = await world.client.put("/duos/api/policy", json={"policy": {}}, headers=world.token())
    assert forbidden.status_code == 403


@pytest.mark.parametrize(
    ("policy", "field", "sentence"),
    [
        ({"weights": NOTHING}, "policy.weights", "At least one weight must be more than nothing."),
        ({"weights": {"age": -1}}, "policy.weights.age", "greater than or equal to 0"),
        ({"tiers": [30, 90]}, "policy.tiers", "Each tier needs fewer days"),
        ({"tiers": [-1]}, "policy.tiers", "from 1 to 3650 days"),
        ({"minimum_score": -1}, "policy.minimum_score", "greater than or equal to 0"),
        ({"reminder_days": 5, "expiry_days": 5}, "policy", "before the proposal is over"),
        ({"schedule": {"days": []}}, "policy.schedule.days", "at least one day"),
        ({"schedule": {"days": [1], "hour": 24}}, "policy.schedule.hour", "less than or equal to 23"),
        ({"radius": 3}, "policy.radius", "Extra inputs are not permitted"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_the_reason(world: World, policy, field, sentence):
    refused = await put(world, policy, 422)
    assert [(each["field"], sentence in each["message"]) for each in refused["errors"]] == [(field, True)]  # type: ignore[attr-defined]
    assert (await world.get("/duos/api/policy"))["number"] == 0


async def test_settings_that_forbid_everybody_are_refused_and_those_that_leave_somebody_are_not(world: World):
    await world.newcomer("ali", availability=["mon_morning"])
    await world.volunteer("bea", availability=["tue_evening"])
    refused = await put(world, {"minimum_score": 990_000}, 422)
    assert (refused["type"], refused["field"]) == ("urn:duolangue:problem:forbids_everybody", "minimum_score")
    refused = await put(world, {"common_time": True}, 422)
    assert (refused["type"], refused["field"]) == ("urn:duolangue:problem:forbids_everybody", "common_time")
    await world.volunteer("carl", availability=["mon_morning"])
    assert (await put(world, {"common_time": True, "minimum_score": 1}))["number"] == 1


async def test_nobody_is_forbidden_where_nobody_could_be_paired_anyway(world: World):
    await world.newcomer("ali")
    assert (await put(world, {"minimum_score": 990_000}))["number"] == 1


async def test_runs_happen_by_themselves_at_the_association_s_own_hour(world: World):
    world.clock.moment = datetime(2026, 11, 18, 10, tzinfo=UTC)  # a Wednesday
    await world.newcomer("ali")
    await world.volunteer("bea")
    kept = await put(world, {"schedule": MONDAY_AT_SIX})
    assert kept["next_run_at"] == "2026-11-23T05:00:00Z"
    athens = AssociationUpdated(name="Interra", language="fr", timezone="Europe/Athens")
    await world.hear(athens, world.association, 2)
    assert (await world.get("/duos/api/policy"))["next_run_at"] == "2026-11-23T04:00:00Z"
    await world.time_passes(days=4, hours=17, minutes=59)
    assert (await world.get("/duos/api/runs"))["runs"] == []
    await world.time_passes(minutes=1)
    await world.time_passes()
    (run,) = (await world.get("/duos/api/runs"))["runs"]
    assert (run["status"], run["requested_by"], run["figures"]["pairs"]) == ("done", "", 1)
    assert (await world.get("/duos/api/policy"))["next_run_at"] == "2026-11-30T04:00:00Z"
    await put(world, {"schedule": None})
    assert (await world.get("/duos/api/policy"))["next_run_at"] is None


async def test_what_was_missed_is_made_up_for_once(world: World):
    await put(world, {"schedule": {"days": [1, 2, 3, 4, 5, 6, 7], "hour": 6}})
    await world.time_passes(days=30)
    await world.time_passes()
    assert len((await world.get("/duos/api/runs"))["runs"]) == 1


@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.sets(st.integers(1, 7), min_size=1),
    st.integers(0, 23),
    st.integers(1, 4),
    st.sampled_from(["Europe/Brussels", "America/New_York", "Asia/Kabul", "UTC"]),
)
def test_the_next_run_is_later_on_one_of_the_days_at_the_hour_and_none_is_left_out(
    minutes, days, hour, weeks, timezone
):
    schedule = Schedule(days=tuple(days), hour=hour, every_weeks=weeks)
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)]
    for _ in range(5):
        found = next_run(schedule, moments[-1], timezone)
        assert found is not None
        moments.append(found)
    local = [moment.astimezone(ZoneInfo(timezone)) for moment in moments[1:]]
    assert {each.isoweekday() for each in local} <= days
    assert {each.hour for each in local} <= {hour, hour + 1}  # the hour that is left out in spring
    assert all(later - earlier <= timedelta(weeks=weeks, hours=2) for earlier, later in pairwise(moments))
    assert len({moment.date() for moment in local}) == len(local)


POLICIES = st.builds(
    Policy,
    weights=st.builds(Weights, age=st.integers(1, 100), language=st.integers(0, 100)),
    minimum_score=st.integers(0, 100).map(lambda hundredths: hundredths * 10_000),
    tiers=st.sets(st.integers(1, 3650), max_size=8).map(lambda days: tuple(sorted(days, reverse=True))),
    day_waited=st.sampled_from([0, 10_000, 1_000_000, 50_000]),
    common_time=st.booleans(),
    schedule=st.none()
    | st.builds(Schedule, days=st.sets(st.integers(1, 7), min_size=1).map(tuple), minute=st.integers(0, 59)),
    ask_order=st.sampled_from(AskOrder),
    reminder_days=st.integers(1, 3),
    expiry_days=st.integers(4, 60),
)


@given(POLICIES)
def test_the_form_says_what_the_policy_says(policy: Policy):
    shown = policy_form.of(policy)
    read = policy_form.read(shown.typed, shown.days)
    assert (read.policy, read.faults) == (policy, {})


@given(
    st.dictionaries(st.sampled_from(sorted(policy_form.of(Policy()).typed)), st.text(max_size=12)),
    st.lists(st.text(max_size=2)),
)
def test_whatever_is_typed_is_kept_or_told_what_is_wrong_with_it(typed, days):
    read = policy_form.read({**policy_form.of(Policy()).typed, **typed}, days)
    assert (read.policy is None) == bool(read.faults)


async def test_the_page_keeps_what_was_typed_says_what_is_wrong_and_tries_settings_out(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea")
    headers = world.token(Access.ADMINISTER)
    form = {**policy_form.of(Policy()).typed, "number": "0", "tiers": "14, 30", "expiry_days": "400", "rhythm": "on"}
    wrong = await world.client.post("/duos/settings", data=form, headers=headers)
    assert wrong.status_code == 422
    for sentence in (
        "Each tier needs fewer days",
        "A whole number from 2 to 60.",
        "Choose at least one day",
        'value="14, 30"',
    ):
        assert sentence in wrong.text, sentence
    right = {**form, "tiers": "30, 14", "expiry_days": "5", "days": ["1", "4"]}
    tried = await world.client.post("/duos/settings/try", data=right, headers=headers)
    assert tried.status_code == 303
    assert (await world.get("/duos/api/policy"))["number"] == 0
    await world.service.sweeper.sweep()
    shown = await world.client.get(tried.headers["location"], headers=headers)
    assert "Nothing was drafted and nobody was told." in shown.text
    assert "Ali" in shown.text
    for name in ("number", "time"):
        endless = await world.client.post(
            "/duos/settings", data={**form, name: "9" * 5000 + ":00"[: 3 * (name == "time")]}, headers=headers
        )
        assert (name, endless.status_code) == (name, 422), "more digits than a number may have here"
    kept = await world.client.post("/duos/settings", data=right, headers=headers)
    assert (kept.status_code, kept.headers["location"]) == (303, "/duos/settings?kept=true")
    policy = (await world.get("/duos/api/policy"))["policy"]
    assert (policy["tiers"], policy["expiry_days"], policy["schedule"]["days"]) == ([30, 14], 5, [1, 4])
    assert "who comes first" in (await world.client.get("/duos/settings", headers=headers)).text
