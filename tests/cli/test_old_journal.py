"""A journal of version 0.1.0: read with the rules of this version, changed, undone, exported and imported."""

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.journal_files import is_undamaged, read_projection
from support.makers import open_test_journal
from valuelog.journal import dump
from valuelog.journal.errors import NothingToUndo

if TYPE_CHECKING:
    from conftest import Run
    from valuelog.journal.store import Journal

FIXTURES = Path(__file__).parents[1] / "journal"
EXPORTED = (FIXTURES / "journal_0_1_0.jsonl").read_text()
"""What version 0.1.0 exported of the journal."""

CSV = """\
day,kind,text,minutes,people,tags,project,effects,beneficiaries,evidence
2026-10-21,insight,"the queue is empty on Mondays",,,,Refund flow,,,
2026-10-21,activity,"sorted the queue",30,sam,ops,Refund flow,,,
2026-10-22,improvement,"the queue sorts itself",,,,Queue,easier faster,coworkers,"12 mails less a day"
"""
"""The file that version 0.1.0 imported into the journal."""


@pytest.fixture
def old(journal_path: Path) -> Path:
    """Write the journal as version 0.1.0 did; return its path."""
    journal_path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(journal_path)) as connection:
        for name in ("schema_2.sql", "journal_0_1_0.sql"):
            connection.executescript((FIXTURES / name).read_text())
    return journal_path


@pytest.fixture
def journal(old: Path) -> "Journal":
    """Return the journal, opened by this version."""
    return open_test_journal(old.parent)


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


def read_entities(path: Path) -> list[dict[str, Any]]:
    """Return every entity of a journal as the fields that create it."""
    journal = open_test_journal(path.parent, write=False)
    changes = [change._asdict() for change in dump.iter_creation_changes(journal, None)]
    journal.close()
    return sorted(changes, key=lambda change: (change["entity"], change["id"]))


def undo_all(journal: "Journal") -> int:
    """Undo every change; return how many there were."""
    count = 0
    with suppress(NothingToUndo):
        while True:
            journal.undo()
            count += 1
    return count


# Numbers


@pytest.mark.parametrize(
    ("week", "value", "proven", "work"),
    [("2026-W41", 2, 1, 1), ("2026-W42", 1, 0, 0), ("2026-W43", 2, 1, 1)],
)
@pytest.mark.usefixtures("old")
def test_insights_and_repeated_words_do_not_count(run: "Run", week: str, value: int, proven: int, work: int) -> None:
    score = read_json(run, "review", week)["score"]
    assert (score["value"], score["proven"], score["work"]) == (value, proven, work)


@pytest.mark.usefixtures("old")
def test_every_entry_is_still_listed_on_its_side(run: "Run") -> None:
    listed = read_json(run, "list", "2026")
    assert [(one["kind"], one["side"]) for one in listed if one["side"] is None] == [("insight", None)] * 4
    assert len(listed) == 12
    assert len(read_json(run, "list", "2026", "--side", "neither")) == 4
    assert len(read_json(run, "list", "2026", "--side", "value")) == 6
    assert {one[field] for one in listed for field in ("question", "impact", "held", "held_on")} == {None}


@pytest.mark.usefixtures("old")
def test_what_was_followed_is_still_there(run: "Run") -> None:
    assert {one["text"]: one["state"] for one in read_json(run, "pain", "list", "--all")} == {
        "the deploy waits on one approver": "fixed",
        "two tools, same hours": "dropped",
    }
    assert {one["slug"]: (one["state"], one["lesson"]) for one in read_json(run, "project", "list", "--all")} == {
        "refund-flow": ("closed", "start with the mails"),
        "alerts": ("dropped", "another team owns them"),
        "queue": ("open", None),
    }
    assert {one["text"]: one["state"] for one in read_json(run, "promise", "list", "--all")} == {
        "ask for a second approver": "kept",
        "the weekly status mail": "kept",
        "a walk before lunch": "open",
        "the daily mail": "open",
        "pairing": "open",
    }


# Undo and redo


