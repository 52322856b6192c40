"""What an import brought in, or would."""

from collections.abc import Iterator

from valuelog.workflows.arrived import ImportResult


def document(result: ImportResult) -> dict[str, object]:
    """Return it as JSON has it."""
    first, last = result.days or (None, None)
    return {
        "format": result.options.format,
        "dry_run": result.options.dry_run,
        "new": {name: result.new_counts.get(name, 0) for name in result.counts_before},
        "known": result.known_count,
        "differ": result.differing_count,
        "bad": result.bad_count,
        "left_out": [{"place": bad.location, "why": bad.reason} for bad in result.first_bad],
        "days": [first.isoformat(), last.isoformat()] if first and last else None,
        "before": dict(result.counts_before),
        "after": dict(result.counts_after),
    }


def records(result: ImportResult) -> Iterator[tuple[object, ...]]:
    """Return named counts, then a record for each kind of thing and for each that was left out."""
    yield "known", result.known_count, result.differing_count
    yield "bad", result.bad_count
    for name, before in result.counts_before.items():
        yield "kind", name, result.new_counts.get(name, 0), before, result.counts_after[name]
    for bad in result.first_bad:
        yield "left_out", bad.location, bad.reason
