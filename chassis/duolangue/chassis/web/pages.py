"""Server-rendered pages: one layout, the service's own templates, the reader's language."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache, partial
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape

from duolangue.chassis.web import assets, words
from duolangue.chassis.web.drawing import Held, drawn
from duolangue.chassis.web.languages import OWN_NAMES, direction, spoken, translations
from duolangue.chassis.web.reader import here
from duolangue.chassis.web.sentences import sentences


def page(request: Request, template: str, language: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a template of the service (or of the chassis) in a language.

    Templates see `_`, `ngettext`, the filters `date`, `moment`, `number` (in the reader's language), `words`, `icon(name)`
    and `static(name)`. Whoever came by an action link finds "A problem?" below. `brand` is the name on top: the
    association's, where a page knows it.
    """
    reading = spoken(language)
    prefix = request.app.state.prefix
    environment = _environment(request.app.state.package, reading)
    shown = {
        "language": reading,
        "direction": direction(reading),
        "own_names": OWN_NAMES,
        "prefix": prefix,
        "static": partial(assets.address, prefix),
        "path": request.url.path,
        "here": here(request),
        "coordinator": None,
        "problem": getattr(request.state, "problem", ""),
        "brand": "Duolangue",
        "brand_logo": "",
    }
    if (person := getattr(request.state, "coordinator", None)) is not None:
        shown |= {"coordinator": person, "brand": person.brand or shown["brand"], "brand_logo": person.brand_logo}
    shown |= context
    return HTMLResponse(drawn(environment.get_template(template), shown), status)


def _date(language: str, value: date) -> str:
    return _written(language, value.toordinal())


@lru_cache(maxsize=4096)
def _written(language: str, day: int) -> str:
    """A date in words: the same few days stand on a page many times."""
    return format_date(date.fromordinal(day), "d MMMM y", locale=language)


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
        auto_reload=False,  # a page draws a hundred icons; none of them changes while the service runs
    )
    environment.context_class = Held
    catalogue = translations(package, language)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.globals["_"] = sentences(catalogue)
    environment.filters["date"] = partial(_date, language)
    environment.filters["moment"] = lambda value: format_datetime(value, "d MMMM y, HH:mm", locale=language)
    environment.filters["number"] = lru_cache(maxsize=4096)(lambda value: format_decimal(value, locale=language))
    environment.globals["words"] = words
    environment.globals["translated"] = catalogue.gettext
    environment.globals["icon"] = cache(environment.get_template("icons.html").module.icon)  # type: ignore[attr-defined]  # a macro
    return environment
