"""A disk that is full: what could not be written was not written at all."""

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.journal_files import entry_texts, is_undamaged, read_all_files, write_test_journal
from support.makers import make_entry, open_test_journal
from support.subprocesses import run_child
from valuelog.journal import entries
from valuelog.journal.errors import DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_full_disk_says_so_and_changes_nothing(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path)
    before = path.read_bytes()
    journal = open_test_journal(tmp_path)
    journal.connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(DiskFull):
        entries.add(journal, [make_entry(text="much " * 20_000)])
    assert path.read_bytes() == before
    journal.connection.execute("PRAGMA max_page_count = 100000")
    entries.add(journal, [make_entry(text="room again")])
    journal.close()
    assert len(entry_texts(open_test_journal(tmp_path, write=False))) == 4


def test_a_write_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path)
    before = read_all_files(tmp_path)
    came = run_child("add_with_file_size_limit", path)
    assert came.error == "UnreachableJournal"
    assert read_all_files(tmp_path) == before


@pytest.fixture
def tiny_disk(tmp_path: Path) -> "Iterator[Path]":
    """Return a disk of 400 KB, where this machine lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607  wherever it is


def test_a_disk_without_room_left_says_so_and_changes_nothing(tiny_disk: Path) -> None:
    path = write_test_journal(tiny_disk)
    with pytest.raises(OSError, match="No space"):
        (tiny_disk / "ballast").write_bytes(bytes(1_000_000))
    before = path.read_bytes()
    journal = open_test_journal(tiny_disk)
    with pytest.raises(DiskFull):
        entries.add(journal, [make_entry(text="much " * 20_000)])
    journal.close()
    assert path.read_bytes() == before
    assert is_undamaged(path)
    for path in (tiny_disk / "new.db", tiny_disk / "a" / "b" / "new.db"):
        assert run_child("add", path).error == "FullDisk"
    assert {each.name for each in tiny_disk.iterdir() if each.is_file()} == {"journal.db", "ballast"}
