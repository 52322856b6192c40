"""Opening a journal: other files in its place, damage, permissions, locks and pragmas."""

import base64
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING

import pytest

from support.journal_files import connection_of, entry_texts, read_all_files, write_test_journal
from support.makers import make_entry, open_test_journal
from support.requirements import requires_program
from support.subprocesses import NOBODY, run_child
from valuelog.journal import entries
from valuelog.journal.connection import SCHEMA_VERSION
from valuelog.journal.errors import (
    BusyJournal,
    DamagedJournal,
    DamagedRecord,
    JournalError,
    NewerJournal,
    NotAJournal,
    UnreachableJournal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
)


# Other files


def make_folder(path: Path) -> None:
    path.mkdir()
    (path / "notes").write_text("mine")


def make_foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.commit()


def make_foreign_database_in_use(path: Path) -> None:
    """Leave a database with a write-ahead log, as a killed browser does."""
    with closing(sqlite3.connect(path.with_name("template"))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.commit()
        for end in ("", "-wal", "-shm"):
            shutil.copy(path.with_name(f"template{end}"), path.with_name(path.name + end))


def make_newer_journal(path: Path) -> None:
    write_test_journal(path.parent)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def make_truncated_header(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(30))


OTHER_FILES: "list[tuple[Callable[[Path], object], type[JournalError], str]]" = [
    (make_folder, NotAJournal, "a folder"),
    (os.mkfifo, NotAJournal, "a device or a pipe"),
    (lambda path: path.write_bytes(PNG), NotAJournal, "another kind of file"),
    (lambda path: path.write_bytes(b""), NotAJournal, "an empty file"),
    (lambda path: path.write_text("2026-11-20 audit mails\n" * 99), NotAJournal, "another kind of file"),
    (make_foreign_database, NotAJournal, "another program's database"),
    (make_foreign_database_in_use, NotAJournal, "another program's database"),
    (make_newer_journal, NewerJournal, f"schema {SCHEMA_VERSION + 1}, this one knows {SCHEMA_VERSION}"),
    (make_truncated_header, DamagedJournal, "is damaged"),
]


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize(("make", "error", "reason"), OTHER_FILES)
def test_other_file_is_rejected_and_left_untouched(
    tmp_path: Path, make: "Callable[[Path], object]", error: type[JournalError], reason: str, *, write: bool
) -> None:
    path = tmp_path / "journal.db"
    make(path)
    before = read_all_files(tmp_path)
    with pytest.raises(error) as raised:
        open_test_journal(tmp_path, write=write)
    assert reason in raised.value.message
    assert raised.value.hint
    assert read_all_files(tmp_path) == before


# Damage


def corrupt_page_headers(path: Path) -> None:
    """Flip the header of every page but the first."""
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 8] = bytes(byte ^ 0xFF for byte in content[start : start + 8])
    path.write_bytes(content)


def truncate_to(share: float) -> "Callable[[Path], None]":
    def cut(path: Path) -> None:
        os.truncate(path, int(path.stat().st_size * share))

    return cut


def use_journal(folder: Path, *, write: bool) -> None:
    with closing(open_test_journal(folder, write=write)) as journal:
        if write:
            entries.add(journal, [make_entry()])
        else:
            entry_texts(journal)


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize(
    "damage", [corrupt_page_headers, truncate_to(0.999), truncate_to(0.9), truncate_to(0.5), truncate_to(0.05)]
)
def test_damaged_journal_is_reported_and_left_untouched(
    tmp_path: Path, damage: "Callable[[Path], None]", *, write: bool
) -> None:
    path = write_test_journal(tmp_path, 200)
    damage(path)
    before = read_all_files(tmp_path)
    with pytest.raises(DamagedJournal):
        use_journal(tmp_path, write=write)
    assert read_all_files(tmp_path) == before


