"""Findings: observations worth acting on, each with the command that acts on it.

Each rule has an id, a threshold and one sentence with the facts in it. RULES stands in the order in which acting
helps most: the evening shows the first finding, a review at most five.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from valuelog.analysis.habit import Coverage
from valuelog.analysis.trend import Verdict
from valuelog.model.entry import VALUE_KINDS, Kind
from valuelog.model.period import Period
from valuelog.model.tally import Tally, total

MOST = 5
"""How many findings a review shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One observation, and the command that acts on it."""

    id: str
    text: str
    command: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the rules look at.

    `days` are the tallies of the days that have entries, `weeks` those of the weeks up to the end of the Period, the
    latest last; `usual` is the mean count of each kind in the Periods before. `recent` tells whether the end of the
    Period can still be caught up with.
    """

    period: Period
    tally: Tally
    days: Sequence[Tally]
    weeks: Sequence[Tally]
    coverage: Coverage
    verdict: Verdict
    usual: Mapping[Kind, float]
    recent: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """When a Finding is due, in words and in code."""

    id: str
    when: str
    look: Callable[[Facts], tuple[str, str] | None]


def findings(facts: Facts, most: int = MOST) -> tuple[Finding, ...]:
    """Return what is worth acting on, the most helpful first."""
    seen = ((rule.id, rule.look(facts)) for rule in RULES)
    due = [Finding(id=name, text=said[0], command=said[1]) for name, said in seen if said]
    return tuple(due[:most])


LEAST_VALUE = 4
BUSY_ACTIVITIES = 6
BUSY_DAYS = 3
ABSENT_WEEKS = 3
HELP_WEEKS = 4
HELP_ENTRIES = 20
HELP_SHARE = 0.1
THIN_COVERAGE = 0.6
BLIND_ENTRIES = 8

_MISSED = {
    Kind.OUTCOME: "No outcome in your last three weeks: which result is yours?",
    Kind.HELPED: "Nobody got further because of you in your last three weeks, as far as you wrote.",
    Kind.IMPROVEMENT: "Nothing was made to work better in your last three weeks, as far as you wrote.",
    Kind.INSIGHT: "No insight in your last three weeks: what did you notice that others should know?",
}
_WHAT = {Kind.OUTCOME: "outcomes", Kind.HELPED: "helping", Kind.IMPROVEMENT: "improvements", Kind.INSIGHT: "insights"}


def _no_evidence(facts: Facts) -> tuple[str, str] | None:
    value, evidenced = facts.tally.value, facts.tally.evidenced
    if value < LEAST_VALUE or 2 * evidenced >= value:
        return None
    command = f"valuelog list --side value {facts.period.name}"
    return f"{value - evidenced} of {value} value entries lack evidence: how do you know that they worked?", command


def _busy_day(facts: Facts) -> tuple[str, str] | None:
    busy = sum(day.work >= BUSY_ACTIVITIES and not day.value for day in facts.days)
    if busy < BUSY_DAYS:
        return None
    said = f"{busy} days with six activities or more and no value: did one of them leave something behind?"
    return said, f"valuelog list --side work {facts.period.name}"


def _missing_kind(facts: Facts) -> tuple[str, str] | None:
    weeks = [week for week in facts.weeks if week.n][-ABSENT_WEEKS:]
    absent = [kind for kind in VALUE_KINDS if not any(week[kind] for week in weeks)]
    if len(weeks) < ABSENT_WEEKS or not absent:
        return None
    return _MISSED[absent[0]], f"valuelog add {absent[0]}"


def _little_help(facts: Facts) -> tuple[str, str] | None:
    month = total(facts.weeks[-HELP_WEEKS:])
    if month.n < HELP_ENTRIES or month[Kind.HELPED] >= HELP_SHARE * month.n:
        return None
    said = f"{month[Kind.HELPED]} of {month.n} entries in four weeks say who got further."
    return said, "valuelog add helped"


def _thin_coverage(facts: Facts) -> tuple[str, str] | None:
    share = facts.coverage.share
    if share is None or share >= THIN_COVERAGE or not facts.tally.n:
        return None
    written = facts.coverage.written or "None"
    said = f"{written} of {facts.coverage.workdays} workdays written: the ratio speaks for the days you wrote."
    return said, "valuelog today --catch-up" if facts.recent else f"valuelog list {facts.period.name}"


def _only_value(facts: Facts) -> tuple[str, str] | None:
    if facts.tally.n < BLIND_ENTRIES or facts.tally.work:
        return None
    return f"{facts.tally.n} entries and no activity: the ratio is blind without the work.", "valuelog add activity"


def _growing(facts: Facts) -> tuple[str, str] | None:
    if facts.verdict is not Verdict.RISING:
        return None
    gains = {kind: facts.tally[kind] - facts.usual.get(kind, 0.0) for kind in VALUE_KINDS}
    most = max(gains, key=lambda kind: gains[kind])
    if sum(gains.values()) > 0:
        said = (
            f"Value is rising, above all {_WHAT[most]}: {facts.tally[most]} against {facts.usual[most]:.1f} as usual."
        )
    else:
        work, usual = facts.tally.work, facts.usual[Kind.ACTIVITY]
        said = f"The share of value is rising because there is less work: {work} against {usual:.1f} as usual."
    return said, "valuelog trend"


RULES = (
    Rule(
        id="no-evidence",
        when="at least 4 value entries in the Period, fewer than half with evidence",
        look=_no_evidence,
    ),
    Rule(
        id="busy-day", when="a day with at least 6 activities and no value, three times in the Period", look=_busy_day
    ),
    Rule(id="missing-kind", when="a value kind that was absent for 3 weeks with entries", look=_missing_kind),
    Rule(id="little-help", when="at least 20 entries over four weeks and helping below 10 %", look=_little_help),
    Rule(id="thin-coverage", when="coverage below 60 %", look=_thin_coverage),
    Rule(id="only-value", when="at least 8 entries and no activity", look=_only_value),
    Rule(id="growing", when="the verdict is rising: says what changed, by kind", look=_growing),
)
