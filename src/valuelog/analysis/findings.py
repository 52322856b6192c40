"""Findings: observations worth acting on, each with the command that acts on it.

Each rule has an id, a threshold and one sentence with the facts in it. RULES stands in the order in which acting
helps most: the evening shows the first finding, a review at most five.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from valuelog.analysis.habit import Coverage
from valuelog.analysis.projects import ProjectActivity, recent_period
from valuelog.analysis.trend import Verdict
from valuelog.model.entry import VALUE_KINDS, Kind
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import Period, format_day
from valuelog.model.project import ProjectState
from valuelog.model.promise import Promise, PromiseKind
from valuelog.model.tally import Tally, sum_tallies
from valuelog.model.text import truncate_line

MAX_FINDINGS = 5
"""How many findings a review shows."""


class Finding(NamedTuple):
    """One observation, and the command that acts on it."""

    id: str
    text: str
    command: str


class RuleInput(NamedTuple):
    """What the rules look at.

    `days` are the tallies of the days that have entries, `weeks` those of the weeks up to the end of the Period, the
    latest last; `usual` is the mean count of each kind in the Periods before. `recent` tells whether the end of the
    Period can still be caught up with.

    What is still open counts on `today`, whatever the Period: `pains` that hurt, `promises` due by the end of the week,
    `projects` that go on or ended without a result. It is left out of a Period that is long over. `prefix_lengths` says
    how
    many letters of an id are enough to name it.
    """

    period: Period
    today: date
    tally: Tally
    days: Sequence[Tally]
    weeks: Sequence[Tally]
    coverage: Coverage
    verdict: Verdict
    usual: Mapping[Kind, float]
    recent: bool = True
    pains: Sequence[PainPoint] = ()
    promises: Sequence[Promise] = ()
    projects: Sequence[ProjectActivity] = ()
    prefix_lengths: Mapping[str, int] = MappingProxyType({})

    def short_id(self, entity_id: str) -> str:
        """Return as much of an id as has to be typed."""
        return entity_id[: self.prefix_lengths.get(entity_id, len(entity_id))]


class Rule(NamedTuple):
    """When a Finding is due, in words and in code."""

    id: str
    description: str
    check: Callable[[RuleInput], tuple[str, str] | None]


def evaluate_rules(
    facts: RuleInput, limit: int = MAX_FINDINGS, *, rule_ids: frozenset[str] | None = None
) -> tuple[Finding, ...]:
    """Return what is worth acting on, the most helpful first; of some rules only, if they are named."""
    seen = ((rule.id, rule.check(facts)) for rule in RULES if rule_ids is None or rule.id in rule_ids)
    due = [Finding(id=name, text=said[0], command=said[1]) for name, said in seen if said]
    return tuple(due[:limit])


MIN_VALUE_ENTRIES = 4
BUSY_DAY_ACTIVITIES = 6
MIN_BUSY_DAYS = 3
ABSENT_WEEKS = 3
HELP_WEEKS = 4
HELP_ENTRIES = 20
HELP_SHARE = 0.1
MIN_COVERAGE = 0.6
ONLY_VALUE_ENTRIES = 8
STALLED_ACTIVITIES = 5
RECURRING_DAYS = 3
UNDEFINED_DAYS = 7
UNMEASURED_DAYS = 30
MAX_QUOTE_LENGTH = 60
"""So much of somebody's words fits into the sentence of a finding."""

PROJECT_RULES = frozenset({"stalled-project", "undefined-project", "unmeasured-project"})
"""The rules that look at single projects."""

_MISSING_KIND_TEXTS = {
    Kind.OUTCOME: "No outcome in your last three weeks: which result is yours?",
    Kind.HELPED: "Nobody got further because of you in your last three weeks, as far as you wrote.",
    Kind.IMPROVEMENT: "Nothing was made to work better in your last three weeks, as far as you wrote.",
    Kind.INSIGHT: "No insight in your last three weeks: what did you notice that others should know?",
}
_KIND_NAMES = {
    Kind.OUTCOME: "outcomes",
    Kind.HELPED: "helping",
    Kind.IMPROVEMENT: "improvements",
    Kind.INSIGHT: "insights",
}


