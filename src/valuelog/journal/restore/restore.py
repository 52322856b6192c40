"""Restores a journal from a copy: checked as a whole, and put in place in one step.

Everything is prepared in private copies beside the journal. The last step is a rename, so a killed restore leaves
either the journal as it was or the restored one, and the replaced file is already kept by then.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

from valuelog.journal.backup_schedule import format_time
from valuelog.journal.connection import (
    SCHEMA_VERSION,
    journal_exists,
    migrate_copy,
    translate_errors,
)
from valuelog.journal.copies import (
    count_entries,
    flush_file,
    read_head,
    remove_side_files,
    remove_unfinished,
    side_files,
    unfinished_file,
)
from valuelog.journal.doctor.tables_repair import restore_definitions
from valuelog.journal.errors import (
    DamagedJournal,
    ForeignRollbackJournal,
    JournalError,
    JournalMoved,
    NewerJournal,
    NotAJournal,
)
from valuelog.journal.files import make_folders, name_stem, publish, sync_folder
from valuelog.journal.hash_chain import decode_text
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change, Log
from valuelog.journal.merge import refresh_batches
from valuelog.journal.restore.comparison import Comparison, compare_journals, count_erased
from valuelog.journal.restore.newer_changes import (
    MissingChanges,
    append_changes,
    find_append_problems,
    find_missing_changes,
)
from valuelog.journal.restore.raw_files import (
    FileIdentity,
    copy_consistently,
    identify_file,
    is_hot,
    lock_file,
    overwrite,
)
from valuelog.journal.untrusted import (
    find_foreign_tables,
    replace_foreign_code,
)
from valuelog.journal.verify import find_damage


class UnsoundCopy(JournalError):
    """A file that can't be restored: it is damaged, altered, of a newer version, or no journal."""

    def __init__(self, path: Path, reason: str, hint: str = "") -> None:
        """Name the file and what is wrong with it."""
        self.path, self.reason = path, reason
        super().__init__(f"{path} can't be restored: {reason}. Nothing was changed.", hint or "Choose another copy.")


class JournalChanged(JournalError):
    """The journal was changed between the preview and the restore."""

    def __init__(self) -> None:
        """Say that another attempt helps."""
        super().__init__("The journal was changed meanwhile. Nothing was restored.", "Try again.")


class JournalFacts(NamedTuple):
    """What is at the journal's path now.

    `state` is missing, empty, foreign, newer, damaged or readable; `entries` is None if they can't be counted.
    """

    state: str
    entries: int | None = None
    head: str = ""


class _Snapshot(NamedTuple):
    """A private copy of the present file, and what that was at the moment.

    If a change was interrupted in it, there are also a copy of its rollback journal, and `rolled_back`: another copy,
    in which SQLite rolls it back.
    """

    path: Path
    identity: FileIdentity
    rolled_back: Path | None = None


