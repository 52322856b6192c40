"""Findings: each rule on both sides of its threshold, their texts, order and number."""

from datetime import date, timedelta
from typing import Any

import pytest

from support.makers import FRIDAY, make_pain, make_project, make_promise, make_tally
from valuelog.analysis.findings import PROJECT_RULES, RULES, evaluate_rules
from valuelog.analysis.habit import Coverage
from valuelog.analysis.projects import ProjectActivity
from valuelog.analysis.rule_input import MAX_QUOTE_LENGTH, RuleInput
from valuelog.analysis.trend import Baseline, Comparison, Verdict
from valuelog.model.entry import Kind
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import week_of
from valuelog.model.project import ProjectState
from valuelog.model.tally import Tally, WorkSinceValue


def make_comparison(verdict: Verdict) -> Comparison:
    return Comparison(verdict, Baseline(periods=10, share=0.2, n=100))


ALL = {"outcome": 1, "helped": 1, "improvement": 1, "insight": 1}
QUIET = RuleInput(
    period=week_of(FRIDAY),
    today=FRIDAY,
    tally=make_tally(work=3, value=1),
    days=(),
    weeks=(),
    coverage=Coverage(workdays=5, logged=5),
    comparison=make_comparison(Verdict.STEADY),
    usual=dict.fromkeys(Kind, 1.0),
)
BUSY = make_tally(work=5)
NO_HELP = (make_tally(work=1, outcome=1, improvement=1, insight=1),)


def make_input(**changes: Any) -> RuleInput:  # noqa: ANN401  fields of a RuleInput
    """Make the input of a quiet week with some fields changed."""
    return QUIET._replace(**changes)


def _tally_with_evidence(value: int, with_evidence: int) -> Tally:
    return Tally(counts={Kind.ACTIVITY: 1, Kind.OUTCOME: value}, with_evidence=with_evidence)


def back(days: int) -> date:
    return FRIDAY - timedelta(days=days)


def make_activity(work: int = 0, days_since_value: int | None = None, **fields: Any) -> ProjectActivity:  # noqa: ANN401  fields of a Project
    """Make a project with problem and measure, started today unless `fields` say otherwise.

    `work` is the number of activities since its last value entry, `days_since_value` how long ago that was.
    """
    defaults = {"problem": "three days", "measure": "days", "name": "Refund flow"}
    last_value_on = None if days_since_value is None else back(days_since_value)
    work_since_value = WorkSinceValue(work=work, last_value_on=last_value_on, first_work_on=FRIDAY)
    return ProjectActivity(project=make_project(**{**defaults, **fields}), work_since_value=work_since_value)


def make_closed_activity(days: int, **fields: Any) -> ProjectActivity:  # noqa: ANN401  fields of a Project
    return make_activity(**{"state": ProjectState.CLOSED, "closed_on": back(days), **fields})


def make_seen_pain(*days: int, **fields: Any) -> PainPoint:  # noqa: ANN401  fields of a PainPoint
    return make_pain(*map(back, days), **fields)


def test_quiet_week_has_no_findings() -> None:
    assert evaluate_rules(QUIET) == ()