def _no_evidence(facts: RuleInput) -> tuple[str, str] | None:
    value, evidenced = facts.tally.value, facts.tally.with_evidence
    if value < MIN_VALUE_ENTRIES or 2 * evidenced >= value:
        return None
    command = f"valuelog list --side value {facts.period.name}"
    return f"{value - evidenced} of {value} value entries lack evidence: how do you know that they worked?", command


def _busy_day(facts: RuleInput) -> tuple[str, str] | None:
    busy = sum(day.work >= BUSY_DAY_ACTIVITIES and not day.value for day in facts.days)
    if busy < MIN_BUSY_DAYS:
        return None
    said = f"{busy} days with six activities or more and no value: did one of them leave something behind?"
    return said, f"valuelog list --side work {facts.period.name}"


def _missing_kind(facts: RuleInput) -> tuple[str, str] | None:
    weeks = [week for week in facts.weeks if week.n][-ABSENT_WEEKS:]
    absent = [kind for kind in VALUE_KINDS if not any(week[kind] for week in weeks)]
    if len(weeks) < ABSENT_WEEKS or not absent:
        return None
    return _MISSING_KIND_TEXTS[absent[0]], f"valuelog add {absent[0]}"


def _little_help(facts: RuleInput) -> tuple[str, str] | None:
    month = sum_tallies(facts.weeks[-HELP_WEEKS:])
    if month.n < HELP_ENTRIES or month[Kind.HELPED] >= HELP_SHARE * month.n:
        return None
    return f"{month[Kind.HELPED]} of {month.n} entries in four weeks say who got further.", "valuelog add helped"


def _thin_coverage(facts: RuleInput) -> tuple[str, str] | None:
    share = facts.coverage.share
    if share is None or share >= MIN_COVERAGE or not facts.tally.n:
        return None
    written = facts.coverage.logged or "None"
    said = f"{written} of {facts.coverage.workdays} workdays written: the ratio speaks for the days you wrote."
    return said, "valuelog today --catch-up" if facts.recent else f"valuelog list {facts.period.name}"


def _only_value(facts: RuleInput) -> tuple[str, str] | None:
    if facts.tally.n < ONLY_VALUE_ENTRIES or facts.tally.work:
        return None
    return f"{facts.tally.n} entries and no activity: the ratio is blind without the work.", "valuelog add activity"


def _growing(facts: RuleInput) -> tuple[str, str] | None:
    if facts.verdict is not Verdict.RISING:
        return None
    gains = {kind: facts.tally[kind] - facts.usual.get(kind, 0.0) for kind in VALUE_KINDS}
    if sum(gains.values()) > 0:
        most = max(gains, key=lambda kind: gains[kind])
        against_usual = _against_usual(facts.usual.get(most, 0.0))
        said = f"Value is rising, above all {_KIND_NAMES[most]}: {facts.tally[most]}{against_usual}."
    else:
        work, usual = facts.tally.work, facts.usual[Kind.ACTIVITY]
        said = f"The share of value is rising because there is less work: {work} against {usual:.1f} as usual."
    return said, "valuelog trend"


def _against_usual(usual: float) -> str:
    """Set a count against what is usual."""
    if f"{usual:.1f}" == "0.0":
        return ", where there used to be " + ("hardly any" if usual else "none")
    return f" against {usual:.1f} as usual"


def is_stalled(activity: ProjectActivity, today: date) -> bool:
    """Tell whether a project eats work and yields nothing."""
    work, value_on, _ = activity.work_since_value
    dry = value_on is None or value_on < recent_period(today).start
    return activity.project.state is ProjectState.OPEN and work >= STALLED_ACTIVITIES and dry


def _stalled_project(facts: RuleInput) -> tuple[str, str] | None:
    found = sorted(
        (one for one in facts.projects if is_stalled(one, facts.today)), key=lambda one: -one.work_since_value.work
    )
    if not found:
        return None
    project = found[0].project
    said = f"{project.name}: {found[0].summary(facts.today)}{_and_others(found)}"
    aim = (
        f"does it still lead to “{truncate_line(project.aim, MAX_QUOTE_LENGTH)}”?" if project.aim else "what is it for?"
    )
    return f"{said}; {aim}", f"valuelog project show {project.slug}"


