"""Full disks: a change that could not be written is not written at all."""

import shutil
import subprocess
from pathlib import Path

import pytest

from support.journal_files import connection_of, entry_texts, read_all_files, write_test_journal
from support.makers import make_entry, open_test_journal
from support.subprocesses import run_child, start_child, wait_for_child, with_tiny_disk
from valuelog.journal import entries
from valuelog.journal.errors import DiskFull


def test_sqlite_full_is_reported_and_changes_nothing(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path)
    before = path.read_bytes()
    journal = open_test_journal(tmp_path)
    connection_of(journal).execute("PRAGMA max_page_count = 1")
    with pytest.raises(DiskFull):
        entries.add(journal, [make_entry(text="much " * 20_000)])
    assert path.read_bytes() == before
    connection_of(journal).execute("PRAGMA max_page_count = 100000")
    entries.add(journal, [make_entry(text="after freeing space")])
    journal.close()
    assert len(entry_texts(open_test_journal(tmp_path, write=False))) == 4


def test_failed_write_changes_nothing(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path)
    before = read_all_files(tmp_path)
    result = run_child("add_with_file_size_limit", path)
    assert result.error == "UnreachableJournal"
    assert read_all_files(tmp_path) == before


def test_full_disk_is_reported_and_changes_nothing(tmp_path: Path) -> None:
    command = with_tiny_disk(tmp_path)
    if not shutil.which("unshare") or subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a tiny disk, and not everywhere")
    result = wait_for_child(start_child("fill_disk", tmp_path, prefix=command))
    assert result.code == 0
    assert result.texts == ["DiskFull", "DiskFull", "DiskFull", "unchanged", "ballast", "journal.db"]
    assert list(tmp_path.iterdir()) == []
