"""What templates call `_`: the catalogue's sentences, remembered as they are shown.

The one place that says of text that it is safe: of our own sentences, never of what is put into them.
"""

from __future__ import annotations

from collections.abc import Callable
from gettext import NullTranslations
from typing import Any

from markupsafe import Markup


def sentences(catalogue: NullTranslations) -> Callable[..., Markup]:
    """As Jinja's own: a page says three hundred sentences, most of them without a value in them."""
    known: dict[str, Markup] = {}

    def said(text: str, **values: Any) -> Markup:
        if values:
            return Markup(catalogue.gettext(text)) % values  # noqa: S704 - ours; the values are escaped as they go in
        found = known.get(text)
        if found is None:
            found = known[text] = Markup(catalogue.gettext(text)) % {}  # noqa: S704
        return found

    return said
