"""Shared fixtures: the program run in-process with a fake World, on real files."""

import io
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings

from support.datasette_server import ExploreServer, run_explore_server, write_hostile_journal
from support.env import NO_BACKUPS, xdg_variables
from support.makers import ScriptedPrompter, close_opened
from support.rule_check import check_commands, journals_in
from support.sample_quarter import write_sample_quarter
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.world import World
from valuelog.journal.timestamps import iter_moments

# In background jobs these signals may be ignored, and child processes would inherit that.
for name, defaults in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    number = getattr(signal, name, None)  # not every system has both
    if number and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, defaults)

os.environ.update(NO_BACKUPS)  # for child processes that inherit the environment

# As in __main__: valuelog reports and tightens files that others can open, also those that a test wrote.
os.umask(0o077)

# A busy machine is no reason to fail.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that rewrites transcripts in the docs."""
    parser.addoption("--update-transcripts", action="store_true", help="write the real output into the docs")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the numbers of the fault harness, which tests in several processes noted."""
    reports = [report for name in ("passed", "failed") for report in terminalreporter.getreports(name)]
    lines = [str(value) for report in reports for name, value in report.user_properties if name == "faults"]
    if lines:
        terminalreporter.section("faults")
        terminalreporter.write_line("\n".join(sorted(lines)))


@pytest.fixture(autouse=True)
def _reproducible_ids(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seed the random ids, so that each run of a test has the same ids and prefixes."""
    monkeypatch.setattr(os, "urandom", random.Random(request.node.nodeid).randbytes)  # noqa: S311  not for secrets


@pytest.fixture(autouse=True)
def _rule_equals_tables(request: pytest.FixtureRequest) -> Iterator[None]:
    """Compare the tables of each journal with the merge rule: after each command, and once more after the test.

    A test that damages tables on purpose has the marker `damages_journal`.
    """
    with check_commands() as check:
        yield
    folder = request.node.funcargs.get("tmp_path")
    check.compare_written()
    for path in journals_in(folder) if folder else ():
        check.compare(path)
    if not request.node.get_closest_marker("damages_journal"):
        assert not check.differences, "\n".join(check.differences)


@pytest.fixture(autouse=True)
def _close_opened(_rule_equals_tables: None) -> Iterator[None]:
    """Close every journal that a test opened: Python 3.13 warns about unclosed connections."""
    yield
    close_opened()


@dataclass(frozen=True)
class Result:
    """Exit code, stdout and stderr of a run."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Runs a command; `answers` are given to its prompts, `stdin` is piped in, the rest is the environment."""

    def __call__(
        self, *args: str, answers: list[Any] | None = None, stdin: bytes = b"", fails: int = 0, **environ: str
    ) -> Result:
        """Run it, and check its exit code."""
        ...


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return an empty home."""
    return tmp_path


@pytest.fixture
def journal_path(home: Path) -> Path:
    """Return the path of the journal of `run`."""
    return home / "data" / "valuelog" / "journal.db"


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs valuelog in an empty home, on Friday 20 November 2026, each time a bit later."""
    monkeypatch.setenv("HOME", str(home))
    defaults = {**xdg_variables(home), "VALUELOG_TODAY": "2026-11-20", "COLUMNS": "80"}
    moments = iter_moments(datetime(2026, 11, 20, 18, 30, tzinfo=timezone(timedelta(hours=1))))

    def run_command(
        *args: str, answers: list[Any] | None = None, stdin: bytes = b"", fails: int = 0, **environ: str
    ) -> Result:
        out, err, now = io.StringIO(), io.StringIO(), next(moments)
        world = World(
            environ={**defaults, **environ},
            stdin=io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
            stdout=out,
            stderr=err,
            now=lambda: now,
            prompter=ScriptedPrompter(answers) if answers is not None else None,
        )
        main = lambda: app().main(args=list(args), prog_name="valuelog", standalone_mode=False, obj=world)  # noqa: E731
        code = errors.run(world, main)
        assert code == fails, err.getvalue()
        return Result(code=code, out=out.getvalue(), err=err.getvalue())

    return run_command


@pytest.fixture
def quarter(run: Run, journal_path: Path) -> Run:
    """Write the sample quarter; return `run`."""
    write_sample_quarter(journal_path)
    return run


@pytest.fixture(scope="module")
def explore_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExploreServer]:
    """Serve a journal with hostile text."""
    home = tmp_path_factory.mktemp("home")
    write_hostile_journal(home)
    with run_explore_server(home) as running:
        yield running
