"""Findings: observations worth acting on, each with the command that acts on it.

Each rule has an id, a threshold and one sentence with the facts in it. RULES is ordered by how much acting helps;
`valuelog.analysis.freshness` chooses what is shown of it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from valuelog.analysis import follow_up_rules as follow_up
from valuelog.analysis import number_rules as numbers
from valuelog.analysis.projects import RECENT_DAYS
from valuelog.analysis.rule_input import Check, Match, RuleInput
from valuelog.analysis.trend import LATE_DIFFERENCE, MIN_PROVEN, Doubt
from valuelog.model.finding import finding_key
from valuelog.model.text import spell_out

MAX_FINDINGS = 5
"""How many findings a review has for programs."""


class Finding(NamedTuple):
    """One observation, and the command that acts on it.

    `about` is the id of a pain point, entry or promise, the slug of a project, or a kind; None if the rule is about the
    period as a whole. `occurrences` that grow are news.
    """

    id: str
    text: str
    command: str
    about: str | None = None
    occurrences: int = 0

    @property
    def key(self) -> str:
        """What identifies it: its rule and what it is about."""
        return finding_key(self.id, self.about)


class Rule(NamedTuple):
    """A rule: its condition in words (for the reference), and the check."""

    id: str
    description: str
    check: Check


WARNINGS = frozenset(
    {"less-work-logged", "falling", *Doubt, "only-value", "repeated-words", "minutes-disagree", "thin-coverage"}
)
"""The rules that warn about the numbers themselves."""

GOOD_NEWS = frozenset({"came-of-it", "growing"})
"""The rules that say what went well."""

PROJECT_RULES = frozenset({"stalled-project", "undefined-project", "unmeasured-project"})
"""The rules about single projects."""


def evaluate_rules(
    facts: RuleInput, limit: int = MAX_FINDINGS, *, rule_ids: frozenset[str] | None = None
) -> tuple[Finding, ...]:
    """Return the findings in the order of RULES, at most `limit` and one for each rule; `rule_ids` restricts the rules.

    There is no praise while the numbers need a warning, even a muted one.
    """
    matches = {rule.id: list(rule.check(facts)) for rule in RULES if rule_ids is None or rule.id in rule_ids}
    if any(matches.get(rule_id) for rule_id in WARNINGS):
        matches.pop("growing", None)
    unmuted = {rule_id: list(_drop_muted(facts, rule_id, each)) for rule_id, each in matches.items()}
    findings = [_build_finding(rule_id, each[0], len(each) - 1) for rule_id, each in unmuted.items() if each]
    return tuple(findings[:limit])


def list_matches(facts: RuleInput) -> Iterator[Finding]:
    """Yield everything that a rule applies to, muted or not, in the order of RULES."""
    for rule in RULES:
        for match in rule.check(facts):
            yield _build_finding(rule.id, match)


def _drop_muted(facts: RuleInput, rule_id: str, matches: Sequence[Match]) -> Iterator[Match]:
    if rule_id not in facts.muted:
        yield from (match for match in matches if finding_key(rule_id, match.about) not in facts.muted)


def _build_finding(rule_id: str, match: Match, others: int = 0) -> Finding:
    more = f" (and {others} other{'s' * (others > 1)})" if others and match.has_others else ""
    text = f"{match.statement}{more}{match.ending}"
    return Finding(id=rule_id, text=text, command=match.command, about=match.about, occurrences=match.occurrences)


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


RULES = (
    Rule(
        id="less-work-logged",
        description="the verdict is less work logged; or the period has at most two thirds of the usual work per logged"
        " day, and its share rose",
        check=numbers.less_work_logged,
    ),
    Rule(id="falling", description="the verdict is falling: says which part, since when", check=numbers.falling),
    Rule(
        id=str(Doubt.FEWER_DAYS),
        description="the verdict is rising, and the last four weeks have at most two thirds of the usual logged days a"
        " week",
        check=numbers.fewer_days_logged,
    ),
    Rule(
        id=str(Doubt.WRITTEN_LATE),
        description="the verdict is rising, and the shares of entries written a week or more after their day, now and"
        f" before, differ by {100 * LATE_DIFFERENCE:.0f} points or more",
        check=numbers.written_late,
    ),
    Rule(
        id=str(Doubt.UNPROVEN),
        description=f"the verdict is rising, and less than {_percent(MIN_PROVEN)} of the added value per logged day is"
        " proven",
        check=numbers.unproven_rise,
    ),
    Rule(
        id="only-value",
        description=f"at least {numbers.ONLY_VALUE_ENTRIES} value entries and no activity",
        check=numbers.only_value,
    ),
    Rule(
        id="repeated-words",
        description=f"at least {numbers.REPETITIONS} value entries of the period with the same words",
        check=numbers.repeated_words,
    ),
    Rule(
        id="minutes-disagree",
        description="the share of value in the entries and in the minutes differ by more than"
        f" {100 * numbers.MINUTES_DIFFERENCE:.0f} points",
        check=numbers.minutes_disagree,
    ),
    Rule(
        id="thin-coverage",
        description=f"coverage below {_percent(numbers.MIN_COVERAGE)}, with at least one entry, from the second week of"
        " a journal on",
        check=numbers.thin_coverage,
    ),
    Rule(
        id="unreviewed-week",
        description="Monday to Wednesday: last week has entries and no review",
        check=follow_up.unreviewed_week,
    ),
    Rule(
        id="stalled-project",
        description=f"an open project with no value entry in the last {RECENT_DAYS} days, and at least"
        f" {follow_up.STALLED_ACTIVITIES} activities since its last one (or since its start, if it has none)",
        check=follow_up.stalled_project,
    ),
    Rule(
        id="recurring-pain",
        description=f"an open pain point seen on at least {follow_up.RECURRING_DAYS} days, without a step, or felt"
        " again since its last step was kept",
        check=follow_up.recurring_pain,
    ),
    Rule(
        id="step-due",
        description="a pain point's step or a promise is due by the end of the week",
        check=follow_up.step_due,
    ),
    Rule(
        id="no-evidence",
        description=f"at least {numbers.MIN_VALUE_ENTRIES} value entries in the period, half of them or fewer with"
        " evidence; left out beside `unproven-rise`",
        check=numbers.no_evidence,
    ),
    Rule(
        id="missing-kind",
        description=f"a value kind that is missing from the last {numbers.ABSENT_WEEKS} weeks with entries",
        check=numbers.missing_kind,
    ),
    Rule(
        id="little-help",
        description=f"at least {numbers.HELP_ENTRIES} entries over {spell_out(numbers.HELP_WEEKS)} weeks, and helping"
        f" below {_percent(numbers.HELP_SHARE)}",
        check=numbers.little_help,
    ),
    Rule(
        id="busy-day",
        description=f"at least {numbers.BUSY_DAY_ACTIVITIES} activities and no value, on at least"
        f" {numbers.MIN_BUSY_DAYS} days of the period",
        check=numbers.busy_day,
    ),
    Rule(
        id="undefined-project",
        description="an open project without a problem or a measure, started more than"
        f" {follow_up.UNDEFINED_DAYS} days ago",
        check=follow_up.undefined_project,
    ),
    Rule(
        id="unmeasured-project",
        description=f"a project closed at least {follow_up.UNMEASURED_DAYS} days ago without a result",
        check=follow_up.unmeasured_project,
    ),
    Rule(
        id="came-of-it",
        description="a promise kept, a pain point fixed, or a finding acted on since the last review (a stalled project"
        " that moved, a step for a recurring pain point, evidence for the week reviewed last): says once what came of"
        " it",
        check=follow_up.came_of_it,
    ),
    Rule(
        id="growing",
        description="the verdict is rising, and no finding warns about the numbers: says what grew, by kind",
        check=numbers.growing,
    ),
)
