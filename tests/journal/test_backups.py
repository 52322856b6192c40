"""Backups: complete, checked, private, on disk before they have a name, and listed without opening them."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.journal_files import connection_of
from support.makers import make_entry
from valuelog.journal import entries
from valuelog.journal.backup_checks import CHECKS_NAME, BackupRunning, lock_backups, read_checks
from valuelog.journal.backups import backups_folder, ensure_backup, list_backups, make_backup, own_copies, prune_backups
from valuelog.journal.copies import PURGE_DEVICE_PREFIX, AlteredJournal, hash_file, read_head, write_verified_copy
from valuelog.journal.errors import DamagedJournal, DiskFull, UnreachableJournal
from valuelog.journal.log import Change, Log
from valuelog.journal.merge import refresh_batches
from valuelog.journal.store import open_journal
from valuelog.journal.verify import find_damage

if TYPE_CHECKING:
    from valuelog.journal.store import Journal

EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)


def file_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Making one


def test_backup_is_a_complete_journal_named_by_time_and_head(full: "Journal") -> None:
    backup = make_backup(connection_of(full), now=EVENING)
    assert backup.path == full.path.parent / "backups" / f"journal.2026-11-20T173000Z.{backup.head}.db"
    assert (backup.made_at, backup.is_verified, backup.entry_count) == (EVENING, True, 4)
    with closing(sqlite3.connect(backup.path)) as copied:
        assert find_damage(copied) == []
        assert read_head(copied) == backup.head
        assert copied.execute("SELECT * FROM change").fetchall() == full.rows("SELECT * FROM change")


def test_backup_of_a_path_equals_that_of_a_connection(full: "Journal") -> None:
    assert make_backup(full.path, now=EVENING).head == make_backup(connection_of(full), now=EVENING).head


def test_backups_of_one_second_do_not_replace_each_other(full: "Journal") -> None:
    made = [make_backup(full.path, now=EVENING) for _ in range(3)]
    assert [backup.made_at - EVENING for backup in made] == [timedelta(seconds=seconds) for seconds in range(3)]
    assert list_backups(full.path) == tuple(made)


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_backups_are_private_under_any_umask(full: "Journal", umask: int) -> None:
    before = os.umask(umask)
    try:
        backup = make_backup(full.path, now=EVENING)
    finally:
        os.umask(before)
    folder = backup.path.parent
    assert folder.stat().st_mode & 0o777 == 0o700
    assert backup.path.stat().st_mode & 0o777 == 0o600
    assert (folder / CHECKS_NAME).stat().st_mode & 0o777 == 0o600


def test_check_of_a_backup_is_recorded(full: "Journal") -> None:
    backup = make_backup(full.path, now=EVENING)
    (check,) = read_checks(backup.path.parent).values()
    assert (check.size, check.sha256) == (backup.path.stat().st_size, hash_file(backup.path))
    assert (check.changes, check.entries, check.is_full, check.is_sound) == (
        full.rows("SELECT count(*) FROM change")[0][0], 4, True, True,
    )  # fmt: skip
    assert check.heads.keys() == {"a-laptop", "a-desktop"}
    assert backup.head in {head[:8] for head in check.heads.values()}


def test_backup_and_both_folders_are_fsynced(full: "Journal", monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def spy_fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    backup = make_backup(full.path, now=EVENING)
    folder = backup.path.parent
    assert synced[0] == str(folder.parent)
    assert synced[-1] == str(folder)
    assert any(name.endswith(".unfinished") for name in synced)


def test_later_backup_checks_only_what_is_new(full: "Journal") -> None:
    make_backup(full.path, now=EVENING)
    connection_of(full).execute("UPDATE change SET fields = replace(fields, 'mails 0', 'nails 0')")
    entries.add(full, [make_entry(text="new words")])
    later = make_backup(full.path, now=EVENING)
    assert not read_checks(later.path.parent)[later.path.name].is_full
    entries.add(full, [make_entry(text="newer words")])
    connection_of(full).execute("UPDATE change SET fields = replace(fields, 'newer', 'never')")
    with pytest.raises(AlteredJournal, match="was altered"):
        make_backup(full.path, now=EVENING)
    assert len(list_backups(full.path)) == 2


@pytest.mark.damages_journal
def test_full_backup_checks_everything(full: "Journal") -> None:
    make_backup(full.path, now=EVENING)
    connection_of(full).execute("UPDATE entry SET text = 'not in the log'")
    with pytest.raises(AlteredJournal, match="does not match its changes"):
        make_backup(full.path, now=EVENING, is_full=True)
    assert file_names(backups_folder(full.path)) == sorted(
        [list_backups(full.path)[0].path.name, "checks.json", "lock"]
    )


@pytest.mark.damages_journal
def test_altered_copy_can_be_kept_unverified(full: "Journal") -> None:
    connection_of(full).execute("UPDATE entry SET text = 'not in the log'")
    backup = make_backup(full.path, now=EVENING, keep_altered=True)
    assert not backup.is_verified
    assert not list_backups(full.path)[0].is_verified


def test_unreadable_journal_is_never_kept(full: "Journal") -> None:
    (root,) = full.rows("SELECT rootpage FROM sqlite_master WHERE name = 'change'")[0]
    (size,) = full.rows("PRAGMA page_size")[0]
    full.close()
    with full.path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
    with pytest.raises(DamagedJournal, match=r"journal\.db is damaged"):
        make_backup(full.path, now=EVENING, keep_altered=True)
    assert list_backups(full.path) == ()
    assert own_copies(full.path) == ()


def test_log_that_does_not_continue_a_backup_is_checked_completely(full: "Journal", tmp_path: Path) -> None:
    make_backup(full.path, now=EVENING)
    other = tmp_path / "other" / "journal.db"
    shutil.copytree(backups_folder(full.path), other.parent / "backups")
    shutil.copy(full.path, other)
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("UPDATE change SET hash = x'00' WHERE seq = 1")
    make_backup(other, now=EVENING, keep_altered=True)
    assert [check.is_sound for check in read_checks(other.parent / "backups").values()] == [True, True]
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("UPDATE change SET hash = x'00' WHERE seq = (SELECT max(seq) FROM change)")
    with pytest.raises(AlteredJournal):
        make_backup(other, now=EVENING)


def test_unfinished_copies_of_killed_processes_are_removed(full: "Journal") -> None:
    backup = make_backup(full.path, now=EVENING)
    leftover = backup.path.with_name(".journal.abc.unfinished")
    for name in (leftover.name, f"{leftover.name}-journal"):
        leftover.with_name(name).write_bytes(b"half")
    assert leftover in own_copies(full.path)
    make_backup(full.path, now=EVENING)
    assert not leftover.exists()
    assert not leftover.with_name(f"{leftover.name}-journal").exists()


def test_unfinished_copy_of_a_running_process_stays(full: "Journal") -> None:
    from fcntl import LOCK_EX, flock  # noqa: PLC0415  not on Windows

    make_backup(full.path, now=EVENING)
    running = backups_folder(full.path) / ".journal.abc.unfinished"
    with running.open("wb") as file:
        flock(file, LOCK_EX)
        make_backup(full.path, now=EVENING)
        assert running.exists()


def test_writer_is_not_held_up_by_a_copy(full: "Journal", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valuelog.journal.copies._PAGES_PER_STEP", 5)
    monkeypatch.setattr("time.sleep", lambda _: entries.add(full, [make_entry(text="written meanwhile")]))
    backup = make_backup(full.path, now=EVENING)
    with closing(sqlite3.connect(backup.path)) as copied:
        assert find_damage(copied) == []
        assert copied.execute("SELECT count(*) FROM entry WHERE text = 'written meanwhile'").fetchone()[0] > 1


def test_full_disk_is_an_error_about_the_folder(full: "Journal", monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(DiskFull, match="backups"):
        make_backup(full.path, now=EVENING)


def test_file_in_place_of_the_folder_is_an_error(full: "Journal") -> None:
    backups_folder(full.path).write_text("mine")
    with pytest.raises(UnreachableJournal, match="backups"):
        make_backup(full.path, now=EVENING)
    assert list_backups(full.path) == ()


def test_whole_backup_is_checked_once_a_week(full: "Journal") -> None:
    days = (0, 1, 6.9, 7.1, 8)
    made = [make_backup(full.path, now=EVENING + timedelta(days=day)) for day in days]
    checks = read_checks(backups_folder(full.path))
    assert [checks[backup.path.name].is_full for backup in made] == [True, False, False, True, False]


# What is there


def test_no_backups_without_a_folder(tmp_path: Path) -> None:
    assert list_backups(tmp_path / "journal.db") == ()
    assert own_copies(tmp_path / "journal.db") == ()


def test_folder_is_beside_the_file_that_a_link_leads_to(full: "Journal", tmp_path: Path) -> None:
    link = tmp_path / "links" / "mine.db"
    link.parent.mkdir()
    link.symlink_to(full.path)
    backup = make_backup(link, now=EVENING)
    assert backup.path.parent == full.path.parent / "backups"
    assert list_backups(link) == list_backups(full.path) == (backup,)


def test_backups_of_other_journals_are_not_listed(full: "Journal") -> None:
    backup = make_backup(full.path, now=EVENING)
    for name in ("work", "journal.old", "journa"):
        shutil.copy(backup.path, backup.path.with_name(backup.path.name.replace("journal", name, 1)))
    assert list_backups(full.path) == (backup,)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"x"', '{"a": 1}', '{"a": {}}', '{"a": {"size": 1, "heads": []}}', "\0", "null"]
)
def test_damaged_checks_count_as_none(full: "Journal", text: str) -> None:
    backup = make_backup(full.path, now=EVENING)
    (backup.path.parent / CHECKS_NAME).write_text(text)
    assert list_backups(full.path) == (backup._replace(is_verified=False, entry_count=None),)


def test_backup_of_another_size_is_not_verified(full: "Journal") -> None:
    backup = make_backup(full.path, now=EVENING)
    with backup.path.open("ab") as file:
        file.write(b"more")
    assert not list_backups(full.path)[0].is_verified


def test_one_bad_check_does_not_hide_the_others(full: "Journal") -> None:
    first, second = make_backup(full.path, now=EVENING), make_backup(full.path, now=EVENING)
    path = first.path.parent / CHECKS_NAME
    document = json.loads(path.read_text())
    document[first.path.name] = {"size": "large"}
    path.write_text(json.dumps(document))
    assert [backup.is_verified for backup in list_backups(full.path)] == [False, True]
    assert second.is_verified


def test_copies_of_0_1_0_are_listed_first_and_unverified(full: "Journal") -> None:
    backup = make_backup(full.path, now=EVENING)
    for days, name in enumerate(("journal.db.before-import", "journal.db.before-schema-2-from-1")):
        shutil.copy(full.path, full.path.with_name(name))
        moment = (EVENING - timedelta(days=9 - days)).timestamp()
        os.utime(full.path.with_name(name), (moment, moment))
    names = ["journal.db.before-import", "journal.db.before-schema-2-from-1", backup.path.name]
    assert [each.path.name for each in list_backups(full.path)] == names
    assert [each.is_verified for each in list_backups(full.path)] == [False, False, True]


def test_own_copies_are_all_that_valuelog_made(full: "Journal") -> None:
    backup = make_backup(full.path, now=EVENING)
    beside = [
        "journal.db.before-import",
        "journal.replaced-2026-11-20T173000Z.db",
        ".journal.db.before-import.0123456789",
    ]
    beside += [".journal.db.0123456789", ".journal.db.0123456789.unfinished-journal"]
    for name in (*beside, "journal.db-journal", "other.db", "other.db.before-import", "journal.txt", ".journal.db.swp"):
        full.path.with_name(name).write_bytes(b"x")
    assert set(own_copies(full.path)) == {backup.path, *(full.path.with_name(name) for name in beside)}


def test_links_in_the_folder_are_not_followed(full: "Journal") -> None:
    backup = make_backup(full.path, now=EVENING)
    backup.path.rename(full.path.with_name("elsewhere.db"))
    backup.path.symlink_to(full.path.with_name("elsewhere.db"))
    assert list_backups(full.path) == ()


# The lock and copies elsewhere


def test_second_holder_of_the_lock_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    with lock_backups(folder), pytest.raises(BackupRunning), lock_backups(folder, wait=False):
        pytest.fail("two processes hold the lock")
    with lock_backups(folder, wait=False):
        assert file_names(folder) == ["lock"]


def test_copy_elsewhere_leaves_nothing_unfinished(full: "Journal", tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "copy.db"
    target.parent.mkdir()
    (target.parent / ".copy.db.abc.unfinished").write_bytes(b"of a killed process")
    write_verified_copy(connection_of(full), target)
    assert file_names(target.parent) == ["copy.db"]


# Keeping and removing


def test_old_backups_are_removed_with_their_checks(full: "Journal") -> None:
    made = [make_backup(full.path, now=EVENING + timedelta(minutes=minute)) for minute in range(3)]
    assert prune_backups(connection_of(full), full.path) == tuple(made[:2])
    assert file_names(made[2].path.parent) == sorted(["checks.json", made[2].path.name, "lock"])
    assert list(read_checks(made[2].path.parent)) == [made[2].path.name]


@pytest.mark.parametrize("has_check", [True, False])
def test_backup_whose_log_the_journal_lacks_is_never_removed(full: "Journal", *, has_check: bool) -> None:
    shutil.copy(full.path, full.path.with_name("before.db"))
    entries.add(full, [make_entry(text="only in the backup")])
    lost = make_backup(full.path, now=EVENING)
    full.close()
    full.path.with_name("before.db").replace(full.path)
    older = make_backup(full.path, now=EVENING + timedelta(minutes=1))
    newest = make_backup(full.path, now=EVENING + timedelta(minutes=2))
    if not has_check:
        (lost.path.parent / CHECKS_NAME).unlink()
    with closing(sqlite3.connect(full.path)) as connection:
        assert [backup.path for backup in prune_backups(connection, full.path)] == [older.path]
    assert [backup.path for backup in list_backups(full.path)] == [lost.path, newest.path]


def test_copies_of_0_1_0_are_never_removed(full: "Journal") -> None:
    copy = full.path.with_name("journal.db.before-import")
    shutil.copy(full.path, copy)
    make_backup(full.path, now=datetime.now(UTC) + timedelta(minutes=1))
    make_backup(full.path, now=datetime.now(UTC) + timedelta(minutes=2))
    prune_backups(connection_of(full), full.path)
    assert copy.exists()


def test_backup_that_has_everything_suffices(full: "Journal") -> None:
    connection = connection_of(full)
    ensure_backup(connection, now=EVENING)
    ensure_backup(connection, now=EVENING + timedelta(days=9))
    assert len(list_backups(full.path)) == 1
    entries.add(full, [make_entry()])
    ensure_backup(connection, now=EVENING + timedelta(days=9))
    assert len(list_backups(full.path)) == 2


@pytest.mark.parametrize(
    ("hours", "text", "count"),
    [
        pytest.param(23, "words", 1, id="the one of today suffices"),
        pytest.param(25, "words", 2, id="an older one doesn't"),
        pytest.param(-1, "words", 2, id="nor one of the future"),
        pytest.param(23, "other words", 2, id="nor if what is new was altered"),
    ],
)
def test_large_journal_needs_no_copy_for_each_import(
    full: "Journal", monkeypatch: pytest.MonkeyPatch, hours: int, text: str, count: int
) -> None:
    monkeypatch.setattr("valuelog.journal.backups.LARGE_SIZE", 1_000)
    connection = connection_of(full)
    ensure_backup(connection, now=EVENING)
    entries.add(full, [make_entry(text="words")])
    connection.execute("UPDATE change SET fields = replace(fields, 'words', ?)", (text,))
    ensure_backup(connection, now=EVENING + timedelta(hours=hours))
    assert len(list_backups(full.path)) == count


def test_journal_restored_from_a_purged_copy_has_no_newer_backup(full: "Journal") -> None:
    """A purge appends changes to the log of a copy, as a device that is not in the journal."""
    connection = connection_of(full)
    changes = [Change("measurement", "x", {"note": None})]
    with closing(sqlite3.connect(full.path, isolation_level=None)) as writer:
        Log(writer, f"{PURGE_DEVICE_PREFIX}1").append(changes, batch="y", act="purge", undoes=None, now=EVENING)
        refresh_batches(writer, ["y"])
    entries.add(full, [make_entry(text="written later")])
    make_backup(connection, now=EVENING, keep_altered=True)
    assert full.find_newer_backup() is None


@pytest.mark.parametrize("time", ["2026-13-45T999999Z", "0001-01-01T000000Z", "9999-12-31T235959Z"])
def test_impossible_times_are_no_backups(journal: "Journal", time: str) -> None:
    backup = make_backup(journal.path, now=datetime(2026, 11, 20, tzinfo=UTC))
    shutil.copy(backup.path, backup.path.with_name(f"journal.{time}.{backup.head}.db"))
    assert list_backups(journal.path) == (backup,)


@pytest.mark.parametrize("suffix", ["-journal", "-wal"])
def test_what_completes_a_kept_journal_is_an_own_copy(journal: "Journal", suffix: str) -> None:
    side = journal.path.with_name(f"journal.replaced-2026-11-20T173000Z.db{suffix}")
    side.touch()
    assert side in own_copies(journal.path)


def test_journals_in_one_folder_have_their_own_backups(tmp_path: "Path") -> None:
    made = []
    for name in ("a.db", "a.journal", "a.db.old"):
        journal = open_journal(tmp_path / name, "a-laptop", lambda: EVENING, write=True)
        entries.add(journal, [make_entry(text=f"written in {name}")])
        made.append((journal.path, make_backup(connection_of(journal), now=EVENING)))
        journal.close()
    assert [list_backups(path) for path, _ in made] == [(backup,) for _, backup in made]
