"""The journal's file: made at once or not at all, and what a writer leaves behind that was killed."""

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
def test_a_journal_can_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    path = write_test_journal(folder)
    assert list(folder.iterdir()) == [path]
    assert list(tmp_path.iterdir()) == [folder]
    assert len(entry_texts(open_test_journal(folder, write=False))) == 3


def test_a_journal_can_be_a_link_to_a_file_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "journal.db").symlink_to(elsewhere / "real.db")
    path = write_test_journal(tmp_path)
    assert path.is_symlink()
    assert list(elsewhere.iterdir()) == [elsewhere / "real.db"]
    assert len(entry_texts(open_test_journal(tmp_path, write=False))) == 3
    assert set(tmp_path.iterdir()) == {path, elsewhere}


# Making it


def test_a_journal_that_does_not_exist_reads_as_empty_and_is_not_made(tmp_path: Path) -> None:
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
    assert calls == ["link", "fsync folder"]


def test_who_is_killed_while_making_a_journal_leaves_a_whole_one_or_none(tmp_path: Path) -> None:
    chance = Random(20)  # noqa: S311  when to kill is no secret
    for number in range(6):
        folder = tmp_path / str(number)
        maker = start_child("create_journals", folder)
        release_children(maker)
        sleep(chance.uniform(0, 0.2))
        maker.kill()
        maker.communicate()
        made = sorted(folder.glob("*/journal.db"), key=lambda path: path.stat().st_mtime_ns)
        assert all(map(is_undamaged, made))
        assert all(entry_texts(open_test_journal(path.parent)) == [] for path in made[-2:])


def test_who_makes_a_journal_at_the_same_time_shares_it(tmp_path: Path) -> None:
    for number in range(4):
        path = tmp_path / str(number) / "journal.db"
        makers = [start_child("add_after_release", path) for _ in range(4)]
        release_children(*makers)
        assert [wait_for_child(maker).code for maker in makers] == [0] * 4
        assert len(run_child("read", path).texts) == 4
        assert [each.name for each in path.parent.iterdir()] == ["journal.db"]


# Killed amidst a change


def hot(folder: Path) -> Path:
    """Return a journal whose last writer was killed when half of its change had reached the file."""
    path = write_test_journal(folder)
    before = path.read_bytes()
    assert run_child("die_during_transaction", path).code == -signal.SIGKILL
    assert path.with_name("journal.db-journal").stat().st_size > 0
    assert path.read_bytes() != before
    return path


def test_after_a_writer_was_killed_readers_see_the_state_before(tmp_path: Path) -> None:
    path = hot(tmp_path)
    assert len(entry_texts(open_test_journal(tmp_path, write=False))) == 3
    assert is_undamaged(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_that_is_open_already_outlives_a_writer(tmp_path: Path) -> None:
    write_test_journal(tmp_path)
    reader = open_test_journal(tmp_path, write=False)
    hot(tmp_path)
    assert len(entry_texts(reader)) == 6


def test_after_a_writer_was_killed_others_write_on(tmp_path: Path) -> None:
    path = hot(tmp_path)
    assert len(run_child("add", path).texts) == 4
    assert is_undamaged(path)
