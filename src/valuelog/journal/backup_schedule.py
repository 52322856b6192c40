"""When an automatic backup is due. Asked after every change, so it imports next to nothing and opens no file."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

TIME_FORMAT = "%Y-%m-%dT%H%M%SZ"
"""The time in the name of a backup, UTC; colons would not be allowed on every file system."""

LARGE_SIZE = 100_000_000
"""Bytes from which a journal is backed up once a day rather than once an hour."""


def format_time(moment: datetime) -> str:
    """Return a time as it is in the names of backups and other copies."""
    return moment.astimezone(UTC).strftime(TIME_FORMAT)


def is_backup_due(journal: Path, now: datetime) -> bool:
    """Return True if the newest backup is older than an hour, or a day for a large journal.

    Backups of the future, which a wrong clock made, don't count.
    """
    real = os.path.realpath(journal)
    stem = os.path.splitext(os.path.basename(real))[0]  # noqa: PTH119, PTH122  pathlib takes ten times longer
    try:
        names = os.listdir(os.path.join(os.path.dirname(real), "backups"))  # noqa: PTH118, PTH120, PTH208
        interval = timedelta(days=1) if os.path.getsize(real) > LARGE_SIZE else timedelta(hours=1)  # noqa: PTH202
    except OSError:
        return True
    earliest, latest = map(format_time, (now - interval, now))
    start, end = len(stem) + 1, len(stem) + 1 + len(latest)
    return not any(
        earliest < name[start:end] <= latest for name in names if name.startswith(f"{stem}.") and name.endswith(".db")
    )
