"""Startup time: no command imports modules that it does not need."""

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
    with open({module_file!r}, "w", encoding="utf-8") as file:
        file.write("\\n".join(sys.modules))
"""
"""Runs valuelog with the given arguments and writes the names of all imported modules to a file."""

FREQUENT_COMMANDS = (
    ("add", "helped", "@sam runs the release alone now"),
    ("undo",),
    ("list", "--plain"),
    ("search", "release", "--json"),
    ("review", "--week", "--json"),
    ("--plain",),
)
"""Commands without terminal layout, on an existing journal."""

TERMINAL_COMMANDS = ("list",), ("review", "--week"), ("trend",), ("calendar",), ()

TAB = {"_VALUELOG_COMPLETE": "bash"}

Imported = Callable[..., set[str]]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Return a function that runs valuelog on an existing journal and returns the imported modules."""
    home = tmp_path_factory.mktemp("home")
    module_file = home / "found"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "VALUELOG_"))}
    fixed = {"HOME": str(home), "VALUELOG_TODAY": "2026-11-20", "COLUMNS": "80"}

    @cache
    def run(*words: str, tab: bool = False) -> set[str]:
        spy = [sys.executable, "-c", SPY.format(module_file=str(module_file)), *words]
        environ = {**inherited, **fixed, **(TAB if tab else {})}
        done = subprocess.run(spy, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return set(module_file.read_text(encoding="utf-8").split("\n"))

    assert run("add", "activity", "it makes the journal")
    assert run("off", "every", "monday")
    assert run("off", "2026-11-30", "--every", "month")
    return run


@pytest.mark.parametrize("words", [*FREQUENT_COMMANDS, *TERMINAL_COMMANDS], ids=" ".join)
def test_frequent_commands_do_not_import_page_modules(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & {"jinja2", "markupsafe", "webbrowser", "datasette", "secrets"}


@pytest.mark.parametrize("words", [*FREQUENT_COMMANDS, *TERMINAL_COMMANDS], ids=" ".join)
def test_current_journal_does_not_import_sqlite_utils(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & {"sqlite_utils", "valuelog.journal.schema"}


@pytest.mark.parametrize("words", FREQUENT_COMMANDS, ids=" ".join)
def test_rich_is_imported_only_for_terminal_output(imported: Imported, words: tuple[str, ...]) -> None:
    assert "rich" not in imported(*words)


@pytest.mark.parametrize("words", [*FREQUENT_COMMANDS, ("list",), ()], ids=" ".join)
@pytest.mark.skipif(version("rich") < "14", reason="rich.console itself imports rich.table")
def test_frequent_commands_do_not_import_tables(imported: Imported, words: tuple[str, ...]) -> None:
    assert "rich.table" not in imported(*words)


@pytest.mark.parametrize("words", [*FREQUENT_COMMANDS, ("list",), ("review", "--week"), ()], ids=" ".join)
def test_frequent_commands_do_not_import_dateutil(imported: Imported, words: tuple[str, ...]) -> None:
    assert not [name for name in imported(*words) if name.startswith("dateutil")]


@pytest.mark.parametrize(
    "words", [*FREQUENT_COMMANDS, *TERMINAL_COMMANDS, ("today", "--activity", "audit mails")], ids=" ".join
)
def test_menus_are_imported_only_for_questions(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & {"questionary", "prompt_toolkit"}


@pytest.mark.parametrize("words", [*FREQUENT_COMMANDS, *TERMINAL_COMMANDS], ids=" ".join)
def test_frequent_commands_only_read_settings(imported: Imported, words: tuple[str, ...]) -> None:
    names = {name for name in imported(*words) if name.startswith("valuelog.cli.settings.")}
    assert names == {"valuelog.cli.settings.read", "valuelog.cli.settings.spec"}


@pytest.mark.parametrize("words", [("add", "activity", "audit mails"), ("undo",), ("list",)], ids=" ".join)
def test_add_undo_and_list_do_not_import_analysis(imported: Imported, words: tuple[str, ...]) -> None:
    assert not [name for name in imported(*words) if name.startswith("valuelog.analysis")]


@pytest.mark.parametrize("words", [*FREQUENT_COMMANDS, *TERMINAL_COMMANDS, ("--version",)], ids=" ".join)
def test_suggestions_and_help_are_imported_only_when_needed(imported: Imported, words: tuple[str, ...]) -> None:
    suggestion_modules = {"valuelog.cli.usage", "valuelog.model.nearest"}
    assert not imported(*words) & {*suggestion_modules, "valuelog.cli.help", "valuelog.render.help"}


@pytest.mark.parametrize(
    "words", [*FREQUENT_COMMANDS, *TERMINAL_COMMANDS, ("today", "--activity", "audit mails")], ids=" ".join
)
def test_commands_that_do_not_sync_import_nothing_of_it(imported: Imported, words: tuple[str, ...]) -> None:
    modules = imported(*words)
    assert not modules & ({"pyrage", "subprocess", "socket", "getpass", "valuelog.cli.sync"} - modules_of_typer())
    assert not [name for name in modules if name.startswith(("valuelog.sync", "valuelog.workflows.sync"))]


def test_version_imports_no_other_module(imported: Imported) -> None:
    ours = {name for name in imported("--version") if name.startswith("valuelog")}
    assert ours == {"valuelog", "valuelog.__main__"}
    assert "typer" not in imported("--version")


@pytest.mark.parametrize("words", [("--help",), ("--version",)], ids=" ".join)
def test_help_and_version_import_no_command(imported: Imported, words: tuple[str, ...]) -> None:
    assert not imported(*words) & command_modules()


def test_completing_a_command_name_imports_no_command(imported: Imported) -> None:
    assert not imported("rev", tab=True) & command_modules()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
def test_linux_paths_equal_platformdirs_without_importing_it(
    imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    inherited, module_file = PlatformDirs("valuelog", appauthor=False), find_paths({"HOME": os.environ["HOME"]})
    assert (module_file.data_dir, module_file.config_dir, module_file.state_dir) == tuple(
        map(Path, (inherited.user_data_dir, inherited.user_config_dir, inherited.user_state_dir))
    )
    assert "platformdirs" not in imported("--plain")


@cache
def modules_of_typer() -> set[str]:
    """Return the modules that Typer itself imports; subprocess is one."""
    code = "import sys, typer; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def command_modules() -> set[str]:
    """Return the modules of all commands and those that every command imports."""
    return {line.import_path.partition(":")[0] for line in COMMANDS} | {"valuelog.journal.store", "valuelog.workflows"}
