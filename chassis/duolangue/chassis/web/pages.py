"""Server-rendered pages: one layout, the service's own templates, the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape

from duolangue.chassis.web import words
from duolangue.chassis.web.languages import spoken, translations


def page(request: Request, template: str, language: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a template of the service (or of the chassis) in a language.

    Templates see `_`, `ngettext`, the filters `date`, `moment`, `number` (in the reader's language) and `words`. Whoever
    came by an action link finds "A problem?" below. `brand` is the name on top: the association's, where a page knows it.
    """
    reading = spoken(language)
    environment = _environment(request.app.state.package, reading)
    shown = {
        "language": reading,
        "prefix": request.app.state.prefix,
        "path": request.url.path,
        "coordinator": None,
        "problem": getattr(request.state, "problem", ""),
        "brand": "Duolangue",
        **context,
    }
    if (person := getattr(request.state, "coordinator", None)) is not None:
        shown["coordinator"] = person
    return HTMLResponse(environment.get_template(template).render(shown), status)


def reader_language(request: Request) -> str:
    """The language to use for somebody we know nothing of: asked for in the address, or by the browser."""
    asked = request.query_params.get("lang", "")
    accepted = [
        part.split(";")[0].split("-")[0].strip() for part in request.headers.get("accept-language", "").split(",")
    ]
    return spoken(getattr(request.state, "language", ""), asked, *accepted)


@cache
def _environment(package: str, language: str) -> Environment:
    loaders = [PackageLoader("duolangue.chassis.web")]
    if package != "duolangue.chassis.web":
        try:
            loaders.insert(0, PackageLoader(package))
        except ValueError:  # a service without pages has no templates
            loaders = loaders[-1:]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=select_autoescape(default=True),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = translations(package, language)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.filters["date"] = lambda value: format_date(value, "d MMMM y", locale=language)
    environment.filters["moment"] = lambda value: format_datetime(value, "d MMMM y, HH:mm", locale=language)
    environment.filters["number"] = lambda value: format_decimal(value, locale=language)
    environment.globals["words"] = words
    environment.globals["translated"] = catalogue.gettext
    return environment
