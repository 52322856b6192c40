"""Findings: observations worth acting on, each with the command that acts on it.

Each rule has an id, a threshold and one sentence with the facts in it. RULES is ordered by how much acting helps: the
evening shows the first finding, a review at most MAX_FINDINGS.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from valuelog.analysis.habit import Coverage
from valuelog.analysis.projects import RECENT_DAYS, ProjectActivity, recent_period
from valuelog.analysis.trend import Verdict
from valuelog.model.entry import VALUE_KINDS, Kind
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import Period, format_day
from valuelog.model.project import ProjectState
from valuelog.model.promise import Promise, PromiseKind
from valuelog.model.tally import Tally, sum_tallies
from valuelog.model.text import spell_out, truncate_line

MAX_FINDINGS = 5
"""How many findings a review shows."""


class Finding(NamedTuple):
    """One observation, and the command that acts on it."""

    id: str
    text: str
    command: str


class RuleInput(NamedTuple):
    """What the rules look at.

    `days` are the tallies of the days with entries, `weeks` those of the weeks up to the end of the period, oldest
    first; `usual` is the mean count of each kind in the periods before. `recent` is whether the end of the period is
    close enough to catch up.

    `pains`, `promises` (due by the end of the week) and `projects` (open, or closed without a result) are as of
    `today`, whatever the period; they are empty for a period that is long over. `prefix_lengths` has the length of the
    shortest unique prefix of each id.
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
        """Return the shortest unique prefix of an id."""
        return entity_id[: self.prefix_lengths.get(entity_id, len(entity_id))]


class Rule(NamedTuple):
    """A rule: its condition in words (for the reference), and the check, which returns a text and a command."""

    id: str
    description: str
    check: Callable[[RuleInput], tuple[str, str] | None]


def evaluate_rules(
    facts: RuleInput, limit: int = MAX_FINDINGS, *, rule_ids: frozenset[str] | None = None
) -> tuple[Finding, ...]:
    """Return the findings in the order of RULES, at most `limit`; `rule_ids` restricts the rules."""
    results = ((rule.id, rule.check(facts)) for rule in RULES if rule_ids is None or rule.id in rule_ids)
    findings = [Finding(rule_id, *result) for rule_id, result in results if result]
    return tuple(findings[:limit])


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
"""Maximum length of a user's text quoted in a finding, in characters."""

PROJECT_RULES = frozenset({"stalled-project", "undefined-project", "unmeasured-project"})
"""The rules about single projects."""

_MISSING_KIND_TEXTS = {
    Kind.OUTCOME: f"No outcome for {spell_out(ABSENT_WEEKS)} weeks. What did you deliver?",
    Kind.HELPED: f"You haven't logged helping anyone for {spell_out(ABSENT_WEEKS)} weeks.",
    Kind.IMPROVEMENT: f"You haven't logged an improvement for {spell_out(ABSENT_WEEKS)} weeks.",
    Kind.INSIGHT: f"No insight for {spell_out(ABSENT_WEEKS)} weeks. What did you notice that others should know?",
}
_KIND_NAMES = {
    Kind.OUTCOME: "outcomes",
    Kind.HELPED: "helping",
    Kind.IMPROVEMENT: "improvements",
    Kind.INSIGHT: "insights",
}


def _no_evidence(facts: RuleInput) -> tuple[str, str] | None:
    value, proven = facts.tally.value, facts.tally.with_evidence
    if value < MIN_VALUE_ENTRIES or 2 * proven >= value:
        return None
    command = f"valuelog list --side value {facts.period.name}"
    text = f"{value - proven} of {value} value entries lack" if proven else f"None of the {value} value entries has"
    return f"{text} evidence. How do you know they worked?", command


def _busy_day(facts: RuleInput) -> tuple[str, str] | None:
    busy = sum(day.work >= BUSY_DAY_ACTIVITIES and not day.value for day in facts.days)
    if busy < MIN_BUSY_DAYS:
        return None
    text = f"{busy} days with {spell_out(BUSY_DAY_ACTIVITIES)} or more activities and no value. Did any of it help?"
    return text, f"valuelog list --side work {facts.period.name}"


