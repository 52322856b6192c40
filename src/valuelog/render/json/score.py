"""A Score, and the keys that it has wherever it stands."""

from valuelog.analysis.score import Score


def document(score: Score) -> dict[str, object]:
    """Return a Score as JSON has it."""
    minutes = score.minutes
    return {
        "value": score.value,
        "work": score.work,
        "share": score.share,
        "ratio": score.ratio,
        "interval": list(score.interval) if score.interval else None,
        "enough": score.has_enough_entries,
        "minutes": {"value": minutes.value, "work": minutes.work, "share": minutes.share} if minutes else None,
    }
