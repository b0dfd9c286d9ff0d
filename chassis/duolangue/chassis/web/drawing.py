"""A template drawn, and what it held let go at once.

A template that defines macros, or imports some with its context, refers to itself in a circle: macro, function, context, macro. All that was
handed to the page hangs on it until the collector comes: fifty people a page, and every two seconds a tenth of one in which nobody is answered.
"""

from __future__ import annotations

from typing import Any, Final

from jinja2 import Template
from jinja2.runtime import Context

_HELD: Final = "_held"


class Held(Context):
    """What a template sees: its own values, and on which page it is drawn."""

    def __init__(self, environment: Any, parent: dict[str, Any], *rest: Any, **more: Any) -> None:
        super().__init__(environment, parent, *rest, **more)
        if (page := parent.get(_HELD)) is not None:
            page.append(self)


def drawn(template: Template, values: dict[str, Any]) -> str:
    """The page as text. The template's environment has `Held` as its class of contexts."""
    held: list[Held] = []
    try:
        return template.render({**values, _HELD: held})
    finally:
        for context in held:
            context.vars, context.parent = {}, {}
        held.clear()
