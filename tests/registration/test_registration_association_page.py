"""The association decides about itself: zones, languages, who is told, periods, its picture; every fault stands at its field."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from duolangue.chassis.identity import Access
from duolangue.registration import pictures, usecases
from duolangue.registration.domain import logo, zones
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.invalid import Invalid
from tests.registration.conftest import World

FORM: dict[str, Any] = {
    "name": "Interra", "language": "fr", "timezone": "Europe/Brussels", "phone": "", "feeds": "", "languages": ["fr", "ar"],
    "commitment_minutes": "30", "newcomer_years": "3", "radius_km": "30", "exclusion_months": "24", "retention_months": "24",
    "application_months": "12", "zone_name": ["Liège", ""], "zone_postcodes": ["4000-4032, 4100", ""], "zone_centre": ["", ""],
    "zone_radius_km": ["", ""],
}  # fmt: skip


def png(width: int = 8, height: int = 8) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 72)) + chunk(b"IEND", b"")


async def test_settings_are_kept_and_the_others_hear_of_what_concerns_them(world: World) -> None:
    administrator = world.desk(Access.ADMINISTER)
    nadia = await usecases.invite_coordinator("nadia@example.org", "Nadia", AccessLevel.COORDINATE, "en", world.ports)
    told = {
        **FORM,
        "phone": "0470 11 22 33",
        "safeguarding": [nadia.id],
        "retention_months": "36",
        "feeds": "Forem\n\n",
    }
    kept = await world.client.post("/association", data=told, headers=administrator)
    assert (kept.status_code, kept.headers["location"]) == (303, "/association?kept=true")
    own = await world.ports.own()
    assert (own.phone, own.safeguarding, own.languages) == ("+32470112233", [nadia.id], ["fr", "ar"])
    assert (own.retention_months, own.feeds) == (36, ["Forem"])
    assert [zones.written(zone) for zone in own.zones] == ["4000-4032, 4100"]
    assert (own.outside("1000"), own.outside("4020")) == (True, False)
    fact = [event for event in await world.told() if event.type.endswith("association.updated.v1")][-1]
    assert fact.data["zones"][0]["name"] == "Liège"
    assert {"phone", "safeguarding", "retention_months"}.isdisjoint(fact.data)
    facts = len(await world.told())
    await world.client.post("/association", data={**told, "retention_months": "12"}, headers=administrator)
    assert len(await world.told()) == facts, "what concerns nobody else is told to nobody else"
    shown = (await world.client.get("/association?kept=true", headers=administrator)).text
    for text in ("4000-4032, 4100", "Kept.", "What was changed", "months after leaving"):
        assert text in shown


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": " "}, "name", "The association needs a name."),
        ({"timezone": "Mars/Phobos"}, "timezone", "No time zone"),
        ({"phone": "12"}, "phone", "is not a telephone number"),
        ({"radius_km": "far"}, "radius_km", "is not a whole number"),
        ({"radius_km": "301"}, "radius_km", "from 1 to 300"),
        ({"radius_km": "-1"}, "radius_km", "from 1 to 300"),
        ({"languages": []}, "languages", "at least one language"),
        ({"zone_postcodes": ["Luik", ""]}, "zones-0-postcodes", "is not a postcode"),
        ({"zone_postcodes": ["4032-4000", ""]}, "zones-0-postcodes", "the higher one"),
        ({"zone_postcodes": ["9999", ""]}, "zones-0-postcodes", "no Belgian postcode"),
        ({"zone_centre": ["", "4000"]}, "zones-1-radius_km", "belong together"),
        ({"zone_name": ["Liège", "Nowhere"]}, "zones-1-postcodes", "Give postcodes"),
        ({"safeguarding": ["nobody"]}, "safeguarding", "no coordinator"),
    ],
)
async def test_a_fault_stands_at_its_field_and_what_was_typed_stays(
    world: World, typed: dict[str, Any], field: str, sentence: str
) -> None:
    answer = await world.client.post(
        "/association", data={**FORM, "name": "Duo & Co", **typed}, headers=world.desk(Access.ADMINISTER)
    )
    assert answer.status_code == 422
    at = answer.text.index(f'id="{field}-fault"')
    assert sentence in answer.text[at : at + 200]
    if "name" not in typed:
        assert 'value="Duo &amp; Co"' in answer.text
    assert (await world.ports.own()).zones == []


async def test_the_interface_keeps_step(world: World) -> None:
    administrator = world.desk(Access.ADMINISTER)
    told = {"zones": [{"name": "Namur", "centre": "5000", "radius_km": 15}], "retention_months": 6}
    changed = await world.client.patch("/people/api/association", json=told, headers=administrator)
    assert (changed.status_code, changed.json()["retention_months"]) == (200, 6)
    for wrong, field in (
        ({"zones": [{"name": "Nothing"}]}, "zones"),
        ({"zones": [{"ranges": [{"first": "4100", "last": "4000"}]}]}, "zones"),
        ({"retention_months": 0}, "retention_months"),
        ({"safeguarding": ["nobody"]}, "safeguarding"),
    ):
        refused = await world.client.patch("/people/api/association", json=wrong, headers=administrator)
        assert (refused.status_code, refused.json()["field"]) == (422, field), wrong


async def test_the_picture_is_known_by_what_is_in_it_and_shown_to_everybody(world: World) -> None:
    administrator = world.desk(Access.ADMINISTER)

    async def send(data: bytes, name: str = "logo.png") -> Any:
        return await world.client.post(
            "/association/logo", files={"logo": (name, data, "image/png")}, headers=administrator
        )

    assert (await send(png())).status_code == 303
    path = (await world.ports.own()).logo_path
    shown = await world.client.get(path)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert shown.content != png()
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "immutable" in shown.headers["cache-control"]
    for wrong, sentence in (
        (b"", "Choose a file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no PNG"),
        (png() + b"\0" * logo.MOST_BYTES, "at most 200 KB"),
        (png(9000, 10), "pixels wide"),
        (png()[:50] + b"\0" * 40 + png()[-12:], "no PNG"),
        (b"GIF89a" + b"\1\0" * 20, "no PNG"),
    ):
        refused = await send(wrong)
        assert refused.status_code == 422
        assert sentence in refused.text
    assert (await world.client.get(path)).status_code == 200
    other = path.replace(world.association, "another-one")
    for missing in (other, path[:-1] + "x", "/association/logo/..%2F/0"):
        assert (await world.client.get(missing)).status_code == 404
    await world.client.post("/association/logo/remove", headers=administrator)
    assert (await world.client.get(path)).status_code == 404


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_upright_small_and_without_what_was_written_beside_it(form: str) -> None:
    camera = Image.Exif()
    camera[0x010F], camera[0x0112] = "CanaryCamera", 6  # its make, and that it was held on its side
    sent = BytesIO()
    Image.new("RGB", (1200, 400), "teal").save(sent, form, exif=camera)
    told = sent.getvalue() + (b"<script>canary</script>" if form != "WEBP" else b"")
    drawn = pictures.redrawn(told)
    assert b"CanaryCamera" in told
    assert b"Canary" not in drawn
    assert b"canary" not in drawn
    shown = Image.open(BytesIO(drawn))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("WEBP", (48, 144), {})


async def test_who_comes_for_an_association_finds_its_name_and_picture_at_the_sign_in(world: World) -> None:
    file = {"logo": ("logo.png", png(), "image/png")}
    await world.client.post("/association/logo", files=file, headers=world.desk(Access.ADMINISTER))
    path = (await world.ports.own()).logo_path
    at = {"at": world.association}
    for page in (
        await world.client.get("/sign-in", params=at),
        await world.client.get("/sign-in/code", params=at),
        await world.client.post("/sign-in/code", params=at, data={"code": "000000"}),
    ):
        assert path in page.text
        assert "<bdi>Interra</bdi>" in page.text
    sent = await world.client.post("/sign-in", data={"email": "nobody@example.org", **at})
    assert sent.headers["location"] == f"/sign-in/code?at={world.association}"
    for other in ("nobody-here", "platform", "//evil.example", "<b>", ""):
        plain = await world.client.get("/sign-in", params={"at": other})
        assert plain.status_code == 200
        assert "<bdi>Duolangue</bdi>" in plain.text
        sent = await world.client.post("/sign-in", data={"email": "nobody@example.org", "at": other})
        assert sent.headers["location"].startswith("/sign-in/code")
        assert "evil" not in sent.headers["location"]


async def test_only_who_administers_enters(world: World) -> None:
    for access in (Access.READ, Access.COORDINATE):
        for method, path in (("GET", ""), ("POST", ""), ("POST", "/logo"), ("POST", "/logo/remove")):
            answer = await world.client.request(method, f"/association{path}", headers=world.desk(access))
            assert answer.status_code == 403


def refused_at(read: Callable[[Any], object], given_: object) -> str | None:
    """The field that reading this refuses; none where it is taken."""
    try:
        read(given_)
    except Invalid as fault:
        return fault.field
    return None


@given(
    st.binary(max_size=64),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xc0", b"RIFF0000WEBPVP8L", b"RIFF0000WEBPVP8X"]),
)
def test_no_bytes_whatever_make_the_reading_of_a_picture_stumble(data: bytes, begin: bytes) -> None:
    assert refused_at(pictures.redrawn, begin + data) in {None, "logo"}


@given(st.text(max_size=40))
def test_whatever_is_typed_as_postcodes_is_read_or_refused_in_a_sentence(text: str) -> None:
    assert refused_at(zones.ranges, text) in {None, "postcodes"}
