"""What operators and integrators ask of a running service: is it alive, is it ready, its figures, its API in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from duolangue.chassis.metrics import Metrics
from duolangue.chassis.web.pages import page
from duolangue.chassis.web.reader import reader_language

PATIENCE_SECONDS: Final = 3.0
Check = Callable[[], Awaitable[None]]


async def failures(checks: dict[str, Check]) -> dict[str, str]:
    """Which checks fail, and how; each has a limit of time."""

    async def ask(check: Check) -> str:
        try:
            await asyncio.wait_for(check(), PATIENCE_SECONDS)
        except TimeoutError:
            return "no answer in time"
        except Exception as error:  # noqa: BLE001 - a probe reports whatever is wrong
            return type(error).__name__
        return ""

    outcomes = await asyncio.gather(*(ask(check) for check in checks.values()))
    return {name: outcome for name, outcome in zip(checks, outcomes, strict=True) if outcome}


def router(prefix: str, checks: dict[str, Check], metrics: Metrics) -> APIRouter:
    """`/livez`, `/readyz`, `/metrics`, and `<prefix>/docs`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    async def livez() -> Response:
        return JSONResponse({"status": "alive"})

    @routes.get("/readyz")
    async def readyz() -> Response:
        failing = await failures(checks)
        metrics.ready(yes=not failing)
        return JSONResponse(
            {"status": "not ready" if failing else "ready", "failing": failing}, 503 if failing else 200
        )

    @routes.get("/metrics")
    async def figures() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @routes.get(f"{prefix}/docs")
    async def docs(request: Request) -> Response:
        description = request.app.openapi()
        return page(request, "docs.html", reader_language(request), api=description)

    return routes
