"""What tests of imports share: a file, and the pages it goes through."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import openpyxl

from tests.registration.conftest import World

HEADER = "role;prénom;nom;e-mail;année de naissance;code postal;niveau de français;accord"
GOOD = "nouvel arrivant;Amina;Haddad;amina@example.org;1990;4000;A1;oui"
BAD = "bénévole;Paul;Petit;paul@;1980;9999;;oui"


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


async def sent(world: World, body: bytes, name: str = "liste.csv") -> httpx.Response:
    answer = await world.client.post("/people/import", files={"file": (name, body)}, headers=world.desk())
    return await at(world, answer.headers["location"]) if answer.status_code == 303 else answer


async def at(world: World, path: str) -> httpx.Response:
    return await world.client.get(path, headers=world.desk())


async def pressed(world: World, page: httpx.Response, button: str, **fields: Any) -> httpx.Response:
    path = page.url.path
    answer = await world.client.post(f"{path}/{button}", data=fields, headers=world.desk())
    return await at(world, answer.headers["location"]) if answer.status_code == 303 else answer


async def everybody(world: World) -> list[dict[str, Any]]:
    found = await world.client.get("/people/api/participants?limit=200", headers=world.desk())
    return list(found.json()["participants"])


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def workbook_of(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(made := io.BytesIO())
    return made.getvalue()
