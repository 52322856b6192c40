"""What an import brought in, or would."""

from valuelog.workflows.transfer import Arrived


def document(arrived: Arrived) -> dict[str, object]:
    """Return it as JSON has it."""
    first, last = arrived.days or (None, None)
    return {
        "format": arrived.wish.format,
        "dry_run": arrived.wish.only_look,
        "new": {name: arrived.new.get(name, 0) for name in arrived.before},
        "known": arrived.known,
        "bad": arrived.bad,
        "left_out": [{"place": bad.place, "why": bad.why} for bad in arrived.first_bad],
        "days": [first.isoformat(), last.isoformat()] if first and last else None,
        "before": dict(arrived.before),
        "after": dict(arrived.after),
    }