class Restore:
    """A restore in progress. `copy_head` and `copy_entries` describe the copy."""

    def __init__(self, journal: Path, copy: Path, present: Connection | None, snapshot: _Snapshot | None) -> None:
        """Use `prepare_restore`."""
        self._journal, self._copy, self._present, self._snapshot = journal, copy, present, snapshot
        self.present = _describe_present(journal, present)
        with self._open_copy() as connection:
            self.copy_head, self.copy_entries = read_head(connection), count_entries(connection)
            self.missing = find_missing_changes(connection, present) if present else MissingChanges()
            self.erased_count = count_erased(connection, present) if present else 0

    @contextmanager
    def _open_copy(self) -> Iterator[Connection]:
        with translate_errors(self._journal), closing(_connect(self._copy)) as connection:
            yield connection

    def compare(self) -> Comparison:
        """Compare what will be restored with the present journal."""
        with self._open_copy() as connection:
            return compare_journals(connection, self._present)

    def keep_newer(self) -> None:
        """Append the changes that continue the copy's log."""
        with self._open_copy() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN")
            has_erased = append_changes(connection, self.missing.continuing)
            if problem := next(find_append_problems(connection, self.missing.continuing), ""):
                connection.execute("ROLLBACK")
                raise UnsoundCopy(self._journal, f"the newer changes don't fit: {problem}", "Leave out --keep-newer.")
            connection.execute("COMMIT")
            if has_erased:
                connection.execute("VACUUM")

    def finish(self, device: str, now: datetime) -> Path | None:
        """Log the restore as `device`, and replace the journal. Return where the replaced file is kept, if any.

        Raises BusyJournal, JournalMoved or JournalChanged.
        """
        with self._open_copy() as connection:
            _log_restore(connection, self.copy_head, self.present.head, device, now)
            self.copy_entries = count_entries(connection)
        if self._present is not None:
            self._present.close()
        with translate_errors(self._journal):
            flush_file(self._copy)
            if self._snapshot is not None:
                return self._replace(self._snapshot, now)
            self._publish()
        return None

    def _publish(self) -> None:
        try:
            publish(self._copy, self._journal)
        except FileExistsError:  # another program created a journal
            raise JournalMoved from None
        sync_folder(self._journal.parent)

    def _replace(self, snapshot: _Snapshot, now: datetime) -> Path:
        with lock_file(self._journal) as locked:
            was_hot = snapshot.rolled_back is not None
            if identify_file(self._journal) != snapshot.identity or is_hot(self._journal) != was_hot:
                raise JournalChanged
            kept = _keep_file(self._journal, snapshot, now)
            if snapshot.rolled_back:
                _settle(self._journal, locked, snapshot.rolled_back)
            self._copy.replace(self._journal)
            sync_folder(self._journal.parent)
        return kept


@contextmanager
def prepare_restore(journal: Path, source: Path) -> Iterator[Restore]:
    """Check a copy as a whole, bring it to the current schema, and read what can be read of the present journal.

    Raises UnsoundCopy. Private copies are removed at the end.
    """
    real = journal.resolve()
    with translate_errors(source):
        _require_journal(source)
    with ExitStack() as stack:
        with translate_errors(real):
            make_folders(real.parent)
            remove_unfinished(real.parent, real.name)
            copy = stack.enter_context(unfinished_file(real))
        with translate_errors(source):
            copy_consistently(source, copy)
        _check_copy(source, copy)
        present, snapshot = _open_present(real, stack)
        yield Restore(real, copy, present, snapshot)


def _require_journal(source: Path) -> None:
    """Raise UnsoundCopy unless a file has the header of a journal that this version can read."""
    try:
        if journal_exists(source):
            return
        reason = "it doesn't exist"
    except NewerJournal:
        raise UnsoundCopy(source, "a newer valuelog wrote it", "Update valuelog, or choose another copy.") from None
    except NotAJournal as error:
        reason = f"it is {error.kind}, not a valuelog journal"
    except ForeignRollbackJournal:
        reason = f"{source.name}-journal beside it would make SQLite delete another file"
    except JournalError:
        reason = "SQLite can't read it"
    raise UnsoundCopy(source, reason)


def _check_copy(source: Path, copy: Path) -> None:
    """Audit a private copy as a whole, and bring it to the current schema. Raises UnsoundCopy."""
    with translate_errors(copy), closing(_connect(copy)) as connection:
        try:
            if not replace_foreign_code(connection):
                raise UnsoundCopy(source, "its tables aren't those of a journal")
            connection.execute("PRAGMA journal_mode = DELETE")
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            problems = find_damage(connection, is_old_schema=version < SCHEMA_VERSION)
        except sqlite3.DatabaseError as error:
            raise UnsoundCopy(source, "SQLite can't read it") from error
        if problems:
            is_unreadable = problems[0].startswith("SQLite: ")
            raise UnsoundCopy(source, "SQLite can't read all of it" if is_unreadable else f"in it, {problems[0]}")
        if version < SCHEMA_VERSION:
            migrate_copy(connection)
            restore_definitions(connection)
        if name := next(find_foreign_tables(connection), None):
            raise UnsoundCopy(source, f"its table {name} isn't what valuelog writes")


