"""Counting entities without a look at each row gives the same as counting the rows."""

import json
from typing import TYPE_CHECKING

from support.makers import open_test_journal
from valuelog.journal import dump

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def test_counts_are_those_of_the_rows(run: "Run", journal_path: "Path") -> None:
    for text in ("one", "two", "three", "four"):
        run("add", "activity", text)
    run("today", "--activity", "five")
    run("add", "pain", "slow")
    ids = [entry["id"] for entry in json.loads(run("list", "--json").out)]
    run("delete", *ids[:2])
    run("delete", ids[2])
    run("undo")
    run("delete", ids[3])
    run("undo")
    run("redo")
    journal = open_test_journal(journal_path.parent, write=False)
    rows = {
        name: journal.rows(f"SELECT count(*) FROM {name} WHERE deleted IS NULL")[0][0]
        for name in dump.COUNTED_ENTITIES
    }  # fmt: skip
    counts = dump.count_entities(journal)
    journal.close()
    assert counts == rows
    assert rows["entry"] == 2
