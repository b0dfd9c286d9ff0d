"""What nobody expected is answered, bears the strict headers, and is counted; what is awaited begins to be counted at nought."""

from __future__ import annotations

import httpx
from fastapi import FastAPI

from duolangue.chassis.metrics import Metrics
from duolangue.chassis.web import problems
from duolangue.chassis.web.guard import HEADERS, Guard


async def test_a_fault_of_ours_is_counted_and_bears_the_strict_headers() -> None:
    app, metrics = FastAPI(), Metrics("toy")
    problems.install(app)
    app.add_middleware(Guard, metrics=metrics, large={})

    @app.get("/toy/api/broken")
    async def broken() -> None:
        raise KeyError("nobody thought of this")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://toy.test") as client:
        answer = await client.get("/toy/api/broken")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:duolangue:problem:failed")
    assert [answer.headers.get(name) for name in HEADERS] == list(HEADERS.values())
    assert answer.headers["cache-control"] == "no-store"
    counted = {"service": "toy", "method": "GET", "route": "/toy/api/broken", "status": "500"}
    assert metrics.registry.get_sample_value("duo_http_seconds_count", counted) == 1


def test_the_first_dead_letter_of_a_fact_is_an_increase() -> None:
    metrics = Metrics("toy")
    metrics.expects(["duo.ended.v1"])
    labels = {"service": "toy", "fact": "duo.ended.v1", "outcome": "dead"}
    assert metrics.registry.get_sample_value("duo_facts_handled_total", labels) == 0
    metrics.handled("duo.ended.v1", "dead", 0.1)
    assert metrics.registry.get_sample_value("duo_facts_handled_total", labels) == 1
