"""Messages about French courses: homework that is set and given back, absences in three degrees; each once, as long as somebody has a place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from duolangue.contracts.facts.activities import (
    ActivityDone,
    ActivityKind,
    ActivityStatus,
    CancelledBy,
    EnrolmentCancelled,
    EnrolmentConfirmed,
    EnrolmentStatus,
    MeetingTime,
)
from duolangue.contracts.facts.courses import AbsenceNoticed, Degree, HomeworkReturned, HomeworkSet
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import ActivityTold
from duolangue.contracts.vocabulary import Role
from duolangue.notifications.usecases.gatherings import PlaceUnknown

from .test_gatherings import text

NOW = datetime(2026, 12, 1, 13, tzinfo=UTC)


def place(kind=EnrolmentConfirmed, status=EnrolmentStatus.CONFIRMED, **more):
    values = {"activity": "g1", "kind": ActivityKind.COURSE, "participant": "amina", "side": Role.NEWCOMER}
    return kind(**values, status=status, **more)


def homework(kind=HomeworkSet, **more):
    return kind(activity="g1", lesson="l1", participant="amina", enrolment="e1", **more)


def absence(degree):
    return AbsenceNoticed(activity="g1", participant="amina", degree=degree, missed=2, counted=4)


@pytest.fixture
async def enrolled(world):
    await world.pair()
    world.programme.told["g1"] = ActivityTold(
        kind=ActivityKind.COURSE, title="FLE 1", timezone="Europe/Brussels", meetings=[], offer_hours=24
    )
    await world.hear(place(), "e1", version=1)
    await world.deliver()
    world.post.mails.clear()
    return world


async def told(world):
    await world.deliver()
    return [text(mail) for mail in world.post.mails]


async def test_homework_is_told_with_a_link_to_the_course_and_once(enrolled):
    for _ in range(2):
        await enrolled.hear(homework(), "h1", version=1, event_id="one")
    (mail,) = await told(enrolled)
    assert "à regarder et à faire à la maison" in mail
    assert f"{Purpose.OWN_ACTIVITIES.path}/" in mail
    assert "/courses/g1" in mail


async def test_a_correction_is_told_without_its_words(enrolled):
    await enrolled.hear(homework(HomeworkReturned, at=NOW), "h1", version=3)
    (mail,) = await told(enrolled)
    assert "a regardé votre devoir" in mail


@pytest.mark.parametrize(
    ("degree", "words"),
    [
        (Degree.FRIENDLY, "Vous nous manquez"),
        (Degree.SERIOUS, "D’autres personnes attendent"),
        (Degree.LAST, "notre dernier rappel"),
    ],
)
async def test_absences_are_told_in_words_that_grow_serious(enrolled, degree, words):
    await enrolled.hear(absence(degree), "e1", version=1)
    (mail,) = await told(enrolled)
    assert words in mail


async def test_who_has_no_place_any_more_is_told_nothing_of_it(enrolled):
    await enrolled.hear(
        place(EnrolmentCancelled, EnrolmentStatus.CANCELLED, cancelled_by=CancelledBy.PARTICIPANT), "e1", version=2
    )
    await enrolled.hear(absence(Degree.FRIENDLY), "e1", version=1)
    assert await told(enrolled) == []


async def test_homework_that_overtakes_the_place_itself_is_tried_again(world):
    await world.pair()
    with pytest.raises(PlaceUnknown):
        await world.hear(homework(), "h1", version=1)


async def test_what_a_teacher_answers_after_the_last_class_arrives_and_old_answers_do_not(enrolled):
    over = ActivityDone(
        kind=ActivityKind.COURSE, status=ActivityStatus.DONE, host="paul", capacity=8,
        meetings=[MeetingTime(starts_at=enrolled.clock.now() - timedelta(days=3), minutes=60)],
    )  # fmt: skip
    await enrolled.hear(over, "g1", version=1)
    await enrolled.hear(homework(HomeworkReturned, at=NOW), "h1", version=1)
    assert len(await told(enrolled)) == 1