def test_every_old_change_can_be_undone_and_redone(journal: "Journal") -> None:
    before = read_projection(journal)
    count = undo_all(journal)
    assert {name: rows for name, rows in read_projection(journal).items() if rows} == {}
    for _ in range(count):
        journal.redo()
    assert read_projection(journal) == before
    assert is_undamaged(journal.path)


def test_old_import_is_undone_and_redone_as_one_change(journal: "Journal", run: "Run") -> None:
    texts = {one["text"] for one in read_json(run, "list", "2026")}
    while journal.undo().act != "import":
        pass
    assert texts - {one["text"] for one in read_json(run, "list", "2026")} == {
        "the queue is empty on Mondays",
        "sorted the queue",
        "the queue sorts itself",
    }
    assert "queue" not in [one["slug"] for one in read_json(run, "project", "list", "--all")]
    journal.redo()
    assert texts == {one["text"] for one in read_json(run, "list", "2026")}


def test_old_entries_take_the_new_fields(journal: "Journal", run: "Run") -> None:
    before = read_projection(journal)
    (entry,) = [one for one in read_json(run, "list", "2026") if one["text"] == "alerts name the service"]
    run("evidence", entry["id"], "--didnt-hold")
    run("edit", entry["id"], "--impact", "large")
    assert read_json(run, "review", "2026-W42")["score"]["value"] == 0
    run("undo")
    run("undo")
    assert read_projection(journal) == before


def test_search_finds_old_words(run: "Run", old: Path) -> None:
    assert [one["text"] for one in read_json(run, "search", "queue sorts")] == ["the queue sorts itself"]
    assert is_undamaged(old)


# Export and import


def test_export_is_what_the_old_version_exported(run: "Run", old: Path) -> None:
    assert sorted(run("export", "jsonl").out.splitlines()) == sorted(EXPORTED.splitlines())
    assert is_undamaged(old)


def test_old_export_makes_the_same_journal(run: "Run", home: Path, old: Path) -> None:
    first, second = (home / name / "journal.db" for name in ("first", "second"))
    run("--journal", str(first), "import", "jsonl", "-", stdin=EXPORTED.encode())
    assert read_entities(first) == read_entities(old)
    new_export = run("--journal", str(first), "export", "jsonl").out
    assert sorted(new_export.splitlines()) == sorted(EXPORTED.splitlines())
    run("--journal", str(second), "import", "jsonl", "-", stdin=new_export.encode())
    assert read_entities(second) == read_entities(old)
    for words in (("list", "2026"), ("review", "2026-Q4"), ("project", "list", "--all"), ("pain", "list", "--all")):
        assert run("--journal", str(second), *words, "--json").out == run(*words, "--json").out
    run("--journal", str(second), "undo")
    assert read_entities(second) == []


@pytest.mark.usefixtures("old")
def test_old_export_is_known(run: "Run") -> None:
    known = json.loads(run("import", "jsonl", "-", "--json", stdin=EXPORTED.encode()).out)
    sightings = EXPORTED.count('"sightings"') + 1  # each pain point was felt once, and one of them twice
    assert (sum(known["new"].values()), known["known"]) == (0, len(EXPORTED.splitlines()) - 1 + sightings)
    assert "differ" not in run("import", "jsonl", "-", stdin=EXPORTED.encode()).err


@pytest.mark.usefixtures("old")
def test_table_that_the_old_version_imported_is_known(run: "Run") -> None:
    known = json.loads(run("import", "csv", "-", "--json", stdin=CSV.encode()).out)
    assert (sum(known["new"].values()), known["known"]) == (0, 3)


@pytest.mark.usefixtures("old")
def test_csv_keeps_old_entries(run: "Run", home: Path) -> None:
    table = run("export", "csv").out
    other = ("--journal", str(home / "other.db"))
    run(*other, "import", "csv", "-", stdin=table.encode())
    assert without_ids(run(*other, "export", "csv").out) == without_ids(table)


def without_ids(table: str) -> list[str]:
    """Return the rows of a CSV without the last column."""
    return [row.rpartition(",")[0] for row in table.splitlines()]