def _missing_kind(facts: RuleInput) -> tuple[str, str] | None:
    weeks = [week for week in facts.weeks if week.n][-ABSENT_WEEKS:]
    absent = [kind for kind in VALUE_KINDS if not any(week[kind] for week in weeks)]
    if len(weeks) < ABSENT_WEEKS or not absent:
        return None
    return _MISSING_KIND_TEXTS[absent[0]], f"valuelog add {absent[0]}"


def _little_help(facts: RuleInput) -> tuple[str, str] | None:
    tally = sum_tallies(facts.weeks[-HELP_WEEKS:])
    helped = tally[Kind.HELPED]
    if tally.n < HELP_ENTRIES or helped >= HELP_SHARE * tally.n:
        return None
    count = f"Only {helped} of {tally.n}" if helped else f"None of {tally.n}"
    verb = "is" if helped == 1 else "are"
    text = f"{count} entries in {spell_out(HELP_WEEKS)} weeks {verb} about helping someone (target: a fifth)."
    return text, "valuelog add helped"


def _thin_coverage(facts: RuleInput) -> tuple[str, str] | None:
    share = facts.coverage.share
    if share is None or share >= MIN_COVERAGE or not facts.tally.n:
        return None
    logged = facts.coverage.logged or "None"
    text = f"{logged} of {facts.coverage.workdays} workdays logged: the ratio only covers the days you logged."
    return text, "valuelog today --catch-up" if facts.recent else f"valuelog list {facts.period.name}"


def _only_value(facts: RuleInput) -> tuple[str, str] | None:
    if facts.tally.n < ONLY_VALUE_ENTRIES or facts.tally.work:
        return None
    text = f"{facts.tally.n} entries and no activity: without any work logged the ratio means nothing."
    return text, "valuelog add activity"


def _growing(facts: RuleInput) -> tuple[str, str] | None:
    if facts.verdict is not Verdict.RISING:
        return None
    gains = {kind: facts.tally[kind] - facts.usual.get(kind, 0.0) for kind in VALUE_KINDS}
    if sum(gains.values()) > 0:
        top = max(gains, key=lambda kind: gains[kind])
        text = f"Value is up, mostly {_KIND_NAMES[top]}: {facts.tally[top]}, {_usually(facts.usual.get(top, 0.0))}."
    else:
        work, usual = facts.tally.work, facts.usual[Kind.ACTIVITY]
        text = f"The share of value is up because there is less work: {work}, {_usually(usual)}."
    return text, "valuelog trend"


def _usually(mean: float) -> str:
    if f"{mean:.1f}" == "0.0":
        return "usually hardly any" if mean else "usually none"
    return f"usually {mean:.1f}"


def is_stalled(activity: ProjectActivity, today: date) -> bool:
    """Return whether a project has STALLED_ACTIVITIES activities since its last value, and no recent value."""
    work, value_on, _ = activity.work_since_value
    has_no_recent_value = value_on is None or value_on < recent_period(today).start
    return activity.project.state is ProjectState.OPEN and work >= STALLED_ACTIVITIES and has_no_recent_value


def _stalled_project(facts: RuleInput) -> tuple[str, str] | None:
    stalled = sorted(
        (each for each in facts.projects if is_stalled(each, facts.today)), key=lambda each: -each.work_since_value.work
    )
    if not stalled:
        return None
    project = stalled[0].project
    text = f"{project.name}: {stalled[0].summary(facts.today)}{_and_others(stalled)}."
    question = (
        f"Does it still lead to “{truncate_line(project.aim, MAX_QUOTE_LENGTH)}”?" if project.aim else "What is it for?"
    )
    return f"{text} {question}", f"valuelog project show {project.slug}"


def _recurring_pain(facts: RuleInput) -> tuple[str, str] | None:
    recurring = [
        pain
        for pain in facts.pains
        if pain.state is PainState.OPEN and not pain.step and pain.days_seen >= RECURRING_DAYS and pain.is_still_felt
    ]
    if not recurring:
        return None
    quote = truncate_line(recurring[0].text, MAX_QUOTE_LENGTH)
    text = f"“{quote}”: seen {recurring[0].times_seen}, nothing planned yet{_and_others(recurring)}."
    return text, f'valuelog pain plan {facts.short_id(recurring[0].id)} "…" --by fri'


