"""Homework on the real database: set for a group, handed in, corrected, given back; no byte stays that nobody knows of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from duolangue.chassis.store import Absent
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantStatus
from duolangue.sessions.domain import handing_in
from duolangue.sessions.domain.homework import MOST_BYTES, Channel, FileRefused, Form, Homework, HomeworkWrong, Stage
from duolangue.sessions.usecases import desk, homework, personal_data
from duolangue.sessions.usecases.homework import FileSent

from .classroom import file_pieces, group_of, sent, speaks, told_of
from .conftest import World
from .gatherings import ports_of


async def set_for(world: World, *people: str) -> dict[str, Homework]:
    """A lesson that a group of these people has to watch; their homework by person."""
    await world.founded()
    ports = ports_of(world)
    group = await group_of(world, *people)
    lesson = await homework.set_lesson(
        group, "Au marché", "Racontez vos courses", "https://example.org/v", date(2026, 11, 30), ports, key="form-1"
    )
    return {each: await homework.for_learner(lesson.id, each, ports) for each in people}


async def content(world: World, work: Homework, part: str) -> bytes:
    _, pieces = await homework.read_file(work.id, part, ports_of(world))
    return b"".join([piece async for piece in pieces])


async def test_a_lesson_is_told_to_everybody_in_the_group_once(world: World) -> None:
    wanted = await set_for(world, "ali", "lan")
    ports = ports_of(world)
    group = wanted["ali"].activity
    again = await homework.set_lesson(group, "Au marché", "x", "", None, ports, key="form-1")
    assert again.title == "Au marché"
    await homework.spread(again.id, ports)
    told = await told_of(world, "homework.set")
    assert sorted(each.data["participant"] for each in told) == ["ali", "lan"]
    assert "marché" not in str([each.data for each in told])
    assert [(each.lesson.title, each.to_correct) for each in await homework.of_group(group, ports)] == [
        ("Au marché", 0)
    ]


async def test_a_photo_is_handed_in_read_corrected_and_given_back(world: World) -> None:
    work = (await set_for(world, "ali"))["ali"]
    ports, photo = ports_of(world), bytes(range(256)) * 3000
    handed = await homework.hand_in_file(work.id, sent(photo), ports, key="form-2")
    assert await content(world, work, handed.parts[0].id) == photo
    assert ("/sessions/homework", 1) in [(each.path, each.count) for each in await desk.concerns(ports)]
    same = await homework.hand_in_file(work.id, sent(photo), ports, key="form-2")
    assert len(same.parts) == 1
    await homework.give_back(work.id, "Très bien, attention aux accents.", [same.parts[0].id], "c-1", ports)
    assert await homework.to_correct(ports) == 0
    told = await told_of(world, "homework.handed_in", "homework.returned")
    assert [each.type.split(".")[3] for each in told] == ["handed_in", "returned"]
    assert "accents" not in str([each.data for each in told])
    tables = (await personal_data.tell("ali", ports)).tables
    assert tables["homework"][0]["correction"] == "Très bien, attention aux accents."


async def test_a_file_larger_than_twenty_megabytes_is_refused_and_nothing_of_it_stays(world: World) -> None:
    work = (await set_for(world, "ali"))["ali"]
    with pytest.raises(FileRefused):
        await homework.hand_in_file(
            work.id, sent(bytes(MOST_BYTES + 1), piece=1024 * 1024), ports_of(world), key="form-2"
        )
    known = await ports_of(world).courses.homework.get(work.id)
    assert (known.parts, known.arriving, known.stage) == ((), (), Stage.WANTED)
    assert await file_pieces(world) == 0


async def test_an_upload_that_breaks_off_can_be_sent_again_or_is_cleared_away(world: World) -> None:
    work = (await set_for(world, "ali"))["ali"]
    ports = ports_of(world)

    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 500_000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await homework.hand_in_file(work.id, FileSent(Form.AUDIO, "audio/ogg", broken()), ports, key="a")
    again = await homework.hand_in_file(work.id, sent(b"whole"), ports, key="a")
    assert await content(world, work, again.parts[0].id) == b"whole"
    kept, dying = await file_pieces(world, again.parts[0].file), "dying"
    await ports.courses.homework.update(
        work.id, lambda known: handing_in.expecting(known, "b", dying, ports.clock.now())
    )
    await ports.courses.files.keep(dying, sent(b"never shown").content, 100)  # and the process dies here
    await world.time_passes(hours=2)
    assert await file_pieces(world) == kept, "neither the one that broke off nor the one of which the process died"
    assert (await ports.courses.homework.get(work.id)).arriving == ()


async def test_a_form_sent_twice_at_once_is_one_file_whole_whichever_arrives_first(world: World) -> None:
    work = (await set_for(world, "ali"))["ali"]
    ports, whole = ports_of(world), bytes(range(256)) * 4000
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield whole[:600_000]
        begun.set()
        await go_on.wait()
        yield whole[600_000:]

    first = asyncio.create_task(
        homework.hand_in_file(work.id, FileSent(Form.AUDIO, "audio/ogg", slowly()), ports, key="a")
    )
    await begun.wait()
    second = await homework.hand_in_file(work.id, sent(whole), ports, key="a")
    go_on.set()
    assert (await first).parts == second.parts
    known = await ports.courses.homework.get(work.id)
    assert (len(known.parts), known.arriving) == (1, ())
    assert await content(world, work, known.parts[0].id) == whole
    assert await file_pieces(world) == await file_pieces(world, known.parts[0].file), "the other one is removed"
    assert len(await told_of(world, "homework.handed_in")) == 1


async def test_what_is_taken_back_is_removed_and_what_is_corrected_stays(world: World) -> None:
    work = (await set_for(world, "ali"))["ali"]
    ports = ports_of(world)
    handed = await homework.hand_in_file(work.id, sent(b"wrong one"), ports, key="a")
    back = await homework.take_back(work.id, handed.parts[0].id, ports)
    assert (back.parts, back.stage) == ((), Stage.WANTED)
    assert await file_pieces(world) == 0
    handed = await homework.hand_in_text(
        work.id, "Je suis allé au marché.", ports, key="b", channel=Channel.MAIL, by="c-1"
    )
    await homework.give_back(work.id, "Bravo", [handed.parts[0].id], "c-1", ports)
    with pytest.raises(HomeworkWrong):
        await homework.take_back(work.id, handed.parts[0].id, ports)


async def test_homework_is_for_who_is_in_the_group_alone(world: World) -> None:
    work = (await set_for(world, "ali"))["ali"]
    await speaks(world, "lan")
    with pytest.raises(Absent):
        await homework.for_learner(work.lesson, "lan", ports_of(world))


async def test_erasing_somebody_reaches_their_files_those_on_their_way_included(world: World) -> None:
    of = await set_for(world, "ali", "lan")
    ports = ports_of(world)
    mine = await homework.hand_in_file(of["ali"].id, sent(b"a" * 700_000), ports, key="a")
    theirs = await homework.hand_in_file(of["lan"].id, sent(b"b"), ports, key="a")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x" * 300_000
        begun.set()
        await go_on.wait()
        yield b"y"

    late = asyncio.create_task(
        homework.hand_in_file(of["ali"].id, FileSent(Form.AUDIO, "audio/ogg", slowly()), ports, key="late")
    )
    await begun.wait()
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "ali", 9)
    go_on.set()
    with pytest.raises(HomeworkWrong):
        await late
    kept = await file_pieces(world, theirs.parts[0].file)
    assert (await file_pieces(world, mine.parts[0].file), await file_pieces(world)) == (0, kept)
    await world.time_passes(seconds=1)
    bare = await ports.courses.homework.get(of["ali"].id)
    assert (bare.parts, bare.arriving, bare.erased) == ((), (), True)
    assert await content(world, of["lan"], theirs.parts[0].id) == b"b"
