"""Usage errors: one clear line, and a command line that works."""

import shlex
from typing import TYPE_CHECKING

import pytest

from support.commands import all_commands
from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from conftest import Run

LONG = "x" * 100_000

ERRORS = [
    # unknown and misplaced options
    ("explore --json", "There is no option --json.\nChoose from: --port, --open, --help."),
    ("--json explore", "There is no option --json.\nChoose from: --port, --open, --help."),
    ("add helped x --plain", "There is no option --plain.\nSee: valuelog add --help"),
    ("--plain add helped x", "There is no option --plain.\nSee: valuelog add --help"),
    ("--json list", "--json goes after the command.\nTry: valuelog list --json"),
    ("--plain pain list", "--plain goes after the command.\nTry: valuelog pain … --plain"),
    ("pain --json list", "--json goes after the command.\nTry: valuelog pain list --json"),
    ("list --journal x", "--journal goes before the command.\nTry: valuelog --journal …"),
    ("pain list --no-input", "--no-input goes before the command.\nTry: valuelog --no-input …"),
    (
        "review --jounral x",
        "There is no option --jounral.\nDid you mean --journal? It goes before the command: valuelog --journal …",
    ),
    ("list --qqqq", "There is no option --qqqq.\nSee: valuelog list --help"),
    # missing arguments and values
    ("pain plan", "Missing argument ID.\nUsage: valuelog pain plan ID [STEP…]"),
    ("import csv", "Missing argument FILE|-.\nUsage: valuelog import FORMAT FILE|-"),
    ("--journal", "--journal needs a value.\nUsage: valuelog --journal FILE"),
    ("trend --weeks", "--weeks needs a value.\nUsage: valuelog trend --weeks N"),
    ("add helped x -d", "-d needs a value.\nUsage: valuelog add KIND TEXT… -d WHEN"),
    ("review --step k3", "--step needs a value.\nUsage: valuelog review [PERIOD] --step ID TEXT"),
    # unexpected values and arguments
    ("list --json=3", "--json doesn't take a value.\nUsage: valuelog list [PERIOD] --json"),
    ("promise list a b", "“a b” isn't expected here.\nUsage: valuelog promise list"),
    ("undo 3", "“3” isn't expected here.\nTry: valuelog undo -n 3"),
    ("trend 2 wks", "“2 wks” isn't expected here.\nTry: valuelog trend --weeks 2"),
    ("trend 6 months", "“6 months” isn't expected here.\nTry: valuelog trend --months 6"),
    ("trend 26", "“26” isn't expected here.\nUsage: valuelog trend"),
    ("undo k3", "“k3” isn't expected here.\nUsage: valuelog undo"),
    # unknown commands
    ("xyzzy", "There is no command “xyzzy”.\nSee: valuelog --help"),
    ("help reviw", "There is no command “reviw”.\nDid you mean review? See: valuelog --help"),
    ("-- --json", "There is no command “--json”.\nSee: valuelog --help"),
]


@pytest.mark.parametrize(("line", "message"), ERRORS, ids=[line for line, _ in ERRORS])
def test_usage_error_names_the_right_usage(run: "Run", line: str, message: str) -> None:
    assert run(*shlex.split(line), fails=2).err == f"valuelog: {message}\n"


def test_unknown_option_is_one_clear_message_for_every_command(run: "Run") -> None:
    for words in all_commands():
        assert_one_clear_message(run(*words, "--xyzzy", fails=2), "There is no option --xyzzy.")


LONG_ARGUMENTS = [
    (LONG,),
    (f"--{LONG}",),
    ("list", LONG),
    ("list", f"--{LONG}"),
    ("list", "--week", LONG),
    ("add", LONG, "x"),
    ("add", "helped", "x", "--minutes", LONG),
    ("add", "helped", "x", "--tag", "!" * 100_000),
    ("promise", "list", LONG),
    ("trend", "--weeks", LONG),
    ("config", "get", LONG),
    ("config", "set", "remind_at", LONG),
    ("import", "csv", "-", "--map", LONG),
]


@pytest.mark.parametrize("words", LONG_ARGUMENTS, ids=lambda words: " ".join(word[:9] for word in words))
def test_usage_error_shortens_a_long_argument(run: "Run", words: tuple[str, ...]) -> None:
    message = run(*words, fails=2).err
    assert len(message.partition("\n")[0]) < 160, message[:1000]
    assert len(message) < 600, message[:1000]


LONG_NAMES = [("show", LONG), ("project", "show", LONG), ("import", "csv", LONG), ("--journal", LONG, "list")]


@pytest.mark.parametrize("words", LONG_NAMES, ids=lambda words: " ".join(word[:9] for word in words))
def test_error_shortens_a_long_id_or_path(run: "Run", words: tuple[str, ...]) -> None:
    assert len(run(*words, fails=1).err) < 300
