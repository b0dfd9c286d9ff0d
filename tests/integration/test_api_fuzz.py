"""Every API against its own OpenAPI document: made-up requests, right and wrong. No failure inside, every refusal a problem document, in bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from duolangue.registration.commands import found_association
from tests.performance.platform import EMAIL, Bench, bench

PREFIXES = {"registration": "/people", "matching": "/duos", "sessions": "/sessions", "notifications": "/messages"}
BOUND_SECONDS = 30
"""Far above what a request takes on a machine that does nothing else."""
EXAMPLES = 8


@pytest.fixture(scope="module")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    async with bench(tmp_path_factory.mktemp("fuzz")) as running:
        await found_association(running.foundation, "interra", name="Interra", language="fr", email=EMAIL)
        yield running


def told(answer: Any) -> str:
    return f"{answer.request.method} {answer.request.url} {answer.request.body!r}: {answer.status_code} {answer.text[:500]}"


def ask(url: str, prefix: str, headers: dict[str, str]) -> int:
    """Ask everything the document offers, as it says and as it does not. Returns how many operations there are."""
    document = schemathesis.openapi.from_url(f"{url}{prefix}/api/openapi.json")
    asked = 0
    for found in document.get_all_operations():
        operation = found.ok()
        asked += 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def one(case: Any) -> None:
                answer = case.call(base_url=url, headers=headers, timeout=BOUND_SECONDS)
                assert answer.status_code < 500, told(answer)
                if answer.status_code >= 400:
                    assert answer.headers["content-type"][0] == "application/problem+json", told(answer)
                    problem = answer.json()
                    assert problem["status"] == answer.status_code, told(answer)
                    assert problem["type"].startswith("urn:duolangue:problem:"), told(answer)
                    assert problem["title"], told(answer)

            try:
                one()
            except Unsatisfiable:  # an operation without input has nothing that could be wrong
                assert mode is GenerationMode.NEGATIVE, operation.label
    return asked


@pytest.mark.timeout(600)
@pytest.mark.parametrize("service", PREFIXES)
async def test_whatever_is_sent_the_interface_answers_in_its_own_terms(platform: Bench, service: str) -> None:
    headers = await platform.token("interra")
    assert await asyncio.to_thread(ask, platform.url, PREFIXES[service], headers) > 3


@pytest.mark.parametrize("service", PREFIXES)
async def test_without_a_token_every_address_of_the_interface_says_who_may(platform: Bench, service: str) -> None:
    document = (await platform.client.get(f"{PREFIXES[service]}/api/openapi.json")).json()
    for path, operations in document["paths"].items():
        for method in operations:
            if "{token}" in path:
                continue
            answer = await platform.client.request(method, path.replace("{", "").replace("}", ""))
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
