"""Reads, copies, locks and overwrites a database file below SQLite, which may not be able to read it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EAGAIN, EIO
from pathlib import Path

from valuelog.journal.connection import BUSY_TIMEOUT_SECONDS
from valuelog.journal.copies import rollback_journal, side_files
from valuelog.journal.errors import BusyJournal, JournalMoved
from valuelog.journal.super_journals import forget_other_file

_LOCK_START, _LOCK_LENGTH = 0x40000000, 512
"""The bytes that SQLite locks (sqlite.org/src/file/src/os.h): locking them works for files that SQLite can't read."""

_LOCK_RETRY_SECONDS = 0.05
_BLOCK_SIZE = 1 << 20
_SECTOR_SIZE = 4096
"""What is read at a time where the disk has errors."""

FileIdentity = tuple[int, ...]
"""What changes when a file is replaced or written: device, inode, size, and time of the last write in nanoseconds."""


def is_hot(path: Path) -> bool:
    """Return True if SQLite may have to roll something back, or to apply what another program wrote in WAL mode."""
    return any(side.exists() and side.stat().st_size > 0 for side in side_files(path))


def identify_file(path: Path) -> FileIdentity:
    """Return what changes when a file is replaced or written."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def copy_consistently(source: Path, target: Path, *, skip_errors: bool = False) -> None:
    """Copy the bytes of a database, and of the files that complete it, while no program writes to it."""
    with lock_file(source, is_shared=True) as locked:
        for side, its_copy in zip(side_files(source), side_files(target), strict=True):
            with suppress(FileNotFoundError):
                _copy_file(side, its_copy, skip_errors=skip_errors)
        forget_other_file(rollback_journal(target))
        _copy_bytes(locked, target, skip_errors=skip_errors)


def _copy_file(source: Path, target: Path, *, skip_errors: bool) -> None:
    descriptor = os.open(source, os.O_RDONLY)
    try:
        _copy_bytes(descriptor, target, skip_errors=skip_errors)
    finally:
        os.close(descriptor)


def _copy_bytes(descriptor: int, target: Path, *, skip_errors: bool = False) -> None:
    """Copy an open file, and flush the copy; with `skip_errors`, sectors that the disk can't read become zeros."""
    opened = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with open(opened, "wb") as file:  # noqa: PTH123  opened with mode 0600 above
        position, size = 0, os.fstat(descriptor).st_size
        while position < size:
            try:
                block = os.pread(descriptor, _BLOCK_SIZE, position) or bytes(size - position)
            except OSError as error:
                if error.errno != EIO or not skip_errors:
                    raise
                block = _read_sector(descriptor, position)
            file.write(block[: size - position])
            position += len(block)
        file.flush()
        os.fsync(file.fileno())


def _read_sector(descriptor: int, position: int) -> bytes:
    try:
        return os.pread(descriptor, _SECTOR_SIZE, position) or bytes(_SECTOR_SIZE)
    except OSError:
        return bytes(_SECTOR_SIZE)


@contextmanager
def lock_file(path: Path, *, is_shared: bool = False) -> Iterator[int]:
    """Lock a database as SQLite does: shared against writers, else against everything. Yield its descriptor.

    Until the end, this process must not open and close the file again: that would release the lock (POSIX).
    Raises BusyJournal, or JournalMoved if the file was replaced meanwhile.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY if is_shared else os.O_RDWR)
    except PermissionError:
        descriptor, is_shared = os.open(path, os.O_RDONLY), True
    try:
        _wait_for_lock(path, descriptor, is_shared=is_shared)
        status = os.fstat(descriptor)
        if (status.st_dev, status.st_ino) != identify_file(path)[:2]:
            raise JournalMoved
        yield descriptor
    finally:
        os.close(descriptor)


def _wait_for_lock(path: Path, descriptor: int, *, is_shared: bool) -> None:
    from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, lockf  # noqa: PLC0415  rarely needed

    end = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            lockf(descriptor, (LOCK_SH if is_shared else LOCK_EX) | LOCK_NB, _LOCK_LENGTH, _LOCK_START)
        except OSError as error:
            if error.errno not in {EACCES, EAGAIN}:
                return  # a file system without locks
        else:
            return
        if time.monotonic() > end:
            raise BusyJournal(path)
        time.sleep(_LOCK_RETRY_SECONDS)


def overwrite(descriptor: int, source: Path) -> None:
    """Replace the content of an open file, and flush it."""
    with source.open("rb") as file:
        position = 0
        while block := file.read(_BLOCK_SIZE):
            position += os.pwrite(descriptor, block, position)
            file.seek(position)
        os.ftruncate(descriptor, position)
        os.fsync(descriptor)
