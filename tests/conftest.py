"""How the tests are shared out among workers, and what they have to say at the end, whichever process they ran in."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadfile import LoadFileScheduling

HERE = Path(__file__).parent.parent


class Sharing(LoadFileScheduling):
    """A file goes to one worker. A folder whose tests share their servers (it has an `__init__.py`) goes to one as a whole,
    so that they are started once.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        folder = Path(file).parent
        return str(folder) if (HERE / folder / "__init__.py").exists() else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that nobody waits for it alone at the end; the others follow, file after file."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    terminalreporter.write_line(f"{name}: {value}")