def _recurring_pain(facts: RuleInput) -> tuple[str, str] | None:
    found = [
        pain
        for pain in facts.pains
        if pain.state is PainState.OPEN and not pain.step and pain.days_seen >= RECURRING_DAYS and pain.is_still_felt
    ]
    if not found:
        return None
    quote = truncate_line(found[0].text, MAX_QUOTE_LENGTH)
    said = f"“{quote}”: seen {found[0].times_seen} and no step yet{_and_others(found)}."
    return said, f'valuelog pain plan {facts.short_id(found[0].id)} "…" --by fri'


def _step_due(facts: RuleInput) -> tuple[str, str] | None:
    if not facts.promises:
        return None
    first = facts.promises[0]
    what = {PromiseKind.STOP: "Stopping ", PromiseKind.START: "Starting "}.get(first.kind, "")
    kept = ": kept?" if first.due <= facts.today else "."
    quote = truncate_line(first.text, MAX_QUOTE_LENGTH)
    said = f"{what}“{quote}” {_due_text(first.due, facts.today)}{_and_others(facts.promises)}{kept}"
    return said, f"valuelog promise keep {facts.short_id(first.id)}"


def _due_text(day: date, today: date) -> str:
    if day == today:
        return "is due today"
    return f"{'was' if day < today else 'is'} due {format_day(day, today)}"


def _undefined_project(facts: RuleInput) -> tuple[str, str] | None:
    found = [
        owned.project
        for owned in facts.projects
        if owned.project.state is ProjectState.OPEN
        and not owned.project.is_defined
        and (facts.today - owned.project.started_on).days > UNDEFINED_DAYS
    ]
    if not found:
        return None
    wanted = {"problem": found[0].problem, "measure": found[0].measure}
    missing = [name for name, said in wanted.items() if not said]
    flags = " ".join(f'--{name} "…"' for name in missing)
    asks = "what is it good for?" if found[0].measure else "how will one see that it worked?"
    said = f"{found[0].name} has no {' and no '.join(missing)}{_and_others(found)}: {asks}"
    return said, f"valuelog project edit {found[0].slug} {flags}"


def _unmeasured_project(facts: RuleInput) -> tuple[str, str] | None:
    found = [
        owned.project
        for owned in facts.projects
        if owned.project.state is ProjectState.CLOSED
        and not owned.project.result
        and owned.project.closed_on
        and (facts.today - owned.project.closed_on).days >= UNMEASURED_DAYS
    ]
    if not found or not found[0].closed_on:
        return None
    ago = f"{(facts.today - found[0].closed_on).days} days ago"
    said = f"{found[0].name} was closed {ago} and has no result{_and_others(found)}: what came of it?"
    return said, f'valuelog project edit {found[0].slug} --result "…"'


def _and_others(found: Sequence[object]) -> str:
    """Say how many others are like the first."""
    others = len(found) - 1
    return f" (and {others} other{'s' * (others > 1)})" if others else ""


RULES = (
    Rule(
        id="stalled-project",
        description="an open project with no value entry in the last 21 days, and at least 5 activities since its last"
        " one or, if there was none, since it began",
        check=_stalled_project,
    ),
    Rule(
        id="recurring-pain",
        description="an open pain point seen on at least 3 days that has no step, and felt since its last step,"
        " if it had one",
        check=_recurring_pain,
    ),
    Rule(id="step-due", description="a pain point's step or a promise is due by the end of the week", check=_step_due),
    Rule(
        id="no-evidence",
        description="at least 4 value entries in the Period, fewer than half with evidence",
        check=_no_evidence,
    ),
    Rule(id="missing-kind", description="a value kind that was absent for 3 weeks with entries", check=_missing_kind),
    Rule(
        id="little-help", description="at least 20 entries over four weeks and helping below 10 %", check=_little_help
    ),
    Rule(id="thin-coverage", description="coverage below 60 %, and some entries", check=_thin_coverage),
    Rule(id="only-value", description="at least 8 entries and no activity", check=_only_value),
    Rule(
        id="busy-day",
        description="a day with at least 6 activities and no value, three times in the Period",
        check=_busy_day,
    ),
    Rule(
        id="undefined-project",
        description="an open project without a problem or a measure, older than 7 days",
        check=_undefined_project,
    ),
    Rule(
        id="unmeasured-project",
        description="a project closed 30 days ago or more without a result",
        check=_unmeasured_project,
    ),
    Rule(id="growing", description="the verdict is rising: says what changed, by kind", check=_growing),
)
