"""Option values that can't be parsed, however strange: one clear message that quotes them."""

from typing import TYPE_CHECKING

import pytest

from support.messages import assert_one_clear_message
from valuelog.model.text import MAX_WORD_LENGTH
from valuelog.render.escape import escape_line

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

STRANGE = (
    "a'b", """a'b"c""", "a\\'b", "two words", " ", "", "ümlaut € 漢字 🎉", "a\nb", "\x1b[31mred", "a\udcffb", "1e3",
    "9" * 5000, "-", "%s {0}",
)  # fmt: skip
LONGEST_PATH = 4096


def quoted(value: str) -> str:
    """Return a value as messages quote it: escaped, and shortened if it is long."""
    return f"“{escape_line(value if len(value) <= MAX_WORD_LENGTH else value[: MAX_WORD_LENGTH - 1] + '…')}”"


MESSAGES = [
    ("There is no command {}.", []),
    ("There is no kind {}.", ["list", "--kind"]),
    ("There is no --color {}.", ["--color"]),
    ("There is no color scale {}.", ["calendar", "--by"]),
    ("{} is not a duration", ["add", "helped", "x", "--minutes"]),
    ("{} is not a day.", ["add", "helped", "x", "--date"]),
    ("--weeks takes a number from 1 to 520, not {}.", ["trend", "--weeks"]),
]


@pytest.mark.parametrize(("message", "words"), MESSAGES, ids=[" ".join(words) for _, words in MESSAGES])
def test_invalid_value_is_quoted_in_the_message(run: "Run", message: str, words: list[str]) -> None:
    for value in STRANGE:
        assert_one_clear_message(run(*words, value, fails=2), message.format(quoted(value)))


COUNTS = [("list", "-n", 1_000_000), ("search x", "-n", 1_000_000), ("pain list", "-n", 1_000_000)]
COUNTS += [("history", "-n", 1_000_000), ("undo", "-n", 1000), ("trend", "--weeks", 520), ("trend", "--months", 120)]
COUNTS += [("explore", "--port", 65535)]


@pytest.mark.parametrize(("command", "option", "maximum"), COUNTS)
def test_count_outside_its_bounds_names_them(run: "Run", command: str, option: str, maximum: int) -> None:
    for value in ("0", "-4", str(maximum + 1), "9" * 20):
        message = f"valuelog: {option} takes a number from 1 to {maximum}, not “{value}”.\nExample: {option} 10\n"
        assert run(*command.split(), option, value, fails=2).err == message


@pytest.mark.parametrize(("command", "option", "maximum"), [one for one in COUNTS if one[0] != "explore"])
def test_count_at_its_bounds_is_accepted(run: "Run", command: str, option: str, maximum: int) -> None:
    run("add", "helped", "x")
    for value in (1, maximum):
        run(*command.split(), option, str(value), fails=1 if command == "undo" and value > 1 else 0)


PATHS = [["import", "csv"], ["today", "--answers"], ["export", "jsonl"], ["review", "--html"]]


@pytest.mark.parametrize("words", PATHS, ids=" ".join)
def test_missing_file_is_named_in_the_message(
    run: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(home)
    for value in STRANGE:
        name = f"of{value}/nowhere/x.txt"
        shown = escape_line(name if len(name) <= LONGEST_PATH else name[: MAX_WORD_LENGTH - 1])
        assert_one_clear_message(run(*words, name, fails=1), shown)
    assert list(home.iterdir()) == []
