"""The platform's own source files, as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
MEMBERS: Final = (
    *(ROOT / "services").iterdir(),
    ROOT / "chassis",
    ROOT / "deploy/provision",
    ROOT / "deploy/standalone",
)


def modules(*members: Path) -> Iterator[tuple[str, ast.Module]]:
    """Dotted name and tree of every module of these members, of all by default."""
    for member in members or MEMBERS:
        for file in sorted((member / "duolangue").rglob("*.py")):
            yield ".".join(file.relative_to(member).with_suffix("").parts), tree(file)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def templates() -> list[Path]:
    return [file for member in MEMBERS for file in sorted((member / "duolangue").rglob("templates/**/*.html"))]


def imports(module: ast.Module) -> set[str]:
    """Everything a module imports, by its whole name."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
