"""A page that was drawn holds nothing any more of what it was drawn from."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from jinja2 import DictLoader, Environment

from duolangue.chassis.web.drawing import Held, drawn

TEMPLATES = {
    "said.html": "{% macro named(one) %}{{ one.name }} {{ of }}{% endmacro %}",
    "layout.html": "<main>{% block main %}{% endblock %}</main>",
    "page.html": (
        '{% extends "layout.html" %}{% import "said.html" as say with context %}'
        "{% macro own(one) %}{{ say.named(one) }}, {{ one.name }}{% endmacro %}"
        "{% block main %}{% for one in people %}{{ own(one) }}{% endfor %}{% endblock %}"
    ),
}


class Somebody:
    name = "Amina"


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def environment() -> Environment:
    made = Environment(loader=DictLoader(TEMPLATES), autoescape=True)
    made.context_class = Held
    return made


@pytest.mark.usefixtures("no_collector")
def test_what_a_page_was_drawn_from_is_free_at_once() -> None:
    somebody = Somebody()
    seen = weakref.ref(somebody)
    template = environment().get_template("page.html")
    for _ in range(2):
        assert drawn(template, {"people": [somebody], "of": "Liège"}) == "<main>Amina Liège, Amina</main>"
    del somebody
    assert seen() is None


@pytest.mark.usefixtures("no_collector")
def test_without_it_the_collector_would_have_to_come() -> None:
    somebody = Somebody()
    seen = weakref.ref(somebody)
    environment().get_template("page.html").render({"people": [somebody], "of": "Liège"})
    del somebody
    assert seen() is not None
