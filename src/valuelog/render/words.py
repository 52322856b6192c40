"""Wording shared by several views: shares, ratios, verdicts, counts, pain points, and value in a sentence."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from valuelog.model.entry import Entry, Held, Kind, Side
from valuelog.model.period import SHORT_MONTHS, SHORT_WEEKDAYS, Period, Unit, format_day, format_period
from valuelog.model.text import spell_out
from valuelog.model.trade import trade_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from valuelog.analysis.habit import Coverage
    from valuelog.analysis.projects import EndedProject
    from valuelog.analysis.review import Review
    from valuelog.analysis.score import MinutesScore, Score
    from valuelog.analysis.trend import Comparison, Trend
    from valuelog.model.pain import PainPoint
    from valuelog.model.project import Project
    from valuelog.model.promise import Promise
    from valuelog.model.tally import Effort, Tally


def format_percent(share: float | None) -> str:
    """Return a share: 24 %."""
    return "–" if share is None else f"{100 * share:.0f} %"


def format_balance(counts: "Score | Tally") -> str:
    """Return both sides, and how much of the value is proven: 8 value (4 proven) : 25 work."""
    proven = f" ({counts.proven} proven)" if counts.value else ""
    return f"{counts.value} value{proven} : {counts.work} work"


def format_balance_with_share(score: "Score") -> str:
    """Return both sides, and the share if there are enough entries: 8 value (4 proven) : 25 work · 24 %."""
    share = f" · {format_percent(score.share)}" if score.has_enough_entries else ""
    return f"{format_balance(score)}{share}"


def format_noted(tally: "Tally") -> str:
    """Return what counts on neither side: 2 things learned, 1 thing noticed; an empty text if there is nothing."""
    counts = ((tally[Kind.LEARNED], "learned"), (tally[Kind.INSIGHT], "noticed"))
    return ", ".join(f"{format_count(count, 'thing')} {what}" for count, what in counts if count)


def format_share_with_interval(score: "Score") -> str:
    """Return a share with its 95 % interval: 24 % (13 to 41)."""
    if score.interval is None:
        return "–"
    low, high = score.interval
    return f"{format_percent(score.share)} ({100 * low:.0f} to {100 * high:.0f})"


def format_minutes_share(minutes: "MinutesScore") -> str:
    """Return the share of minutes with its coverage: 9 % of the minutes of the 7 of 12 entries with minutes."""
    return f"{format_percent(minutes.share)} of the minutes{format_minutes_coverage(minutes)}"


def format_minutes_coverage(minutes: "MinutesScore") -> str:
    """Return how many entries have minutes, or an empty text if all have."""
    is_complete = minutes.with_minutes == minutes.n
    return "" if is_complete else f" of the {minutes.with_minutes} of {minutes.n} entries with minutes"


def score_parts(score: "Score") -> tuple[str, ...]:
    """Return both sides, and the share with its interval if there are enough entries."""
    return (
        (format_balance(score), format_share_with_interval(score))
        if score.has_enough_entries
        else (format_balance(score),)
    )


TOO_FEW_ENTRIES = "too early for a trend"
NO_ENTRIES = "Nothing is logged for these days yet."
NO_WORK_OR_VALUE = "No work and no value is logged for these days yet."


def format_coverage(coverage: "Coverage") -> str:
    """Return the coverage: 4 of 5 workdays logged."""
    if not coverage.workdays:
        return "no workdays to log"
    return f"{coverage.logged} of {format_count(coverage.workdays, 'workday')} logged"


_DOUBTS = {
    "fewer-days-logged": "on fewer days",
    "written-late": "from memory",
    "unproven-rise": "little of it proven",
}


def format_doubt(comparison: "Comparison") -> str:
    """Return the first reason not to believe the verdict rising; an empty text without one."""
    return _DOUBTS[str(comparison.doubts[0].doubt)] if comparison.doubts else ""


def format_verdict(comparison: "Comparison") -> str:
    """Return a verdict: rising since W44, usually 21 %."""
    if comparison.difference is None:
        return TOO_FEW_ENTRIES
    since = f" since {format_short_period(comparison.since)}" if comparison.since else ""
    if comparison.verdict == "steady" and since:
        return f"{'higher' if sum(comparison.difference) > 0 else 'lower'}{since}, now usual"
    if comparison.verdict == "less-work-logged":
        return f"less work logged{since}"
    if doubt := format_doubt(comparison):
        return f"share up{since}, {doubt}"
    return f"{comparison.verdict}{since}, usually {format_percent(comparison.baseline.share)}"


def format_review_verdict(trend: "Trend") -> str:
    """Return the verdict of a review; of a week, it is about four: steady over four weeks, usually 21 %."""
    verdict = format_verdict(trend.comparison)
    is_week = bool(trend.scores) and trend.scores[-1][0].unit is Unit.WEEK
    return verdict.replace("steady,", "steady over four weeks,", 1) if is_week else verdict


def format_latest_verdict(trend: "Trend") -> str:
    """Return the verdict on the last four weeks or the latest longer period."""
    verdict = format_verdict(trend.comparison) if trend.comparison.difference else "too few entries to tell"
    unit = trend.scores[-1][0].unit
    return f"The last four weeks: {verdict}" if unit is Unit.WEEK else f"The latest {unit}: {verdict}"


def list_benefits(entry: Entry) -> "Iterator[str]":
    """Yield the effects of an entry, and who benefits."""
    words = trade_words()
    yield from map(words.effects.word, entry.effects)
    if entry.beneficiaries:
        yield f"for {', '.join(map(words.beneficiaries.word, entry.beneficiaries))}"


def list_facts(entry: Entry) -> "Iterator[str]":
    """Yield what an entry is besides its words: kind, who benefits, effects, and what the words don't mention."""
    words = trade_words()
    yield str(entry.kind)
    if entry.beneficiaries:
        yield ", ".join(map(words.beneficiaries.word, entry.beneficiaries))
    if entry.effects:
        yield ", ".join(map(words.effects.word, entry.effects))
    yield from _unmentioned(entry)


