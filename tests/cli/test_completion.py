"""Completion: what it offers, and how real shells on a pseudo-terminal show it after installation."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.completion_shells import READY, Shell
from support.makers import FRIDAY, make_entry, make_pain, make_project, make_promise, open_test_journal
from valuelog.cli.candidates import SHELLS
from valuelog.journal import entries, pains, projects, promises
from valuelog.model.entry import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Result, Run

HOSTILE = (
    """it's "b" $(touch owned) `touch owned`;touch owned&a:b[c]{d}\\%s!!*~ and so on, longer than there is room for"""
)
HOSTILE_SHOWN = """it's "b" $(touch owned) `touch owned`;touch owned&a:b[c]{d}"""
ESCAPES = r"""a\nb \t \x1b[31m \\ \: %s $HOME"""

OFFERED = [
    # commands and options
    ("un", "undo"),
    ("re", "redo restore review"),
    ("pain s", "show seen"),
    ("project reo", "reopen"),
    ("list --ki", "--kind"),
    ("--jou", "--journal"),
    ("help proj", "project"),
    # fixed choices
    ("add h", "helped"),
    ("add i", "improvement insight"),
    ("add improvement x --effect f", "faster"),
    ("add improvement x --for cu", "customers"),
    ("list --side v", "value"),
    ("list --source g", "git"),
    ("promise make sta", "start"),
    ("calendar --by c", "count"),
    ("import j", "journal jrnl jsonl"),
    ("export ma", "markdown"),
    ("config set re", "remind_at review_day"),
    ("init z", "zsh"),
    # the contents of the journal
    ("show k", "k300000000"),
    ("delete k3 m", "m700000000"),
    ("pain fix ''", "p200000000"),
    ("promise keep ''", "t200000000"),
    ("list -p sa", "sam"),
    ("list --tag d", "deploy"),
    ("list --project re", "refund-flow"),
    ("project close r", "refund-flow"),
    # dates and periods
    ("review yes", "yesterday"),
    ("review last w", "week"),
    ("brag --quarter=la", "--quarter=last\\ quarter"),
    ("add helped x -d yes", "yesterday"),
    ("promise make stop x --by nex", "next\\ week next\\ month next\\ quarter next\\ year"),
    # no candidates
    ("show w", ""),
    ("add helped x --tag w", ""),
]
"""What is typed after `valuelog`, and the words offered for the last one."""

FILES = ["import csv w", "export jsonl m", "--journal w", "today --answers w", "review --html w", "review --html=w"]

SHELL_LINES = [
    ("un", ("valuelog undo",)),
    ("re", ("redo", "restore", "review")),
    ("list --ki", ("list --kind",)),
    ("add improvement x --effect fas", ("--effect faster",)),
    ("show ", ("k300000000", "@sam runs the release #deploy now", "p200000000", "waits on: one approver's word")),
    ("review last w", ("review last week",)),
    ("brag --quarter=la", ("--quarter=last",)),
    ("import csv w", ("import csv work.csv",)),
    ("export jsonl m", ("export jsonl my\\ journal.json",)),
    ("review --html=w", ("--html=work.csv",)),
    ('import csv "my', ('import csv "my journal.json"',)),
]
"""Words typed after `valuelog`, and what the screen shows after TAB."""