@requires_program("strace")
@pytest.mark.parametrize("failing", ["when=2", "when=4", "when=3+"])
def test_error_of_the_disk_is_not_called_damage(tmp_path: Path, failing: str) -> None:
    path = write_test_journal(tmp_path, 200)
    fail = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", str(path), "-e", "trace=pread64,read"]
    inject = ["-e", f"inject=pread64{',read' if '+' in failing else ''}:error=EIO:{failing}"]
    program = [sys.executable, "-m", "valuelog", "--journal", str(path), "list"]
    result = subprocess.run([*fail, *inject, *program], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith(f"valuelog: The disk reports an error reading {path}. Nothing was changed.\n")


def test_invalid_utf8_is_damage_and_is_not_quoted(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path)
    content = path.read_bytes().replace(b"1 times the nightly", b"1 times the nig\xfftly")
    path.write_bytes(content)
    with pytest.raises(DamagedRecord) as raised:
        entry_texts(open_test_journal(tmp_path, write=False))
    assert "report" not in raised.value.message


# Permissions


@pytest.fixture
def shared_folder() -> "Iterator[Path]":
    """Return a folder that every user can access, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="valuelog-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def change_owner(*paths: Path) -> None:
    """Make the user nobody own some files, if the tests run as root."""
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, NOBODY, NOBODY)


@pytest.mark.parametrize("what", ["read", "add"])
def test_unreadable_journal_is_reported(shared_folder: Path, what: str) -> None:
    path = write_test_journal(shared_folder)
    change_owner(path)
    path.chmod(0)
    before = path.stat()
    result = run_child("run_as_nobody", what, path)
    assert result.error == "UnreachableJournal"
    assert "Permission denied" in result.message
    assert path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(("file", "folder"), [(0o400, 0o700), (0o600, 0o500), (0o400, 0o500)])
def test_read_only_journal_can_be_read(shared_folder: Path, file: int, folder: int) -> None:
    path = write_test_journal(shared_folder)
    change_owner(path, shared_folder)
    path.chmod(file)
    shared_folder.chmod(folder)
    before = path.read_bytes()
    assert len(run_child("run_as_nobody", "read", path).texts) == 3
    result = run_child("run_as_nobody", "add", path)
    assert result.error == "ReadOnlyJournal"
    assert result.message.startswith(f"Cannot change {path}: the file, its folder or its disk is read-only.")
    assert path.read_bytes() == before
    assert list(shared_folder.iterdir()) == [path]


def test_old_journal_in_a_read_only_folder_can_be_read(shared_folder: Path) -> None:
    path = write_test_journal(shared_folder)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 3")
    change_owner(path, shared_folder)
    path.chmod(0o400)
    shared_folder.chmod(0o500)
    assert len(run_child("run_as_nobody", "read", path).texts) == 3
    assert list(shared_folder.iterdir()) == [path]


def test_interrupted_change_in_a_read_only_folder_is_one_clear_line(shared_folder: Path) -> None:
    path = write_test_journal(shared_folder)
    run_child("die_during_transaction", path)
    change_owner(path, path.with_name("journal.db-journal"), shared_folder)
    path.chmod(0o400)
    shared_folder.chmod(0o500)
    result = run_child("run_as_nobody", "read", path)
    assert result.error == "UnfinishedChange"
    assert "\n" not in result.message


def test_unwritable_folder_is_reported(shared_folder: Path) -> None:
    change_owner(shared_folder)
    shared_folder.chmod(0o500)
    for path in (shared_folder / "journal.db", shared_folder / "a" / "b" / "journal.db"):
        result = run_child("run_as_nobody", "add", path)
        assert result.error == "UnreachableJournal"
    assert list(shared_folder.iterdir()) == []


def test_path_below_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UnreachableJournal, match="Not a directory"):
        open_test_journal(tmp_path / "file")
    assert read_all_files(tmp_path) == {str(tmp_path / "file"): b"mine"}


# File modes


def test_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    environ = {f"XDG_{name}_HOME": str(tmp_path / name / "deep") for name in ("DATA", "CONFIG", "STATE")}
    for words in (["add", "activity", "audit mails"], ["undo"], ["today", "--helped", "@sam"], ["list"]):
        subprocess.run(
            [sys.executable, "-m", "valuelog", *words],
            env={**os.environ, **environ},
            umask=0,
            check=True,
            capture_output=True,
        )
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert tmp_path / "DATA" / "deep" / "valuelog" / "journal.db" in modes
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


# Pragmas and locks


def test_safety_pragmas_are_set(tmp_path: Path) -> None:
    connection = connection_of(open_test_journal(tmp_path))
    names = ("synchronous", "secure_delete", "foreign_keys", "journal_mode", "busy_timeout", "query_only")
    assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == [3, 1, 1, "delete", 10_000, 0]


def test_reader_cannot_write(tmp_path: Path) -> None:
    write_test_journal(tmp_path)
    reader = open_test_journal(tmp_path, write=False)
    assert connection_of(reader).execute("PRAGMA busy_timeout").fetchone()[0] == 10_000
    with pytest.raises(UnreachableJournal):
        entries.add(reader, [make_entry()])


def test_lock_timeout_raises_busy_journal(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path)
    before = path.read_bytes()
    other, journal = open_test_journal(tmp_path), open_test_journal(tmp_path)
    connection_of(journal).execute("PRAGMA busy_timeout = 20")
    with other.transaction():
        with pytest.raises(BusyJournal):
            entries.add(journal, [make_entry()])
        assert path.read_bytes() == before
    assert len(entry_texts(journal)) == 3


def test_writer_waits_for_a_long_transaction(tmp_path: Path) -> None:
    write_test_journal(tmp_path)
    journal = open_test_journal(tmp_path)
    connection_of(journal).execute("PRAGMA busy_timeout = 200")
    is_locked = Event()

    def write_slowly() -> None:
        other = open_test_journal(tmp_path)
        with other.transaction():
            is_locked.set()
            sleep(0.6)
        other.close()

    writer = Thread(target=write_slowly)
    writer.start()
    assert is_locked.wait(10)
    entries.add(journal, [make_entry()])
    writer.join()
    assert len(entry_texts(journal)) == 4
