"""The rules of findings about the numbers: the verdict, and what entries there are and are not."""

from collections.abc import Iterator
from math import exp

from valuelog.analysis.rule_input import Match, RuleInput, quote_text
from valuelog.analysis.score import MIN_ENTRIES, compute_score
from valuelog.analysis.trend import LATEST_WEEKS, LESS_WORK_RATIO, Doubt, Doubtful, Verdict, measure_baseline
from valuelog.model.entry import VALUE_KINDS, Kind
from valuelog.model.period import Period, Unit
from valuelog.model.promise import PromiseKind
from valuelog.model.tally import sum_tallies
from valuelog.model.text import spell_out

MIN_VALUE_ENTRIES = 4
BUSY_DAY_ACTIVITIES = 5
MIN_BUSY_DAYS = 2
ABSENT_WEEKS = 3
HELP_WEEKS = 4
HELP_ENTRIES = 20
HELP_SHARE = 0.1
MIN_COVERAGE = 0.6
ONLY_VALUE_ENTRIES = 5
REPETITIONS = 3
MINUTES_DIFFERENCE = 0.2
FIRST_WEEK_DAYS = 7

_MISSING_KIND_TEXTS = {
    Kind.OUTCOME: ("No outcome for {} weeks", ". What did you deliver?"),
    Kind.HELPED: ("You haven't logged helping anyone for {} weeks", "."),
    Kind.IMPROVEMENT: ("You haven't logged an improvement for {} weeks", "."),
}
_KIND_NAMES = {Kind.OUTCOME: "outcomes", Kind.HELPED: "helping", Kind.IMPROVEMENT: "improvements"}


def less_work_logged(facts: RuleInput) -> Iterator[Match]:
    """Find less work per logged day, whatever the share says; in neutral words, because it may be what you promised."""
    comparison = facts.comparison
    if comparison.verdict is Verdict.LESS_WORK and comparison.parts:
        since = comparison.since or facts.period
        less = f"{format_change(comparison.parts.work)} less work than usual per logged day"
        when = f"since {short_name(since)}" if comparison.since else f"in {short_name(since)}"
        statement = f"You logged {less} {when}, so the share of value can't be compared"
        yield Match(statement, "valuelog trend", ending=f".{_stopped(facts, since)}")
    elif (ratio := _dropped_work_ratio(facts)) is not None:
        less = f"{_percent(1 - ratio)} less work than usual per logged day"
        statement = f"You logged {less} in {short_name(facts.period)}, so its share can't be compared"
        command = f"valuelog list --side work {facts.period.name}"
        yield Match(statement, command, ending=f".{_stopped(facts, facts.period)}")


def _dropped_work_ratio(facts: RuleInput) -> float | None:
    """Return the work per logged day, as a ratio to the usual, if it is at most LESS_WORK_RATIO and the share rose."""
    baseline, usual = measure_baseline(facts.earlier), sum_tallies(facts.earlier)
    has_enough = baseline.is_reliable and facts.tally.n >= MIN_ENTRIES and facts.tally.days and usual.work
    if not has_enough or facts.tally.value / facts.tally.n <= (baseline.share or 0.0):
        return None
    ratio = facts.tally.work / facts.tally.days / (usual.work / usual.days)
    return ratio if ratio <= LESS_WORK_RATIO else None


def _stopped(facts: RuleInput, since: Period) -> str:
    """Return a sentence with the stop promises that were kept from the start of a period up to the end of this one."""
    kept = [
        each.promise
        for each in facts.kept
        if each.promise.kind is PromiseKind.STOP
        and each.promise.closed_on
        and since.start <= each.promise.closed_on <= facts.period.end
    ]
    return f" You stopped: {', '.join(quote_text(promise.text) for promise in kept)}." if kept else ""


def falling(facts: RuleInput) -> Iterator[Match]:
    """Explain the verdict falling: which part, since when."""
    comparison = facts.comparison
    if comparison.verdict is not Verdict.FALLING:
        return
    statement, parts = f"The share of value is falling{_since(facts)}", comparison.parts
    if not parts:
        yield Match(statement, "valuelog trend")
    elif parts.work > -parts.value:
        why = f"mostly because of more work: {format_change(parts.work)} more than usual per logged day"
        yield Match(f"{statement}, {why}", "valuelog trend", "work")
    else:
        why = f"mostly because of less value: {format_change(parts.value)} less than usual per logged day"
        yield Match(f"{statement}, {why}", "valuelog trend", "value")