@pytest.mark.parametrize(
    ("rule", "due", "not_due"),
    [
        ("no-evidence", {"tally": _tally_with_evidence(4, 1)}, {"tally": _tally_with_evidence(3, 0)}),
        ("no-evidence", {"tally": _tally_with_evidence(4, 2)}, {"tally": _tally_with_evidence(5, 3)}),
        ("missing-kind", {"weeks": NO_HELP * 3}, {"weeks": NO_HELP * 2}),
        ("missing-kind", {"weeks": (make_tally(**ALL), *NO_HELP * 3)}, {"weeks": (make_tally(**ALL), *NO_HELP * 2)}),
        ("missing-kind", {"weeks": (*NO_HELP * 2, Tally(), *NO_HELP)}, {"weeks": (*NO_HELP * 2, Tally())}),
        (
            "little-help",
            {"weeks": (make_tally(work=19, value=1),)},
            {"weeks": (make_tally(work=18, value=1),)},
        ),
        (
            "little-help",
            {"weeks": (make_tally(work=5, helped=1), *[make_tally(work=5)] * 3)},
            {"weeks": (make_tally(work=3, helped=2), *[make_tally(work=5)] * 3)},
        ),
        (
            "little-help",
            {"weeks": (make_tally(helped=9), *[make_tally(work=5)] * 4)},
            {"weeks": (make_tally(work=99), make_tally(work=3, helped=2), *[make_tally(work=5)] * 3)},
        ),
        ("thin-coverage", {"coverage": Coverage(workdays=5, logged=2)}, {"coverage": Coverage(workdays=5, logged=3)}),
        (
            "thin-coverage",
            {"coverage": Coverage(workdays=100, logged=59)},
            {"coverage": Coverage(workdays=100, logged=60)},
        ),
        ("only-value", {"tally": make_tally(helped=5)}, {"tally": make_tally(helped=4)}),
        ("only-value", {"tally": make_tally(helped=5)}, {"tally": make_tally(helped=8, work=1)}),
        ("busy-day", {"days": [BUSY] * 2}, {"days": [BUSY]}),
        ("busy-day", {"days": [BUSY] * 2}, {"days": [BUSY, make_tally(work=4)]}),
        ("busy-day", {"days": [BUSY] * 2}, {"days": [BUSY, make_tally(work=6, helped=1)]}),
        ("stalled-project", {"projects": [make_activity(work=5)]}, {"projects": [make_activity(work=4)]}),
        (
            "stalled-project",
            {"projects": [make_activity(work=5, days_since_value=21)]},
            {"projects": [make_activity(work=4, days_since_value=21)]},
        ),
        (
            "stalled-project",
            {"projects": [make_activity(work=5, days_since_value=21)]},
            {"projects": [make_activity(work=99, days_since_value=20)]},
        ),
        (
            "stalled-project",
            {"projects": [make_activity(work=5)]},
            {"projects": [make_activity(work=5, state=ProjectState.CLOSED)]},
        ),
        (
            "stalled-project",
            {"projects": [make_activity(work=5)]},
            {"projects": [make_activity(work=5, state=ProjectState.DROPPED)]},
        ),
        ("recurring-pain", {"pains": [make_seen_pain(0, 1, 2)]}, {"pains": [make_seen_pain(0, 1)]}),
        ("recurring-pain", {"pains": [make_seen_pain(0, 1, 2)]}, {"pains": [make_seen_pain(0, 1, 1)]}),
        ("recurring-pain", {"pains": [make_seen_pain(0, 1, 2)]}, {"pains": [make_seen_pain(0, 1, 2, step="ask")]}),
        (
            "recurring-pain",
            {"pains": [make_seen_pain(0, 1, 2)]},
            {"pains": [make_seen_pain(0, 1, 2, state=PainState.PLANNED)]},
        ),
        (
            "recurring-pain",
            {"pains": [make_seen_pain(0, 1, 2)]},
            {"pains": [make_seen_pain(0, 1, 2, state=PainState.FIXED)]},
        ),
        (
            "recurring-pain",
            {"pains": [make_seen_pain(0, 1, 2, tried_on=back(1))]},
            {"pains": [make_seen_pain(0, 1, 2, tried_on=back(0))]},
        ),
        ("step-due", {"promises": [make_promise()]}, {"promises": []}),
        (
            "undefined-project",
            {"projects": [make_activity(problem=None, started_on=back(8))]},
            {"projects": [make_activity(problem=None, started_on=back(7))]},
        ),
        (
            "undefined-project",
            {"projects": [make_activity(measure=None, started_on=back(8))]},
            {"projects": [make_activity(started_on=back(8))]},
        ),
        (
            "undefined-project",
            {"projects": [make_activity(measure=None, started_on=back(8))]},
            {"projects": [make_activity(measure=None, started_on=back(8), state=ProjectState.DROPPED)]},
        ),
        ("unmeasured-project", {"projects": [make_closed_activity(30)]}, {"projects": [make_closed_activity(29)]}),
        (
            "unmeasured-project",
            {"projects": [make_closed_activity(30)]},
            {"projects": [make_closed_activity(30, result="a day")]},
        ),
        (
            "unmeasured-project",
            {"projects": [make_closed_activity(30)]},
            {"projects": [make_closed_activity(30, state=ProjectState.DROPPED)]},
        ),
        ("growing", {"comparison": make_comparison(Verdict.RISING)}, {"comparison": make_comparison(Verdict.STEADY)}),
        ("growing", {"comparison": make_comparison(Verdict.RISING)}, {"comparison": make_comparison(Verdict.FALLING)}),
        ("growing", {"comparison": make_comparison(Verdict.RISING)}, {"comparison": make_comparison(Verdict.TOO_FEW)}),
    ],
)
def test_rule_applies_from_its_threshold(rule: str, due: dict[str, Any], not_due: dict[str, Any]) -> None:
    assert rule in {finding.id for finding in evaluate_rules(make_input(**due), len(RULES))}
    assert rule not in {finding.id for finding in evaluate_rules(make_input(**not_due), len(RULES))}


