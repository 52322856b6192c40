"""What was deleted or taken back: it can still be looked at, and erased for good."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

WORDS = "the safe opens with 4711"


def an_entry_id(run: "Run") -> str:
    return str(json.loads(run("add", "activity", WORDS, "--json").out)["id"])


@pytest.mark.parametrize("gone", [("delete", "{}"), ("undo",)])
def test_words_that_were_deleted_or_taken_back_can_be_erased(
    run: "Run", journal_path: "Path", gone: tuple[str, ...]
) -> None:
    name = an_entry_id(run)
    run(*(word.format(name) for word in gone))
    assert WORDS.encode() in journal_path.read_bytes()
    run("delete", "--purge", name, answers=[name])
    assert WORDS.encode() not in journal_path.read_bytes()


def test_the_history_of_what_is_gone_can_be_read(run: "Run") -> None:
    name = an_entry_id(run)
    run("edit", name, "something else")
    run("delete", name)
    past = json.loads(run("history", name, "--json").out)
    assert [batch["about"] for batch in past] == [[WORDS], ["something else"], ["something else"]]
    assert past[1]["changes"] == [{"entity": "entry", "id": name, "set": {"text": "something else"}}]
