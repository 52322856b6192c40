"""`restore`: which backup is meant, what is shown and asked, and what errors say."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.makers import make_entry, open_test_journal
from valuelog.journal import entries
from valuelog.journal.backups import Backup, list_backups, make_backup

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture
def backups(journal_path: Path) -> tuple[Backup, ...]:
    """Write a journal with two backups, of 18 and 19 November, and a newer entry."""
    for day in (18, 19, 20):
        journal = open_test_journal(journal_path.parent)
        entries.add(journal, [make_entry(text=f"on the {day}th", day=datetime(2026, 11, day, tzinfo=UTC).date())])
        journal.close()
        if day < 20:
            make_backup(journal_path, now=datetime(2026, 11, day, 17, tzinfo=UTC))
    return list_backups(journal_path)


def list_texts(run: "Run") -> list[str]:
    return [entry["text"] for entry in json.loads(run("list", "--json").out)]


def alter(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE change SET fields = replace(fields, 'on the', 'on a')")


def test_preview_shows_days_and_changes_nothing(run: "Run", backups: tuple[Backup, ...], journal_path: Path) -> None:
    before = journal_path.read_bytes()
    shown = run("restore", "latest", "-n").out
    assert shown.splitlines()[:4] == [
        f"Backup {backups[1].head} of Thu 19 Nov, 18:00 · 2 entries · no damage found",
        "Your journal has 3 entries.",
        "You lose 1 entry",
        "  Fri 20 Nov  1 entry",
    ]
    assert "--keep-newer: 1 newer change" in shown
    assert journal_path.read_bytes() == before
    assert not list(journal_path.parent.glob(".*"))


@pytest.mark.usefixtures("backups")
@pytest.mark.parametrize(
    ("which", "count"), [("latest", 2), ("yesterday", 2), ("18 nov", 1), ("2026-11-18", 1), ("Wed", 1)]
)
def test_words_name_a_backup(run: "Run", which: str, count: int) -> None:
    assert json.loads(run("restore", *which.split(), "-n", "--json").out)["copy"]["entries"] == count


def test_beginning_of_the_head_names_a_backup(run: "Run", backups: tuple[Backup, ...]) -> None:
    document = json.loads(run("restore", backups[0].head[:6].upper(), "-n", "--json").out)
    assert document["copy"]["head"] == backups[0].head
    assert document["copy"]["path"] == str(backups[0].path)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("soup", "“soup” is no backup, day or file.\nList your backups with: valuelog backup list"),
        ("17 nov", "There is no backup of Tue 17 Nov.\nThe first one: valuelog restore "),
        ("friday", "There is no backup of Fri 20 Nov.\nThe one before it: valuelog restore "),
    ],
)
@pytest.mark.usefixtures("backups")
def test_words_that_name_no_backup_say_which_there_are(run: "Run", words: str, message: str) -> None:
    assert message in run("restore", *words.split(), "-n", fails=2).err


def test_backup_of_a_clock_that_was_ahead_is_not_the_latest(run: "Run", backups: tuple[Backup, ...]) -> None:
    oldest = backups[0].path
    checks = oldest.with_name("checks.json")
    ahead = oldest.name.replace(oldest.name.split(".")[1], "2027-03-01T120000Z")
    checks.write_text(checks.read_text().replace(oldest.name, ahead))
    oldest.rename(oldest.with_name(ahead))
    assert backups[-1].head in run("restore", "latest", "-n").out


def test_person_picks_a_backup_and_confirms(run: "Run", backups: tuple[Backup, ...]) -> None:
    result = run("restore", answers=[backups[0].head, False, True])
    assert "Go back to it with: valuelog restore journal.replaced-2026-11-20T173000Z.db" in result.err
    assert list_texts(run) == ["on the 18th"]
    run("restore", "journal.replaced-2026-11-20T173000Z.db", answers=[True, True])
    assert list_texts(run) == ["on the 18th", "on the 19th", "on the 20th"]


@pytest.mark.usefixtures("backups")
def test_answer_is_no_unless_a_person_says_yes(run: "Run") -> None:
    assert "Nothing was changed." in run("restore", "latest", answers=[]).err
    assert len(list_texts(run)) == 3


@pytest.mark.usefixtures("backups")
def test_newer_changes_are_offered(run: "Run") -> None:
    result = run("restore", "latest", answers=[True, True])
    assert "Restored" in result.err
    assert list_texts(run) == ["on the 18th", "on the 19th", "on the 20th"]


@pytest.mark.usefixtures("backups")
def test_scripts_must_say_yes(run: "Run") -> None:
    assert "--yes" in run("restore", "latest", fails=2).err
    document = json.loads(run("restore", "latest", "--yes", "--keep-newer", "--json").out)
    assert document["restored"]
    assert [newer["changes"] for newer in document["newer"]] == [1]
    assert Path(document["replaced"]).exists()
    assert len(list_texts(run)) == 3


def test_altered_backup_names_the_next_older_good_one(run: "Run", backups: tuple[Backup, ...]) -> None:
    alter(backups[1].path)
    error = run("restore", "latest", "--yes", fails=1).err
    assert f"{backups[1].path} can't be restored: in it, change " in error
    assert f"The next older good one: valuelog restore {backups[0].head} (Wed 18 Nov, 18:00)" in error


def test_journal_itself_is_no_backup(run: "Run", backups: tuple[Backup, ...], journal_path: Path) -> None:
    assert backups
    assert "That is your journal itself." in run("restore", str(journal_path), "--yes", fails=2).err


def test_without_backups_it_says_so(run: "Run") -> None:
    run("add", "helped", "x")
    assert "There are no backups of" in run("restore", "-n", fails=1).err


def test_restore_takes_a_new_device_id_and_keeps_the_former_ones(
    run: "Run", home: Path, backups: tuple[Backup, ...]
) -> None:
    assert backups
    run("add", "helped", "x")
    device = home / "state" / "valuelog" / "device"
    before = device.read_text().split()
    run("restore", "latest", "--yes")
    assert device.read_text().split()[1:] == before
    run("add", "helped", "y")
    with closing(sqlite3.connect(home / "data" / "valuelog" / "journal.db")) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM device ORDER BY id")]
    assert names[-1] == device.read_text().split()[0]


@pytest.mark.usefixtures("backups")
def test_history_shows_the_restore_and_undo_skips_it(run: "Run") -> None:
    run("restore", "latest", "--yes")
    assert "restored" in run("history").out
    assert "on the 19th" in run("undo").err


@pytest.mark.parametrize("content", [b"", b"a picture" * 100, b"SQLite format 3\0" + bytes(4080)])
@pytest.mark.usefixtures("backups")
def test_errors_about_the_journal_name_its_newest_backup(run: "Run", journal_path: Path, content: bytes) -> None:
    journal_path.write_bytes(content)
    for command in ("list", "add helped x", ""):
        error = run(*command.split(), fails=1).err
        assert "Restore its newest backup (Thu 19 Nov, 18:00, 2 entries) with: valuelog restore" in error
        assert "valuelog doctor" in error
    run("restore", "--yes")
    assert len(list_texts(run)) == 2


@pytest.mark.usefixtures("backups")
def test_error_about_a_named_journal_repeats_its_name(run: "Run", journal_path: Path) -> None:
    journal_path.write_bytes(b"")
    error = run("--journal", str(journal_path), "list", fails=1).err
    assert f"valuelog --journal {journal_path} restore" in error


def test_older_file_put_in_place_by_hand_is_noticed_once(
    run: "Run", backups: tuple[Backup, ...], journal_path: Path
) -> None:
    journal_path.write_bytes(backups[0].path.read_bytes())
    line = f"Compare them with: valuelog restore {backups[1].head} -n"
    assert line in run("add", "helped", "x").err
    assert line not in run("add", "helped", "y").err
    assert "2 newer changes" in run("restore", "latest", "-n").out


def test_older_file_put_in_place_by_hand_is_noticed_by_the_status(
    run: "Run", backups: tuple[Backup, ...], journal_path: Path
) -> None:
    journal_path.write_bytes(backups[0].path.read_bytes())
    assert f"Compare them with: valuelog restore {backups[1].head} -n" in run().err


def test_newer_backup_left_out_on_purpose_is_not_mentioned(run: "Run", backups: tuple[Backup, ...]) -> None:
    run("restore", backups[0].head, "--yes")
    assert "valuelog restore" not in run("add", "helped", "x").err


@pytest.mark.usefixtures("backups")
def test_continued_journal_has_no_newer_backup(run: "Run") -> None:
    assert "valuelog restore" not in run("add", "helped", "x").err


def test_restore_says_how_to_add_what_only_the_replaced_file_has(run: "Run", backups: tuple[Backup, ...]) -> None:
    error = run("restore", backups[0].head, "--yes").err
    command = error.rpartition("Add the entries that only it has with: valuelog ")[2].split()
    before = run("list", "--plain").out.count("\n")
    run(*command)
    assert run("list", "--plain").out.count("\n") > before
