"""What a command line lacks or has too much of: one line in our words, and how the command is written."""

import shlex
from typing import TYPE_CHECKING, Any

import pytest

from support.commands import all_commands
from support.messages import assert_one_clear_message
from valuelog.cli.command import OPTIONAL_VALUE_OPTIONS

if TYPE_CHECKING:
    from conftest import Run

FORMS = ("--json", "--plain")
LONG = "x" * 100_000
PARSERS_WORDS = ("Invalid value", "Missing", "requires", "Got ", "does not take", "No such")

SAID = [
    ("explore --json", "There is no option --json.\nKnown: --port, --open, --help."),
    ("--json explore", "There is no option --json.\nKnown: --port, --open, --help."),
    ("add helped x --plain", "There is no option --plain.\nSee: valuelog add --help"),
    ("--plain add helped x", "There is no option --plain.\nSee: valuelog add --help"),
    ("init bash --json", "There is no option --json.\nKnown: --help."),
    ("--json list", "--json stands behind the command.\nWrite: valuelog list --json"),
    ("--plain pain list", "--plain stands behind the command.\nWrite: valuelog pain … --plain"),
    ("pain --json list", "--json stands behind the command.\nWrite: valuelog pain list --json"),
    (
        "review --jounral x",
        "There is no option --jounral.\nDid you mean --journal? It stands before the command: valuelog --journal …",
    ),
    ("add outcome x --on mon", "There is no option --on.\nSee: valuelog add --help"),
    ("pain plan", "ID is missing.\nWrite: valuelog pain plan ID [STEP…]"),
    ("import csv", "FILE|- is missing.\nWrite: valuelog import FORMAT FILE|-"),
    ("--journal", "--journal lacks its value.\nWrite: valuelog --journal FILE"),
    ("trend --weeks", "--weeks lacks its value.\nWrite: valuelog trend --weeks N"),
    ("add helped x -d", "-d lacks its value.\nWrite: valuelog add KIND TEXT… -d WHEN"),
    ("review --step k3", "--step lacks its value.\nWrite: valuelog review [PERIOD] --step ID TEXT"),
    ("list --json=3", "--json takes no value.\nWrite: valuelog list [PERIOD] --json"),
    ("promise list a b", "There is no place for “a b”.\nWrite: valuelog promise list"),
    ("undo 3", "There is no place for “3”.\nWrite: valuelog undo -n 3"),
    ("trend 2 wks", "There is no place for “2 wks”.\nWrite: valuelog trend --weeks 2"),
    ("trend 6 months", "There is no place for “6 months”.\nWrite: valuelog trend --months 6"),
    ("trend 26", "There is no place for “26”.\nWrite: valuelog trend"),
    ("undo k3", "There is no place for “k3”.\nWrite: valuelog undo"),
    ("help reviw", "There is no command “reviw”.\nDid you mean review? See: valuelog --help"),
]


@pytest.mark.parametrize(("line", "said"), SAID, ids=[line for line, _ in SAID])
def test_what_is_wrong_is_said_with_what_would_be_right(run: "Run", line: str, said: str) -> None:
    assert run(*shlex.split(line), fails=2).err == f"valuelog: {said}\n"


def wrong_lines() -> list[tuple[str, ...]]:
    """Return for each command lines that lack something or have too much, whatever it takes."""
    return [line for words, command in all_commands().items() for line in _wrong(words, command)]


def _wrong(words: tuple[str, ...], command: Any) -> list[tuple[str, ...]]:  # noqa: ANN401
    options = [(max(one.opts, key=len), one.is_flag) for one in command.params if one.param_type_name == "option"]
    lacking = [(*words, name) for name, flag in options if not flag and name not in OPTIONAL_VALUE_OPTIONS]
    overfull = [(*words, f"{name}=x") for name, flag in options if flag]
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    missing = [words] if any(one.required for one in arguments) else []
    fixed = not hasattr(command, "commands") and all(one.nargs == 1 for one in arguments)
    return [*lacking, *overfull, *missing, *([(*words, *"abcdef")] if fixed else []), (*words, "--xyzzy")]


@pytest.mark.parametrize("line", wrong_lines(), ids=" ".join)
def test_every_command_says_what_is_wrong_in_our_words(run: "Run", line: tuple[str, ...]) -> None:
    said = run(*line, fails=2)
    assert_one_clear_message(said, "valuelog: ")
    assert not [words for words in PARSERS_WORDS if words in said.err]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", [words for words in all_commands() if words], ids=" ".join)
def test_what_is_advised_for_a_form_that_is_misplaced_is_no_circle(
    run: "Run", words: tuple[str, ...], form: str
) -> None:
    known = {name for option in all_commands()[words].params for name in option.opts}
    before = run(*words[:-1], form, words[-1], fails=2).err
    if form in known:
        below = " …" if hasattr(all_commands()[words], "commands") else ""
        assert before.endswith(f"\nWrite: {' '.join(['valuelog', *words])}{below} {form}\n")
    else:
        assert before == run(*words, form, fails=2).err
        assert before.startswith(f"valuelog: There is no option {form}.\n")


TYPED = [
    (LONG,),
    (f"--{LONG}",),
    ("list", LONG),
    ("list", f"--{LONG}"),
    ("list", "--kind", LONG),
    ("list", "--week", LONG),
    ("list", "--source", LONG),
    ("add", LONG, "x"),
    ("add", "helped", "x", "--date", LONG),
    ("add", "helped", "x", "--minutes", LONG),
    ("add", "helped", "x", "--tag", "!" * 100_000),
    ("pain", LONG),
    ("promise", "list", LONG),
    ("trend", "--weeks", LONG),
    ("config", "get", LONG),
    ("config", "set", LONG, "x"),
    ("config", "set", "review_day", LONG),
    ("config", "set", "remind_at", LONG),
    ("project", "start", "!" * 100_000),
    ("project", "start", LONG),
    ("import", LONG, "x"),
    ("import", "csv", "-", "--map", LONG),
    ("init", LONG),
]


@pytest.mark.parametrize("words", TYPED, ids=lambda words: " ".join(word[:9] for word in words))
def test_no_more_of_what_was_typed_is_repeated_than_tells_which_word_it_is(run: "Run", words: tuple[str, ...]) -> None:
    said = run(*words, fails=2).err
    assert len(said.partition("\n")[0]) < 160, said[:1000]
    assert len(said) < 600, said[:1000]


FILES = [("import", "csv", LONG), ("export", "jsonl", LONG), ("--journal", LONG, "list"), ("today", "--answers", LONG)]


@pytest.mark.parametrize("words", [("show", LONG), ("project", "show", LONG), ("list", "--project", LONG), *FILES])
def test_no_more_of_a_name_is_repeated_than_tells_which_one_it_is(run: "Run", words: tuple[str, ...]) -> None:
    assert len(run(*words, fails=1).err) < 300
