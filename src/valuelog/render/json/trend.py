"""A Trend."""

from collections.abc import Iterator

from valuelog.analysis.trend import Trend


def document(trend: Trend) -> dict[str, object]:
    """Return a Trend as JSON has it."""
    comparison = trend.comparison
    baseline = comparison.baseline
    return {
        "verdict": str(comparison.verdict),
        "baseline": {"periods": baseline.periods, "share": baseline.share, "n": baseline.n},
        "dispersion": comparison.dispersion,
        "difference": list(comparison.difference) if comparison.difference else None,
        "periods": [
            {"name": period.name, "value": score.value, "work": score.work, "share": score.share}
            for period, score in trend.scores
        ],
    }


def records(trend: Trend) -> Iterator[tuple[object, ...]]:
    """Return a record a Period (name, value, work, share), then the verdict."""
    for period, score in trend.scores:
        yield period.name, score.value, score.work, score.share
    yield "verdict", str(trend.comparison.verdict), trend.comparison.baseline.share