def _step_due(facts: RuleInput) -> tuple[str, str] | None:
    if not facts.promises:
        return None
    first = facts.promises[0]
    verb = {PromiseKind.STOP: "Stopping ", PromiseKind.START: "Starting "}.get(first.kind, "")
    question = " Did you keep it?" if first.due <= facts.today else ""
    quote = truncate_line(first.text, MAX_QUOTE_LENGTH)
    text = f"{verb}“{quote}” {_due_text(first.due, facts.today)}{_and_others(facts.promises)}.{question}"
    return text, f"valuelog promise keep {facts.short_id(first.id)}"


def _due_text(day: date, today: date) -> str:
    if day == today:
        return "is due today"
    return f"{'was' if day < today else 'is'} due {format_day(day, today)}"


def _undefined_project(facts: RuleInput) -> tuple[str, str] | None:
    undefined = [
        each.project
        for each in facts.projects
        if each.project.state is ProjectState.OPEN
        and not each.project.is_defined
        and (facts.today - each.project.started_on).days > UNDEFINED_DAYS
    ]
    if not undefined:
        return None
    first = undefined[0]
    missing = [name for name, value in (("problem", first.problem), ("measure", first.measure)) if not value]
    flags = " ".join(f'--{name} "…"' for name in missing)
    question = "What is it for?" if first.measure else "How will you know it worked?"
    text = f"{first.name} has no {' and no '.join(missing)} yet{_and_others(undefined)}. {question}"
    return text, f"valuelog project edit {first.slug} {flags}"


def _unmeasured_project(facts: RuleInput) -> tuple[str, str] | None:
    unmeasured = [
        (each.project, days)
        for each in facts.projects
        if each.project.state is ProjectState.CLOSED and not each.project.result and each.project.closed_on
        for days in [(facts.today - each.project.closed_on).days]
        if days >= UNMEASURED_DAYS
    ]
    if not unmeasured:
        return None
    project, days = unmeasured[0]
    text = f"{project.name} was closed {days} days ago without a result{_and_others(unmeasured)}. What came of it?"
    return text, f'valuelog project edit {project.slug} --result "…"'


def _and_others(matches: Sequence[object]) -> str:
    """Return the number of matches besides the first, in parentheses."""
    others = len(matches) - 1
    return f" (and {others} other{'s' * (others > 1)})" if others else ""


RULES = (
    Rule(
        id="stalled-project",
        description=f"an open project with no value entry in the last {RECENT_DAYS} days, and at least"
        f" {STALLED_ACTIVITIES} activities since its last one (or since its start, if it has none)",
        check=_stalled_project,
    ),
    Rule(
        id="recurring-pain",
        description=f"an open pain point seen on at least {RECURRING_DAYS} days, without a step, and seen since its"
        " last step if it had one",
        check=_recurring_pain,
    ),
    Rule(id="step-due", description="a pain point's step or a promise is due by the end of the week", check=_step_due),
    Rule(
        id="no-evidence",
        description=f"at least {MIN_VALUE_ENTRIES} value entries in the period, fewer than half with evidence",
        check=_no_evidence,
    ),
    Rule(
        id="missing-kind",
        description=f"a value kind that is missing from the last {ABSENT_WEEKS} weeks with entries",
        check=_missing_kind,
    ),
    Rule(
        id="little-help",
        description=f"at least {HELP_ENTRIES} entries over {spell_out(HELP_WEEKS)} weeks, and helping below"
        f" {HELP_SHARE:.0%}".replace("%", " %"),
        check=_little_help,
    ),
    Rule(
        id="thin-coverage",
        description=f"coverage below {MIN_COVERAGE:.0%}, with at least one entry".replace("%", " %"),
        check=_thin_coverage,
    ),
    Rule(id="only-value", description=f"at least {ONLY_VALUE_ENTRIES} entries and no activity", check=_only_value),
    Rule(
        id="busy-day",
        description=f"at least {BUSY_DAY_ACTIVITIES} activities and no value, on at least {MIN_BUSY_DAYS} days of the"
        " period",
        check=_busy_day,
    ),
    Rule(
        id="undefined-project",
        description=f"an open project without a problem or a measure, started more than {UNDEFINED_DAYS} days ago",
        check=_undefined_project,
    ),
    Rule(
        id="unmeasured-project",
        description=f"a project closed at least {UNMEASURED_DAYS} days ago without a result",
        check=_unmeasured_project,
    ),
    Rule(id="growing", description="the verdict is rising: says what changed, by kind", check=_growing),
)
