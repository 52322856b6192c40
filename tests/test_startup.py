"""What a command must not import: what it does not need would be paid for by every start."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from valuelog.cli.app import COMMANDS

SPY = """
import sys
from valuelog.__main__ import main
try:
    main()
finally:
    with open({found!r}, "w", encoding="utf-8") as file:
        file.write("\\n".join(sys.modules))
"""
"""Runs valuelog on the words that follow and leaves the names of all imported modules in a file."""

EVERY_DAY = (
    ("add", "helped", "@sam runs the release alone now"),
    ("undo",),
    ("list", "--plain"),
    ("search", "release", "--json"),
    ("review", "--week", "--json"),
    ("--plain",),
)
"""Commands without a drawing, on a journal that is there."""

DRAWN = ("list",), ("review", "--week"), ("trend",), ("calendar",), ()

Imported = Callable[..., set[str]]


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    """Return a function that runs valuelog on a journal with one entry and returns the modules that it imported."""

    def run(*words: str, **environ: str) -> set[str]:
        found = tmp_path / "found"
        own = {"HOME": str(tmp_path), "VALUELOG_TODAY": "2026-11-20", "COLUMNS": "80", **environ}
        usual = {name: said for name, said in os.environ.items() if not name.startswith(("XDG_", "VALUELOG_"))}
        spy = [sys.executable, "-c", SPY.format(found=str(found)), *words]
        done = subprocess.run(spy, env={**usual, **own}, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return set(found.read_text(encoding="utf-8").split("\n"))

    run("add", "activity", "audit mails")
    return run


@pytest.mark.parametrize("words", [*EVERY_DAY, *DRAWN], ids=" ".join)
def test_a_current_journal_never_imports_sqlite_utils(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & {"sqlite_utils", "valuelog.journal.schema"}


@pytest.mark.parametrize("words", EVERY_DAY, ids=" ".join)
def test_rich_is_imported_only_to_draw(imported: Imported, words: tuple[str, ...]) -> None:
    assert "rich" not in imported(*words)


@pytest.mark.parametrize("words", [*EVERY_DAY, *DRAWN, ("today", "--activity", "audit mails")], ids=" ".join)
def test_menus_are_imported_only_to_ask(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & {"questionary", "prompt_toolkit"}


@pytest.mark.parametrize("words", [("add", "activity", "audit mails"), ("undo",), ("list",)], ids=" ".join)
def test_what_looks_back_at_nothing_imports_no_analysis(imported: Imported, words: tuple[str, ...]) -> None:
    assert not [name for name in imported(*words) if name.startswith("valuelog.analysis")]


@pytest.mark.parametrize("words", [("--help",), ("--version",)], ids=" ".join)
def test_what_is_said_of_all_commands_imports_none(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & commands()


def test_tab_among_the_commands_imports_none(imported: Imported) -> None:
    found = imported(_VALUELOG_COMPLETE="complete_bash", COMP_WORDS="valuelog rev", COMP_CWORD="1")
    assert not found & commands()


def commands() -> set[str]:
    """Name the modules of all commands, and what any of them would bring along."""
    return {line.place.partition(":")[0] for line in COMMANDS} | {"valuelog.journal.store", "valuelog.workflows"}
