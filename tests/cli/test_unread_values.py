"""Values that cannot be read, however awkward: one clear line in our words, with what was typed or its beginning."""

from typing import TYPE_CHECKING

import pytest

from support.commands import all_commands
from support.messages import assert_one_clear_message
from valuelog.render.escape import escape_line

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

AWKWARD = (
    "a'b", 'a"b', """a'b"c""", "a\\'b", "two words", " ", "", "ümlaut € 漢字 🎉", "a\nb", "a\tb", "\x1b[31mred",
    "a\udcffb", "x is not in the range 3", "'1' is not one of '2'", "1e3", "9" * 5000, "-", "%s {0}",
)  # fmt: skip
NAMES = [ascii(word)[:30] for word in AWKWARD]
MOST = 60
"""So much of a word is repeated."""
LONGEST_PATH = 4096
"""What is longer names no file, and is no more than a word."""


def taking(what: str) -> list[tuple[tuple[str, ...], str]]:
    """Return the commands that have an option with such bounds, each with the longest name of that option."""
    return [
        (words, max(option.opts, key=len))
        for words, command in all_commands().items()
        for option in command.params
        if hasattr(option.type, what)
    ]


NUMBERS, CHOICES = taking("min"), taking("choices")


def repeated(value: str) -> str:
    """Return as much of a word as a message holds."""
    return f"“{escape_line(value if len(value) <= MOST else value[: MOST - 1] + '…')}”"


def named(place: tuple[tuple[str, ...], str]) -> str:
    words, option = place
    return " ".join([*words, option])


@pytest.mark.parametrize("value", AWKWARD, ids=NAMES)
@pytest.mark.parametrize("place", NUMBERS, ids=named)
def test_what_is_no_number_is_quoted_with_the_bounds(
    run: "Run", place: tuple[tuple[str, ...], str], value: str
) -> None:
    words, option = place
    for typed in ([option, value], [f"{option}={value}"])[: 2 if option.startswith("--") else 1]:
        assert_one_clear_message(run(*words, *typed, fails=2), f"{option} {repeated(value)}: that is no number from 1")


@pytest.mark.parametrize("value", AWKWARD, ids=NAMES)
@pytest.mark.parametrize("place", CHOICES, ids=named)
def test_what_is_no_choice_is_quoted_with_those_that_there_are(
    run: "Run", place: tuple[tuple[str, ...], str], value: str
) -> None:
    words, option = place
    for typed in ([option, value], [f"{option}={value}"]):
        assert_one_clear_message(run(*words, *typed, fails=2), f"There is no {option} {repeated(value)}.\nKnown: ")


WORDS = [
    ("There is no command {}.", []),
    ("There is no kind {}.", ["add"]),
    ("There is no --color {}.", ["--color"]),
    ("There is no source {}.", ["gather", "--source"]),
    ("{} is not a length of time", ["add", "helped", "x", "--minutes"]),
    ("{} is not a day.", ["add", "helped", "x", "--date"]),
]


@pytest.mark.parametrize("value", AWKWARD, ids=NAMES)
@pytest.mark.parametrize(("said", "words"), WORDS, ids=[" ".join(words) for _, words in WORDS])
def test_a_word_that_is_not_known_is_quoted(run: "Run", said: str, words: list[str], value: str) -> None:
    if words or not value.startswith("-"):
        assert_one_clear_message(run(*words, value, fails=2), said.format(repeated(value)))


FILES = [
    ["import", "csv"],
    ["today", "--answers"],
    ["export", "jsonl"],
    ["review", "--html"],
    ["--journal"],
]


@pytest.mark.parametrize("value", AWKWARD, ids=NAMES)
@pytest.mark.parametrize("words", FILES, ids=" ".join)
def test_a_file_that_is_not_there_is_named(
    run: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, words: list[str], value: str
) -> None:
    monkeypatch.chdir(home)
    named = f"of{value}/nowhere/x.txt"
    code = {"--journal": 0}.get(words[0], 1) if len(value) < 200 else 1
    done = run(*words, named, *(["list"] if words == ["--journal"] else []), fails=code)
    if code:
        assert_one_clear_message(done, escape_line(named if len(named) <= LONGEST_PATH else named[: MOST - 1]))
    assert list(home.iterdir()) == []


def test_no_more_is_wanted_than_can_be_counted(run: "Run") -> None:
    said = "valuelog: -n “99999999999999999999”: that is no number from 1 to 1000000.\nWrite: -n 1\n"
    for words in (["list"], ["search", "x"], ["pain", "list"], ["history"]):
        assert run(*words, "-n", "9" * 20, fails=2).err == said
