"""Files that valuelog writes: complete, on disk and never over another one."""

import os
from typing import TYPE_CHECKING

import pytest

from valuelog.cli.files import MAX_TEXT_BYTES, FileAlreadyExists, atomic_write, read_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("force", [False, True])
def test_file_is_flushed_and_synced_before_it_appears(
    tmp_path: "Path",
    monkeypatch: pytest.MonkeyPatch,
    force: bool,  # noqa: FBT001
) -> None:
    target = tmp_path / "export.csv"
    synced: list[tuple[int, bool]] = []
    fsync = os.fsync

    def record_fsync(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_size, target.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", record_fsync)
    with atomic_write(target, force=force) as file:
        file.write("0123456789")
    assert synced[0] == (10, False)
    assert [exists for _, exists in synced] == [False, True]  # the file, then its folder
    assert target.read_text() == "0123456789"


def test_file_created_meanwhile_is_not_replaced(tmp_path: "Path") -> None:
    target = tmp_path / "export.csv"
    with pytest.raises(FileAlreadyExists), atomic_write(target, force=False):
        target.write_text("theirs")
    assert target.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_failed_write_leaves_nothing(tmp_path: "Path") -> None:
    with pytest.raises(KeyboardInterrupt), atomic_write(tmp_path / "export.csv", force=True) as file:  # noqa: PT012
        file.write("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_text_is_read_up_to_the_limit(tmp_path: "Path") -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"a" * (MAX_TEXT_BYTES + 1))
    with path.open() as stdin:
        assert len(read_text("-", stdin)) == len(read_text(str(path), stdin)) == MAX_TEXT_BYTES
