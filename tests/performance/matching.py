"""`./duo bench matching`: the engine against what one would use instead, on the same seeded people, each in a process of its own.

Prints a table and exits with 1 when a bar is missed. `--quick` leaves out the country of 150,000 newcomers and 100,000 volunteers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final

SIZES: Final = ((50, 80), (1_000, 625), (8_000, 5_000), (150_000, 100_000))
COUNTRY: Final = SIZES[-1]
LONGEST: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, its bar, and whether it is met."""

    figure: str
    measured: str
    bar: str
    met: bool

    def __str__(self) -> str:
        return f"{self.figure:<62} {self.measured:<46} {self.bar:<24} {'met' if self.met else 'MISSED'}"


def main() -> None:
    """Run all, print the table, and exit with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="duo bench matching", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the largest instance")
    quick = parser.parse_args().quick
    lines: list[Line] = []
    parts = (_optimum, _service, _dense, _peer)
    for part in parts if quick else (*parts, _country):
        for line in part(quick):
            _say(str(line))
            lines.append(line)
    missed = [line for line in lines if not line.met]
    _say(
        f"\n{len(lines) - len(missed)} met, {len(missed)} missed; {os.cpu_count()} processors; load {os.getloadavg()[0]:.1f}"
    )
    sys.exit(1 if missed else 0)


def _optimum(quick: bool) -> list[Line]:
    """Each size is solved and its certificate checked over every possible pair."""
    lines = []
    for newcomers, volunteers in SIZES[:-1] if quick else SIZES:
        found = _run("engine", newcomers, volunteers)
        told = f"{found['pairs']:,} pairs, {found['seconds']:.3f} s, {found['megabytes']:.0f} MB"
        note = f"{found['kernel']}, {found['rounds']} rounds, {found['candidates']:,} candidates, loaded in {found['loading']:.1f} s, checked in {found['checking']:.0f} s"
        lines.append(
            Line(f"{newcomers:,} x {volunteers:,}: proven, certificate checked", told, "equal to the optimum", met=True)
        )
        _say(f"  {newcomers:,} x {volunteers:,}: {note}")
        if (newcomers, volunteers) == COUNTRY:
            lines += _whole_country(found)
    return lines


def _service(_: bool) -> list[Line]:
    """50 x 80 at a service that is warm, with its database and bus: until everybody is asked."""
    found = _run("50 x 80, warm service", 50, 80, module="tests.performance.matching_service")
    told = (
        f"{found['seconds'] * 1000:.0f} ms ({found['pairs']} proposals; computing {found['computing'] * 1000:.0f} ms)"
    )
    return [
        Line(
            "50 x 80, warm service: command to proposals stored and told", told, "under 150 ms", found["seconds"] < 0.15
        )
    ]


def _whole_country(found: dict[str, Any]) -> list[Line]:
    peer = _run("greedy", *COUNTRY)
    ratio = found["score"] / peer["score"]
    seconds, memory = found["seconds"], found["megabytes"]
    return [
        Line(
            "150,000 x 100,000 from arrays to proven pairs", f"{seconds:.1f} s", "in the order of 10 s", seconds <= 20
        ),
        Line("  its memory, whole process", f"{memory:.0f} MB", "under 1,024 MB", memory < 1024),
        Line(
            "  its score against greedy", f"{ratio:.3f} x ({peer['pairs']:,} pairs)", "at least 1.10 x", ratio >= 1.10
        ),
    ]


def _dense(_: bool) -> list[Line]:
    """8,000 x 5,000, whole run, against numpy scores and SciPy's assignment."""
    size = (8_000, 5_000)
    found, peer = _run("engine", *size), _run("scipy", *size)
    faster, smaller = peer["seconds"] / found["seconds"], peer["megabytes"] / found["megabytes"]
    return [
        Line("8,000 x 5,000 against numpy and SciPy: time", f"{faster:.0f} x ({found['seconds']:.2f} s, {peer['seconds']:.1f} s)", "at least 50 x", faster >= 50),
        Line("  memory, whole process", f"1/{smaller:.1f} ({found['megabytes']:.0f} MB, {peer['megabytes']:.0f} MB)", "a tenth", smaller >= 10),
        Line("  tiers and total", _same(found, peer), "equal", found["value"] == peer["value"]),
    ]  # fmt: skip


def _peer(_: bool) -> list[Line]:
    """300 x 200 against what the nearest peer runs."""
    size = (300, 200)
    found, peer = _run("engine", *size), _run("networkx", *size)
    faster = peer["seconds"] / found["seconds"]
    return [
        Line("300 x 200 against Python scores and NetworkX: time", f"{faster:,.0f} x ({found['seconds'] * 1000:.1f} ms, {peer['seconds']:.1f} s)", "at least 1,000 x", faster >= 1000),
        Line("  tiers and total", _same(found, peer), "equal", found["value"] == peer["value"]),
    ]  # fmt: skip


def _country(_: bool) -> list[Line]:
    found, peer = _run("assignment", *COUNTRY), _run("ortools", *COUNTRY)
    faster, smaller = peer["seconds"] / found["seconds"], peer["megabytes"] / found["megabytes"]
    best, base = _run("candidates", *COUNTRY), _run("duckdb", *COUNTRY)
    quicker = base["seconds"] / best["seconds"]
    one = _run("online", *COUNTRY)
    return [
        Line(f"assignment alone, {found['edges']:,} edges, against OR-Tools: time", f"{faster:.1f} x ({found['seconds']:.1f} s, {peer['seconds']:.1f} s)", "at least 3 x", faster >= 3),
        Line("  memory beyond the edges", f"1/{smaller:.1f} ({found['megabytes']:.0f} MB, {peer['megabytes']:.0f} MB)", "a quarter", smaller >= 4),
        Line("  total", _same(found, peer), "equal", found["value"] == peer["value"]),
        Line("candidates (top 64) against DuckDB", f"{quicker:.0f} x ({best['seconds']:.1f} s, {base['seconds']:.0f} s by {base['value'][0]:,} newcomers)", "at least 25 x", quicker >= 25),
        Line("one newcomer, 100,000 volunteers: best five, p99", f"{one['scores']:.2f} ms (half: {one['scores_half']:.2f})", "under 0.5 ms", one["scores"] < 0.5),
        Line("  exact assignment with them, p99", f"{one['arrival']:.2f} ms (half: {one['arrival_half']:.2f})", "under 5 ms", one["arrival"] < 5),
    ]  # fmt: skip


def _same(found: dict[str, Any], peer: dict[str, Any]) -> str:
    return "the same integers" if found["value"] == peer["value"] else f"{found['value']} and {peer['value']}"


def _run(name: str, newcomers: int, volunteers: int, *, module: str = "") -> dict[str, Any]:
    """One measurement in a process of its own."""
    asked = [module] if module else ["tests.performance.matching_runs", name]
    command = [sys.executable, "-m", *asked, str(newcomers), str(volunteers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    if done.returncode:
        _say(done.stderr[-2000:])
        raise SystemExit(f"{name} {newcomers} x {volunteers} failed")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
