"""Deleted or undone entries: they can be purged, and their history can be read."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ENTRY_TEXT = "the safe opens with 4711"


def add_entry(run: "Run") -> str:
    return str(json.loads(run("add", "activity", ENTRY_TEXT, "--json").out)["id"])


@pytest.mark.parametrize("removal", [("delete", "{}"), ("undo",)])
def test_deleted_or_undone_entry_can_be_purged(run: "Run", journal_path: "Path", removal: tuple[str, ...]) -> None:
    name = add_entry(run)
    run(*(word.format(name) for word in removal))
    assert ENTRY_TEXT.encode() in journal_path.read_bytes()
    run("delete", "--purge", name, answers=[name])
    assert ENTRY_TEXT.encode() not in journal_path.read_bytes()


def test_history_of_a_deleted_entry(run: "Run") -> None:
    name = add_entry(run)
    run("edit", name, "something else")
    run("delete", name)
    past = json.loads(run("history", name, "--json").out)
    assert [batch["about"] for batch in past] == [[ENTRY_TEXT], ["something else"], ["something else"]]
    assert past[1]["changes"] == [{"entity": "entry", "id": name, "set": {"text": "something else"}}]
