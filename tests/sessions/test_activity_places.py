"""Who gets a place: exactly as many as there are, in order, half for each side until the rule relaxes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from duolangue.contracts.facts.activities import CancelledBy, EnrolmentStatus
from duolangue.contracts.facts.registration import ParticipantLeft, ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import enrolment as life
from duolangue.sessions.domain.activity import NotOpen
from duolangue.sessions.domain.announcing import PlacesWrong, Plan
from duolangue.sessions.domain.offers import OfferOver
from duolangue.sessions.domain.seats import Held, Room, Waiting, next_offer
from duolangue.sessions.usecases import activities, activities_shown, enrolments

from .conftest import World
from .gatherings import SATURDAY, announced, enrols, offer_left, places, ports_of, takes_part, told
from .test_activity_pages import link

SIDES = st.lists(st.sampled_from(list(Role)), max_size=40)


@given(capacity=st.integers(1, 30), sides=SIDES, balanced=st.booleans())
def test_whoever_waits_gets_what_is_free_and_no_side_more_than_its_half(capacity, sides, balanced):
    room, held = Room(capacity, balanced), list[Held]()
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    queue = [Waiting(f"e{n:02}", side, begin + timedelta(minutes=n)) for n, side in enumerate(sides)]
    while found := next_offer(room, held, queue):
        place, first = found
        assert place.seat not in {each.place.seat for each in held}
        held.append(Held(place, first.side))
        queue.remove(first)
        assert not any(each.side is first.side and each.asked_at < first.asked_at for each in queue)
    assert len(held) <= capacity
    if balanced:
        most, sides_held = capacity // 2 + capacity % 2, [each.side for each in held]
        assert all(sides_held.count(side) <= most for side in Role)
        assert all(sides_held.count(each.side) >= capacity // 2 for each in queue), "a place of theirs was left empty"
    else:
        assert len(held) == min(capacity, len(sides))


class Hall(RuleBasedStateMachine):
    """A workshop whose capacity changes, whose rule relaxes and holds again, and whose people come and go."""

    @initialize(capacity=st.integers(1, 9))
    def opens(self, capacity: int) -> None:
        self.room, self.held = Room(capacity, True), list[Held]()

    @rule(capacity=st.integers(1, 12), balanced=st.booleans())
    def changes(self, capacity: int, balanced: bool) -> None:
        self.room = Room(max(capacity, len(self.held)), balanced)

    @rule(side=st.sampled_from(Role), which=st.integers(0, 20))
    def comes(self, side: Role, which: int) -> None:
        free, before = self.room.free(self.held, side), self.of(side)
        half = self.room.capacity - self.room.capacity // 2
        if free:
            place = free[which % len(free)]
            assert place.seat not in {each.place.seat for each in self.held}, "somebody's already"
            numbers = {each.place.side_seat for each in self.held if each.side is side} - {None}
            assert place.side_seat not in numbers, "somebody's of this side already"
            assert not self.room.balanced or before < half
            self.held.append(Held(place, side))
        else:
            assert len(self.held) >= self.room.capacity or (self.room.balanced and before >= half), "left empty"

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 20))
    def leaves(self, which: int) -> None:
        self.held.pop(which % len(self.held))

    def of(self, side: Role) -> int:
        return sum(each.side is side for each in self.held)

    @invariant()
    def nobody_too_many(self) -> None:
        assert len(self.held) <= self.room.capacity


TestHall = Hall.TestCase


async def test_two_hundred_at_once_get_exactly_the_places_there_are(world: World) -> None:
    await world.founded()
    people = [f"p{n:03}" for n in range(200)]
    await takes_part(world, *people[:100])
    await takes_part(world, *people[100:], role=Role.VOLUNTEER)
    activity = await announced(world, capacity=21, balanced=True)
    got = await asyncio.gather(*(enrols(world, activity, each) for each in people))

    confirmed = [each for each in got if each.status is EnrolmentStatus.CONFIRMED]
    kept = await ports_of(world).enrolments.of_activity(activity.id)
    held = [each for each in kept if each.held]
    assert sorted(each.seat for each in held) == list(range(1, 22))
    assert {each.participant for each in held} >= {each.participant for each in confirmed}
    newcomers = sum(each.side is Role.NEWCOMER for each in held)
    assert newcomers in {10, 11}
    assert len(kept) == 200
    waiting = [each for each in kept if not each.held]
    assert {each.status for each in waiting} == {EnrolmentStatus.WAITING}
    facts = await told(world, "enrolment.confirmed", "enrolment.offered")
    assert len({each.subject for each in facts}) == 21


@pytest.mark.parametrize("later", range(0, 60, 12))
async def test_however_a_room_is_made_smaller_while_forty_enrol_no_more_have_a_place_than_there_are(
    world: World, later: int
) -> None:
    await world.founded()
    people = [f"p{n:02}" for n in range(40)]
    await takes_part(world, *people)
    hall, ports = await announced(world, capacity=20), ports_of(world)

    async def smaller() -> None:
        await asyncio.sleep(later / 1000)
        with suppress(PlacesWrong):
            await activities.change(hall.id, Plan(hall.title, hall.text, hall.meetings, capacity=10), "c-1", ports)

    await asyncio.gather(smaller(), *(enrols(world, hall, each) for each in people))
    await world.service.sweeper.sweep()
    known = await ports.activities.get(hall.id)
    assert len(await ports.enrolments.held(hall.id)) == known.capacity


async def test_the_rule_relaxes_an_hour_before_at_the_latest(world: World) -> None:
    await world.founded()
    hall = await announced(world, capacity=4, balanced=True, relax_hours=0)
    assert hall.starts_at is not None
    assert hall.relaxes_at == hall.starts_at - timedelta(hours=1)


async def test_one_click_twice_even_at_once_takes_one_place(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    activity = await announced(world, capacity=5)
    await asyncio.gather(*(enrols(world, activity, "ali") for _ in range(10)))
    assert await places(world, activity) == {"ali": "confirmed"}
    assert len(await told(world, "enrolment.confirmed")) == 1


async def test_a_freed_place_goes_to_the_side_that_lacks_people_and_whoever_asked_first(world: World) -> None:
    await world.founded()
    await takes_part(world, "n1", "n2", "n3", "n4")
    await takes_part(world, "v1", "v2", "v3", role=Role.VOLUNTEER)
    activity = await announced(world, capacity=4, balanced=True)
    for each in ("n1", "n2", "n3", "n4", "v1", "v2", "v3"):
        world.clock.moment += timedelta(minutes=1)
        await enrols(world, activity, each)
    assert await places(world, activity) == {
        "n1": "confirmed", "n2": "confirmed", "n3": "waiting", "n4": "waiting",
        "v1": "confirmed", "v2": "confirmed", "v3": "waiting",
    }  # fmt: skip
    mine = (await enrolments.own_in(activity.id, "n2", ports_of(world))).id
    await enrolments.give_up(mine, CancelledBy.PARTICIPANT, ports_of(world))
    standing = await places(world, activity)
    assert (standing["n2"], standing["n3"], standing["n4"], standing["v3"]) == (
        "cancelled",
        "offered",
        "waiting",
        "waiting",
    )


async def test_a_crash_between_giving_up_and_handing_on_is_made_good(world: World) -> None:
    await world.founded()
    await takes_part(world, "one", "two")
    activity = await announced(world, capacity=1)
    first = await enrols(world, activity, "one")
    await enrols(world, activity, "two")
    now = world.clock.now()
    await ports_of(world).enrolments.update(first.id, lambda known: life.cancel(known, CancelledBy.PARTICIPANT, now))
    assert (await places(world, activity))["two"] == "waiting"
    await world.service.sweeper.sweep()
    assert (await places(world, activity))["two"] == "offered"


async def test_an_offer_ends_a_day_after_it_was_really_sent_and_goes_to_the_next(world: World) -> None:
    await world.founded()
    await takes_part(world, "one", "two", "three")
    activity = await announced(world, capacity=1)
    first = await enrols(world, activity, "one")
    for each in ("two", "three"):
        world.clock.moment += timedelta(minutes=1)
        await enrols(world, activity, each)
    await enrolments.give_up(first.id, CancelledBy.PARTICIPANT, ports_of(world))
    second = await enrolments.own_in(activity.id, "two", ports_of(world))
    await world.time_passes(days=3)
    assert (await places(world, activity))["two"] == "offered", "nobody was asked yet: silence means nothing"
    await offer_left(world, second)
    await world.time_passes(hours=23)
    assert (await places(world, activity))["two"] == "offered"
    await world.time_passes(hours=1)
    assert await places(world, activity) == {"one": "cancelled", "two": "lapsed", "three": "offered"}
    with pytest.raises(OfferOver):
        await enrolments.accept(second.id, ports_of(world))
    third = await enrols(world, activity, "three")
    assert third.status is EnrolmentStatus.CONFIRMED
    assert [each.type.split(".")[-2] for each in await told(world) if each.subject == third.id] == [
        "waitlisted", "offered", "confirmed",
    ]  # fmt: skip


async def test_the_balance_relaxes_two_days_before_so_that_no_place_stays_empty(world: World) -> None:
    await world.founded()
    await takes_part(world, "n1", "n2", "n3")
    activity = await announced(world, capacity=4, balanced=True)
    for each in ("n1", "n2", "n3"):
        await enrols(world, activity, each)
    assert (await places(world, activity))["n3"] == "waiting"
    world.clock.moment = SATURDAY.starts_at(activity.zone) - timedelta(hours=48, minutes=1)
    await world.time_passes(hours=0)
    assert (await places(world, activity))["n3"] == "waiting"
    await world.time_passes(minutes=1)
    assert (await places(world, activity))["n3"] == "offered"


async def test_half_and_half_holds_when_a_place_is_added_to_an_odd_number(world: World) -> None:
    await world.founded()
    await takes_part(world, "n0", "n1")
    await takes_part(world, "v0", "v1", "v2", role=Role.VOLUNTEER)
    workshop, ports = await announced(world, capacity=3, balanced=True), ports_of(world)
    for each in ("n0", "v0", "v1", "v2", "n1"):
        world.clock.moment += timedelta(minutes=1)
        await enrols(world, workshop, each)
    assert await places(world, workshop) == dict.fromkeys(("n0", "v0", "v1"), "confirmed") | dict.fromkeys(
        ("v2", "n1"), "waiting"
    )
    more = Plan(workshop.title, workshop.text, (SATURDAY,), capacity=4, balanced=True)
    await activities.change(workshop.id, more, "c-1", ports)
    standing = await places(world, workshop)
    assert (standing["n1"], standing["v2"]) == ("offered", "waiting"), "who asked first has two of four already"


async def test_half_and_half_holds_again_once_a_workshop_whose_rule_relaxed_is_moved_later(world: World) -> None:
    await world.founded()
    await takes_part(world, "n0", "n1", "n2", "n3")
    await takes_part(world, "v0", "v1", role=Role.VOLUNTEER)
    workshop, ports = await announced(world, capacity=4, balanced=True), ports_of(world)
    for each in ("n0", "n1", "v0"):
        await enrols(world, workshop, each)
    world.clock.moment = SATURDAY.starts_at(workshop.zone) - timedelta(hours=47)
    await world.time_passes(hours=0)
    await enrols(world, workshop, "n2")
    later = SATURDAY.model_copy(update={"day": SATURDAY.day + timedelta(days=14)})
    plan = Plan(workshop.title, workshop.text, (later,), capacity=4, balanced=True)
    await activities.change(workshop.id, plan, "c-1", ports)
    for each in ("n3", "v1"):
        world.clock.moment += timedelta(minutes=1)
        await enrols(world, workshop, each)
    mine = await enrolments.own_in(workshop.id, "n0", ports)
    await enrolments.give_up(mine.id, CancelledBy.PARTICIPANT, ports)
    standing = await places(world, workshop)
    assert (standing["n3"], standing["v1"]) == ("waiting", "offered")


async def test_a_local_who_comes_while_a_newcomer_waits_takes_a_place_of_the_locals(world: World) -> None:
    await world.founded()
    await takes_part(world, "n1", "n2")
    await takes_part(world, "v1", role=Role.VOLUNTEER)
    activity = await announced(world, capacity=2, balanced=True)
    assert (await enrols(world, activity, "n1")).status is EnrolmentStatus.CONFIRMED
    assert (await enrols(world, activity, "n2")).status is EnrolmentStatus.WAITING
    assert (await enrols(world, activity, "v1")).status is EnrolmentStatus.CONFIRMED


async def test_more_places_are_offered_fewer_take_nobodys_away(world: World) -> None:
    await world.founded()
    people = [f"p{n}" for n in range(6)]
    await takes_part(world, *people)
    activity = await announced(world, capacity=4)
    for each in people:
        world.clock.moment += timedelta(minutes=1)
        await enrols(world, activity, each)
    ports = ports_of(world)
    plan = Plan("Syrian cooking", "We cook mujaddara.", (SATURDAY,), capacity=5)
    await activities.change(activity.id, plan, "c-1", ports)
    assert list((await places(world, activity)).values()) == ["confirmed"] * 4 + ["offered", "waiting"]
    with pytest.raises(PlacesWrong):
        await activities.change(activity.id, Plan("Syrian cooking", "x", (SATURDAY,), capacity=4), "c-1", ports)
    for each in ("p0", "p1"):
        await enrolments.give_up(
            (await enrolments.own_in(activity.id, each, ports_of(world))).id, CancelledBy.PARTICIPANT, ports
        )
    await enrolments.give_up(
        (await enrolments.own_in(activity.id, "p5", ports_of(world))).id, CancelledBy.PARTICIPANT, ports
    )
    await activities.change(activity.id, Plan("Syrian cooking", "x", (SATURDAY,), capacity=3), "c-1", ports)
    held = await ports.enrolments.held(activity.id)
    assert sorted(each.place.seat for each in held) == [1, 2, 3]


async def test_it_is_open_until_it_begins_and_a_coordinator_lets_somebody_in_later(world: World) -> None:
    await world.founded()
    await takes_part(world, "one", "two")
    activity = await announced(world)
    world.clock.moment = SATURDAY.starts_at(activity.zone) + timedelta(minutes=10)
    with pytest.raises(NotOpen):
        await enrols(world, activity, "one")
    assert (await enrols(world, activity, "one", by="c-1")).status is EnrolmentStatus.CONFIRMED
    await world.time_passes(hours=2)
    with pytest.raises(NotOpen):
        await enrols(world, activity, "two", by="c-1")


async def test_whoever_leaves_the_association_gives_their_place_to_the_next(world: World) -> None:
    await world.founded()
    await takes_part(world, "one", "two")
    activity = await announced(world, capacity=1)
    for each in ("one", "two"):
        await enrols(world, activity, each)
    await world.hear(ParticipantLeft(status=ParticipantStatus.LEFT, roles=[Role.NEWCOMER]), "one", 2)
    assert await places(world, activity) == {"one": "cancelled", "two": "offered"}
    with pytest.raises(enrolments.NotTakingPart):
        await enrols(world, activity, "one")


async def test_what_is_said_to_be_free_is_what_somebody_of_that_side_would_get(world: World) -> None:
    await world.founded()
    await takes_part(world, "n1", "n2", "n3", "n4")
    await takes_part(world, "v1", role=Role.VOLUNTEER)
    workshop, ports = await announced(world, capacity=4, balanced=True), ports_of(world)
    for each in ("n1", "n2", "n3"):
        await enrols(world, workshop, each)
    listed = await activities_shown.listed(workshop.id, ports)
    assert [listed.free_for(side) for side in (Role.NEWCOMER, Role.VOLUNTEER)] == [0, 2]
    own = f"{link(world, 'n4')}/activities/{workshop.id}"
    assert "All places are taken." in (await world.client.get(own)).text
    assert "full: you can wait" in (await world.client.get(link(world, "n4"))).text
    other = f"{link(world, 'v1')}/activities/{workshop.id}"
    assert "2 places are free" in (await world.client.get(other)).text


@pytest.mark.parametrize(("days", "kept"), [(7, timedelta(hours=24)), (-17, timedelta(hours=2))])
async def test_an_offer_is_kept_as_long_as_before_when_the_workshop_moves_and_no_longer_than_it_begins(
    world: World, days: int, kept: timedelta
) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    ports = ports_of(world)
    workshop = await announced(world, capacity=1)
    first, waiting = await enrols(world, workshop, "ali"), await enrols(world, workshop, "bea")
    world.clock.moment = world.clock.moment.replace(hour=11, minute=0)
    await enrolments.give_up(first.id, CancelledBy.PARTICIPANT, ports)
    await offer_left(world, waiting)
    moved = SATURDAY.model_copy(update={"day": SATURDAY.day + timedelta(days=days)})
    values = {"title": workshop.title, "text": workshop.text, "capacity": 1}
    await activities.change(workshop.id, Plan(**values, meetings=[moved]), "c-1", ports)
    known = await ports.enrolments.get(waiting.id)
    assert known.kept_until == known.due_at == world.clock.moment + kept
    (moved,) = await told(world, "enrolment.moved")
    assert datetime.fromisoformat(moved.data["kept_until"]) == known.kept_until


async def test_an_offer_is_never_cut_short_by_a_form_that_changes_the_place_and_the_hours(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    ports = ports_of(world)
    workshop = await announced(world, capacity=1, offer_hours=72)
    first, waiting = await enrols(world, workshop, "ali"), await enrols(world, workshop, "bea")
    await enrolments.give_up(first.id, CancelledBy.PARTICIPANT, ports)
    await offer_left(world, waiting)
    sent = world.clock.moment
    world.clock.moment += timedelta(hours=30)
    elsewhere = SATURDAY.model_copy(update={"place": "Outremeuse"})
    plan = Plan(workshop.title, workshop.text, (elsewhere,), capacity=1, offer_hours=24)
    await activities.change(workshop.id, plan, "c-1", ports)
    assert (await ports.enrolments.get(waiting.id)).kept_until == sent + timedelta(hours=72)
