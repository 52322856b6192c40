"""The journal's file: what else may stand there, what may happen to it, and who may read it."""

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
from support.subprocesses import NOBODY, run_child
from valuelog.journal import entries
from valuelog.journal.connection import SCHEMA_VERSION
from valuelog.journal.errors import (
    BusyJournal,
    DamagedJournal,
    JournalError,
    NewerJournal,
    NotAJournal,
    UnreachableJournal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
)


# What else may stand there


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "notes").write_text("mine")


def a_foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.commit()


def a_foreign_database_in_use(path: Path) -> None:
    """Leave a database with a write-ahead log behind, as a browser that was killed does."""
    with closing(sqlite3.connect(path.with_name("template"))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.commit()
        for end in ("", "-wal", "-shm"):
            shutil.copy(path.with_name(f"template{end}"), path.with_name(path.name + end))


def a_newer_journal(path: Path) -> None:
    write_test_journal(path.parent)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def only_a_beginning(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(30))


OTHERS: "list[tuple[Callable[[Path], object], type[JournalError], str]]" = [
    (a_folder, NotAJournal, "a folder"),
    (os.mkfifo, NotAJournal, "a device or a pipe"),
    (lambda path: path.write_bytes(PICTURE), NotAJournal, "another kind of file"),
    (lambda path: path.write_bytes(b""), NotAJournal, "an empty file"),
    (lambda path: path.write_text("2026-11-20 audit mails\n" * 99), NotAJournal, "another kind of file"),
    (a_foreign_database, NotAJournal, "another program's database"),
    (a_foreign_database_in_use, NotAJournal, "another program's database"),
    (a_newer_journal, NewerJournal, f"schema {SCHEMA_VERSION + 1}, this one knows {SCHEMA_VERSION}"),
    (only_a_beginning, DamagedJournal, "is damaged"),
]


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize(("make", "error", "said"), OTHERS)
def test_what_is_no_journal_of_ours_is_refused_and_left_untouched(
    tmp_path: Path, make: "Callable[[Path], object]", error: type[JournalError], said: str, *, write: bool
) -> None:
    path = tmp_path / "journal.db"
    make(path)
    before = read_all_files(tmp_path)
    with pytest.raises(error) as raised:
        open_test_journal(tmp_path, write=write)
    assert said in raised.value.message
    assert raised.value.hint
    assert read_all_files(tmp_path) == before


# Damage


def without_page_heads(path: Path) -> None:
    """Flip the first bytes of every page but the first, where SQLite says what a page is."""
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 8] = bytes(byte ^ 0xFF for byte in content[start : start + 8])
    path.write_bytes(content)


def cut_to(share: float) -> "Callable[[Path], None]":
    def cut(path: Path) -> None:
        os.truncate(path, int(path.stat().st_size * share))

    return cut


def used(folder: Path, *, write: bool) -> None:
    with closing(open_test_journal(folder, write=write)) as journal:
        if write:
            entries.add(journal, [make_entry()])
        else:
            entry_texts(journal)


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("hurt", [without_page_heads, cut_to(0.999), cut_to(0.9), cut_to(0.5), cut_to(0.05)])
def test_a_damaged_journal_says_so_and_is_left_untouched(
    tmp_path: Path, hurt: "Callable[[Path], None]", *, write: bool
) -> None:
    path = write_test_journal(tmp_path, 200)
    hurt(path)
    before = read_all_files(tmp_path)
    with pytest.raises(DamagedJournal):
        used(tmp_path, write=write)
    assert read_all_files(tmp_path) == before


def test_text_that_is_no_text_any_more_is_damage_and_is_not_repeated(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path)
    content = path.read_bytes().replace(b"1 times the nightly", b"1 times the nig\xfftly")
    path.write_bytes(content)
    with pytest.raises(DamagedJournal) as raised:
        entry_texts(open_test_journal(tmp_path, write=False))
    assert "report" not in raised.value.message


# Rights


@pytest.fixture
def common() -> "Iterator[Path]":
    """Return a folder that any user of this machine can reach, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="valuelog-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def given_away(*paths: Path) -> None:
    """Let nobody own some files, if we are root and can give them away."""
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, NOBODY, NOBODY)


@pytest.mark.parametrize("what", ["read", "add"])
def test_without_the_right_to_read_it_says_so(common: Path, what: str) -> None:
    path = write_test_journal(common)
    given_away(path)
    path.chmod(0)
    before = path.stat()
    came = run_child("run_as_nobody", what, path)
    assert came.error == "UnreachableJournal"
    assert "Permission denied" in came.message
    assert path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(("file", "folder"), [(0o400, 0o700), (0o600, 0o500), (0o400, 0o500)])
def test_without_the_right_to_write_it_is_read_all_the_same(common: Path, file: int, folder: int) -> None:
    path = write_test_journal(common)
    given_away(path, common)
    path.chmod(file)
    common.chmod(folder)
    before = path.read_bytes()
    assert len(run_child("run_as_nobody", "read", path).texts) == 3
    came = run_child("run_as_nobody", "add", path)
    assert came.error == "UnreachableJournal"
    assert came.message.startswith(f"Cannot read or write {path}")
    assert path.read_bytes() == before
    assert list(common.iterdir()) == [path]


def test_where_nothing_can_be_made_it_says_so(common: Path) -> None:
    given_away(common)
    common.chmod(0o500)
    for path in (common / "journal.db", common / "a" / "b" / "journal.db"):
        came = run_child("run_as_nobody", "add", path)
        assert came.error == "UnreachableJournal"
    assert list(common.iterdir()) == []


def test_below_a_file_there_is_no_room_for_a_journal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UnreachableJournal, match="Not a directory"):
        open_test_journal(tmp_path / "file")
    assert read_all_files(tmp_path) == {str(tmp_path / "file"): b"mine"}


# Who may read it


def test_only_its_owner_can_read_anything_whatever_the_umask(tmp_path: Path) -> None:
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


# How it is opened


def test_what_keeps_words_safe_is_really_in_force(tmp_path: Path) -> None:
    connection = connection_of(open_test_journal(tmp_path))
    names = ("synchronous", "secure_delete", "foreign_keys", "journal_mode", "busy_timeout", "query_only")
    assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == [3, 1, 1, "delete", 10_000, 0]


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    write_test_journal(tmp_path)
    reader = open_test_journal(tmp_path, write=False)
    assert connection_of(reader).execute("PRAGMA busy_timeout").fetchone()[0] == 10_000
    with pytest.raises(UnreachableJournal):
        entries.add(reader, [make_entry()])


def test_who_waits_too_long_is_told_that_another_one_writes(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path)
    before = path.read_bytes()
    other, journal = open_test_journal(tmp_path), open_test_journal(tmp_path)
    connection_of(journal).execute("PRAGMA busy_timeout = 20")
    with other.transaction():
        with pytest.raises(BusyJournal):
            entries.add(journal, [make_entry()])
        assert path.read_bytes() == before
    assert len(entry_texts(journal)) == 3


def test_who_waits_for_a_long_import_writes_after_it(tmp_path: Path) -> None:
    write_test_journal(tmp_path)
    journal = open_test_journal(tmp_path)
    connection_of(journal).execute("PRAGMA busy_timeout = 200")
    begun = Event()

    def write_slowly() -> None:
        other = open_test_journal(tmp_path)
        with other.transaction():
            begun.set()
            sleep(0.6)
        other.close()

    importing = Thread(target=write_slowly)
    importing.start()
    assert begun.wait(10)
    entries.add(journal, [make_entry()])
    importing.join()
    assert len(entry_texts(journal)) == 4
