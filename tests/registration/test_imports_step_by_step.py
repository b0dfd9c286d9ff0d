"""An import on its pages: a file comes, its faults are shown in their place, the good rows are imported, and it can be taken back."""

from __future__ import annotations

import re
from pathlib import Path

from duolangue.chassis.decision import Change
from duolangue.registration import usecases
from duolangue.registration.domain.batch import BatchStatus
from tests.registration.conftest import World
from tests.registration.importing import BAD, GOOD, HEADER, at, everybody, file_of, parsed, pressed, sent

SAMPLES = Path(__file__).parents[2] / "data"


async def test_nothing_is_imported_before_somebody_says_so(world: World) -> None:
    page = await sent(world, file_of(GOOD, BAD))
    assert page.status_code == 200
    assert "paul@ is not an e-mail address." in page.text
    assert "No Belgian municipality has the postcode 9999." in page.text
    assert "<mark><bdi>paul@</bdi></mark>" in page.text
    assert await everybody(world) == []
    done = await pressed(world, page, "start")
    assert "person was imported" in done.text
    assert [(each["first_name"], each["status"]) for each in await everybody(world)] == [("Amina", "applied")]


async def test_of_a_minor_nothing_stays_in_the_draft_but_the_count(world: World) -> None:
    header = f"{HEADER};partenaire actuel"
    young = "nouvel arrivant;Zephyrine;Canari;zephyrine@canari.example;2012;4000;A1;oui;"
    faulty = young.replace("4000", "0000").replace("Zephyrine", "Zephyrin")
    friend = f"{GOOD.replace('nouvel arrivant', 'bénévole')};Zephyrine@canari.example"
    page = await sent(world, file_of(young, faulty, friend, f"{BAD};", header=header))
    assert "2 rows were about people under 18" in page.text
    assert [word in page.text for word in ("Zephyrin", "canari", "paul@")] == [False, False, True]
    batch_id = page.url.path.rpartition("/")[2]
    (part,) = await world.ports.batch_parts.select()
    assert "canari" not in part.model_dump_json().lower()
    batch = await world.ports.batches.get(batch_id)
    assert (batch.young, batch.good, batch.faulty) == (2, 1, 1)
    assert await usecases.signing_up.minors_turned_away(world.ports) == 2
    done = await pressed(world, page, "start")
    assert ("2 rows were about people under 18" in done.text, len(await everybody(world))) == (True, 1)
    assert await usecases.signing_up.minors_turned_away(world.ports) == 2
    answer = await world.client.post("/people/api/imports", content=file_of(young), headers=world.desk())
    assert answer.json()["rejected"][0]["code"] == "too_young"
    assert await usecases.signing_up.minors_turned_away(world.ports) == 3


async def test_pressing_twice_imports_nobody_twice(world: World) -> None:
    page = await sent(world, file_of(GOOD))
    await pressed(world, page, "start")
    assert (await pressed(world, page, "start")).status_code == 200
    assert len(await everybody(world)) == 1
    again = await sent(world, file_of(GOOD))
    assert "This person is registered already" in again.text


async def test_an_import_that_a_dead_process_began_is_finished_by_another(world: World) -> None:
    page = await sent(world, file_of(GOOD))
    batch_id = page.url.path.rpartition("/")[2]
    await pressed(world, page, "start")
    half = await world.ports.batches.get(batch_id)
    died = {"status": BatchStatus.IMPORTING, "imported": [], "due_at": world.clock.now()}
    await world.ports.batches.update(batch_id, lambda done: Change(done.model_copy(update=died)))
    await world.service.sweeper.sweep()
    done = await world.ports.batches.get(batch_id)
    assert (done.status, done.imported, done.faulty) == ("done", half.imported, 0)
    assert len(await everybody(world)) == 1


async def test_people_who_were_interviewed_before_take_part_at_once(world: World) -> None:
    page = await sent(world, file_of(GOOD))
    await pressed(world, page, "start", accepted="true")
    (amina,) = await everybody(world)
    assert amina["status"] == "active"
    assert await world.told_of(amina["id"]) == ["participant.registered.v1"]


