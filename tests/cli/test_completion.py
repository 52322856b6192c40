"""Completion in real shells on a real terminal, set up as people do it."""

from pathlib import Path

import pytest

from support.completion_shells import READY, Shell
from support.makers import FRIDAY, make_entry, make_pain, make_project, make_promise, open_test_journal
from valuelog.cli.hooks import SHELLS
from valuelog.journal import entries, pains, projects, promises
from valuelog.model.entry import Kind

HARM = (
    """it's "b" $(touch owned) `touch owned`;touch owned&a:b[c]{d}\\%s!!*~ and so on, longer than there is room for"""
)
SHOWN = """it's "b" $(touch owned) `touch owned`;touch owned&a:b[c]{d}"""
SIGNS = r"""a\nb \t \x1b[31m \\ \: %s $HOME"""
"""As much of it as there is room for."""

LINES = [
    # commands and flags
    ("un", ("valuelog undo",)),
    ("re", ("redo", "review")),
    ("pain s", ("seen", "show")),
    ("project reo", ("project reopen",)),
    ("list --ki", ("list --kind",)),
    ("--jou", ("valuelog --journal",)),
    ("add helped x --ev", ("--evidence",)),
    # words out of a list
    ("add h", ("add helped",)),
    ("add i", ("improvement", "insight")),
    ("add improvement x --effect f", ("--effect faster",)),
    ("add improvement x --for cu", ("--for customers",)),
    ("list --side v", ("--side value",)),
    ("list --source g", ("--source git",)),
    ("gather --source g", ("--source git",)),
    ("promise make sta", ("promise make start",)),
    ("calendar --by c", ("--by count",)),
    ("import j", ("jrnl", "jsonl")),
    ("export ma", ("export markdown",)),
    ("config set re", ("remind_at", "review_day")),
    ("init z", ("init zsh",)),
    # what is in the journal
    ("show k", ("show k300000000",)),
    ("show ", ("k300000000", "@sam runs the release #deploy now", "p200000000", "waits on: one approver's word")),
    ("delete k3 m", ("m700000000",)),
    ("pain fix ", ("pain fix p200000000",)),
    ("promise keep ", ("promise keep t200000000",)),
    ("list -p sa", ("list -p sam",)),
    ("list --tag d", ("--tag deploy",)),
    ("list --project re", ("--project refund-flow",)),
    ("project close r", ("project close refund-flow",)),
    # periods
    ("review yes", ("review yesterday",)),
    ("review last w", ("review last week",)),
    ("brag --quarter=la", ("--quarter=last",)),
    ("review --month la", ("last",)),
    ("list --week last w", ("--week last week",)),
    ("add helped x -d yes", ("-d yesterday",)),
    ("promise make stop x --by fr", ("--by friday",)),
    ("promise make stop x --by nex", ("--by next",)),
    # files, where one is wanted
    ("import csv w", ("import csv work.csv",)),
    ("export jsonl m", ("export jsonl my\\ journal.json",)),
    ("--journal w", ("--journal work.csv",)),
    ("today --answers w", ("--answers work.csv",)),
    ("review --answers w", ("--answers work.csv",)),
    ("review --html w", ("--html work.csv",)),
    ("review --html=w", ("--html=work.csv",)),
    ('import csv "w', ('import csv "work.csv"',)),
    ("import csv 'w", ("import csv 'work.csv'",)),
    ('import csv "my', ('import csv "my journal.json"',)),
]
"""What is typed behind `valuelog`, and what is on the screen after TAB."""

NOTHING = ["show w", "add helped w", "list --kind w", "init w", "add helped x --tag w"]
"""Where no word begins like this, and the name of a file makes no sense."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a journal and some files."""
    home = tmp_path_factory.mktemp("home")
    journal = open_test_journal(home / ".local" / "share" / "valuelog")
    said = {"kind": Kind.HELPED, "people": ("sam",), "tags": ("deploy",), "project": "Refund flow"}
    entry = make_entry(id="k300000000", text="@sam runs the release #deploy now", **said)
    journal.write("start", [projects.creation_change(make_project("Refund flow"))])
    entries.add(journal, [entry, make_entry(id="m700000000", text=HARM), make_entry(id="q700000000", text=SIGNS)])
    waits = "the deploy waits on: one approver's word"
    journal.write("add", pains.creation_changes([make_pain(FRIDAY, id="p200000000", text=waits)]))
    journal.write("promise", [promises.creation_change(make_promise(id="t200000000"))])
    journal.close()
    for name in ("work.csv", "my journal.json"):
        (home / name).touch()
    return home


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, home: Path) -> Shell:
    """Return a shell in which completion was set up by the shell before it."""
    before = Shell(request.param, home)
    before.child.send("valuelog --install-completion\r")
    before.wait_for(lambda shown: f"Completion for {request.param} is in" in shown and shown.endswith(READY.strip()))
    before.child.close(force=True)
    return Shell(request.param, home)


@pytest.mark.parametrize(("line", "shown"), LINES, ids=[line for line, _ in LINES])
def test_tab_completes_in_a_real_shell(shell: Shell, line: str, shown: tuple[str, ...]) -> None:
    shell.tab(f"valuelog {line}", *shown)


@pytest.mark.parametrize("line", NOTHING)
def test_a_file_is_offered_only_where_one_is_wanted(shell: Shell, line: str) -> None:
    shell.tab(f"valuelog {line}")
    shell.tab("valuelog un", "valuelog undo")  # by then the first answer would have come
    assert "work.csv" not in shell.screen_text


def test_what_somebody_wrote_is_shown_as_it_is_and_does_nothing(shell: Shell, home: Path) -> None:
    assert SHOWN in shell.tab("valuelog show ", "m700000000", SHOWN)
    assert SIGNS in shell.tab("valuelog show ", "q700000000", SIGNS)
    shell.tab("valuelog show m", "valuelog show m700000000")
    assert not (home / "owned").exists()
