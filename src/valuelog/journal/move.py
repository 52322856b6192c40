"""Move a journal, its backups and other copies to another folder, without a moment in which a change could be lost."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path

from valuelog.journal.backup_checks import CHECKS_NAME, LOCK_NAME, lock_backups, read_checks, write_checks
from valuelog.journal.backups import backups_folder, own_copies
from valuelog.journal.connection import (
    begin_immediate,
    connect_to_read,
    journal_exists,
    open_to_write,
    translate_errors,
)
from valuelog.journal.copies import flush_file, write_verified_copy
from valuelog.journal.errors import JournalError
from valuelog.journal.files import make_folders, publish, sync_folder
from valuelog.journal.ids import new_id


class NoJournalToMove(JournalError):
    """There is no journal at this path."""

    def __init__(self, path: Path) -> None:
        """Name the path."""
        super().__init__(
            f"There is no journal at {path} yet.", "Choose where it will be: valuelog config set journal FILE"
        )


class TargetExists(JournalError):
    """A file with the name of the journal, or of a copy beside it, is already there."""

    def __init__(self, path: Path) -> None:
        """Name the path."""
        super().__init__(
            f"{path} already exists. Nothing was moved.", f"To use that one: valuelog config set journal {path}"
        )


@contextmanager
def move_journal(source: Path, target: Path) -> Iterator[None]:
    """Copy a journal and verify the copy; after the block, which points to it, remove the original.

    Meanwhile nothing else can write. A program that waits for that finds its file gone, and writes nothing (SQLite
    checks this). If the block fails, the copy and new folders are removed. Raises JournalError.
    """
    with translate_errors(source):
        if not journal_exists(source):
            raise NoJournalToMove(source)
        real = source.resolve()
        identity = _identify(real)
    with closing(open_to_write(real)) as writer:
        with translate_errors(real):
            begin_immediate(writer)
            if _identify(real) != identity:  # another program moved it meanwhile
                raise NoJournalToMove(source)
        with _lock_existing(backups_folder(real)), _remove_on_error() as written:
            pairs = [(real, target), *((copy, _new_path(copy, real, target)) for copy in _finished_copies(real))]
            with translate_errors(target):
                for _, new in pairs:
                    _require_free(new)
                written.extend(_missing_folders(target.parent))
                make_folders(target.parent)
                _copy_checks(real, target, written)
                for old, new in pairs:
                    _copy(old, new, is_journal=old == real)
                    written.append(new)
                for folder in {new.parent for _, new in pairs}:
                    sync_folder(folder)
            yield
            with translate_errors(real):
                for old, _ in pairs:
                    old.unlink()
                source.unlink(missing_ok=True)  # a symbolic link
                _remove_if_empty(backups_folder(real))
                sync_folder(real.parent)


def _identify(path: Path) -> tuple[int, int]:
    """Return what tells a file from others, without opening it: closing it would release SQLite's locks (POSIX)."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise NoJournalToMove(path) from None
    return status.st_dev, status.st_ino


@contextmanager
def _lock_existing(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder of backups if there is one, so that no backup is made meanwhile."""
    with translate_errors(folder), lock_backups(folder) if folder.exists() else nullcontext():
        yield


def _finished_copies(journal: Path) -> list[Path]:
    """Return the backups and other copies of a journal, without those that a killed process left behind."""
    return [path for path in own_copies(journal) if not path.name.startswith(".")]


def _new_path(copy: Path, source: Path, target: Path) -> Path:
    """Return where a copy of the journal will be."""
    return target.parent / copy.relative_to(source.parent)


def _copy_checks(source: Path, target: Path, written: list[Path]) -> None:
    """Create the new folder of backups, and add to its checks those of the backups that will be moved there."""
    backups = {path.name for path in _finished_copies(source) if path.parent == backups_folder(source)}
    if not backups:
        return
    folder = target.parent / "backups"
    created = [path for path in (folder, folder / LOCK_NAME, folder / CHECKS_NAME) if not path.exists()]
    written.extend(created)
    with lock_backups(folder):
        moved = {name: check for name, check in read_checks(backups_folder(source)).items() if name in backups}
        write_checks(folder, {**read_checks(folder), **moved})


def _remove_if_empty(folder: Path) -> None:
    """Remove a folder of backups, unless it has backups of another journal."""
    own = [folder / CHECKS_NAME, folder / LOCK_NAME]
    if folder.exists() and set(folder.iterdir()) <= set(own):
        for path in own:
            path.unlink(missing_ok=True)
        folder.rmdir()


def _missing_folders(folder: Path) -> list[Path]:
    """Return a folder and those around it that don't exist yet, the outermost first."""
    return [each for each in (*reversed(folder.parents), folder) if not each.exists()]


def _copy(source: Path, target: Path, *, is_journal: bool) -> None:
    """Copy a file so that it is complete and on disk before it has its name, which nothing else may have.

    On the same disk, a copy gets a second name instead (link(2)).
    """
    unfinished = target.with_name(f".{target.name}.{new_id()}")
    try:
        if is_journal:
            with closing(connect_to_read(source)) as reader:
                write_verified_copy(reader, unfinished)
        else:
            _link_or_copy(source, unfinished)
        _publish(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or a file system without hard links
        shutil.copy2(source, target)
        flush_file(target)


def _publish(unfinished: Path, target: Path) -> None:
    """Give a file its name. Raises TargetExists."""
    try:
        publish(unfinished, target)
    except FileExistsError:
        raise TargetExists(target) from None


def _require_free(path: Path) -> None:
    """Raise TargetExists if there is a file, even a symbolic link to nothing."""
    if os.path.lexists(path):
        raise TargetExists(path)


@contextmanager
def _remove_on_error() -> Iterator[list[Path]]:
    """Yield a list, and remove the files and empty folders in it, the last one first, if the block raises."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for path in reversed(written):
            with suppress(OSError):  # the first error is the one to report
                remove = path.rmdir if path.is_dir() else path.unlink
                remove()
        raise
