"""What doctor found as JSON and plain records."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from valuelog.workflows.doctor import Checkup, Finding


def checkup_document(checkup: "Checkup") -> dict[str, object]:
    """Return the result of all checks as a JSON object."""
    return {
        "sound": checkup.is_sound,
        "journal": str(checkup.path),
        "entries": checkup.entries,
        "changes": checkup.changes,
        "backups": len(checkup.backups),
        "newest_backup": checkup.backups[-1].made_at.isoformat(timespec="seconds") if checkup.backups else None,
        "seconds": int(checkup.seconds),
        "findings": [_finding_document(each) for each in checkup.findings],
        "repaired": list(checkup.repaired),
        "kept": [str(path) for path in checkup.kept],
        "salvaged": str(checkup.salvaged) if checkup.salvaged else None,
    }


def _finding_document(finding: "Finding") -> dict[str, object]:
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "text": finding.text,
        "entity": finding.entity or None,
        "entity_id": finding.entity_id or None,
        "day": finding.day.isoformat() if finding.day else None,
        "change": finding.change or None,
        "path": str(finding.path) if finding.path else None,
        "last_good": str(finding.last_good) if finding.last_good else None,
        "shown": list(finding.shown),
        "remedy": finding.remedy or None,
    }


def checkup_records(checkup: "Checkup") -> Iterator[tuple[object, ...]]:
    """Yield one record with the counts, one per repair and per kept file, and one per finding."""
    state = "sound" if checkup.is_sound else "damaged"
    yield state, checkup.entries, checkup.changes, len(checkup.backups)
    for repair in checkup.repaired:
        yield "repaired", repair
    for path in checkup.kept:
        yield "kept", path
    for each in checkup.findings:
        yield "finding", each.id, each.severity, each.entity_id, each.day, each.last_good, each.remedy, each.text
