"""The journal's file: made at once or not at all, and what a writer leaves behind that was killed."""

import signal
from pathlib import Path
from random import Random
from time import sleep

import pytest

from support.journal_files import sound, texts, written
from support.makers import a_journal
from support.subprocesses import begin, child, finished, told

# Names


@pytest.mark.parametrize("name", ["my journal", "what?", "a#b", "100%", "%20", "a?mode=memory", "é ü", "'\"", "a&b=c"])
def test_a_journal_can_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    path = written(folder)
    assert list(folder.iterdir()) == [path]
    assert list(tmp_path.iterdir()) == [folder]
    assert len(texts(a_journal(folder, write=False))) == 3


def test_a_journal_can_be_a_link_to_a_file_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "journal.db").symlink_to(elsewhere / "real.db")
    path = written(tmp_path)
    assert path.is_symlink()
    assert list(elsewhere.iterdir()) == [elsewhere / "real.db"]
    assert len(texts(a_journal(tmp_path, write=False))) == 3
    assert set(tmp_path.iterdir()) == {path, elsewhere}


# Making it


def test_a_journal_that_does_not_exist_reads_as_empty_and_is_not_made(tmp_path: Path) -> None:
    assert texts(a_journal(tmp_path, write=False)) == []
    assert list(tmp_path.iterdir()) == []


def test_who_is_killed_while_making_a_journal_leaves_a_whole_one_or_none(tmp_path: Path) -> None:
    chance = Random(20)  # noqa: S311  when to kill is no secret
    for number in range(6):
        folder = tmp_path / str(number)
        maker = begin("make_many", folder)
        told(maker)
        sleep(chance.uniform(0, 0.2))
        maker.kill()
        maker.communicate()
        made = sorted(folder.glob("*/journal.db"), key=lambda path: path.stat().st_mtime_ns)
        assert all(map(sound, made))
        assert all(texts(a_journal(path.parent)) == [] for path in made[-2:])


def test_who_makes_a_journal_at_the_same_time_shares_it(tmp_path: Path) -> None:
    for number in range(4):
        path = tmp_path / str(number) / "journal.db"
        makers = [begin("add_when_told", path) for _ in range(4)]
        told(*makers)
        assert [finished(maker).code for maker in makers] == [0] * 4
        assert len(child("read", path).texts) == 4
        assert [each.name for each in path.parent.iterdir()] == ["journal.db"]


# Killed amidst a change


def hot(folder: Path) -> Path:
    """Return a journal whose last writer was killed when half of its change had reached the file."""
    path = written(folder)
    before = path.read_bytes()
    assert child("die_amidst", path).code == -signal.SIGKILL
    assert path.with_name("journal.db-journal").stat().st_size > 0
    assert path.read_bytes() != before
    return path


def test_after_a_writer_was_killed_readers_see_the_state_before(tmp_path: Path) -> None:
    path = hot(tmp_path)
    assert len(texts(a_journal(tmp_path, write=False))) == 3
    assert sound(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_that_is_open_already_outlives_a_writer(tmp_path: Path) -> None:
    written(tmp_path)
    reader = a_journal(tmp_path, write=False)
    hot(tmp_path)
    assert len(texts(reader)) == 6


def test_after_a_writer_was_killed_others_write_on(tmp_path: Path) -> None:
    path = hot(tmp_path)
    assert len(child("add", path).texts) == 4
    assert sound(path)