def _open_present(journal: Path, stack: ExitStack) -> tuple[Connection | None, _Snapshot | None]:
    """Return a connection to a private copy of the present journal, and that copy; None for what there isn't."""
    if not os.path.lexists(journal):
        return None, None
    with translate_errors(journal):
        if not journal.is_file():
            raise NotAJournal(journal, "a folder or a device")
        raw = stack.enter_context(unfinished_file(journal))
        copy_consistently(journal, raw, skip_errors=True)
        snapshot = _Snapshot(raw, identify_file(journal))
        if is_hot(raw):
            snapshot = snapshot._replace(rolled_back=stack.enter_context(unfinished_file(journal)))
            copy_consistently(raw, snapshot.rolled_back or raw)
        return _open_database(snapshot, stack), snapshot


def _open_database(snapshot: _Snapshot, stack: ExitStack) -> Connection | None:
    """Open a private copy of a file, rolling back what was interrupted; None if it is no journal for this version."""
    path = snapshot.rolled_back or snapshot.path
    with suppress(DamagedJournal):  # parts of it may be readable
        try:
            journal_exists(path)
        except (NewerJournal, NotAJournal):
            return None
    options = "mode=rw" if snapshot.rolled_back else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"{path.as_uri()}?{options}", uri=True, isolation_level=None)
    stack.callback(connection.close)
    connection.text_factory = decode_text
    with suppress(sqlite3.Error, UnicodeDecodeError):
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _describe_present(journal: Path, present: Connection | None) -> JournalFacts:
    try:
        exists = journal_exists(journal)
    except NewerJournal:
        return JournalFacts("newer")
    except NotAJournal:
        return JournalFacts("empty" if journal.stat().st_size == 0 else "foreign")
    except JournalError:
        exists = True
    if not exists:
        return JournalFacts("missing")
    try:
        if present is not None and not list(_quick_problems(present)):
            return JournalFacts("readable", count_entries(present), read_head(present))
    except (sqlite3.Error, UnicodeDecodeError, AttributeError, TypeError):
        pass
    return JournalFacts("damaged")


def _quick_problems(connection: Connection) -> Iterator[str]:
    yield from (row[0] for row in connection.execute("PRAGMA quick_check(1)") if row[0] != "ok")


def _connect(path: Path) -> Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _log_restore(connection: Connection, restored: str, replaced: str, device: str, now: datetime) -> None:
    """Append the change that names the heads of both logs. It is no batch that can be undone."""
    batch = new_id()
    fields = {
        "text": f"{restored} in place of {replaced or 'an unreadable or missing journal'}",
        "restored": restored,
        "replaced": replaced or None,
    }
    connection.execute("BEGIN")
    Log(connection, device).append(
        [Change("restore", new_id(), fields)], batch=batch, act="restore", undoes=None, now=now
    )
    refresh_batches(connection, [batch])
    connection.execute("COMMIT")


# Files


def _keep_file(journal: Path, snapshot: _Snapshot, now: datetime) -> Path:
    """Give the present file a second name beside it; if its rollback journal is needed, keep copies of both."""
    moment = now
    while os.path.lexists(kept := journal.with_name(f"{name_stem(journal)}.replaced-{format_time(moment)}.db")):
        moment += timedelta(seconds=1)
    if snapshot.rolled_back:
        for side, its_name in zip(side_files(snapshot.path), side_files(kept), strict=True):
            if side.exists():
                _name_file(side, its_name)
        _name_file(snapshot.path, kept)
    else:
        try:
            os.link(journal, kept)
        except OSError:  # a file system without hard links, or a kernel that protects files of others
            snapshot.path.rename(kept)
    sync_folder(journal.parent)
    return kept


def _name_file(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except OSError:  # a file system without hard links
        path.rename(name)


def _settle(journal: Path, locked: int, rolled_back: Path) -> None:
    """Roll back what was interrupted in the present file: its rollback journal must not reach the restored one.

    The result is written while the rollback journal is still there, so a kill at any moment leaves a file that SQLite
    can roll back. If SQLite could not, there is nothing to lose: copies of both files are kept.
    """
    if not is_hot(rolled_back):
        overwrite(locked, rolled_back)
    remove_side_files(journal)
    sync_folder(journal.parent)
