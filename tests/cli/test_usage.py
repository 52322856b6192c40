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
    ("pain --json -- list", "--json goes after the command.\nTry: valuelog pain list --json"),
    ("review --jounral x", "There is no option --jounral.\nDid you mean --journal? See: valuelog --help"),
    ("list --qqqq", "There is no option --qqqq.\nSee: valuelog list --help"),
    # missing arguments and values
    ("pain plan", "Missing argument ID.\nUsage: valuelog pain plan ID [STEP…]"),
    ("import csv", "Missing argument FILE|-.\nUsage: valuelog import FORMAT FILE|-"),
    ("--journal", "--journal needs a value.\nUsage: valuelog --journal FILE"),
    ("list --journal", "--journal needs a value.\nUsage: valuelog list [PERIOD] --journal FILE"),
    ("trend --weeks", "--weeks needs a value.\nUsage: valuelog trend [N] --weeks N"),
    ("add helped x -d", "-d needs a value.\nUsage: valuelog add [KIND] [TEXT…] -d WHEN"),
    ("review --step k3", "--step needs a value.\nUsage: valuelog review [PERIOD] --step ID TEXT"),
    # unexpected values and arguments
    ("list --json=3", "--json doesn't take a value.\nUsage: valuelog list [PERIOD] --json"),
    ("promise list a b", "“a b” isn't expected here.\nUsage: valuelog promise list"),
    ("trend soon", "“soon” isn't a number of weeks.\nWrite: valuelog trend 26, or valuelog trend 6 months"),
    ("trend 4 --months 2", "You gave more than one length.\nChoose one: N, --weeks or --months."),
    ("undo 3 k3", "“k3” isn't expected here.\nUsage: valuelog undo [N|ID]"),
    ("undo 3 -n 2", "Undo takes a number or an id.\nLeave out -n or the other one."),
    ("today yesterday -d mon", "You gave more than one day.\nLeave out --date."),
    ("list --to mon", "--to needs a first day.\nAdd: --from WHEN"),
    (
        "list --since mon --week",
        "You gave more than one period.\nChoose one: --week, --month, --quarter, --year, --since or a PERIOD.",
    ),
    # unknown commands
    ("xyzzy", "There is no command “xyzzy”.\nSee: valuelog --help"),
    ("help reviw", "There is no command “reviw”.\nDid you mean review? See: valuelog --help"),
    *(
        (word, f"There is no command “{word}”.\nSee: valuelog --help")
        for word in ("exit", "friday", "goal", "mood", "todo")
    ),
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
