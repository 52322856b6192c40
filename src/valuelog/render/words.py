"""Wording that several views share: shares, ratios, verdicts."""

from typing import TYPE_CHECKING

from valuelog.model.entry import Beneficiary, Entry
from valuelog.model.period import SHORT_MONTHS, SHORT_WEEKDAYS, Period, Unit, format_day, format_period
from valuelog.model.promise import Promise, PromiseKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from valuelog.analysis.habit import Coverage
    from valuelog.analysis.score import Score
    from valuelog.analysis.trend import Comparison, Trend

BENEFICIARY_NAMES = {
    Beneficiary.COWORKERS: "co-workers",
    Beneficiary.CUSTOMERS: "customers",
    Beneficiary.COMPANY: "the company",
}


def format_percent(share: float | None) -> str:
    """Write a share: 24 %."""
    return "–" if share is None else f"{100 * share:.0f} %"


def format_balance(score: "Score") -> str:
    """Write both sides: 8 value : 25 work."""
    return f"{score.value} value : {score.work} work"


def format_share_with_interval(score: "Score") -> str:
    """Write a share with how sure one can be: 24 % (13 to 41)."""
    if score.interval is None:
        return "–"
    low, high = score.interval
    return f"{format_percent(score.share)} ({100 * low:.0f} to {100 * high:.0f})"


def score_parts(score: "Score") -> tuple[str, ...]:
    """Write both sides, and their share with how sure one can be where there is enough to call it one."""
    return (
        (format_balance(score), format_share_with_interval(score))
        if score.has_enough_entries
        else (format_balance(score),)
    )


TOO_FEW_ENTRIES = "too few to call a trend"
NO_ENTRIES = "Nothing is written down for these days yet."


def format_coverage(coverage: "Coverage") -> str:
    """Write how many workdays are written: 4 of 5 workdays written."""
    return f"{coverage.logged} of {format_count(coverage.workdays, 'workday')} written"


def format_verdict(comparison: "Comparison") -> str:
    """Write what the trend says: steady, usually 21 %."""
    if comparison.difference is None:
        return TOO_FEW_ENTRIES
    return f"{comparison.verdict}, usually {format_percent(comparison.baseline.share)}"


def format_latest_verdict(trend: "Trend") -> str:
    """Write what the last four weeks or months say."""
    said = format_verdict(trend.comparison) if trend.comparison.difference else "too few to tell"
    return f"The last four {trend.scores[-1][0].unit}s: {said}"


def list_benefits(entry: Entry) -> "Iterator[str]":
    """Say in which ways something is better, and for whom."""
    yield from (effect.label for effect in entry.effects)
    if entry.beneficiaries:
        yield f"for {', '.join(BENEFICIARY_NAMES[one] for one in entry.beneficiaries)}"


def format_count(count: int, singular: str, plural: str = "") -> str:
    """Count things: 1 entry, 2 entries."""
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def format_promise(promise: Promise) -> str:
    """Say what is promised, so that one sees whether something ends or begins: stop the status mail."""
    said = promise.headline
    known = promise.kind is PromiseKind.STEP or said.casefold().startswith(f"{promise.kind} ")
    return said if known else f"{promise.kind} {said}"


def format_short_period(period: Period) -> str:
    """Name a Period in few characters where its neighbours tell the rest."""
    first = period.start
    match period.unit:
        case Unit.WEEK:
            return f"W{first.isocalendar().week:02}"
        case Unit.MONTH:
            return SHORT_MONTHS[first.month - 1]
        case Unit.QUARTER:
            return f"Q{(first.month + 2) // 3}"
        case Unit.YEAR:
            return str(first.year)
        case Unit.DAY:
            return SHORT_WEEKDAYS[first.weekday()]
        case _:
            return f"{first.day} {SHORT_MONTHS[first.month - 1]}"


def format_period_heading(period: Period, today: "date") -> str:
    """Name a Period, and how far it has come where it is not over."""
    until = f", up to {today.day} {SHORT_MONTHS[today.month - 1]}" if period.start <= today < period.end else ""
    return f"{format_period(period)}{until}"


def format_part(part: Period) -> str:
    """Name a part of a Period in a table: Mon 16 Nov, or 2026-W47."""
    return format_day(part.start) if part.unit is Unit.DAY else part.name
