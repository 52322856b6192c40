"""Restore a backup: which one is meant, what that would change, and doing it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as dt_time
from pathlib import Path
from typing import NamedTuple

from valuelog.journal.backups import Backup, list_backups, own_copies
from valuelog.journal.errors import JournalError
from valuelog.journal.restore.comparison import Comparison
from valuelog.journal.restore.newer_changes import StoredChange
from valuelog.journal.restore.restore import JournalFacts, Restore, UnsoundCopy, prepare_restore
from valuelog.model.dates import parse_past_day
from valuelog.model.errors import BadInput
from valuelog.model.period import format_day
from valuelog.model.text import quote

LATEST = "latest"
"""The word for the newest backup."""

_MIN_HEAD_LENGTH = 2


class NoBackups(JournalError):
    """There is no backup to restore."""

    def __init__(self, journal: Path) -> None:
        """Name the journal, and the newest other copy of it if there is one."""
        replaced = [copy.name for copy in own_copies(journal) if ".replaced-" in copy.name]
        file = max(replaced, default="FILE")
        super().__init__(f"There are no backups of {journal}.", f"Restore another copy with: valuelog restore {file}")


class UnknownBackup(BadInput):
    """No backup, day or file has this name."""

    def __init__(self, words: str) -> None:
        """Quote the words."""
        super().__init__(f"{quote(words)} is no backup, day or file.", "List your backups with: valuelog backup list")


class AmbiguousBackup(BadInput):
    """Several backups have a name that begins like this."""

    def __init__(self, words: str, heads: Iterable[str]) -> None:
        """List their names."""
        super().__init__(f"{quote(words)} matches several backups.", f"Type more of it: {', '.join(heads)}")


class NoBackupOfDay(BadInput):
    """No backup was made on this day."""

    def __init__(self, day: date, backups: tuple[Backup, ...], now: datetime) -> None:
        """Name the day and the newest backup before it, or else the oldest one after it."""
        earlier = [backup for backup in backups if _local_day(backup, now) < day]
        near = earlier[-1] if earlier else backups[0]
        side = "one before it" if earlier else "first one"
        super().__init__(
            f"There is no backup of {format_day(day, now.date())}.",
            f"The {side}: valuelog restore {name_backup(near)} ({format_moment(near.made_at, now)})",
        )


class Copy(NamedTuple):
    """What to restore: a file, and the backup that it is, if it is one."""

    path: Path
    backup: Backup | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RestorePreview:
    """What a restore would change, or has changed.

    `kept` and `left` count the present journal's newer changes by day: those that continue the copy, and all others.
    `erased_count` is how many things that were erased for good the copy still has. `replaced` is where the replaced
    file is kept.
    """

    copy: Copy
    head: str
    entries: int
    journal: Path
    present: JournalFacts
    comparison: Comparison
    erased_count: int
    kept: tuple[tuple[date, int], ...]
    left: tuple[tuple[date, int], ...]
    now: datetime
    keeps_newer: bool = False
    is_done: bool = False
    replaced: Path | None = None


def list_copies(journal: Path) -> tuple[Backup, ...]:
    """Return the backups, newest first. Raises NoBackups."""
    backups = list_backups(journal)[::-1]
    if not backups:
        raise NoBackups(journal)
    return backups


def find_copy(journal: Path, words: str, today: date, now: datetime) -> Copy:
    """Return the backup or file that some words mean. Raises NoBackups, UnknownBackup, AmbiguousBackup or BadInput."""
    if path := _find_file(journal, words):
        return Copy(path, next((each for each in list_backups(journal) if each.path == path), None))
    newest_first = list_copies(journal)
    if words.casefold() == LATEST:
        best = _best_of(newest_first, now)
        return Copy(best.path, best)
    if by_head := [each for each in newest_first if _matches_head(each, words)]:
        if len({backup.head for backup in by_head}) > 1:
            raise AmbiguousBackup(words, (backup.head for backup in by_head))
        return Copy(by_head[0].path, by_head[0])
    backup = _find_by_day(newest_first, words, today, now)
    return Copy(backup.path, backup)


def _best_of(newest_first: tuple[Backup, ...], now: datetime) -> Backup:
    """Return the newest verified backup; one that was made while the clock was ahead may be older than it says."""
    verified = [backup for backup in newest_first if backup.is_verified]
    return next((backup for backup in verified if backup.made_at <= now), (*verified, *newest_first)[0])


def _find_file(journal: Path, words: str) -> Path | None:
    """Return the file with a name, as typed or beside the journal."""
    typed = Path(words).expanduser()
    for path in (typed, journal.resolve().parent / words):
        if path.is_file():
            return path.absolute()
    if "/" in words or typed.suffix == ".db":
        raise UnsoundCopy(typed, "it doesn't exist", "List your backups with: valuelog backup list")
    return None


def _matches_head(backup: Backup, words: str) -> bool:
    is_hex = bool(re.fullmatch(r"[0-9a-f]+", words.casefold()))
    return is_hex and len(words) >= _MIN_HEAD_LENGTH and backup.head.startswith(words.casefold())


def _find_by_day(newest_first: tuple[Backup, ...], words: str, today: date, now: datetime) -> Backup:
    try:
        day = parse_past_day(words, today)
    except BadInput:
        raise UnknownBackup(words) from None
    of_day = [backup for backup in newest_first if _local_day(backup, now) == day]
    if not of_day:
        raise NoBackupOfDay(day, newest_first[::-1], now)
    return next((backup for backup in of_day if backup.is_verified), of_day[0])


def _local_day(backup: Backup, now: datetime) -> date:
    return backup.made_at.astimezone(now.tzinfo).date()


def name_backup(backup: Backup) -> str:
    """Return the word that means a backup on the command line."""
    return backup.head or str(backup.path)


def format_moment(moment: datetime, now: datetime) -> str:
    """Return a time in the zone of `now`: Sun 29 Nov, 18:31."""
    local = moment.astimezone(now.tzinfo)
    return f"{format_day(local.date(), now.date())}, {local:%H:%M}"


@contextmanager
def open_restore(journal: Path, copy: Copy, now: datetime) -> Iterator[Restore]:
    """Check a copy and prepare to restore it. Raises UnsoundCopy, which names the next older good backup."""
    if copy.path.resolve() == journal.resolve():
        raise BadInput("That is your journal itself.", "Choose a backup: valuelog backup list")
    try:
        with prepare_restore(journal, copy.path) as running:
            yield running
    except UnsoundCopy as error:
        if older := _next_older(journal, copy):
            words = "The next older good one" if copy.backup else "Your newest good backup"
            hint = f"{words}: valuelog restore {older.head} ({format_moment(older.made_at, now)})"
            raise UnsoundCopy(error.path, error.reason, hint) from error
        raise


def _next_older(journal: Path, copy: Copy) -> Backup | None:
    """Return the newest verified backup older than a copy; older than now, if that is no backup."""
    before = copy.backup.made_at if copy.backup else datetime.max.replace(tzinfo=UTC)
    earlier = (each for each in list_backups(journal)[::-1] if each.made_at < before and each.path != copy.path)
    return next((each for each in earlier if each.is_verified), None)


def describe_restore(
    running: Restore, copy: Copy, journal: Path, now: datetime, day_ends_at: dt_time
) -> RestorePreview:
    """Return what a restore would change; days last until `day_ends_at`."""
    return RestorePreview(
        copy=copy,
        head=running.copy_head,
        entries=running.copy_entries,
        journal=journal,
        present=running.present,
        comparison=running.compare(),
        erased_count=running.erased_count,
        kept=_count_by_day(running.missing.continuing, now, day_ends_at),
        left=_count_by_day(running.missing.others, now, day_ends_at),
        now=now,
    )


def _count_by_day(changes: Iterable[StoredChange], now: datetime, day_ends_at: dt_time) -> tuple[tuple[date, int], ...]:
    """Return how many changes that users see are about each day, or else were made on it."""
    night = timedelta(hours=day_ends_at.hour, minutes=day_ends_at.minute)

    def day_of(change: StoredChange) -> date:
        return change.day or (datetime.fromtimestamp(change.wall / 1000, now.tzinfo) - night).date()

    return tuple(sorted(Counter(day_of(change) for change in changes if change.is_visible).items()))
