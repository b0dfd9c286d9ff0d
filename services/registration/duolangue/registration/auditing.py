"""Writes down who saw or changed whose data at the desk: one entry for each request that went well.

A router made with `route_class=Audited` does it by itself for whoever is named in the address. A page that shows several people says
whose data it showed with `shows`; one that hands out a copy says so with `takes_out`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

from duolangue.registration.domain import audit
from duolangue.registration.domain.audit import Act
from duolangue.registration.ports import Ports

SEEN: Final = frozenset({"GET", "HEAD"})
SAW_SOMEBODY: Final = "GET /people/{participant_id}"
"""What the log says of each person whom a report that was read concerns."""
PEOPLE: Final = frozenset({"participant_id", "person", "person_id"})
"""Names of path parameters that stand for a participant."""


def shows(request: Request, people: Iterable[str]) -> None:
    """These people's data are on the page, or are changed by it."""
    request.state.shown = [*getattr(request.state, "shown", ()), *people]


def takes_out(request: Request, people: Iterable[str] = ()) -> None:
    """A copy of these people's data leaves the platform; of nobody named when it is of everybody who fits a search."""
    request.state.taken_out = True
    shows(request, people)


async def shows_reports(request: Request, people: Iterable[str], ports: Ports) -> None:
    """Reports that concern these people are on the page. Each person stands in the log alone, as if their own page had been opened:
    together they would tell who reported whom; and that there was a report stays here.
    """
    request.state.reports = True
    who = audit.coordinator(request.state.coordinator.id)
    for one in dict.fromkeys(people):
        await ports.audit.record(who, Act.SAW, [one], SAW_SOMEBODY)


class Audited(APIRoute):
    """A route that writes down who used it, once it went well and before the answer leaves. A page about nobody is not written down;
    one about a report is, without the people it concerns: who reported stands nowhere else.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the entry after it."""
        handle = super().get_route_handler()

        async def audited(request: Request) -> Response:
            answer = await handle(request)
            who = getattr(request.state, "coordinator", None)
            if who is not None and answer.status_code < 400:
                await _record(request, who, self.path_format)
            return answer

        return audited


async def _record(request: Request, who: Any, path: str) -> None:
    named = [str(value) for name, value in request.path_params.items() if name in PEOPLE]
    people = list(dict.fromkeys([*named, *getattr(request.state, "shown", ())]))
    out = getattr(request.state, "taken_out", False)
    act = Act.EXPORTED if out else Act.SAW if request.method in SEEN else Act.CHANGED
    of_reports = getattr(request.state, "reports", False)
    if not people and not request.path_params and act is Act.SAW and not of_reports:
        return
    ports = request.app.state.ports(who.association)
    await ports.audit.record(audit.coordinator(who.id), act, people, f"{request.method} {path}")