def fewer_days_logged(facts: RuleInput) -> Iterator[Match]:
    """Find a rise that comes with fewer logged days: perhaps only the good ones."""
    if doubtful := _find_doubt(facts, Doubt.FEWER_DAYS):
        days = f"You logged {doubtful.now:.1f} days a week, usually {doubtful.usual:.1f}"
        statement = f"{days}: the share is up{_since(facts)}, but it only covers the days you logged"
        yield Match(statement, "valuelog today --catch-up" if facts.recent else "valuelog trend")


def written_late(facts: RuleInput) -> Iterator[Match]:
    """Find a rise between entries written on their day and entries written from memory."""
    if doubtful := _find_doubt(facts, Doubt.WRITTEN_LATE):
        late = f"{_percent(doubtful.now)} of the latest entries were written a week or more after their day"
        statement = f"{late}, {_percent(doubtful.usual)} of those before: the share is up{_since(facts)}"
        yield Match(statement, f"valuelog list {facts.period.name}", ending=", but memory keeps other things.")


def unproven_rise(facts: RuleInput) -> Iterator[Match]:
    """Find a rise of value that is mostly claimed."""
    if doubtful := _find_doubt(facts, Doubt.UNPROVEN):
        proven = f"only {_percent(doubtful.now)}" if round(100 * doubtful.now) else "none"
        statement = f"The share of value is up{_since(facts)}, but {proven} of the added value has evidence"
        yield Match(statement, "valuelog evidence", ending=". How do you know it is more?")


def _find_doubt(facts: RuleInput, doubt: Doubt) -> Doubtful | None:
    return next((each for each in facts.comparison.doubts if each.doubt is doubt), None)


def _since(facts: RuleInput) -> str:
    return f" since {short_name(facts.comparison.since)}" if facts.comparison.since else ""


def only_value(facts: RuleInput) -> Iterator[Match]:
    """Find value without any work."""
    if facts.tally.value >= ONLY_VALUE_ENTRIES and not facts.tally.work:
        statement = (
            f"{facts.tally.value} value entries and no activity: without any work logged the ratio means nothing"
        )
        yield Match(statement, "valuelog add activity")


def repeated_words(facts: RuleInput) -> Iterator[Match]:
    """Find value entries with the same words."""
    for repeated in facts.repeated:
        if repeated.times >= REPETITIONS:
            statement = f"{quote_text(repeated.text)} is logged {repeated.times} times; each week counts it once"
            command = f"valuelog list --side value {facts.period.name}"
            yield Match(statement, command, repeated.id, occurrences=repeated.times)


def minutes_disagree(facts: RuleInput) -> Iterator[Match]:
    """Compare the share of the entries with that of the minutes."""
    score = compute_score(facts.tally)
    if not score.has_enough_entries or score.share is None or not score.minutes:
        return
    if round(abs(score.share - score.minutes.share), 9) > MINUTES_DIFFERENCE:
        statement = (
            f"Value is {_percent(score.share)} of the entries but {_percent(score.minutes.share)} of the minutes"
        )
        command = f"valuelog list {facts.period.name}"
        yield Match(statement, command, ending=". Which of them is closer to how it was?")


def thin_coverage(facts: RuleInput) -> Iterator[Match]:
    """Find too few workdays logged, from the second week of a journal on."""
    share, last = facts.coverage.share, min(facts.period.end, facts.today)
    is_first_week = facts.first_day is not None and (last - facts.first_day).days < FIRST_WEEK_DAYS
    if share is None or share >= MIN_COVERAGE or not facts.tally.n or is_first_week:
        return
    logged = facts.coverage.logged or "None"
    statement = f"{logged} of {facts.coverage.workdays} workdays logged: the ratio only covers the days you logged"
    yield Match(statement, "valuelog today --catch-up" if facts.recent else f"valuelog list {facts.period.name}")


