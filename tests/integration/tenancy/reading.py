"""A page as a browser without scripts has it: where its links lead, which forms it shows, and what pressing a button sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"input", "br", "img", "meta", "link", "hr", "source", "col", "wbr"})
TOLD: Final = {
    "email": "ana.new@example.org", "tel": "0470 99 88 77", "number": "1", "url": "https://example.org/x", "time": "10:00",
    "text": "Ana", "search": "Ana", "password": "secret-of-theirs", "month": "2026-12",
}  # fmt: skip
"""What somebody types into a field that must not stay empty, by its type."""


@dataclass
class Field:
    """One control of a form: what it would send, and what else it offers."""

    name: str
    kind: str
    value: str = ""
    on: bool = True
    """Whether it is sent as the page comes: a box that is ticked, an option that is chosen."""
    required: bool = False
    options: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    several: bool = False
    least: str = ""


@dataclass
class Button:
    """What can be pressed."""

    name: str = ""
    value: str = ""
    action: str = ""
    words: str = ""
    danger: bool = False


@dataclass
class Form:
    """A form that shows."""

    method: str
    action: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def sent_by(self, button: Button, told: dict[str, str]) -> list[tuple[str, str]]:
        """What this button sends, once somebody filled it in: what `told` says by name, the first of several boxes, and something of
        its kind into what must not stay empty.
        """
        sent: list[tuple[str, str]] = []
        chosen = {each.name for each in self.fields if each.kind in {"checkbox", "radio"} and each.on}
        for each in self.fields:
            if each.kind in {"checkbox", "radio"}:
                if each.on or each.name not in chosen:
                    sent.append((each.name, each.value))
                    chosen.add(each.name)
            elif each.kind == "select":
                offered = [option for option in each.options if option] if each.required else each.options
                first = [] if each.several and not each.required else offered[:1]
                sent += [(each.name, value) for value in each.chosen or first]
            elif each.kind != "file":
                wanted = each.least or told.get(each.kind) or TOLD.get(each.kind, TOLD["text"])
                sent.append((each.name, each.value or told.get(each.name) or (wanted if each.required else "")))
        if button.name:
            sent.append((button.name, button.value))
        return sent


@dataclass
class Page:
    """What a page offers."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What would do nothing without scripts."""

    def buttons(self) -> Iterator[tuple[Form, Button]]:
        """Every button with its form."""
        for form in self.forms:
            for button in form.buttons:
                yield form, button


def read(text: str) -> Page:
    """What this page offers to somebody whose browser runs no scripts."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    page = reader.page
    page.faults += [f"a form to {each.action} has no button" for each in page.forms if not each.buttons]
    return page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[tuple[str, bool]] = []
        self._form: Form | None = None
        self._button: Button | None = None
        self._select: Field | None = None
        self._area: Field | None = None

    @property
    def _hidden(self) -> bool:
        return any(hidden for _, hidden in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, "hidden" in told or tag in {"template", "script"}))
        if self._hidden or "disabled" in told:
            return
        self._script_free(tag, told)
        if tag in {"a", "img", "audio"} and (leads := told.get("href", told.get("src"))):
            self.page.links.append(leads)
        elif tag == "form":
            if self._form is not None:
                self.page.faults.append(f"a form to {told.get('action')} lies in another")
            self._form = Form(told.get("method", "get").lower(), told.get("action", ""), "enctype" in told)
            self.page.forms.append(self._form)
        elif tag == "button":
            self._begin_button(told)
        elif self._form is not None:
            self._control(tag, told)

    def handle_endtag(self, tag: str) -> None:
        if tag in {name for name, _ in self._open}:
            while self._open.pop()[0] != tag:
                pass
        if tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self._button.words += data.strip()
        if self._area is not None:
            self._area.value += data

    def _script_free(self, tag: str, told: dict[str, str]) -> None:
        for way in ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"):
            plain = told.get("action", told.get("href")) if told.get("method", "get") == way[3:] else None
            if way in told and plain != told[way]:
                self.page.faults.append(f"{tag} {way}={told[way]} does something else without scripts")
        if any(name.startswith("on") for name in told):
            self.page.faults.append(f"{tag} has a handler")

    def _begin_button(self, told: dict[str, str]) -> None:
        words = told.get("aria-label", "")
        button = Button(
            told.get("name", ""),
            told.get("value", ""),
            told.get("formaction", ""),
            words,
            danger="danger" in told.get("class", ""),
        )
        if self._form is None:
            self.page.faults.append(f"a button lies outside every form: {told}")
        elif told.get("type", "submit") != "submit":
            self.page.faults.append(f"a button of the form to {self._form.action} sends nothing: {told}")
        else:
            self._form.buttons.append(button)
        self._button = button

    def _control(self, tag: str, told: dict[str, str]) -> None:
        assert self._form is not None
        name, required = told.get("name", ""), "required" in told
        if tag == "input" and name:
            kind = told.get("type", "text")
            box = kind in {"checkbox", "radio"}
            value = told.get("value", "on" if box else "")
            made = Field(name, kind, value, "checked" in told or not box, required, least=told.get("min", ""))
            self._form.fields.append(made)
        elif tag == "textarea" and name:
            self._area = Field(name, "textarea", required=required)
            self._form.fields.append(self._area)
        elif tag == "select" and name:
            self._select = Field(name, "select", required=required, several="multiple" in told)
            self._form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            self._select.options.append(told.get("value", ""))
            if "selected" in told:
                self._select.chosen.append(told.get("value", ""))
