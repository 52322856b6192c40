"""World: precedence of settings, color and width of each stream, stdout and stderr, and the pager."""

import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

import pexpect
import pytest
from rich.cells import cell_len

from support.env import process_environment
from support.evenings import EVENING_TIME
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.prompter_lines import LinePrompter
from valuelog.cli.world import World
from valuelog.render import Canvas

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


@pytest.fixture
def settings(home: "Path") -> "Path":
    """Return the path of the settings file."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


# The day

MIDNIGHT = datetime(2026, 11, 21, tzinfo=EVENING_TIME.tzinfo)


@pytest.mark.parametrize(
    ("hour", "day"), [(0, 20), (3, 20), (3 + 59 / 60, 20), (4 - 1 / 3600, 20), (4, 21), (4 + 1 / 60, 21), (23, 21)]
)
def test_day_turns_exactly_at_day_ends_at(home: "Path", hour: float, day: int) -> None:
    environ = {name: value for name, value in process_environment(home).items() if name != "VALUELOG_TODAY"}
    now = MIDNIGHT + timedelta(seconds=round(hour * 3600))
    world = World(environ=environ, stdin=StringIO(), stdout=StringIO(), stderr=StringIO(), now=lambda: now)
    assert world.today() == date(2026, 11, day)


# Precedence

ORDERS = [
    (("flag", "variable", "file"), "/flag.db", "--journal"),
    (("flag", "file"), "/flag.db", "--journal"),
    (("variable", "file"), "/variable.db", "VALUELOG_JOURNAL"),
    (("file",), "/file.db", "config.toml"),
    ((), "data/valuelog/journal.db", "default"),
]


@pytest.mark.parametrize(("given", "path", "origin"), ORDERS)
def test_setting_precedence_is_flag_variable_file_default(
    run: "Run", home: "Path", settings: "Path", given: tuple[str, ...], path: str, origin: str
) -> None:
    settings.write_text('journal = "/file.db"\n' if "file" in given else "")
    flags = ["--journal", "/flag.db"] if "flag" in given else []
    variables: dict[str, Any] = {"VALUELOG_JOURNAL": "/variable.db"} if "variable" in given else {}
    expected = path if path.startswith("/") else str(home / path)
    known = json.loads(run(*flags, "config", "list", "--json", **variables).out)["journal"]
    assert known == {"value": expected, "origin": str(settings) if origin == "config.toml" else origin}
    assert run(*flags, "config", "get", "journal", **variables).out == f"{expected}\n"
    assert json.loads(run(*flags, "paths", "--json", **variables).out)["journal"]["value"] == expected


def test_journal_from_flag_variable_or_file_is_used(run: "Run", home: "Path", settings: "Path") -> None:
    settings.write_text(f'journal = "{home}/file.db"\n')
    run("add", "helped", "in the file's")
    run("add", "helped", "in the variable's", VALUELOG_JOURNAL=f"{home}/variable.db")
    run("--journal", f"{home}/flag.db", "add", "helped", "in the flag's", VALUELOG_JOURNAL=f"{home}/variable.db")
    assert sorted(path.name for path in home.glob("*.db")) == ["file.db", "flag.db", "variable.db"]
    assert "in the file's" in run("list").out
    assert not (home / "data").exists()


def test_tilde_is_expanded_in_flag_variable_and_file(
    run: "Run", home: "Path", settings: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home))
    settings.write_text('journal = "~/file.db"\n')
    assert run("config", "get", "journal").out == f"{home}/file.db\n"
    assert run("config", "get", "journal", VALUELOG_JOURNAL="~/variable.db").out == f"{home}/variable.db\n"
    assert run("--journal=~/flag.db", "config", "get", "journal").out == f"{home}/flag.db\n"


@pytest.mark.parametrize(
    ("text", "variables", "value", "origin"),
    [
        ("", {}, False, "default"),
        ("accessible = true", {}, True, "config.toml"),
        ("accessible = true", {"VALUELOG_ACCESSIBLE": "0"}, False, "VALUELOG_ACCESSIBLE"),
        ("", {"VALUELOG_ACCESSIBLE": "1"}, True, "VALUELOG_ACCESSIBLE"),
        ("", {"VALUELOG_ACCESSIBLE": ""}, False, "default"),
    ],
)
def test_variable_overrides_the_settings_file(
    run: "Run", settings: "Path", text: str, variables: dict[str, Any], value: object, origin: str
) -> None:
    settings.write_text(text)
    known = json.loads(run("config", "--json", **variables).out)["accessible"]
    assert known["value"] is value
    assert known["origin"].endswith(origin)


def test_variable_selects_another_settings_file(run: "Run", home: "Path") -> None:
    (home / "other.toml").write_text('review_day = "mon"\n')
    assert run("config", "get", "review_day", VALUELOG_CONFIG=f"{home}/other.toml").out == "mon\n"
    run("config", "set", "review_day", "tue", VALUELOG_CONFIG=f"{home}/other.toml")
    assert (home / "other.toml").read_text() == 'review_day = "tue"\n'


# Color and width


class TerminalStream(StringIO):
    """A stream that pretends to be a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def streams_have_color(home: "Path", *words: str, out: StringIO, err: StringIO, **environ: str) -> tuple[bool, bool]:
    """Return whether stdout and stderr of a command that writes to both have color."""
    world = World(
        environ=process_environment(home, **environ),
        stdin=TextIOWrapper(BytesIO(), encoding="utf-8"),
        stdout=out,
        stderr=err,
        now=lambda: EVENING_TIME,
    )
    args = [*words, "today", "--helped", "@sam runs it"]
    assert errors.run(world, lambda: app().main(args=args, standalone_mode=False, obj=world)) == 0
    world.write_stderr(world.canvas_for(err).color * "\x1b[1mtalk\x1b[0m")
    return "\x1b[" in out.getvalue(), "\x1b[" in err.getvalue()


