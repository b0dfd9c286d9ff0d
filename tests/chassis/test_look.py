"""What every page brings along: its files kept for a year, its language chosen by hand, its icons drawn in place."""

from __future__ import annotations

import re
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.middleware.gzip import GZipMiddleware
from jinja2 import TemplateNotFound

from duolangue.chassis.metrics import Metrics
from duolangue.chassis.web import assets, problems, reader
from duolangue.chassis.web.guard import Guard
from duolangue.chassis.web.languages import LANGUAGES, OWN_NAMES
from duolangue.chassis.web.pages import _environment, page

WEB = "duolangue.chassis.web"
MOST = 30 * 1024


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    app.state.package, app.state.prefix = WEB, "/people"
    app.state.foundation = SimpleNamespace(settings=SimpleNamespace(public_url="https://duolangue.example"))
    problems.install(app)
    app.include_router(reader.router("/people"))
    app.mount("/people/static", assets.serve, name="static")

    @app.get("/people/hello")
    async def hello(request: Request):
        return page(request, "sentence.html", reader.reader_language(request), sentence="", field="")

    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=5)
    app.add_middleware(Guard, metrics=Metrics("look"), large={})
    return app


@pytest.fixture
async def client(app):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://duolangue.example") as client:
        yield client


async def shown(client, **more) -> str:
    return re.search(r'<html lang="(\w+)" dir="(\w+)"', (await client.get("/people/hello", **more)).text).group(1)


async def test_a_file_is_kept_for_a_year_at_the_address_that_names_its_content(client):
    text = (await client.get("/people/hello")).text
    for name, media in (("duo.css", "text/css"), ("duo.svg", "image/svg+xml")):
        address = re.search(rf'href="(/people/static/{re.escape(name)}\?v=[0-9a-f]+)"', text).group(1)
        answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media)
        assert "immutable" in answer.headers["cache-control"]
        assert "max-age=31536000" in answer.headers["cache-control"]
        same = await client.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")


async def test_an_address_of_another_version_is_not_kept_for_long(client):
    answer = await client.get("/people/static/duo.css?v=000000000000")
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["layout.html", "vendor/README.md", "../pages.py", "%2e%2e/pages.py", ""])
async def test_nothing_but_the_named_files_is_given_out(client, path):
    answer = await client.get(f"/people/static/{path}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


async def test_pages_and_files_travel_compressed(client):
    for path in ("/people/hello", "/people/static/duo.css", "/people/static/htmx.js"):
        answer = await client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip", path
        assert "Accept-Encoding" in answer.headers["vary"]
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == answer.text


async def test_what_a_page_brings_along_leaves_room_for_the_page_itself(client):
    text = (await client.get("/people/hello")).text
    assert "htmx" not in text, "participants' pages bring no script"
    sizes = {name: len(asset.small) for name, asset in assets.assets().items()}
    assert sizes["duo.css"] + sizes["duo.svg"] < MOST - 10 * 1024, sizes


async def test_a_language_chosen_by_hand_is_kept_for_a_year_and_goes_before_the_browser_s(client):
    assert await shown(client, headers={"Accept-Language": "nl-BE,fr;q=0.5"}) == "nl"
    answer = await client.post("/people/language", data={"language": "ar", "back": "/people/hello?page=2"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/people/hello?page=2")
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("duo_language=ar", "Max-Age=31536000", "HttpOnly", "SameSite=lax", "Secure"))
    assert await shown(client, headers={"Accept-Language": "nl"}) == "ar"
    assert 'dir="rtl"' in (await client.get("/people/hello")).text


async def test_the_menu_offers_every_language_by_its_own_name(client):
    text = (await client.get("/people/hello?lang=en&page=3")).text
    for code in LANGUAGES:
        assert re.search(rf'value="{code}" lang="{code}"[^>]*>{OWN_NAMES[code]}<', text)
    assert 'name="back" value="/people/hello?page=3"' in text


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "",
        "/a\nb",
        "x",
    ],
)
async def test_the_choice_leads_back_to_this_host_alone(client, back):
    answer = await client.post("/people/language", data={"language": "nl", "back": back})
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith("/")
    assert not where.startswith("//")
    assert "elsewhere" not in where or "\\" not in where
    assert httpx.URL("https://duolangue.example").join(where).host == "duolangue.example"


async def test_an_unknown_language_is_not_kept(client):
    answer = await client.post("/people/language", data={"language": "xx"})
    assert "set-cookie" not in answer.headers


def test_an_icon_is_hidden_from_readers_unless_it_is_all_there_is():
    draw = _environment(WEB, "en").globals["icon"]
    assert 'aria-hidden="true"' in str(draw("users"))
    labelled = str(draw("users", 'Everybody "here"'))
    assert 'role="img" aria-label="Everybody &#34;here&#34;"' in labelled
    assert "aria-hidden" not in labelled
    with pytest.raises(TemplateNotFound):
        draw("no-such-icon")


async def test_a_page_that_is_not_there_shows_the_way_back(client):
    answer = await client.get("/people/nowhere", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert '<a class="button second" href="/">' in answer.text