def test_coverage_rule_needs_entries_and_workdays() -> None:
    assert evaluate_rules(make_input(tally=Tally(), coverage=Coverage(workdays=5, logged=0))) == ()
    assert evaluate_rules(make_input(coverage=Coverage(workdays=0, logged=0))) == ()


EVERYTHING = make_input(
    tally=make_tally(improvement=8),
    days=[BUSY] * 3,
    weeks=[make_tally(work=10)] * 4,
    coverage=Coverage(workdays=5, logged=1),
    comparison=make_comparison(Verdict.RISING),
    pains=[make_seen_pain(0, 1, 2)],
    promises=[make_promise(due=FRIDAY)],
    projects=[make_activity(work=5, problem=None, started_on=back(8)), make_closed_activity(30)],
)


def test_findings_are_in_order_and_at_most_five() -> None:
    first = ["only-value", "thin-coverage", "stalled-project", "recurring-pain", "step-due"]
    then = ["no-evidence", "missing-kind", "little-help", "busy-day", "undefined-project", "unmeasured-project"]
    assert [finding.id for finding in evaluate_rules(EVERYTHING, len(RULES))] == [*first, *then]
    assert [finding.id for finding in evaluate_rules(EVERYTHING)] == first
    assert [finding.id for finding in evaluate_rules(EVERYTHING, 1)] == first[:1]


def test_rule_ids_restrict_the_rules() -> None:
    rule_ids = [finding.id for finding in evaluate_rules(EVERYTHING, rule_ids=PROJECT_RULES)]
    assert rule_ids == ["stalled-project", "undefined-project", "unmeasured-project"]


def test_rules_have_unique_ids_and_descriptions() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.description for rule in RULES)


def test_findings_are_one_line_with_a_command() -> None:
    for finding in evaluate_rules(EVERYTHING, len(RULES)):
        assert finding.command.startswith("valuelog ")
        assert finding.text
        assert "\n" not in finding.text + finding.command


@pytest.mark.parametrize(
    ("changes", "text", "command"),
    [
        (
            {"tally": _tally_with_evidence(7, 3)},
            "4 of 7 value entries lack evidence. How do you know they worked?",
            "valuelog evidence",
        ),
        (
            {"tally": _tally_with_evidence(4, 0)},
            "None of the 4 value entries has evidence. How do you know they worked?",
            "valuelog evidence",
        ),
        (
            {"days": [BUSY] * 4},
            "4 days with five or more activities and no value. Did any of it help?",
            "valuelog list --side work 2026-W47",
        ),
        (
            {"weeks": [make_tally(helped=1, work=1)] * 3},
            "No outcome for three weeks. What did you deliver?",
            "valuelog add outcome",
        ),
        (
            {"weeks": [make_tally(work=6, improvement=1, outcome=1, insight=1)] * 3},
            "You haven't logged helping anyone for three weeks.",
            "valuelog add helped",
        ),
    ],
)
def test_finding_about_numbers_has_text_and_command(changes: dict[str, Any], text: str, command: str) -> None:
    assert (text, command) in {(finding.text, finding.command) for finding in evaluate_rules(make_input(**changes))}


