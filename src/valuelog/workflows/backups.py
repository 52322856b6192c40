"""Backups: make one, list them, check them all."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from valuelog.journal.backups import Backup, audit_backup, list_backups
from valuelog.journal.copies import AlteredJournal
from valuelog.journal.errors import DamagedJournal, JournalError
from valuelog.journal.store import Journal

__all__ = ["Backup", "BackupAudit", "BackupList", "CheckedBackup", "check_backups", "make_automatic_backup"]


class BackupList(NamedTuple):
    """The backups of a journal, oldest first.

    `is_automatic` says whether valuelog makes them itself. `now` is in the zone in which times are shown.
    """

    backups: Sequence[Backup]
    now: datetime
    is_automatic: bool


class CheckedBackup(NamedTuple):
    """A backup and what is wrong with it."""

    backup: Backup
    problems: Sequence[str]


class BackupAudit(NamedTuple):
    """The result of checking every backup; `now` is in the zone in which times are shown."""

    checked: Sequence[CheckedBackup]
    now: datetime

    @property
    def bad(self) -> Sequence[CheckedBackup]:
        """The backups that failed."""
        return [each for each in self.checked if each.problems]


def check_backups(journal: Path, now: datetime, report: Callable[[int], None]) -> BackupAudit:
    """Check every backup completely. `report` is called with the number of bytes that are done."""
    done, checked = 0, []
    for backup in list_backups(journal):
        checked.append(CheckedBackup(backup, audit_backup(backup, journal, now=now)))
        done += backup.size
        report(done)
    return BackupAudit(checked, now)


def make_automatic_backup(journal: Journal) -> str | None:
    """Make a backup if something is new. Return a line about what went wrong, if anything."""
    try:
        journal.make_automatic_backup()
    except AlteredJournal as error:
        return f"No backup was made: {error.message} {error.hint}"
    except DamagedJournal as error:
        return f"No backup was made: {error.message} See: valuelog doctor"
    except JournalError as error:
        return f"No backup was made: {error.message}"
    return None
