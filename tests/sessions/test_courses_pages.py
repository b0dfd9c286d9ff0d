"""Courses and lessons through their pages: on the desk, and by a participant's own link, without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.activities import CancelledBy, Presence
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Level
from duolangue.sessions.domain.homework import MOST_BYTES
from duolangue.sessions.usecases import courses, enrolments, homework, learners, lessons
from tests.worlds import says

from .classroom import came, group_of, speaks
from .conftest import World
from .gatherings import ports_of
from .photographs import LIEGE, PHOTO
from .test_lessons import opened

GROUP = {
    "title": "FLE 1, le soir", "level": "level-1", "capacity": "10", "place": "Rue de la Station 1", "link": "", "text": "",
    "first": "2026-11-23", "last": "2026-12-18", "weekday-0": "1", "begins-0": "18:30", "minutes-0": "120",
    "free-from-0": "2026-12-07", "free-to-0": "2026-12-13", "key": "form-1",
}  # fmt: skip


def mine(world: World, person: str, path: str = "", language: str = "en") -> str:
    token = world.signer.action_token(
        world.association, Purpose.OWN_ACTIVITIES, person, person, world.clock.now() + timedelta(days=30), language
    )
    return f"/sessions/mine/{token}{path}"


async def get(world: World, path: str, **more: Any) -> str:
    answer = await world.client.get(path, headers=world.desk(), **more)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[-600:])
    return answer.text


async def post(world: World, path: str, **more: Any) -> Any:
    return await world.client.post(path, headers=world.desk(), **more)


async def test_a_coordinator_makes_a_group_announces_it_and_enrols_somebody_with_their_needs(world: World) -> None:
    await world.founded()
    await speaks(world, "ali", Level.A0)
    assert "No group yet" in await get(world, "/sessions/courses")
    wrong = await post(world, "/sessions/courses/new", data={**GROUP, "last": "2026-11-01", "begins-0": "18h"})
    assert (wrong.status_code, "Please type an hour" in wrong.text) == (422, True)
    wrong = await post(world, "/sessions/courses/new", data={**GROUP, "last": "2026-11-01"})
    assert "The last day comes after the first one." in wrong.text
    assert 'value="FLE 1, le soir"' in wrong.text
    made = await post(world, "/sessions/courses/new", data=GROUP)
    assert made.status_code == 303
    page = made.headers["location"]
    shown = await get(world, page)
    assert "3 classes in all" in shown
    assert "1 left out for the holidays" in shown
    assert (await post(world, f"{page}/publish")).status_code == 303
    assert "FLE 1" in await get(world, "/sessions/learners")
    group = page.rsplit("/", 1)[1]
    enrolled = await post(
        world, "/sessions/learners/ali/enrol", data={"group": group, "chosen": ["childcare", "evenings"]}
    )
    assert enrolled.status_code == 303
    assert "childcare: 1" in await get(world, page)
    assert "cannot come in the daytime" not in await get(world, page), "all its classes are in the evening"
    edited = await post(world, f"{page}/edit", data={**GROUP, "begins-0": "09:00"})
    assert edited.status_code == 303
    assert "1 person cannot come in the daytime" in await get(world, "/sessions/courses")
    assert "09:00" in await get(world, f"{page}/edit")
    like = await get(world, f"/sessions/courses/new?like={group}")
    assert 'value="FLE 1, le soir"' in like
    assert "2026-12-18" not in like, "another term"


async def test_the_list_to_print_has_every_name_and_a_column_a_class(world: World) -> None:
    await world.founded()
    group = await group_of(world, "ali", "lan")
    shown = await get(world, f"/sessions/courses/{group}/list")
    assert shown.count('<th scope="col">') == 1 + 7
    assert "Ali &lt;b&gt;" in shown
    assert "signature" in shown


async def test_absences_and_a_level_reached_show_on_the_page_of_the_group(world: World) -> None:
    await world.founded()
    group = await group_of(world, "ali")
    for number, how in enumerate((Presence.PRESENT, Presence.ABSENT, Presence.ABSENT)):
        await came(world, group, number, ali=how)
    assert "2 of 3 classes missed" in await get(world, f"/sessions/courses/{group}")
    assert "reminded once" in await get(world, f"/sessions/courses/{group}"), (
        "two of three, and still the friendly one first"
    )
    assert (await post(world, f"/sessions/courses/{group}/people/ali/reached")).status_code == 303
    assert "level reached" in await get(world, f"/sessions/courses/{group}")
    assert "They came to the end of FLE 1." in await get(world, "/sessions/learners/ali")
    await post(world, f"/sessions/courses/{group}/people/ali/not-reached")
    assert "level reached" not in await get(world, f"/sessions/courses/{group}")


async def test_a_teachers_test_is_noted_and_taken_back(world: World) -> None:
    await world.founded()
    await speaks(world, "ali", Level.A2, Level.A0_CANNOT_READ)
    assert "speaks A2, writes A0, does not read. The lower of the two decides." in await get(
        world, "/sessions/learners/ali"
    )
    wrong = await post(world, "/sessions/learners/ali/test", data={"level": "level-3", "on": "2026-12-24"})
    assert (wrong.status_code, "This day is still to come." in wrong.text) == (422, True)
    await post(world, "/sessions/learners/ali/test", data={"level": "level-3", "on": "2026-11-17"})
    assert (await learners.seen("ali", ports_of(world))).placed.level.id == "level-3"
    await post(world, "/sessions/learners/ali/no-test")
    assert (await learners.seen("ali", ports_of(world))).placed.level.id == "level-1"


async def test_levels_and_degrees_are_set_by_an_administrator_alone(world: World) -> None:
    await world.founded()
    form = {
        "id-0": "level-1", "name-0": "Alpha", "oral-0": "A0_cannot_read", "written-0": "A0_cannot_read",
        "id-1": "level-2", "name-1": "Débutant", "oral-1": "A1", "written-1": "A0", "rate-0": "10", "rate-1": "20", "rate-2": "30", "after": "5",
    }  # fmt: skip
    refused = await world.client.post("/sessions/courses/settings", data=form, headers=world.desk())
    assert refused.status_code == 403
    admin = world.desk(Access.ADMINISTER)
    wrong = await world.client.post("/sessions/courses/settings", data={**form, "rate-1": "5"}, headers=admin)
    assert (wrong.status_code, "each higher than the one before" in wrong.text) == (422, True)
    assert [each.name for each in (await courses.settings(ports_of(world))).levels] == ["FLE 1", "FLE 2", "FLE 3"]
    assert (await world.client.post("/sessions/courses/settings", data=form, headers=admin)).status_code == 303
    kept = await courses.settings(ports_of(world))
    assert ([each.name for each in kept.levels], kept.thresholds.rates) == (["Alpha", "Débutant"], (10, 20, 30))


async def handed(world: World, person: str = "ali") -> tuple[str, str]:
    """A group with a lesson to watch; its id and the lesson's."""
    await world.founded()
    group = await group_of(world, person)
    told = {"title": "Au marché", "link": "https://example.org/v", "task": "Racontez.", "key": "form-1"}
    assert (await post(world, f"/sessions/courses/{group}/lessons", data=told)).status_code == 303
    (seen,) = await homework.of_group(group, ports_of(world))
    return group, seen.lesson.id