async def test_the_rows_that_are_wrong_come_as_a_file_to_correct(world: World) -> None:
    page = await sent(world, file_of(GOOD, BAD, "bénévole;=1+1;Petit;b@example.org;1980;9999;;oui"))
    answer = await at(world, f"{page.url.path}/faulty.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heading, paul, formula = parsed(answer.text)
    assert heading[-1] == "What is wrong"
    assert "E-mail: paul@ is not an e-mail address." in paul[-1]
    assert formula[1] == "'=1+1"
    corrected = answer.text.replace("paul@", "paul@example.org").replace("9999", "4020")
    again = await sent(world, corrected.encode())
    assert "Every row is right." in again.text
    await pressed(world, again, "start")
    assert {each["first_name"] for each in await everybody(world)} == {"Paul", "=1+1"}


async def test_an_import_is_taken_back_while_nobody_of_it_was_interviewed(world: World) -> None:
    page = await sent(world, file_of(GOOD, "bénévole;Bea;B;bea@example.org;1980;4000;;oui"))
    await pressed(world, page, "start")
    back = await pressed(world, page, "take-back")
    assert "The import was taken back." in back.text
    assert await everybody(world) == []
    again = await sent(world, file_of(GOOD))
    assert "Every row is right." in again.text
    await pressed(world, again, "start")
    (amina,) = await everybody(world)
    await world.client.post(
        f"/people/api/participants/{amina['id']}/interview", json={"passed": True}, headers=world.desk()
    )
    refused = await pressed(world, again, "take-back")
    assert refused.status_code == 409
    assert "cannot be taken back any more" in refused.text
    assert len(await everybody(world)) == 1


async def test_what_was_noted_about_people_goes_with_the_import_that_brought_them(world: World) -> None:
    page = await sent(world, file_of(GOOD))
    await pressed(world, page, "start")
    (amina,) = await everybody(world)
    note = {"note": "Amina calls on Monday"}
    await world.client.post(f"/people/{amina['id']}/notes", data=note, headers=world.desk())
    assert await world.ports.notes.count() == 1
    await pressed(world, page, "take-back")
    assert await world.ports.notes.count() == 0


async def test_a_running_duo_with_somebody_known_before_ends_with_the_import(world: World) -> None:
    bea = (await sent(world, file_of("bénévole;Bea;B;bea@example.org;1980;4000;;oui"))).url.path
    await world.client.post(f"{bea}/start", headers=world.desk())
    row = "nouvel arrivant;Ali;A;ali@example.org;1990;4000;A1;oui;bea@example.org"
    page = await sent(world, file_of(row, header=f"{HEADER};partenaire actuel"))
    await pressed(world, page, "start")
    assert all(each["current_partner"] for each in await everybody(world))
    await pressed(world, page, "take-back")
    assert [(each["first_name"], each["current_partner"]) for each in await everybody(world)] == [("Bea", None)]


async def test_columns_with_other_names_are_matched_by_hand(world: World) -> None:
    header = "Wer;Rufname;Adresse;Jahr;PLZ;Stufe;Ja?"
    page = await sent(world, file_of("volunteer;Anne;anne@example.org;1980;4000;;yes", header=header))
    assert "Which column is which?" in page.text
    assert "Rufname" in page.text
    chosen = ["role", "first_name", "email", "birth_year", "postcode", "", ""]
    missing = await pressed(world, page, "columns", **{f"c{place}": name for place, name in enumerate(chosen)})
    assert missing.status_code == 422
    assert "Consent" in missing.text
    assert re.search(r'value="first_name" selected', missing.text)
    ready = await pressed(
        world, page, "columns", **{f"c{place}": name for place, name in enumerate([*chosen[:6], "consent"])}
    )
    assert "Every row is right." in ready.text
    twice = await pressed(world, page, "columns", **{f"c{place}": "role" for place in range(7)})
    assert "stands in the header twice" in twice.text


async def test_a_draft_is_thrown_away_by_hand_and_by_time(world: World) -> None:
    page = await sent(world, file_of(GOOD))
    thrown = await pressed(world, page, "discard")
    assert thrown.url.path == "/people/import"
    assert (await at(world, page.url.path)).status_code == 404
    page = await sent(world, file_of(GOOD))
    await world.time_passes(hours=25)
    assert (await at(world, page.url.path)).status_code == 404
    assert await world.ports.batch_parts.count() == 0


async def test_the_rows_of_a_finished_import_are_forgotten_after_a_day_and_the_rest_after_a_month(world: World) -> None:
    page = await sent(world, file_of(GOOD, BAD))
    await pressed(world, page, "start")
    await world.time_passes(hours=25)
    assert await world.ports.batch_parts.count() == 0
    assert "paul" not in (await at(world, page.url.path)).text
    await world.time_passes(days=31)
    assert (await at(world, page.url.path)).status_code == 404
    assert len(await everybody(world)) == 1


async def test_only_so_many_drafts_at_once(world: World) -> None:
    for _ in range(10):
        await sent(world, file_of(GOOD))
    assert "Too many imports are under way" in (await sent(world, file_of(GOOD))).text


async def test_a_long_file_is_checked_and_imported_while_nobody_waits(world: World) -> None:
    rows = [f"bénévole;Anne{number};P;a{number}@example.org;1980;4000;;oui" for number in range(600)]
    page = await sent(world, file_of(*rows, BAD))
    assert page.headers["refresh"] == "2"
    assert "The rows are being checked" in page.text
    await world.service.sweeper.sweep()
    page = await at(world, page.url.path)
    assert "refresh" not in page.headers
    assert "Import 600 people" in page.text
    await pressed(world, page, "start")
    await world.service.sweeper.sweep()
    assert ">600</span>" in (await at(world, page.url.path)).text


async def test_another_association_does_not_see_the_import(world: World) -> None:
    page = await sent(world, file_of(GOOD))
    other = world.desk(association="elsewhere")
    assert (await world.client.get(page.url.path, headers=other)).status_code == 404
    assert (await world.client.post(f"{page.url.path}/start", headers=other)).status_code == 404
    assert (await world.client.get(f"{page.url.path}/faulty.csv", headers=other)).status_code == 404


async def test_script_in_a_cell_is_shown_as_text(world: World) -> None:
    page = await sent(world, file_of("bénévole;<script>alert(1)</script>;P;x;1980;4000;;oui"))
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
