"""What an import brought in, or would."""

from collections.abc import Iterator

from valuelog.workflows.arrived import Arrived


def document(arrived: Arrived) -> dict[str, object]:
    """Return it as JSON has it."""
    first, last = arrived.days or (None, None)
    return {
        "format": arrived.wish.format,
        "dry_run": arrived.wish.only_look,
        "new": {name: arrived.new.get(name, 0) for name in arrived.before},
        "known": arrived.known,
        "differ": arrived.differ,
        "bad": arrived.bad,
        "left_out": [{"place": bad.place, "why": bad.why} for bad in arrived.first_bad],
        "days": [first.isoformat(), last.isoformat()] if first and last else None,
        "before": dict(arrived.before),
        "after": dict(arrived.after),
    }


def records(arrived: Arrived) -> Iterator[tuple[object, ...]]:
    """Return named counts, then a record for each kind of thing and for each that was left out."""
    yield "known", arrived.known, arrived.differ
    yield "bad", arrived.bad
    for name, before in arrived.before.items():
        yield "kind", name, arrived.new.get(name, 0), before, arrived.after[name]
    for bad in arrived.first_bad:
        yield "left_out", bad.place, bad.why