async def test_a_participant_hands_in_a_photo_by_their_link_and_reads_what_the_teacher_says(world: World) -> None:
    group, lesson = await handed(world)
    page = mine(world, "ali", f"/courses/{group}")
    shown = (await world.client.get(page)).text
    assert 'href="https://example.org/v" rel="noreferrer noopener"' in shown
    assert "<iframe" not in shown
    sent = await world.client.post(
        f"{page}/lessons/{lesson}", data={"key": "k1"}, files={"file": ("photo.jpg", PHOTO, "image/jpeg")}
    )
    assert sent.status_code == 303, sent.text
    file = re.search(
        rf'href="([^"]*/courses/{group}/lessons/{lesson}/parts/[^"]+)"', (await world.client.get(page)).text
    )
    assert file
    given = await world.client.get(file[1])
    assert LIEGE.encode() in PHOTO
    assert LIEGE.encode() not in given.content
    with Image.open(BytesIO(given.content)) as drawn:
        assert (drawn.format, drawn.size, len(drawn.getexif())) == ("JPEG", (20, 40), 0), (
            "upright, and nothing beside it"
        )
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in given.headers["content-security-policy"]
    (seen,) = await homework.of_group(group, ports_of(world))
    work = seen.homework[0].id
    assert "1 homework to correct" in await get(world, "/sessions/courses")
    assert "Ali" in await get(world, "/sessions/homework")
    empty = await post(world, f"/sessions/homework/{work}/give-back", data={"word": " "})
    assert (empty.status_code, "Write a word" in empty.text) == (422, True)
    unread = await post(world, f"/sessions/homework/{work}/give-back", data={"word": "Très <bien>", "seen": "another"})
    assert (unread.status_code, "Something more was handed in meanwhile" in unread.text) == (422, True)
    shown = re.search(r'name="seen" value="([^"]+)"', unread.text)
    assert shown
    assert "Très &lt;bien&gt;" in unread.text
    await post(world, f"/sessions/homework/{work}/give-back", data={"word": "Très <bien>", "seen": shown[1]})
    assert "Très &lt;bien&gt;" in (await world.client.get(page)).text


