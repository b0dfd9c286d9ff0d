"""Whoever gives a course without an account corrects what is handed in, by the link with which they note who came."""

from __future__ import annotations

import re

from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.homework import Stage
from duolangue.sessions.usecases import homework, hosting

from .classroom import sent
from .conftest import World
from .gatherings import ports_of, takes_part
from .test_activity_pages import link
from .test_courses_files import set_for


async def test_a_volunteer_who_teaches_reads_corrects_and_gives_back_what_their_group_handed_in(world: World) -> None:
    works, ports = await set_for(world, "ali", "lan"), ports_of(world)
    group = works["ali"].activity
    await takes_part(world, "paul", "eva", role=Role.VOLUNTEER)
    await hosting.entrust(group, "paul", "c-1", ports)
    await homework.hand_in_text(works["ali"].id, "J'ai acheté <b>du pain</b>", ports, key="t")
    handed = await homework.hand_in_file(works["lan"].id, sent(b"x" * 900), ports, key="f")
    base = link(world, "paul", Purpose.HOST_ACTIVITY, group)
    assert f'href="{base}/homework"' in (await world.client.get(base)).text
    page = (await world.client.get(f"{base}/homework")).text
    assert "&lt;b&gt;du pain&lt;/b&gt;" in page
    assert "Au marché" in page
    file = await world.client.get(f"{base}/homework/{works['lan'].id}/parts/{handed.parts[0].id}")
    assert (file.status_code, file.content) == (200, b"x" * 900)
    empty = await world.client.post(f"{base}/homework/{works['ali'].id}/give-back", data={"word": " "})
    assert (empty.status_code, f'id="fault-{works["ali"].id}"' in empty.text) == (422, True)
    (shown,) = re.findall(rf'/{works["ali"].id}/give-back">\s*<input type="hidden" name="seen" value="([^"]+)">', page)
    back = f"{base}/homework/{works['ali'].id}/give-back"
    await homework.hand_in_text(works["ali"].id, "... et du lait", ports, key="late")
    unread = await world.client.post(back, data={"word": "Très bien !", "seen": shown})
    assert (unread.status_code, "et du lait" in unread.text, "Très bien !" in unread.text) == (422, True, True)
    every = " ".join(each.id for each in (await ports.courses.homework.get(works["ali"].id)).parts)
    given = await world.client.post(back, data={"word": "Très bien !", "seen": every})
    assert given.status_code == 303
    known = await ports.courses.homework.get(works["ali"].id)
    assert known.correction is not None
    assert (known.stage, known.correction.word, known.correction.by) == (Stage.RETURNED, "Très bien !", "paul")
    assert "du pain" not in (await world.client.get(given.headers["location"])).text


async def test_nobody_else_reads_it_nor_the_one_who_taught_before(world: World) -> None:
    works, ports = await set_for(world, "ali"), ports_of(world)
    work = works["ali"]
    await takes_part(world, "paul", "eva", role=Role.VOLUNTEER)
    await hosting.entrust(work.activity, "paul", "c-1", ports)
    await homework.hand_in_text(work.id, "secret", ports, key="t")
    before = link(world, "paul", Purpose.HOST_ACTIVITY, work.activity)
    await hosting.entrust(work.activity, "eva", "c-1", ports)
    for base in (before, link(world, "ali", Purpose.HOST_ACTIVITY, work.activity)):
        for path in ("homework", f"homework/{work.id}/parts/x"):
            assert (await world.client.get(f"{base}/{path}")).status_code == 404
        assert (await world.client.post(f"{base}/homework/{work.id}/give-back", data={"word": "x"})).status_code == 404
    elsewhere = link(world, "eva", Purpose.HOST_ACTIVITY, "another")
    assert (await world.client.get(f"{elsewhere}/homework/{work.id}/parts/x")).status_code == 404
    assert (await ports.courses.homework.get(work.id)).correction is None
