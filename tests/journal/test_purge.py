"""Purging: words that somebody wants gone are gone, and the chain of the others holds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from support.journal_files import connection_of
from support.makers import FRIDAY, make_entry, make_pain
from valuelog.journal import entries, pains
from valuelog.journal.errors import NothingToUndo, PurgeIncomplete
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.journal.verify import check_hash_chain, find_damage
from valuelog.model.entry import Kind

SECRET = "quokka"  # noqa: S105  no password


def secrets(folder: Path) -> int:
    """Return how often the secret word stands in the files of a journal, whatever its case."""
    return sum(len(re.findall(SECRET.encode(), path.read_bytes(), re.IGNORECASE)) for path in folder.iterdir())


def the_secret_entry(journal: Journal) -> str:
    """Write an entry whose every word is secret, changed and taken back and brought back."""
    first = make_entry(text=f"{SECRET} one", tags=(SECRET,), people=(f"{SECRET}-man",), evidence=f"a {SECRET}")
    second = make_entry(id=first.id, text=f"{SECRET} two", created=first.created, kind=Kind.OUTCOME)
    entries.add(journal, [first])
    entries.update(journal, first, second)
    journal.undo()
    journal.undo()
    journal.redo()
    journal.redo()
    return first.id


def the_secret_pain(journal: Journal) -> str:
    """Note a pain point whose words are secret, seen often; one sighting was taken back."""
    pain = make_pain(*(FRIDAY - timedelta(days=number) for number in range(40)), text=f"the {SECRET} again", hit=SECRET)
    journal.write("add", pains.creation_changes([pain]))
    for number in range(30):
        again = make_pain(text=f"seen {SECRET} {number}").sightings[0]
        said = {
            "pain": pain.id,
            "day": "2026-11-20",
            "text": f"seen {SECRET} {number} " * 5,
            **journal.timestamp_fields(),
        }
        sighting = pains.sighting_change(pain.id, again)
        journal.write("seen", [type(sighting)(entity="sighting", id=new_id(), fields=said)])
    journal.undo()
    return pain.id


def fillers(number: int) -> Iterator[Any]:
    chance = Random(number)  # noqa: S311  made-up words
    for _ in range(30):
        yield make_entry(text=" ".join(chance.choices(["deploy", "audit", "mails", "report", "waits", "tariff"], k=9)))


@pytest.mark.parametrize(("entity", "write"), [("entry", the_secret_entry), ("pain", the_secret_pain)])
def test_no_word_of_what_was_purged_is_left_in_the_file(
    journal: Journal, entity: str, write: "Callable[[Journal], str]"
) -> None:
    for number in range(5):
        entries.add(journal, fillers(number))
    name = write(journal)
    for number in range(5):
        entries.add(journal, fillers(10 + number))
        journal.write("add", pains.creation_changes([make_pain(text=f"another pain {number}")]))
    assert secrets(journal.path.parent) > 5
    kept = visible_elsewhere(journal, name)
    journal.purge(entity, name)
    assert secrets(journal.path.parent) == 0
    assert visible_elsewhere(journal, name) == kept
    assert find_damage(connection_of(journal)) == []
    assert entries.search(journal, entries.Selection(query="deploy"), limit=3)


def test_pages_that_were_rearranged_hide_no_words_either(journal: Journal) -> None:
    connection_of(journal).execute("PRAGMA synchronous = OFF")  # changes nothing in the file
    chance = Random(0)  # noqa: S311  made-up words
    born = [make_entry(text=f"{SECRET}{number:04} short") for number in range(300)]
    entries.add(journal, born)
    for entry in chance.sample(born, 300):
        entries.update(journal, entry, replace(entry, text=entry.text + " longer" * chance.randint(1, 80)))
    for entry in chance.sample(born, 60):
        journal.purge("entry", entry.id)
        assert entry.text.split()[0].encode() not in journal.path.read_bytes()


def visible_elsewhere(journal: Journal, name: str) -> list[Any]:
    """Return all that is visible besides one thing."""
    return [
        journal.rows("SELECT id, day, text FROM entry WHERE id <> ? ORDER BY place", (name,)),
        journal.rows("SELECT id, text FROM pain WHERE id <> ? ORDER BY id", (name,)),
        journal.rows("SELECT id, text FROM sighting WHERE pain <> ? ORDER BY id", (name,)),
    ]


def test_where_the_file_cannot_be_written_anew_it_says_that_traces_may_be_left(journal: Journal) -> None:
    born = [make_entry(text=f"{SECRET} {number}") for number in range(20)]
    entries.add(journal, born)
    reading = connection_of(journal).execute("SELECT id FROM entry")
    reading.fetchone()
    with pytest.raises(PurgeIncomplete, match="traces"):
        journal.purge("entry", born[7].id)
    reading.close()
    assert len(entries.select(journal, entries.Selection())) == 19
    assert find_damage(connection_of(journal)) == []


def test_the_chain_still_holds_after_a_purge_and_still_notices(journal: Journal) -> None:
    name = the_secret_entry(journal)
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


def test_what_was_purged_cannot_be_brought_back(journal: Journal) -> None:
    other = make_entry(text="stays")
    entries.add(journal, [other])
    journal.purge("entry", the_secret_entry(journal))
    journal.undo()
    assert journal.rows("SELECT * FROM entry") == []
    with pytest.raises(NothingToUndo):
        journal.undo()
    journal.redo()
    assert [entry.text for entry in entries.select(journal, entries.Selection())] == ["stays"]
    assert find_damage(connection_of(journal)) == []


def test_of_a_batch_that_was_purged_in_part_the_rest_can_be_taken_back(journal: Journal) -> None:
    gone, stays = make_entry(text=SECRET), make_entry(text="stays")
    entries.add(journal, [gone, stays], act="import")
    journal.purge("entry", gone.id)
    journal.undo()
    assert journal.rows("SELECT * FROM entry") == []
    journal.redo()
    assert [entry.text for entry in entries.select(journal, entries.Selection())] == ["stays"]
    assert secrets(journal.path.parent) == 0


def test_what_was_promised_for_a_pain_point_goes_with_it(full: Journal) -> None:
    (pain,) = full.rows("SELECT pain FROM promise")[0]
    full.purge("pain", pain)
    assert full.rows("SELECT * FROM promise") == []
    assert b"the Monday report" not in full.path.read_bytes()
    assert find_damage(connection_of(full)) == []
