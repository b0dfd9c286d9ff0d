"""The summary of the demonstration: for people in sentences, for programs as one JSON object."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from duolangue.standalone.demo.story import Outcome

MANY: Final = 5
"""Rows with one and the same fault that are counted, no longer listed."""
FIGURES: Final = (
    "association", "imported", "rejected", "warnings", "newcomers", "volunteers", "running", "proposed", "confirmed", "waiting", "mails",
    "handed_over", "sessions", "minutes", "below_commitment", "seconds", "events",
)  # fmt: skip


def as_json(outcome: Outcome) -> str:
    """One line."""
    figures = {name: getattr(outcome, name) for name in FIGURES}
    for name in ("rejected", "warnings"):
        figures[name] = [{key: row[key] for key in ("row", "field", "reason")} for row in figures[name]]
    return json.dumps(figures, ensure_ascii=False)


def as_text(outcome: Outcome) -> str:
    """What a coordinator would tell a colleague."""
    return "\n".join(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    yield ""
    yield f"{outcome.association}: {outcome.newcomers} newcomers and {outcome.volunteers} volunteers, {outcome.running} duos already running"
    yield from _rows("Rows that were refused", outcome.rejected)
    yield from _rows("Rows to look at", outcome.warnings)
    yield ""
    yield f"New duos ({outcome.confirmed} of {outcome.proposed} proposed)"
    for duo in outcome.duos:
        if duo["origin"] == "import":
            continue
        yield f"  {_name(outcome, duo['newcomer'])} and {_name(outcome, duo['volunteer'])}"
        for reason in duo["reasons"]:
            if reason["sentence"]:
                yield f"      {reason['sentence']}"
    yield ""
    yield f"Still waiting ({outcome.waiting})"
    for person in outcome.left_waiting:
        yield f"  {_name(outcome, person['participant'])}, {person['days']} days: {person['sentence']}"
    yield ""
    yield f"{'Four weeks' if outcome.weeks_played else 'Today'}: {outcome.sessions} conversations, {_hours(outcome.minutes)} together"
    yield f"{outcome.mails} mails, {outcome.handed_over} messages handed over to people without e-mail"
    to_call = [duo for duo in outcome.weeks if duo["to_call"]]
    yield ""
    yield f"Whom to call ({len(to_call)}; {outcome.below_commitment} duos missed at least one week)"
    for duo in sorted(to_call, key=lambda each: -each["missed_weeks"]):
        missed = ", ".join(week["week"] for week in duo["weeks"] if not week["met"] and not week["excused"])
        yield f"  {_name(outcome, duo['newcomer'])} and {_name(outcome, duo['volunteer'])}: {duo['minutes']} minutes in all, too little in {missed}"
    yield ""
    facts = f"{sum(outcome.events.values())} facts on the bus, " if outcome.events else ""
    yield f"{facts}{outcome.seconds} seconds"


def _rows(title: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield title
    often = Counter((row["field"], row["reason"]) for row in rows)
    for number, faults in groupby(rows, key=lambda row: int(row["row"])):
        of_this = [fault for fault in faults if often[fault["field"], fault["reason"]] < MANY]
        if of_this:
            yield f"  row {number}: " + "; ".join(f"{fault['field']}: {fault['reason']}" for fault in of_this)
    for (field, reason), count in often.items():
        if count >= MANY:
            yield f"  {count} rows: {field}: {reason}"


def _name(outcome: Outcome, participant: str) -> str:
    return outcome.names.get(participant, participant[-6:])


def _hours(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02d}"
