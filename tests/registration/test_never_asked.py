"""What nobody is asked: nationality, religion, health, residence status, origin. By name, wherever something could be told or kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from duolangue.contracts.vocabulary import Interest
from duolangue.registration.domain import headers
from duolangue.registration.domain.interests import NEVER_KEPT
from duolangue.registration.domain.signup.answers import Question
from duolangue.registration.service import DECLARATION
from duolangue.registration.store import KINDS
from tests.architecture.sources import ROOT
from tests.registration import desk
from tests.registration.conftest import World

NEVER: Final = re.compile(
    r"national|citizen|country|passport|visa\b|permit|s[ée]jour|verblijf|resid|asyl|asiel|refug|r[ée]fugi|vluchteling|papers|papiers|legal|migra|"
    r"relig|belief|faith|church|mosque|geloof|health|sant[ée]|gezond|illness|malad|ziek|disab|handicap|diagnos|medic|ethni|\brace|herkomst|of_origin|origine|"
    r"\bskin|politi|sexual|niss$|rijksregister",
    re.IGNORECASE,
)
OF_OLD: Final = {each.value for each in NEVER_KEPT}
"""Interests that the first version of the facts has words for, and that registration takes from nobody."""
TEMPLATES: Final = ROOT / "services/registration/duolangue/registration/templates"
SCHEMAS: Final = ROOT / "contracts/published/schemas"


def in_forms() -> Iterator[str]:
    for route in (each for router in DECLARATION.routers for each in router.routes if isinstance(each, APIRoute)):
        for told in (*route.dependant.body_params, *route.dependant.query_params, *route.dependant.path_params):
            yield told.alias
    for template in TEMPLATES.rglob("*.html"):
        yield from re.findall(r'(?:name|id|for)="([^"]*)"', template.read_text(encoding="utf-8"))
    yield from (question.value for question in Question)


def in_imports() -> Iterator[str]:
    """Which columns are recognised, by their heads in three languages."""
    for column, recognised in headers.NAMES.items():
        yield from (column, *recognised)


def in_the_interface() -> Iterator[str]:
    app = FastAPI()
    for router in DECLARATION.routers:
        app.include_router(router)
    document = app.openapi()
    written = json.dumps(document)
    components = document["components"]["schemas"]
    for name in [each for each in components if f'schemas/{each}"' not in written]:
        del components[name]  # nothing is of this kind: it is left over from a kind that says itself what it takes
    yield from names(document)


def in_facts() -> Iterator[str]:
    for schema in SCHEMAS.glob("*.json"):
        yield from set(names(json.loads(schema.read_text(encoding="utf-8")))) - OF_OLD


def in_what_is_kept() -> Iterator[str]:
    for kind in KINDS:
        yield from names(kind.model.model_json_schema())


def names(told: Any) -> Iterator[str]:
    """The names of all properties, parameters and choices of a schema."""
    if isinstance(told, list):
        for each in told:
            yield from names(each)
    elif isinstance(told, dict):
        properties, choices, name = (told.get(each) for each in ("properties", "enum", "name"))
        yield from properties if isinstance(properties, dict) else ()
        yield from (str(each) for each in choices) if isinstance(choices, list) else ()
        yield from [name] if isinstance(name, str) else ()
        for each in told.values():
            yield from names(each)


@pytest.mark.parametrize(
    ("told", "least"),
    [(in_forms, 150), (in_imports, 150), (in_the_interface, 150), (in_facts, 150), (in_what_is_kept, 200)],
    ids=["forms", "columns of imports", "interface", "facts", "records"],
)
def test_nobody_is_asked_for_what_is_nobodys_business(told: Callable[[], Iterator[str]], least: int) -> None:
    found = set(told())
    assert len(found) >= least, "hardly anything was read"
    assert sorted(each for each in found if NEVER.search(each)) == []


@pytest.mark.parametrize(
    "name", ["nationality", "nationalité", "nationaliteit", "religion", "health_notes", "residence_status", "titre de séjour", "asylum", "origine"]
)  # fmt: skip
def test_a_field_that_asked_for_it_would_be_found(name: str) -> None:
    assert NEVER.search(name)


async def test_an_interest_that_would_tell_of_it_is_left_out_wherever_it_comes_from(world: World) -> None:
    person = await desk.register(world, interests=["religion", "music", "health", "politics"])
    address = f"/people/api/participants/{person}"
    assert (await world.client.get(address, headers=world.desk())).json()["interests"] == ["music"]
    changed = await world.client.patch(address, json={"interests": ["politics", "dance"]}, headers=world.desk())
    assert changed.json()["interests"] == ["dance"]
    sheet = "role,first_name,phone,birth_year,postcode,french_level,interests,consent\nnewcomer,Sami,0470121212,1990,4000,A1,religion;cuisine,yes\n"
    report = (await world.client.post("/people/api/imports", content=sheet.encode(), headers=world.desk())).json()
    assert [(each["field"], each["code"]) for each in report["warnings"]] == [("interests", "interest_not_kept")]
    assert (await desk.one(world, report["imported"][0]["id"])).interests == [Interest.COOKING]
    for page in (f"/people/{person}/edit", "/people"):
        assert not re.search(r'value="(health|religion|politics)"', await desk.see(world, page))
