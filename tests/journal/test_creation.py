"""Creating a journal atomically, and recovering from killed writers."""

import os
import signal
import stat
from pathlib import Path
from random import Random
from time import sleep

import pytest

from support.journal_files import entry_texts, is_undamaged, write_test_journal
from support.makers import open_test_journal
from support.subprocesses import release_children, run_child, start_child, wait_for_child

# Names


@pytest.mark.parametrize("name", ["my journal", "what?", "a#b", "100%", "%20", "a?mode=memory", "é ü", "'\"", "a&b=c"])
def test_journal_path_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    path = write_test_journal(folder)
    assert list(folder.iterdir()) == [path]
    assert list(tmp_path.iterdir()) == [folder]
    assert len(entry_texts(open_test_journal(folder, write=False))) == 3


def test_journal_may_be_a_symlink_to_a_missing_file(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "journal.db").symlink_to(elsewhere / "real.db")
    path = write_test_journal(tmp_path)
    assert path.is_symlink()
    assert list(elsewhere.iterdir()) == [elsewhere / "real.db"]
    assert len(entry_texts(open_test_journal(tmp_path, write=False))) == 3
    assert set(tmp_path.iterdir()) == {path, elsewhere}


# Creation


def test_missing_journal_reads_as_empty_and_is_not_created(tmp_path: Path) -> None:
    assert entry_texts(open_test_journal(tmp_path, write=False)) == []
    assert list(tmp_path.iterdir()) == []


def test_created_journal_is_linked_and_its_folder_fsynced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    fsync, link = os.fsync, os.link

    def spy_fsync(descriptor: int) -> None:
        calls.append(f"fsync {'folder' if stat.S_ISDIR(os.fstat(descriptor).st_mode) else 'file'}")
        fsync(descriptor)

    def spy_link(source: Path, target: Path) -> None:
        calls.append("link")
        link(source, target)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    monkeypatch.setattr(os, "link", spy_link)
    open_test_journal(tmp_path)
    assert calls == ["fsync file", "link", "fsync folder"]


def test_killed_creation_leaves_a_complete_journal_or_none(tmp_path: Path) -> None:
    rng = Random(20)  # noqa: S311  not for secrets
    for number in range(6):
        folder = tmp_path / str(number)
        maker = start_child("create_journals", folder)
        release_children(maker)
        sleep(rng.uniform(0, 0.2))
        maker.kill()
        maker.communicate()
        created = sorted(folder.glob("*/journal.db"), key=lambda path: path.stat().st_mtime_ns)
        assert all(map(is_undamaged, created))
        assert all(entry_texts(open_test_journal(path.parent)) == [] for path in created[-2:])


def test_concurrent_creation_makes_one_journal(tmp_path: Path) -> None:
    for number in range(4):
        path = tmp_path / str(number) / "journal.db"
        makers = [start_child("add_after_release", path) for _ in range(4)]
        release_children(*makers)
        assert [wait_for_child(maker).code for maker in makers] == [0] * 4
        assert len(run_child("read", path).texts) == 4
        assert [file.name for file in path.parent.iterdir()] == ["journal.db"]


# Hot rollback journals


def leave_hot_journal(folder: Path) -> Path:
    """Return a journal whose last writer was killed in the middle of writing a transaction."""
    path = write_test_journal(folder)
    before = path.read_bytes()
    assert run_child("die_during_transaction", path).code == -signal.SIGKILL
    assert path.with_name("journal.db-journal").stat().st_size > 0
    assert path.read_bytes() != before
    return path


def test_reader_rolls_back_a_killed_writer(tmp_path: Path) -> None:
    path = leave_hot_journal(tmp_path)
    assert len(entry_texts(open_test_journal(tmp_path, write=False))) == 3
    assert is_undamaged(path)
    assert list(tmp_path.iterdir()) == [path]


def test_open_reader_survives_a_killed_writer(tmp_path: Path) -> None:
    write_test_journal(tmp_path)
    reader = open_test_journal(tmp_path, write=False)
    leave_hot_journal(tmp_path)
    assert len(entry_texts(reader)) == 6


def test_writer_rolls_back_a_killed_writer(tmp_path: Path) -> None:
    path = leave_hot_journal(tmp_path)
    assert len(run_child("add", path).texts) == 4
    assert is_undamaged(path)
