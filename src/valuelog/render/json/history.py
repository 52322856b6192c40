"""What was changed."""

from collections.abc import Iterator

from valuelog.workflows.undo import ChangeHistory


def document(history: ChangeHistory) -> list[object]:
    """Return each batch as JSON has it."""
    return [
        {
            "id": batch.id,
            "act": batch.act,
            "at": batch.changed_at.astimezone(history.now.tzinfo).isoformat(),
            "undone": batch.undone,
            "count": batch.count,
            "changes": [
                {"entity": change.entity, "id": change.entity_id, "set": changed_fields(change.fields)}
                for change in batch.changes
            ],
            "about": list(touched),
        }
        for batch, touched in history.described_batches
    ]


def changed_fields(fields: object) -> object:
    """Return what a change set: fields, or none where it removed a thing or its words were erased."""
    return fields if isinstance(fields, dict) else None


def records(history: ChangeHistory) -> Iterator[tuple[object, ...]]:
    """Return a record a batch: when, act, how many changes, whether it was undone, what it was about."""
    for batch, touched in history.described_batches:
        undone = "undone" if batch.undone else ""
        yield batch.changed_at.astimezone(history.now.tzinfo), batch.act, batch.count, undone, "; ".join(touched)
