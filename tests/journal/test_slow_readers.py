"""A reader that takes its time doesn't keep anyone from writing; one that does, is waited for, and named."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest

from support.env import xdg_variables
from support.evenings import run_with_answers
from support.journal_files import connection_of, entry_texts
from support.makers import make_entry, open_test_journal
from valuelog.exchange import WRITABLE_FORMATS
from valuelog.journal import connection, dump, entries, projects
from valuelog.journal.errors import BusyJournal
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.workflows.exporting import export_journal

if TYPE_CHECKING:
    from conftest import Run

ENTRY_COUNT = 3_000
"""So many that an export neither fits into a pipe nor is read at once."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Hold a read lock, as a program does that has not read all rows of a query."""
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM change").fetchone()
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let writers wait for a lock 0.6 seconds in all."""
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_SECONDS", 0.1)


def fill(journal: Journal) -> None:
    texts = (f"audit mails number {number}, read and answered" for number in range(ENTRY_COUNT))
    entries.add(journal, [make_entry(id=new_id(), text=text) for text in texts])


# Exports


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("format_", [*WRITABLE_FORMATS, "markdown"])
def test_slow_reader_of_an_export_lets_others_write(run: "Run", home: Path, journal_path: Path, format_: str) -> None:
    run("add", "activity", "audit mails")
    with closing(open_test_journal(journal_path.parent)) as journal:
        fill(journal)
    export = subprocess.Popen(
        [sys.executable, "-m", "valuelog", "export", format_, "-"],
        env={**xdg_variables(home), "HOME": str(home)},
        stdout=subprocess.PIPE,
    )
    assert export.stdout
    start = export.stdout.read(10_000)
    run("add", "activity", "written meanwhile")
    assert run_with_answers(home, answers=["answered meanwhile"]).code == 0
    rest, _ = export.communicate()
    text = (start + rest).decode()
    assert export.returncode == 0
    assert text.count("audit mails number") == ENTRY_COUNT
    assert "meanwhile" not in text


@pytest.mark.parametrize("format_", WRITABLE_FORMATS)
def test_export_holds_no_lock_between_pieces(journal: Journal, monkeypatch: pytest.MonkeyPatch, format_: str) -> None:
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_SECONDS", 0)
    fill(journal)
    pieces = export_journal(open_test_journal(journal.path.parent, write=False), format_, None)
    for _ in zip(range(20), pieces, strict=False):
        entries.add(open_test_journal(journal.path.parent), [make_entry(id=new_id())])


def test_export_has_what_existed_at_its_start(full: Journal) -> None:
    before = {change.id: change for change in dump.iter_creation_changes(full, None)}
    changes = dump.iter_creation_changes(full, None)
    exported = [next(changes)]
    new = make_entry(id=new_id(), project="Refund flow")
    entries.add(full, [new, make_entry(id=new_id(), project="New project")])
    exported += changes
    assert {change.id: change for change in exported} == before
    assert len(exported) == len(before)


def test_export_leaves_out_readings_of_a_project_deleted_meanwhile(
    full: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    select_keys = dump._select_keys  # noqa: SLF001  the project is deleted after it

    def select_keys_then_delete(*args: Any) -> Any:  # noqa: ANN401  passed on
        selected = select_keys(*args)
        entries.delete_entities(full, [("project", projects.list_projects(full, only_open=True)[0].id)])
        return selected

    monkeypatch.setattr(dump, "_select_keys", select_keys_then_delete)
    reader = open_test_journal(full.path.parent, write=False)
    exported = list(dump.iter_creation_changes(reader, None))
    assert not [change for change in exported if change.entity in {"project", "measurement"}]
    assert not [change for change in exported if "project" in (change.fields or {})]
    assert {"entry", "pain", "sighting"} <= {change.entity for change in exported}


# Writers wait for readers


@pytest.mark.usefixtures("impatient")
def test_commit_waits_for_a_reader_longer_than_one_timeout(journal: Journal) -> None:
    writer = open_test_journal(journal.path.parent)
    is_reading = Event()

    def read_slowly() -> None:
        with reading(journal.path):
            is_reading.set()
            sleep(0.35)

    reader = Thread(target=read_slowly)
    reader.start()
    assert is_reading.wait(10)
    entries.add(writer, [make_entry()])
    reader.join()
    assert entry_texts(writer) == [make_entry().text]


@pytest.mark.usefixtures("impatient")
def test_reader_that_stays_is_named_as_a_reader(journal: Journal) -> None:
    writer = open_test_journal(journal.path.parent)
    with reading(journal.path), pytest.raises(BusyJournal, match="Another program is reading"):
        entries.add(writer, [make_entry()])
    assert not connection_of(writer).in_transaction
    entries.add(writer, [make_entry()])
    assert len(entry_texts(writer)) == 1


@pytest.mark.usefixtures("impatient")
def test_purge_waits_for_a_reader(journal: Journal) -> None:
    entry = make_entry()
    entries.add(journal, [entry])
    writer = open_test_journal(journal.path.parent)
    is_reading = Event()

    def read_slowly() -> None:
        with reading(journal.path):
            is_reading.set()
            sleep(0.35)

    reader = Thread(target=read_slowly)
    reader.start()
    assert is_reading.wait(10)
    writer.purge("entry", entry.id)
    reader.join()
    assert entry_texts(writer) == []


@pytest.mark.usefixtures("impatient")
def test_answer_is_kept_and_asked_again_if_a_reader_stays(run: "Run", home: Path, journal_path: Path) -> None:
    run("add", "activity", "audit mails")
    with reading(journal_path):
        result = run_with_answers(home, answers=["the standup"])
    assert result.code == 1
    assert "Another program is reading" in result.err
    assert "Your answer is kept" in result.err
    result = run_with_answers(home, answers=[True])
    assert result.prompts[0] == "“the standup”"
    texts = [entry["text"] for entry in json.loads(run("list", "--json").out)]
    assert texts == ["audit mails", "the standup"]
