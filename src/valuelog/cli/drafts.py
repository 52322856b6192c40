"""Drafts: what is being written in an editor. Each editor has one of its own; one that was left is found again."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from valuelog.cli.files import translate_write_errors


@contextmanager
def claim_draft(first: Path, *, new: bool) -> Iterator[Path]:
    """Give a draft that no other editor has: one that was left behind, or else, or if a `new` one is wanted, none yet.

    It may not exist. Several are named after the `first`: draft.md, draft-2.md and so on.
    """
    with translate_write_errors(first.parent):
        first.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path, lock = _claim_path(first, new=new)
    try:
        yield path
    finally:
        _unlock(path, lock)


def has_unsaved_text(path: Path) -> bool:
    """Tell whether somebody's words are in a draft."""
    return path.exists() and path.stat().st_size > 0


def _claim_path(first: Path, *, new: bool) -> tuple[Path, int]:
    """Return a draft and the lock that keeps others from it."""
    left = () if new else _unsaved_drafts(first)
    for path in chain(left, _draft_paths(first)):
        lock = _try_lock(path)
        if lock is not None and (path in left or not has_unsaved_text(path)):
            return path, lock
        if lock is not None:
            _unlock(path, lock)
    raise AssertionError  # there is always another number


def _unsaved_drafts(first: Path) -> tuple[Path, ...]:
    """Return the drafts that were left, and those that other editors have just now."""
    name = re.compile(rf"{re.escape(first.stem)}(-\d{{1,3}})?{re.escape(first.suffix)}")
    return tuple(
        sorted(path for path in first.parent.iterdir() if name.fullmatch(path.name) and has_unsaved_text(path))
    )


def _draft_paths(first: Path) -> Iterator[Path]:
    yield first
    for number in count(2):
        yield first.with_stem(f"{first.stem}-{number}")


def _try_lock(path: Path) -> int | None:
    """Take a draft for oneself, until the program ends at the latest; none if another one has it."""
    name = _lock_path(path)
    lock = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(lock).st_ino == name.stat().st_ino:  # else whoever had it has just removed it
            return lock
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(lock)
    return None


def _unlock(path: Path, lock: int) -> None:
    _lock_path(path).unlink(missing_ok=True)
    os.close(lock)


def _lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")
