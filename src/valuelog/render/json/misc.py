"""Days off, drafts, settings, the history and imports as JSON and as plain records."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from valuelog.render.json import plain_attributes

if TYPE_CHECKING:
    from valuelog.render.facts import Fact
    from valuelog.workflows.days_off import DaysOff, ImportedDaysOff
    from valuelog.workflows.gather import GatherResult
    from valuelog.workflows.importing import ImportResult
    from valuelog.workflows.undo import ChangeHistory


def days_off_document(days_off: "DaysOff") -> list[object]:
    """Return days off as a JSON list."""
    return [plain_attributes(each, "day", "note", "every", "until", "working") for each in days_off.days]


def days_off_records(days_off: "DaysOff") -> Iterator[tuple[object, ...]]:
    """Yield one record per day off: day, note; of a series also how often, its last day; `working` if it isn't off."""
    for each in days_off.days:
        more = (str(each.every or ""), each.until, "working" if each.working else "")
        yield each.day, each.note, *(more if any(more) else ())


def imported_days_off_document(imported: "ImportedDaysOff") -> dict[str, object]:
    """Return what a calendar brought as a JSON object."""
    return {
        "period": plain_attributes(imported.period, "name", "start", "end"),
        "days": [plain_attributes(each, "day", "note") for each in imported.days],
        "known": imported.known_count,
        "left_out": [{"title": each.title, "why": each.reason} for each in imported.left_out],
    }


def imported_days_off_records(imported: "ImportedDaysOff") -> Iterator[tuple[object, ...]]:
    """Yield one record per new day off, the number of known ones, and one record per event left out."""
    for each in imported.days:
        yield "day", each.day, each.note
    yield "known", imported.known_count
    for event in imported.left_out:
        yield "left_out", event.title, event.reason


def drafts_document(result: "GatherResult") -> list[object]:
    """Return drafts as a JSON list."""
    return [
        {
            **plain_attributes(draft, "origin", "source", "day"),
            "at": f"{draft.at:%H:%M}" if draft.at else None,
            **plain_attributes(draft, "text", "minutes", "people", "tags"),
        }
        for draft in result.drafts
    ]


def drafts_records(result: "GatherResult") -> Iterator[tuple[object, ...]]:
    """Yield one record per draft: origin, day, minutes, text."""
    for draft in result.drafts:
        yield draft.origin, draft.day, draft.minutes, draft.text


def facts_document(facts: "Sequence[Fact]") -> dict[str, object]:
    """Return named facts as a JSON object."""
    return {fact.name: {"value": fact.value, **_origin_or_existence(fact)} for fact in facts}


def _origin_or_existence(fact: "Fact") -> dict[str, object]:
    return {"origin": fact.origin} if fact.exists is None else {"exists": fact.exists}


def facts_records(facts: "Sequence[Fact]") -> Iterator[tuple[object, ...]]:
    """Yield one record per fact: name, value, origin."""
    for fact in facts:
        yield fact.name, fact.text, fact.origin


def history_document(history: "ChangeHistory") -> list[object]:
    """Return the batches of the change log as a JSON list."""
    return [
        {
            "id": batch.id,
            "act": batch.act,
            "at": batch.changed_at.astimezone(history.now.tzinfo).isoformat(),
            "undone": batch.undone,
            "count": batch.count,
            "changes": [
                {"entity": change.entity, "id": change.entity_id, "set": _changed_fields(change.fields)}
                for change in batch.changes
            ],
            "about": list(descriptions),
        }
        for batch, descriptions in history.described_batches
    ]


def _changed_fields(fields: object) -> object:
    """Return the fields that a change sets; None if it deletes the entity or was purged."""
    return fields if isinstance(fields, dict) else None


def history_records(history: "ChangeHistory") -> Iterator[tuple[object, ...]]:
    """Yield one record per batch: time, act, number of changes, whether it is undone, what it is about."""
    for batch, descriptions in history.described_batches:
        undone = "undone" if batch.undone else ""
        yield batch.changed_at.astimezone(history.now.tzinfo), batch.act, batch.count, undone, "; ".join(descriptions)


def import_result_document(result: "ImportResult") -> dict[str, object]:
    """Return the result of an import, or of its dry run, as a JSON object."""
    first, last = result.days or (None, None)
    return {
        "format": result.options.format,
        "dry_run": result.options.dry_run,
        "new": {name: result.new_counts.get(name, 0) for name in result.counts_before},
        "known": result.known_count,
        "differ": result.differing_count,
        "bad": result.bad_count,
        "left_out": [{"place": bad.location, "why": bad.reason} for bad in result.first_bad],
        "passed_over": [{"reason": each.singular, "count": count} for each, count in result.passed_over.items()],
        "days": [first.isoformat(), last.isoformat()] if first and last else None,
        "before": dict(result.counts_before),
        "after": dict(result.counts_after),
    }


def import_result_records(result: "ImportResult") -> Iterator[tuple[object, ...]]:
    """Yield named counts, then one record per kind of entity and per rejected record."""
    yield "known", result.known_count, result.differing_count
    yield "bad", result.bad_count
    for name, before in result.counts_before.items():
        yield "kind", name, result.new_counts.get(name, 0), before, result.counts_after[name]
    for bad in result.first_bad:
        yield "left_out", bad.location, bad.reason
    for each, count in result.passed_over.items():
        yield "passed_over", each.singular, count
