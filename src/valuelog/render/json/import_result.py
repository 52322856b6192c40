"""What an import brought in, or would."""

from collections.abc import Iterator

from valuelog.workflows.arrived import ImportResult


def document(arrived: ImportResult) -> dict[str, object]:
    """Return it as JSON has it."""
    first, last = arrived.days or (None, None)
    return {
        "format": arrived.options.format,
        "dry_run": arrived.options.dry_run,
        "new": {name: arrived.new_counts.get(name, 0) for name in arrived.counts_before},
        "known": arrived.known_count,
        "differ": arrived.differing_count,
        "bad": arrived.bad_count,
        "left_out": [{"place": bad.location, "why": bad.reason} for bad in arrived.first_bad],
        "days": [first.isoformat(), last.isoformat()] if first and last else None,
        "before": dict(arrived.counts_before),
        "after": dict(arrived.counts_after),
    }


def records(arrived: ImportResult) -> Iterator[tuple[object, ...]]:
    """Return named counts, then a record for each kind of thing and for each that was left out."""
    yield "known", arrived.known_count, arrived.differing_count
    yield "bad", arrived.bad_count
    for name, before in arrived.counts_before.items():
        yield "kind", name, arrived.new_counts.get(name, 0), before, arrived.counts_after[name]
    for bad in arrived.first_bad:
        yield "left_out", bad.location, bad.reason
