"""What a command must not import: what it does not need would be paid for by every start."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from platformdirs import PlatformDirs

from valuelog.cli.app import COMMANDS
from valuelog.cli.paths import find_paths

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

TAB = {"_VALUELOG_COMPLETE": "bash"}

Imported = Callable[..., set[str]]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Return a function that runs valuelog on a journal that is there and returns the modules that it imported."""
    home = tmp_path_factory.mktemp("home")
    found = home / "found"
    usual = {name: said for name, said in os.environ.items() if not name.startswith(("XDG_", "VALUELOG_"))}
    own = {"HOME": str(home), "VALUELOG_TODAY": "2026-11-20", "COLUMNS": "80"}

    @cache
    def run(*words: str, tab: bool = False) -> set[str]:
        spy = [sys.executable, "-c", SPY.format(found=str(found)), *words]
        environ = {**usual, **own, **(TAB if tab else {})}
        done = subprocess.run(spy, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return set(found.read_text(encoding="utf-8").split("\n"))

    assert run("add", "activity", "it makes the journal")
    return run


@pytest.mark.parametrize("words", [*EVERY_DAY, *DRAWN], ids=" ".join)
def test_pages_browsers_and_secrets_are_imported_for_nothing_of_every_day(
    imported: Imported, words: tuple[str, ...]
) -> None:
    assert not imported(*words) & {"jinja2", "markupsafe", "webbrowser", "datasette", "secrets"}


@pytest.mark.parametrize("words", [*EVERY_DAY, *DRAWN], ids=" ".join)
def test_a_current_journal_never_imports_sqlite_utils(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & {"sqlite_utils", "valuelog.journal.schema"}


@pytest.mark.parametrize("words", EVERY_DAY, ids=" ".join)
def test_rich_is_imported_only_to_draw(imported: Imported, words: tuple[str, ...]) -> None:
    assert "rich" not in imported(*words)


@pytest.mark.parametrize("words", [*EVERY_DAY, ("list",), ()], ids=" ".join)
@pytest.mark.skipif(version("rich") < "14", reason="rich.console itself imports rich.table")
def test_frequent_commands_do_not_import_tables(imported: Imported, words: tuple[str, ...]) -> None:
    assert "rich.table" not in imported(*words)


@pytest.mark.parametrize("words", [*EVERY_DAY, ("list",), ("review", "--week"), ()], ids=" ".join)
def test_frequent_commands_do_not_import_dateutil(imported: Imported, words: tuple[str, ...]) -> None:
    assert not [name for name in imported(*words) if name.startswith("dateutil")]


@pytest.mark.parametrize("words", [*EVERY_DAY, *DRAWN, ("today", "--activity", "audit mails")], ids=" ".join)
def test_menus_are_imported_only_to_ask(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & {"questionary", "prompt_toolkit"}


@pytest.mark.parametrize("words", [*EVERY_DAY, *DRAWN], ids=" ".join)
def test_frequent_commands_only_read_settings(imported: Imported, words: tuple[str, ...]) -> None:
    names = {name for name in imported(*words) if name.startswith("valuelog.cli.settings.")}
    assert names == {"valuelog.cli.settings.read", "valuelog.cli.settings.spec"}


@pytest.mark.parametrize("words", [("add", "activity", "audit mails"), ("undo",), ("list",)], ids=" ".join)
def test_what_looks_back_at_nothing_imports_no_analysis(imported: Imported, words: tuple[str, ...]) -> None:
    assert not [name for name in imported(*words) if name.startswith("valuelog.analysis")]


@pytest.mark.parametrize("words", [*EVERY_DAY, *DRAWN, ("--version",)], ids=" ".join)
def test_what_somebody_meant_and_help_are_imported_only_for_a_mistake_and_for_help(
    imported: Imported, words: tuple[str, ...]
) -> None:
    mistaken = {"valuelog.cli.usage", "valuelog.model.nearest"}
    assert not imported(*words) & {*mistaken, "valuelog.cli.help", "valuelog.render.help"}


def test_version_imports_no_other_module(imported: Imported) -> None:
    ours = {name for name in imported("--version") if name.startswith("valuelog")}
    assert ours == {"valuelog", "valuelog.__main__"}
    assert "typer" not in imported("--version")


@pytest.mark.parametrize("words", [("--help",), ("--version",)], ids=" ".join)
def test_what_is_said_of_all_commands_imports_none(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & commands()


def test_tab_among_the_commands_imports_none(imported: Imported) -> None:
    assert not imported("rev", tab=True) & commands()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
def test_on_linux_the_places_are_those_of_platformdirs_without_its_import(
    imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    usual, found = PlatformDirs("valuelog", appauthor=False), find_paths({"HOME": os.environ["HOME"]})
    assert (found.data_dir, found.config_dir, found.state_dir) == tuple(
        map(Path, (usual.user_data_dir, usual.user_config_dir, usual.user_state_dir))
    )
    assert "platformdirs" not in imported("--plain")


def commands() -> set[str]:
    """Name the modules of all commands, and what any of them would bring along."""
    return {line.import_path.partition(":")[0] for line in COMMANDS} | {"valuelog.journal.store", "valuelog.workflows"}