COLORS = [
    ("", {}, True),
    ("", {"NO_COLOR": "1"}, False),
    ("", {"NO_COLOR": ""}, True),
    ("", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ("", {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ("", {"TERM": "dumb"}, False),
    ("", {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ("", {"CLICOLOR": "0"}, False),
    ("", {"CLICOLOR": "1"}, True),
    ("", {"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True),
    ("--color never", {}, False),
    ("--color never", {"FORCE_COLOR": "1"}, False),
    ("--color always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
    ("--color auto", {"NO_COLOR": "1"}, False),
]
NAMES = [f"{flag} {environ}" for flag, environ, _ in COLORS]


@pytest.mark.parametrize(("flag", "environ", "colored"), COLORS, ids=NAMES)
def test_color_on_a_terminal(home: "Path", flag: str, environ: dict[str, Any], *, colored: bool) -> None:
    assert streams_have_color(home, *flag.split(), out=TerminalStream(), err=TerminalStream(), **environ) == (
        colored,
        colored,
    )


@pytest.mark.parametrize(
    ("flag", "environ", "colored"),
    [
        ("", {}, False),
        ("", {"FORCE_COLOR": "1"}, True),
        ("", {"FORCE_COLOR": "0"}, False),
        ("", {"CLICOLOR_FORCE": "1"}, True),
        ("", {"CLICOLOR_FORCE": "0"}, False),
        ("", {"CLICOLOR": "1"}, False),
        ("--color always", {}, True),
    ],
)
def test_color_in_a_file(home: "Path", flag: str, environ: dict[str, Any], *, colored: bool) -> None:
    assert streams_have_color(home, *flag.split(), out=StringIO(), err=StringIO(), **environ) == (colored, colored)


def test_color_is_decided_for_each_stream(home: "Path") -> None:
    assert streams_have_color(home, out=TerminalStream(), err=StringIO()) == (True, False)
    assert streams_have_color(home, out=StringIO(), err=TerminalStream()) == (False, True)


def test_machine_readable_output_never_has_color(run: "Run") -> None:
    run("add", "helped", "@sam runs it")
    for words in ("list --json", "list --plain", "review --markdown", "review --json", "config --plain"):
        assert "\x1b" not in run("--color", "always", *words.split(), FORCE_COLOR="1").out


@pytest.mark.parametrize(
    ("columns", "width"),
    [("20", 20), ("40", 40), ("80", 80), ("120", 120), ("500", 120), ("5", 20), ("x", 80), ("0", 80)],
)
def test_columns_variable_sets_the_width_within_limits(run: "Run", columns: str, width: int) -> None:
    for text in ("word " * 60, "w" * 200, "ＷＩＤＥ" * 40):
        run("add", "helped", text)
    for words in ("list", "review", "history", ""):
        assert max(map(cell_len, run(*words.split(), COLUMNS=columns).out.splitlines())) <= width


# Streams


@pytest.mark.parametrize(
    ("words", "results", "messages"),
    [
        ("add helped x", False, True),
        ("add helped x --json", True, True),
        ("undo", False, True),
        ("off today", False, True),
        ("today --helped x", True, True),
        ("list", True, False),
        ("review", True, False),
        ("config", True, False),
        ("config set review_day mon", False, True),
        ("config get review_day", True, False),
        ("init zsh", True, False),
        ("demo", True, True),
        ("", True, False),
    ],
)
def test_results_go_to_stdout_and_messages_to_stderr(run: "Run", words: str, *, results: bool, messages: bool) -> None:
    run("add", "activity", "something")
    done = run(*words.split())
    assert (bool(done.out), bool(done.err)) == (results, messages)


def test_question_is_wrapped_between_words() -> None:
    err = TerminalStream()
    LinePrompter(StringIO(), err, Canvas(width=40)).show_heading(
        "What would somebody one level up have done with this week?", "Enter"
    )
    assert err.getvalue() == "What would somebody one level up have\ndone with this week?\n  Enter\n"


def test_messages_are_wrapped_only_on_a_terminal(home: "Path") -> None:
    file, terminal = StringIO(), TerminalStream()
    for err in (file, terminal):
        streams_have_color(home, out=StringIO(), err=err, COLUMNS="40", NO_COLOR="1")
    assert "\nUndo: valuelog undo\n" in terminal.getvalue()
    assert max(map(cell_len, terminal.getvalue().splitlines())) <= 40
    assert " 2026. Undo: valuelog undo\n" in file.getvalue()


@pytest.mark.parametrize("words", ["list --json", "list", "init bash", "config get editor", "review --markdown"])
def test_broken_pipe_is_silent(home: "Path", run: "Run", words: str) -> None:
    lines = "".join(f'{{"kind": "activity", "text": "{number} {"x" * 500}"}}\n' for number in range(200))
    run("today", "--answers", "-", stdin=lines.encode())
    program = f'set -o pipefail; "$0" -m valuelog {words} {"today" if words.startswith("list") else ""} | true'
    done = subprocess.run(
        ["/bin/bash", "-c", program, sys.executable],
        env=process_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", ["paths", "--version", "--version --debug", "--help", "--show-completion"])
def test_output_to_a_full_disk_fails_with_one_message(home: "Path", words: str) -> None:
    done = subprocess.run(
        ["/bin/bash", "-c", f'"$0" -m valuelog {words} >/dev/full', sys.executable],
        env=process_environment(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("valuelog: The answer could not be written: No space left on device.\n")
    assert len(done.stderr.splitlines()) == 2


# The pager


def show_on_terminal(home: "Path", words: str, rows: int = 6, **environ: str) -> str:
    """Return what a command shows on a terminal with this many rows; the pager prints PAGED."""
    pager = home / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\ncat\n")
    pager.chmod(0o700)
    env = process_environment(home, **{"TERM": "xterm", "PAGER": str(pager), **environ})
    with pexpect.spawn(
        sys.executable, ["-m", "valuelog", *words.split()], env=env, encoding="utf-8", dimensions=(rows, 80), timeout=20
    ) as child:
        shown: str = child.read()
    return shown


def test_only_output_longer_than_the_terminal_is_paged(run: "Run", home: "Path") -> None:
    for day in ("mon", "tue", "wed", "thu"):
        run("add", "helped", "@sam", "runs", "it", "-d", day)
    assert "PAGED" in show_on_terminal(home, "list")
    assert "PAGED" not in show_on_terminal(home, "list", rows=40)
    line_count = run("list").out.count("\n")
    assert "PAGED" in show_on_terminal(home, "list", rows=line_count)  # with the prompt, its first line would be gone
    assert "PAGED" not in show_on_terminal(home, "list", rows=line_count + 1)
    assert "PAGED" not in show_on_terminal(home, "list --json")
    assert "PAGED" not in show_on_terminal(home, "list", TERM="dumb")
    assert "PAGED" not in show_on_terminal(home, "list", PAGER="cat")


@pytest.mark.parametrize("pager", ["no-such-pager", "'", "false"])
def test_broken_pager_does_not_lose_output(run: "Run", home: "Path", pager: str) -> None:
    for day in ("mon", "tue", "wed", "thu"):
        run("add", "helped", "@sam", "runs", "it", "-d", day)
    shown = show_on_terminal(home, "list", VALUELOG_PAGER=pager)
    assert "bug in valuelog" not in shown
    assert pager == "false" or "4 entries" in shown
