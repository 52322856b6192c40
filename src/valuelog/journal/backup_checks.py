"""`backups/checks.json`: what was true of each backup when it was checked; and the lock of the folder.

The lock file stays: removing it would let two processes hold locks on two files of that name.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from valuelog.journal.errors import JournalError
from valuelog.journal.files import sync_folder, write_file

CHECKS_NAME = "checks.json"
LOCK_NAME = "lock"


class BackupRunning(JournalError):
    """Another process is making a backup."""

    def __init__(self) -> None:
        """Say that another attempt helps."""
        super().__init__("Another valuelog is making a backup.", "Try again when it has finished.")


class BackupCheck(NamedTuple):
    """A check of one backup: the SHA-256 of its file, the length of its log, and the last hash of each device.

    `is_full` says whether the whole copy was audited, or only what was new since an older verified backup; `is_sound`
    is False for a copy that was kept although it failed.
    """

    size: int
    sha256: str
    changes: int
    entries: int
    heads: Mapping[str, str]
    checked_at: datetime
    is_full: bool
    is_sound: bool = True


def read_checks(folder: Path) -> dict[str, BackupCheck]:
    """Return the checks by file name, without damaged ones; none if the file is missing or damaged."""
    try:
        document = json.loads((folder / CHECKS_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    parsed = {name: _parse_check(record) for name, record in document.items()} if isinstance(document, dict) else {}
    return {name: check for name, check in parsed.items() if check}


def _parse_check(record: Any) -> BackupCheck | None:  # noqa: ANN401  any JSON value
    try:
        check = BackupCheck(**{**record, "checked_at": datetime.fromisoformat(record["checked_at"])})
        heads = {name: bytes.fromhex(head).hex() for name, head in check.heads.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    is_valid = all(isinstance(number, int) for number in (check.size, check.changes, check.entries))
    return check._replace(heads=heads) if is_valid and check.checked_at.tzinfo else None


def write_checks(folder: Path, checks: Mapping[str, BackupCheck]) -> None:
    """Replace the checks atomically. The caller holds the lock."""
    document = {
        name: {**check._asdict(), "checked_at": check.checked_at.isoformat(timespec="seconds")}
        for name, check in sorted(checks.items())
    }
    write_file(folder / CHECKS_NAME, json.dumps(document, indent=1).encode())


@contextmanager
def lock_backups(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Create the folder of backups if needed, and hold its lock (flock). Raises OSError.

    Without `wait`, raises BackupRunning if another process holds it.
    """
    from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415  rarely needed

    create_private_folder(folder)
    descriptor = os.open(folder / LOCK_NAME, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        try:
            flock(descriptor, LOCK_EX if wait else LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise BackupRunning from None
        for leftover in folder.glob(f".{CHECKS_NAME}.*"):  # of a process that was killed while it held the lock
            leftover.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)


def create_private_folder(folder: Path) -> None:
    """Create a folder that only its owner can open, whatever the umask; one that exists stays as it is."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)
        sync_folder(folder.parent)