def lacks_evidence(value: int, proven: int) -> bool:
    """Return whether half or fewer of at least MIN_VALUE_ENTRIES value entries are proven."""
    return value >= MIN_VALUE_ENTRIES and 2 * proven <= value


def no_evidence(facts: RuleInput) -> Iterator[Match]:
    """Find value entries of which half or fewer are proven, unless `unproven_rise` says so already."""
    value, proven = facts.tally.value, facts.tally.with_evidence
    if _find_doubt(facts, Doubt.UNPROVEN):
        return
    if lacks_evidence(value, proven):
        who = f"{value - proven} of {value} value entries lack" if proven else f"None of the {value} value entries has"
        yield Match(f"{who} evidence", "valuelog evidence", ending=". How do you know they worked?")


def missing_kind(facts: RuleInput) -> Iterator[Match]:
    """Find a value kind that is missing from the last weeks with entries."""
    weeks = [week for week in facts.weeks if week.n][-ABSENT_WEEKS:]
    is_first_week = facts.first_day is not None and (facts.today - facts.first_day).days < FIRST_WEEK_DAYS
    if len(weeks) < ABSENT_WEEKS or is_first_week:
        return
    for kind in VALUE_KINDS:
        if not any(week[kind] for week in weeks):
            statement, ending = _MISSING_KIND_TEXTS[kind]
            yield Match(
                statement.format(spell_out(ABSENT_WEEKS)), f"valuelog add {kind}", str(kind), ending, has_others=False
            )


def little_help(facts: RuleInput) -> Iterator[Match]:
    """Find hardly any helping over some weeks."""
    tally = sum_tallies(facts.weeks[-HELP_WEEKS:])
    helped = tally[Kind.HELPED]
    if tally.n < HELP_ENTRIES or helped >= HELP_SHARE * tally.n:
        return
    count = f"Only {helped} of {tally.n}" if helped else f"None of {tally.n}"
    verb = "is" if helped == 1 else "are"
    statement = f"{count} entries in {spell_out(HELP_WEEKS)} weeks {verb} about helping someone (target: a fifth)"
    yield Match(statement, "valuelog add helped")


def busy_day(facts: RuleInput) -> Iterator[Match]:
    """Find days of nothing but a lot of work."""
    busy = sum(day.work >= BUSY_DAY_ACTIVITIES and not day.value for day in facts.days)
    if busy >= MIN_BUSY_DAYS:
        statement = f"{busy} days with {spell_out(BUSY_DAY_ACTIVITIES)} or more activities and no value"
        yield Match(statement, f"valuelog list --side work {facts.period.name}", ending=". Did any of it help?")


def growing(facts: RuleInput) -> Iterator[Match]:
    """Explain the verdict rising: what grew, by kind."""
    if facts.comparison.verdict is not Verdict.RISING:
        return
    latest = [week for week in facts.weeks if week.n][-LATEST_WEEKS:] if facts.period.unit is Unit.WEEK else []
    latest = latest or [facts.tally]
    means = {kind: sum(tally[kind] for tally in latest) / len(latest) for kind in VALUE_KINDS}
    top = max(VALUE_KINDS, key=lambda kind: means[kind] - facts.usual.get(kind, 0.0))
    unit = " a week" if facts.period.unit is Unit.WEEK else ""
    statement = f"Value is up{_since(facts)}"
    details = f"mostly {_KIND_NAMES[top]}: {means[top]:g}{unit}, {_usually(facts.usual.get(top, 0.0))}"
    yield Match(f"{statement}, {details}", "valuelog trend", str(top))


def _usually(mean: float) -> str:
    if f"{mean:.1f}" == "0.0":
        return "usually hardly any" if mean else "usually none"
    return f"usually {mean:.1f}"


def format_change(log_ratio: float) -> str:
    """Return how much a log of a ratio is, without its sign: 33 %."""
    return _percent(abs(exp(log_ratio) - 1))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def short_name(period: Period) -> str:
    """Return the week of a week, W47, or the name of another period."""
    return f"W{period.start.isocalendar().week:02}" if period.unit is Unit.WEEK else period.name