def _unmentioned(entry: Entry) -> "Iterator[str]":
    """Yield the people, tags and project of an entry, except those that its words name anyway."""
    text = entry.text.casefold()
    marked = (*(f"@{name}" for name in entry.people), *(f"#{name}" for name in entry.tags))
    yield from (name for name in (*marked, f"+{entry.project}" if entry.project else "") if name and name not in text)


def format_proven(score: "Score") -> str:
    """Return how much of the value is proven: 4 of 8 proven."""
    return f"{score.proven} of {score.value} proven"


def format_held(entry: Entry) -> str:
    """Return what became of a result: ✗ didn't hold, Fri 20 Nov; an empty text unless it was settled."""
    if not entry.held:
        return ""
    words = "✗ didn't hold" if entry.held is Held.NO else "held"
    return f"{words}, {format_day(entry.held_on)}" if entry.held_on else words


def format_raised(item: "Entry | PainPoint") -> str:
    """Return when an insight or a pain point was raised and what came of it: raised 3 Nov: they agreed."""
    if not item.raised_on:
        return "not raised yet"
    day = f"{item.raised_on.day} {SHORT_MONTHS[item.raised_on.month - 1]}"
    return f"raised {day}: {item.raised_outcome}" if item.raised_outcome else f"raised {day}"


def format_failure(entry: Entry) -> str:
    """Return the mark of a result that didn't hold; an empty text for all others."""
    return format_held(entry) if entry.held is Held.NO else ""


