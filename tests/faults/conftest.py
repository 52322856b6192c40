"""Fixtures of the fault harness: a forking server, and a home in memory."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults.harness import Server, fast_folder, missing_programs
from faults.record import Stage
from faults.report import Report
from faults.sizes import seed

Check = Callable[[str, Report], None]
"""Fails if a report has faults, and notes its numbers for the summary."""


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a running server. Without gcc, skip, but fail in CI."""
    yield from _start_server()


@pytest.fixture(scope="session")
def other_server() -> Iterator[Server]:
    """Return a second one, for races."""
    yield from _start_server()


def _start_server() -> Iterator[Server]:
    if reason := missing_programs():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with Server() as running:
        yield running


@pytest.fixture
def scratch_home() -> Iterator[Path]:
    """Return the path of a home that does not exist yet, in memory if possible."""
    with tempfile.TemporaryDirectory(prefix="valuelog-", dir=fast_folder()) as folder:
        yield Path(folder) / "home"


@pytest.fixture
def stage(server: Server, scratch_home: Path) -> Stage:
    """Return a stage for scenes."""
    return Stage(server, scratch_home, seed())


@pytest.fixture
def check(record_property: Callable[[str, object], None]) -> Check:
    """Return the check of a report."""

    def check_report(what: str, report: Report) -> None:
        record_property("faults", f"{what}: {report.tried:,} tried, {len(report.faults)} failed, seed {seed()}")
        assert not report.faults, report.format_faults(seed())

    return check_report