LONG = "the deploy waits on one approver who sits in another time zone and is on holiday"
assert len(LONG) > MAX_QUOTE_LENGTH
FOLLOW_UP_FINDINGS = [
    (
        {"projects": [make_activity(work=5)]},
        "Refund flow: 5 activities, no value since Fri 20 Nov. What is it for?",
        "valuelog project show refund-flow",
    ),
    (
        {
            "projects": [
                make_activity(work=6),
                make_activity(9, 81, name="Alerts", aim="a day"),
                make_activity(work=4),
                make_activity(work=5),
            ]
        },
        "Alerts: 9 activities, no value since Mon 31 Aug (and 2 others). Does it still lead to “a day”?",
        "valuelog project show alerts",
    ),
    (
        {"pains": [make_seen_pain(0, 1, 2, id="k3a0000000")], "prefix_lengths": {"k3a0000000": 3}},
        "“the deploy waits on one approver”: seen 3 times, nothing planned yet.",
        'valuelog pain plan k3a "…" --by fri',
    ),
    (
        {
            "pains": [
                make_seen_pain(0, 1),
                make_seen_pain(0, 1, 2, 3, id="k300000000", text=f"{LONG}\nand more"),
                make_seen_pain(0, 1, 2),
            ]
        },
        f"“{LONG[: MAX_QUOTE_LENGTH - 1].rstrip()}…”: seen 4 times, nothing planned yet (and 1 other).",
        'valuelog pain plan k300000000 "…" --by fri',
    ),
    (
        {"promises": [make_promise(id="m700000000", due=FRIDAY)], "prefix_lengths": {"m700000000": 2}},
        "Stopping “the Monday report” is due today. Did you keep it?",
        "valuelog promise keep m7",
    ),
    (
        {"promises": [make_promise(id="m700000000", due=back(-2)), make_promise()]},
        "Stopping “the Monday report” is due Sun 22 Nov (and 1 other).",
        "valuelog promise keep m700000000",
    ),
    (
        {"promises": [make_promise(id="m700000000", due=back(365))]},
        "Stopping “the Monday report” was due Thu 20 Nov 2025. Did you keep it?",
        "valuelog promise keep m700000000",
    ),
    (
        {"projects": [make_activity(problem=None, measure=None, started_on=back(8))]},
        "Refund flow has no problem and no measure yet. How will you know it worked?",
        'valuelog project edit refund-flow --problem "…" --measure "…"',
    ),
    (
        {
            "projects": [
                make_activity(measure=None, started_on=back(8)),
                make_activity(problem=None, started_on=back(9)),
            ]
        },
        "Refund flow has no measure yet (and 1 other). How will you know it worked?",
        'valuelog project edit refund-flow --measure "…"',
    ),
    (
        {"projects": [make_activity(problem=None, started_on=back(8))]},
        "Refund flow has no problem yet. What is it for?",
        'valuelog project edit refund-flow --problem "…"',
    ),
    (
        {"projects": [make_closed_activity(31)]},
        "Refund flow was closed 31 days ago without a result. What came of it?",
        'valuelog project edit refund-flow --result "…"',
    ),
    (
        {"projects": [make_closed_activity(30), make_closed_activity(99), make_closed_activity(29)]},
        "Refund flow was closed 30 days ago without a result (and 1 other). What came of it?",
        'valuelog project edit refund-flow --result "…"',
    ),
]


@pytest.mark.parametrize(("changes", "text", "command"), FOLLOW_UP_FINDINGS)
def test_finding_about_follow_ups_has_text_and_command(changes: dict[str, Any], text: str, command: str) -> None:
    assert [(finding.text, finding.command) for finding in evaluate_rules(make_input(**changes))] == [(text, command)]


def test_finding_quotes_only_the_first_line() -> None:
    inputs = make_input(
        pains=[make_seen_pain(0, 1, 2, text="waits\nand waits")],
        promises=[make_promise("report\nof Monday")],
        projects=[make_activity(work=5, aim="a day\nor two")],
    )
    assert all("\n" not in finding.text for finding in evaluate_rules(inputs))
    assert len(evaluate_rules(inputs)) == 3