@pytest.fixture(scope="module")
def shell_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a journal and some files."""
    home = tmp_path_factory.mktemp("home")
    journal = open_test_journal(home / ".local" / "share" / "valuelog")
    fields = {"kind": Kind.HELPED, "people": ("sam",), "tags": ("deploy",), "project": "Refund flow"}
    entry = make_entry(id="k300000000", text="@sam runs the release #deploy now", **fields)
    journal.write("start", [projects.creation_change(make_project("Refund flow"))])
    entries.add(journal, [entry, make_entry(id="m700000000", text=HOSTILE), make_entry(id="q700000000", text=ESCAPES)])
    waits = "the deploy waits on: one approver's word"
    journal.write("add", pains.creation_changes([make_pain(FRIDAY, id="p200000000", text=waits)]))
    journal.write("promise", [promises.creation_change(make_promise(id="t200000000"))])
    journal.close()
    for name in ("work.csv", "my journal.json"):
        (home / name).touch()
    return home


@pytest.fixture
def complete_fish(run: "Run", shell_home: Path) -> "Callable[..., Result]":
    """Return a function that returns what fish gets to complete the last word."""
    return lambda *words: run(*words, _VALUELOG_COMPLETE="fish", XDG_DATA_HOME=str(shell_home / ".local" / "share"))


def test_candidates_come_from_the_journal_that_is_named(run: "Run", shell_home: Path) -> None:
    journal = shell_home / ".local" / "share" / "valuelog" / "journal.db"
    assert run("show", "k", _VALUELOG_COMPLETE="fish").out == "words\n"
    assert "k300000000" in run("--journal", str(journal), "show", "k", _VALUELOG_COMPLETE="fish").out


@pytest.mark.parametrize(("line", "offered"), OFFERED, ids=[line for line, _ in OFFERED])
def test_completion_offers_matching_words(complete_fish: "Callable[..., Result]", line: str, offered: str) -> None:
    first, *candidates = complete_fish(*shlex.split(line)).out.splitlines()
    assert first == "words"
    assert {candidate.partition("\t")[0] for candidate in candidates} == set(shlex.split(offered))


@pytest.mark.parametrize("line", FILES)
def test_completion_leaves_file_names_to_the_shell(complete_fish: "Callable[..., Result]", line: str) -> None:
    assert complete_fish(*line.split()).out == "files\n"


def test_completion_for_an_unknown_shell_offers_nothing(run: "Run") -> None:
    assert run("un", _VALUELOG_COMPLETE="tcsh").out == ""


def install_completion(name: str, home: Path) -> Shell:
    """Install completion from within a shell and return a new one."""
    shell = Shell(name, home)
    shell.child.send("valuelog --install-completion\r")
    shell.wait_for(lambda screen: "Go ahead?" in screen)
    shell.child.send("y")
    shell.wait_for(lambda screen: "Installed. Open a new" in screen and screen.endswith(READY.strip()))
    shell.child.close(force=True)
    return Shell(name, home)


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, shell_home: Path) -> Shell:
    """Return a shell with completion installed."""
    return install_completion(request.param, shell_home)


@pytest.mark.parametrize(("line", "shown"), SHELL_LINES, ids=[line for line, _ in SHELL_LINES])
def test_tab_completes_in_a_real_shell(shell: Shell, line: str, shown: tuple[str, ...]) -> None:
    shell.tab(f"valuelog {line}", *shown)


def test_tab_offers_no_file_where_none_is_expected(shell: Shell) -> None:
    shell.tab("valuelog add helped w")
    shell.tab("valuelog un", "valuelog undo")  # by then the first answer would have come
    assert "work.csv" not in shell.screen_text


def test_tab_shows_hostile_text_without_running_it(shell: Shell, shell_home: Path) -> None:
    assert HOSTILE_SHOWN in shell.tab("valuelog show ", "m700000000", HOSTILE_SHOWN)
    assert ESCAPES in shell.tab("valuelog show ", "q700000000", ESCAPES)
    shell.tab("valuelog show m", "valuelog show m700000000")
    assert not (shell_home / "owned").exists()


@pytest.mark.parametrize("shell_name", SHELLS)
def test_completion_is_installed_in_a_home_with_any_name(tmp_path: Path, shell_name: str) -> None:
    home = tmp_path / """o'brien "b" $HOME back\\slash `touch owned`;&#*?[a]{b}~ '\\''"""
    home.mkdir()
    shell = install_completion(shell_name, home)
    assert " line 1" not in shell.screen_text  # how shells report a file that they can't read
    shell.tab("valuelog un", "valuelog undo")
    assert not list(tmp_path.rglob("owned"))
