"""What is wrong with what somebody told, in words: one input, one stable code, one sentence that can be translated."""

from __future__ import annotations

from duolangue.chassis.decision import RuleBroken


class Invalid(RuleBroken, ValueError):
    """A value cannot be taken. Also a `ValueError`, so that models that read values name the field themselves.

    Attributes:
        template: the sentence in English, a msgid of the catalogues, with `%(name)s` for each of `values`.
    """

    def __init__(self, code: str, template: str, *, field: str = "", **values: object) -> None:
        self.code = code
        self.template = template
        self.values = values
        super().__init__(template % values if values else template, field=field)


class AlreadyKnown(Invalid):
    """The same person is registered already."""

    status = 409


class NotNow(Invalid):
    """Where things stand, this cannot be done."""

    status = 409


class Restricted(Invalid):
    """Somebody else of the association decides this."""

    status = 403


class NoSheet(Invalid):
    """A whole file cannot be read; nothing of it was imported."""

    def __init__(self, code: str, template: str, **values: object) -> None:
        super().__init__(code, template, field="file", **values)