async def test_what_is_not_what_it_says_or_too_large_is_refused_beside_the_field_and_nothing_is_stored(
    world: World,
) -> None:
    group, lesson = await handed(world)
    page = mine(world, "ali", f"/courses/{group}")
    for content, name, kind, sentence in (
        (b"MZ\x90\x00" + bytes(900), "photo.jpg", "image/jpeg", "no photo, no recording and no text"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "text.txt", "text/plain", "no photo, no recording and no text"),
        (PHOTO, "voice.ogg", "audio/ogg", "not what its name says"),
        (b"Bonjour. " * 2000 + b"MZ\x90\x00" + bytes(900), "text.txt", "text/plain", "not what its name says"),
        (PHOTO[:300], "photo.jpg", "image/jpeg", "cannot be read"),
        (PHOTO + bytes(MOST_BYTES), "photo.jpg", "image/jpeg", "20 MB at most"),
        (PHOTO + bytes(MOST_BYTES + 200_000), "photo.jpg", "image/jpeg", "20 MB at most"),
    ):
        refused = await world.client.post(
            f"{page}/lessons/{lesson}", data={"key": "k1", "text": ""}, files={"file": (name, content, kind)}
        )
        assert (refused.status_code, sentence in refused.text) == (422, True), (name, kind, refused.status_code)
    bucket = world.service.foundation.database.collection("homework_files.chunks")
    assert await bucket.count_documents({"files_id": {"$regex": f"^{world.association}/"}}) == 0
    empty = await world.client.post(f"{page}/lessons/{lesson}", data={"key": "k1", "text": " "})
    assert (empty.status_code, "Write something, or choose a file." in empty.text) == (422, True)


async def test_a_coordinator_puts_in_what_came_by_whatsapp(world: World) -> None:
    group, _ = await handed(world)
    (seen,) = await homework.of_group(group, ports_of(world))
    work = seen.homework[0].id
    voice = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x02" + bytes(900)
    put = await post(
        world,
        f"/sessions/homework/{work}/put-in",
        data={"key": "k", "channel": "whatsapp", "text": "Bonjour"},
        files={"file": ("PTT-1.opus", voice, "audio/ogg")},
    )
    assert put.status_code == 303, put.text
    known = await ports_of(world).courses.homework.get(work)
    assert [(each.form.value, each.channel.value, each.by) for each in known.parts] == [
        ("audio", "whatsapp", "c-1"), ("text", "whatsapp", "c-1"),
    ]  # fmt: skip
    shown = await get(world, f"/sessions/homework/{work}")
    assert "by WhatsApp" in shown
    assert (
        await post(world, f"/sessions/homework/{work}/put-in", data={"key": "k", "channel": "x"})
    ).status_code == 422


