"""What a restore would change, or has changed, as JSON and as plain records."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from valuelog.workflows.restoring import RestorePreview


def restore_document(preview: "RestorePreview") -> dict[str, object]:
    """Return a restore, or its preview, as a JSON object."""
    backup, present, comparison = preview.copy.backup, preview.present, preview.comparison
    return {
        "restored": preview.is_done,
        "copy": {
            "path": str(preview.copy.path),
            "head": preview.head,
            "made_at": backup.made_at.isoformat() if backup else None,
            "entries": preview.entries,
        },
        "journal": {"path": str(preview.journal), **present._asdict(), "head": present.head or None},
        "days": [{**day._asdict(), "day": day.day.isoformat()} for day in comparison.days],
        "others": [other._asdict() for other in comparison.others],
        "is_partial": comparison.is_partial,
        "erased": preview.erased_count,
        "keep_newer": preview.keeps_newer,
        "newer": [{"day": day.isoformat(), "changes": count} for day, count in preview.kept],
        "not_kept": [{"day": day.isoformat(), "changes": count} for day, count in preview.left],
        "replaced": str(preview.replaced) if preview.replaced else None,
    }


def restore_records(preview: "RestorePreview") -> Iterator[tuple[object, ...]]:
    """Yield the copy, the journal, one record per day and type that differ, newer changes, and the replaced file."""
    yield "copy", preview.head, preview.entries, preview.copy.path
    yield "journal", preview.present.state, preview.present.entries, preview.journal
    for day in preview.comparison.days:
        yield "day", *day
    for other in preview.comparison.others:
        yield "other", *other
    for name, counts in (("newer", preview.kept), ("not_kept", preview.left)):
        for changed_on, count in counts:
            yield name, changed_on, count
    if preview.is_done:
        yield "restored", preview.replaced
