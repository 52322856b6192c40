"""Backups as JSON and plain records."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from valuelog.workflows.backups import Backup, BackupAudit, BackupList


def backups_document(listed: "BackupList") -> list[object]:
    """Return the backups as a JSON list, oldest first."""
    return [_backup_document(each) for each in listed.backups]


def _backup_document(backup: "Backup") -> dict[str, object]:
    return {
        "id": backup.head or None,
        "made": backup.made_at.isoformat(timespec="seconds"),
        "entries": backup.entry_count,
        "size": backup.size,
        "verified": backup.is_verified,
        "path": str(backup.path),
    }


def backups_records(listed: "BackupList") -> Iterator[tuple[object, ...]]:
    """Yield one record per backup: id, time, entries, size, verified, path."""
    for each in listed.backups:
        yield tuple(_backup_document(each).values())


def audit_document(audit: "BackupAudit") -> list[object]:
    """Return the checked backups as a JSON list, oldest first; `problems` is empty for a sound one."""
    return [
        {**_backup_document(each.backup), "verified": not each.problems, "problems": list(each.problems)}
        for each in audit.checked
    ]


def audit_records(audit: "BackupAudit") -> Iterator[tuple[object, ...]]:
    """Yield one record per backup: id, time, whether it is sound, path, its first problem."""
    for each in audit.checked:
        made_at = each.backup.made_at.isoformat(timespec="seconds")
        first = each.problems[0] if each.problems else None
        yield each.backup.head or None, made_at, not each.problems, each.backup.path, first