async def test_another_participant_sees_neither_the_course_nor_the_homework(world: World) -> None:
    group, lesson = await handed(world)
    await speaks(world, "lan")
    page = mine(world, "ali", f"/courses/{group}")
    await world.client.post(f"{page}/lessons/{lesson}", data={"key": "k", "text": "mon secret"})
    (seen,) = await homework.of_group(group, ports_of(world))
    part = seen.homework[0].parts[0].id
    for path in (f"/courses/{group}", f"/courses/{group}/lessons/{lesson}/parts/{part}"):
        answer = await world.client.get(mine(world, "lan", path))
        assert (answer.status_code, "mon secret" in answer.text) == (404, False)
    for path in (f"/courses/{group}/lessons/{lesson}", f"/courses/{group}/needs"):
        assert (await world.client.post(mine(world, "lan", path), data={"key": "k", "text": "x"})).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_participant_books_moves_and_cancels_an_hour(world: World, language: str) -> None:
    first, second, *_ = await opened(world, "ali", "lan")
    page = mine(world, "ali", "/lessons", language)
    assert (await world.client.get(page)).text.count('name="hour"') == 4
    assert (await world.client.post(page, data={"hour": first.activity.id})).status_code == 303
    late = await world.client.post(mine(world, "lan", "/lessons"), data={"hour": first.activity.id})
    assert (late.status_code, "Somebody else has just taken this hour" in late.text) == (409, True)
    (own,) = await lessons.own("ali", ports_of(world))
    assert own.booked
    moving = await world.client.get(f"{page}/{own.booked.id}/move")
    assert moving.text.count('name="instead"') == 3
    stolen = await world.client.post(
        mine(world, "lan", "/lessons"), data={"hour": second.activity.id, "instead": own.booked.id}
    )
    assert stolen.status_code == 404
    moved = await world.client.post(page, data={"hour": second.activity.id, "instead": own.booked.id})
    assert moved.status_code == 303
    (own,) = await lessons.own("ali", ports_of(world))
    assert own.activity.id == second.activity.id
    assert own.booked
    assert (await world.client.post(f"{page}/{own.booked.id}/cancel")).status_code == 303
    assert await lessons.own("ali", ports_of(world)) == []


async def test_a_coordinator_opens_hours_sees_who_booked_and_closes_one(world: World) -> None:
    await world.founded()
    await speaks(world, "ali")
    form = {
        "title": "Lire",
        "first": "2026-11-23",
        "last": "2026-11-29",
        "begins": "13:00",
        "ends": "15:00",
        "place": "Bureau 3",
    }
    wrong = await post(world, "/sessions/lessons", data=form)
    assert (wrong.status_code, "at least one day of the week" in wrong.text) == (422, True)
    made = await post(world, "/sessions/lessons", data={**form, "weekdays": ["0"]})
    assert made.headers["location"] == "/sessions/lessons?opened=2"
    hours = await lessons.free(ports_of(world))
    booked = await post(world, "/sessions/learners/ali/hours", data={"hour": hours[0].activity.id})
    assert booked.status_code == 303
    shown = await get(world, "/sessions/lessons")
    assert "Ali" in shown
    assert shown.count(">free<") == 1
    assert (await post(world, f"/sessions/lessons/{hours[0].activity.id}/close")).status_code == 303
    assert not says("Ali", await get(world, "/sessions/lessons"))


async def test_who_gave_their_place_up_still_reads_what_the_teacher_says_and_hands_nothing_in(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    lesson = await homework.set_lesson(group, "Au marché", "Raconte", "", None, ports)
    await homework.set_lesson(group, "À la gare", "Raconte", "", None, ports)
    work = await homework.for_learner(lesson.id, "ali", ports)
    known = await homework.hand_in_text(work.id, "Je vais au marché.", ports, key="a")
    await enrolments.give_up((await enrolments.own_in(group, "ali", ports)).id, CancelledBy.PARTICIPANT, ports)
    await homework.give_back(work.id, "Bravo Ali", [part.id for part in known.parts], "c-1", ports)
    shown = await get(world, mine(world, "ali", f"/courses/{group}"))
    assert "Bravo Ali" in shown
    for gone in ("À la gare", "Hand in something more", "So that you can come", "I cannot come any more"):
        assert gone not in shown
    sent = await world.client.post(mine(world, "ali", f"/courses/{group}/lessons/{lesson.id}"), data={"text": "Encore"})
    assert sent.status_code == 404
    await speaks(world, "lan")
    assert (await world.client.get(mine(world, "lan", f"/courses/{group}"))).status_code == 404
