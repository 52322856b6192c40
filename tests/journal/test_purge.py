"""Purge: text is erased for good, and the hash chain stays valid."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from support.journal_files import connection_of, find_entries
from support.makers import FRIDAY, make_entry, make_pain
from valuelog.journal import entries, pains
from valuelog.journal.errors import NothingToUndo, PurgeIncomplete
from valuelog.journal.hash_chain import check_hash_chain
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.journal.verify import find_damage
from valuelog.model.entry import Kind

SECRET = "quokka"  # noqa: S105  not a password


def count_secrets(folder: Path) -> int:
    """Count the secret word in the files of a journal, in any case."""
    return sum(
        len(re.findall(SECRET.encode(), path.read_bytes(), re.IGNORECASE))
        for path in folder.rglob("*")
        if path.is_file()
    )


def add_secret_entry(journal: Journal) -> str:
    """Add an entry whose fields are secret; edit, undo and redo it. Return its id."""
    first = make_entry(text=f"{SECRET} one", tags=(SECRET,), people=(f"{SECRET}-man",), evidence=f"a {SECRET}")
    second = make_entry(id=first.id, text=f"{SECRET} two", created=first.created, kind=Kind.OUTCOME)
    entries.add(journal, [first])
    entries.update(journal, first, second)
    journal.undo()
    journal.undo()
    journal.redo()
    journal.redo()
    return first.id


def add_secret_pain(journal: Journal) -> str:
    """Add a pain point whose texts are secret, with many sightings; undo one of them. Return its id."""
    pain = make_pain(*(FRIDAY - timedelta(days=number) for number in range(40)), text=f"the {SECRET} again", hit=SECRET)
    journal.write("add", pains.creation_changes([pain]))
    for number in range(30):
        again = make_pain(text=f"seen {SECRET} {number}").sightings[0]
        fields = {
            "pain": pain.id,
            "day": "2026-11-20",
            "text": f"seen {SECRET} {number} " * 5,
            **journal.timestamp_fields(),
        }
        sighting = pains.sighting_change(pain.id, again)
        journal.write("seen", [type(sighting)(entity="sighting", id=new_id(), fields=fields)])
    journal.undo()
    return pain.id


def make_fillers(number: int) -> Iterator[Any]:
    rng = Random(number)  # noqa: S311  not for secrets
    for _ in range(30):
        yield make_entry(text=" ".join(rng.choices(["deploy", "audit", "mails", "report", "waits", "tariff"], k=9)))


@pytest.mark.parametrize(("entity", "write"), [("entry", add_secret_entry), ("pain", add_secret_pain)])
def test_purged_text_is_not_left_in_the_file(journal: Journal, entity: str, write: "Callable[[Journal], str]") -> None:
    for number in range(5):
        entries.add(journal, make_fillers(number))
    name = write(journal)
    for number in range(5):
        entries.add(journal, make_fillers(10 + number))
        journal.write("add", pains.creation_changes([make_pain(text=f"another pain {number}")]))
    assert count_secrets(journal.path.parent) > 5
    before = read_other_rows(journal, name)
    journal.purge(entity, name)
    assert count_secrets(journal.path.parent) == 0
    assert read_other_rows(journal, name) == before
    assert find_damage(connection_of(journal)) == []
    assert find_entries(journal, "deploy")


def test_purged_text_is_not_left_in_free_pages(journal: Journal) -> None:
    connection_of(journal).execute("PRAGMA synchronous = OFF")  # faster; the file is the same
    rng = Random(0)  # noqa: S311  not for secrets
    added = [make_entry(text=f"{SECRET}{number:04} short") for number in range(300)]
    entries.add(journal, added)
    for entry in rng.sample(added, 300):
        entries.update(journal, entry, replace(entry, text=entry.text + " longer" * rng.randint(1, 80)))
    for entry in rng.sample(added, 60):
        journal.purge("entry", entry.id)
        assert entry.text.split()[0].encode() not in journal.path.read_bytes()


def read_other_rows(journal: Journal, name: str) -> list[Any]:
    """Return the rows of every entity except one."""
    return [
        journal.rows("SELECT id, day, text FROM entry WHERE id <> ? ORDER BY place", (name,)),
        journal.rows("SELECT id, text FROM pain WHERE id <> ? ORDER BY id", (name,)),
        journal.rows("SELECT id, text FROM sighting WHERE pain <> ? ORDER BY id", (name,)),
    ]


def test_failed_vacuum_raises_purge_incomplete(journal: Journal) -> None:
    added = [make_entry(text=f"{SECRET} {number}") for number in range(20)]
    entries.add(journal, added)
    open_cursor = connection_of(journal).execute("SELECT id FROM entry")
    open_cursor.fetchone()
    with pytest.raises(PurgeIncomplete, match="traces"):
        journal.purge("entry", added[7].id)
    open_cursor.close()
    assert len(entries.select(journal, entries.Selection())) == 19
    assert find_damage(connection_of(journal)) == []


def test_hash_chain_is_valid_after_a_purge(journal: Journal) -> None:
    name = add_secret_entry(journal)
    entries.add(journal, [make_entry()])
    journal.purge("entry", name)
    assert find_damage(connection_of(journal)) == []
    rows = journal.rows("SELECT seq FROM change WHERE fields IS NULL")
    for (seq,) in rows:
        connection_of(journal).execute("BEGIN")
        connection_of(journal).execute("UPDATE change SET erased = zeroblob(32) WHERE seq = ?", (seq,))
        assert list(check_hash_chain(connection_of(journal)))
        connection_of(journal).execute("ROLLBACK")
    assert rows


def test_purged_entry_cannot_be_restored(journal: Journal) -> None:
    other = make_entry(text="stays")
    entries.add(journal, [other])
    journal.purge("entry", add_secret_entry(journal))
    journal.undo()
    assert journal.rows("SELECT * FROM entry") == []
    with pytest.raises(NothingToUndo):
        journal.undo()
    journal.redo()
    assert [entry.text for entry in entries.select(journal, entries.Selection())] == ["stays"]
    assert find_damage(connection_of(journal)) == []


def test_partly_purged_batch_can_be_undone_and_redone(journal: Journal) -> None:
    purged, stays = make_entry(text=SECRET), make_entry(text="stays")
    entries.add(journal, [purged, stays], act="import")
    journal.purge("entry", purged.id)
    journal.undo()
    assert journal.rows("SELECT * FROM entry") == []
    journal.redo()
    assert [entry.text for entry in entries.select(journal, entries.Selection())] == ["stays"]
    assert count_secrets(journal.path.parent) == 0


def test_purging_a_project_leaves_its_undone_entries_undone(journal: Journal) -> None:
    entries.add(journal, [make_entry(text="stays", project="Refund flow")])
    entries.add(journal, [make_entry(text="undone", project="Refund flow")])
    journal.undo()
    ((project,),) = journal.rows("SELECT id FROM project")
    journal.purge("project", project)
    assert [entry.text for entry in entries.select(journal, entries.Selection())] == ["stays"]
    journal.redo()
    restored = entries.select(journal, entries.Selection())
    assert [(entry.text, entry.project) for entry in restored] == [("stays", None), ("undone", None)]
    assert find_damage(connection_of(journal)) == []


def test_purging_a_pain_point_purges_its_promises(full: Journal) -> None:
    (pain,) = full.rows("SELECT pain FROM promise")[0]
    full.purge("pain", pain)
    assert full.rows("SELECT * FROM promise") == []
    assert b"the Monday report" not in full.path.read_bytes()
    assert find_damage(connection_of(full)) == []