def format_count(count: int, singular: str, plural: str = "") -> str:
    """Return a count with its noun: 1 entry, 2,000 entries."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def format_effort(effort: "Effort") -> str:
    """Return what something took: 14 h, 14 h in 20 of 23 entries, or 23 entries if none has minutes."""
    entries = format_count(effort.entries, "entry", "entries")
    if not effort.timed:
        return entries
    some = f" in {effort.timed} of {entries}" if effort.timed < effort.entries else ""
    return f"{_format_hours(effort.minutes)}{some}"


MINUTES_PER_HOUR = 60

MAX_HOURS_WITH_HALVES = 10
"""From this many hours on, only whole ones are shown."""


def _format_hours(minutes: int) -> str:
    if minutes < MINUTES_PER_HOUR:
        return f"{minutes} min"
    hours = minutes / MINUTES_PER_HOUR
    return f"{round(hours, 1 if hours < MAX_HOURS_WITH_HALVES else 0):g} h"


def format_effort_beside_value(effort: "Effort", tally: "Score | Tally", *, is_open: bool) -> str:
    """Return what a project took beside what it moved: 14 h, nothing moved yet; only hours if it has value."""
    if tally.value or not tally.work:
        return format_effort(effort) if effort.timed else ""
    return f"{format_effort(effort)}, nothing moved{' yet' * is_open}"


def format_ending(ended: "EndedProject") -> str:
    """Return the result of a closed project, or why it was dropped, with what it took."""
    project, effort = ended
    is_dropped = project.state == "dropped"
    text = " ".join((project.result or ("" if is_dropped else "no result")).split())
    took = format_effort(effort) if effort.timed or (is_dropped and effort.entries) else ""
    return f"{text} ({took})" if text and took else text or took


def answer_label(project: "Project", field: str) -> str:
    """Return the label of an answer about a project: the result of a dropped one is the reason."""
    return "why" if field == "result" and project.state == "dropped" else field


def format_promise(promise: "Promise") -> str:
    """Return the text of a promise, with its kind unless the text begins with it: stop the status mail."""
    from valuelog.model.promise import PromiseKind  # noqa: PLC0415  add and undo import this module for other words

    text = promise.headline
    has_kind = promise.kind is PromiseKind.STEP or text.casefold().startswith(f"{promise.kind} ")
    return text if has_kind else f"{promise.kind} {text}"


def format_labelled_promise(promise: "Promise") -> str:
    """Return the text of a promise after its kind: Stop: the weekly status mail. A step is only its text."""
    from valuelog.model.promise import PromiseKind  # noqa: PLC0415  as above
    from valuelog.model.recurrence import format_recurrence  # noqa: PLC0415  as above

    text, label = promise.headline, f"{promise.kind} "
    every = f", {format_recurrence(promise.every)}" if promise.every else ""
    if promise.kind is PromiseKind.STEP:
        return f"{text}{every}"
    return f"{label.strip().capitalize()}: {text[len(label) :] if text.casefold().startswith(label) else text}{every}"


def format_short_period(period: Period) -> str:
    """Return a short name, for a chart where its neighbors give the context: W47, Nov, Q4."""
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
    """Return the name of a period, and the day up to which it is shown if it is not over."""
    until = f", up to {today.day} {SHORT_MONTHS[today.month - 1]}" if period.start <= today < period.end else ""
    return f"{format_period(period)}{until}"


def format_part(part: Period) -> str:
    """Return the name of a part of a period in a table: Mon 16 Nov, or 2026-W47."""
    return format_day(part.start) if part.unit is Unit.DAY else part.name


def format_sightings(pain: "PainPoint", today: "date") -> str:
    """Return how often a pain point was seen, since when, and when last."""
    first = format_day(pain.first_seen, today)
    if pain.days_seen > 1:
        return f"seen {pain.times_seen} since {first}, last {format_day(pain.last_seen, today)}"
    return f"seen once, {_format_days_ago((today - pain.first_seen).days)} ({first})"


def _format_days_ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{format_count(days, 'day')} ago")


def format_felt(pain: "PainPoint", today: "date") -> str:
    """Return how often a pain point was felt, and its status: felt 4 times, nothing planned."""
    felt = f"felt {pain.times_seen}"
    if pain.closed_on:
        return f"{felt}, {'gone since' if pain.state == 'fixed' else 'dropped'} {format_day(pain.closed_on, today)}"
    if pain.step_by:
        return f"{felt}, step by {format_day(pain.step_by, today)}"
    return f"{felt}, {'a step without a day' if pain.step else 'nothing planned'}"


def format_pain_status(pain: "PainPoint", today: "date") -> str:
    """Return the current status of a pain point: fixed, dropped, its step, or the day it was last seen."""
    if pain.closed_on:
        return f"{pain.state} {format_day(pain.closed_on, today)}"
    return f"step by {format_day(pain.step_by, today)}" if pain.step_by else f"last {format_day(pain.last_seen, today)}"


class _ValuePhrase(NamedTuple):
    """What you did, after “You”: for one result, and for several."""

    singular: str
    plural: str


_PHRASES = {
    Kind.HELPED: _ValuePhrase("helped someone do more", "helped {} people do more"),
    Kind.OUTCOME: _ValuePhrase("delivered a result", "delivered {} results"),
    Kind.INSIGHT: _ValuePhrase("had an insight", "had {} insights"),
    Kind.IMPROVEMENT: _ValuePhrase("made something better", "made {} things better"),
}


def summarize_value(review: "Review") -> str:
    """Return the value of a small review in one sentence: You helped someone do more and made something clearer."""
    entries = Counter(_phrase_for(entry) for entry in review.entries if entry.side is Side.VALUE)
    counts = {phrase: _count_results(phrase, count, review) for phrase, count in entries.items()}
    *others, last = (
        phrase.singular if count == 1 else phrase.plural.format(spell_out(count)) for phrase, count in counts.items()
    )
    return f"You {', '.join(others)} and {last}." if others else f"You {last}."


def _phrase_for(entry: Entry) -> _ValuePhrase:
    if entry.kind is Kind.IMPROVEMENT and entry.effects:
        effect = trade_words().effects.word(entry.effects[0])
        return _ValuePhrase(f"made something {effect}", f"made {{}} things {effect}")
    return _PHRASES[entry.kind]


def _count_results(phrase: _ValuePhrase, entries: int, review: "Review") -> int:
    """Return how many results some entries are; a person who was helped twice counts once."""
    people = len(review.people) if phrase is _PHRASES[Kind.HELPED] else 0
    return people if 0 < people < entries else entries
