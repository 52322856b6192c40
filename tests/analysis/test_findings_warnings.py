"""Findings about the numbers and the verdict: thresholds on both sides, texts, and when there is no praise."""

from datetime import date, timedelta
from math import log
from typing import Any

import pytest

from support.makers import FRIDAY, make_pain, make_promise, make_tally
from valuelog.analysis.findings import RULES, WARNINGS, Finding, evaluate_rules, list_matches
from valuelog.analysis.habit import Coverage
from valuelog.analysis.rule_input import KeptPromise, RepeatedWords, RuleInput
from valuelog.analysis.trend import Baseline, Comparison, Parts, Verdict
from valuelog.model.entry import Kind
from valuelog.model.pain import PainState
from valuelog.model.period import week_of
from valuelog.model.promise import PromiseKind, PromiseState
from valuelog.model.tally import Tally

W44 = week_of(date(2026, 10, 26))
BASELINE = Baseline(periods=10, share=0.2, n=100)
QUIET = RuleInput(
    period=week_of(FRIDAY),
    today=FRIDAY,
    tally=make_tally(work=3, value=1),
    days=(),
    weeks=(),
    coverage=Coverage(workdays=5, logged=5),
    comparison=Comparison(Verdict.STEADY, BASELINE),
    usual=dict.fromkeys(Kind, 1.0),
    first_day=FRIDAY - timedelta(days=60),
)
USUAL_WEEKS = (make_tally(work=20, value=5),) * 6


def judged(verdict: Verdict, *, value: float = 0.1, work: float = -0.1) -> Comparison:
    """Make a comparison with a spell since W44."""
    return Comparison(verdict, BASELINE, 0.03, (0.01, 0.2), Parts(value=value, work=work), W44)


def find(rule: str, **changes: Any) -> Finding | None:  # noqa: ANN401  fields of a RuleInput
    findings = evaluate_rules(QUIET._replace(**changes), len(RULES))
    return next((finding for finding in findings if finding.id == rule), None)


def kept(text: str, back: int, kind: PromiseKind = PromiseKind.STOP) -> KeptPromise:
    closed_on = FRIDAY - timedelta(days=back)
    return KeptPromise(make_promise(text, kind=kind, state=PromiseState.KEPT, closed_on=closed_on))


# Less work logged


def test_less_work_verdict_names_the_stop_promises_kept_since() -> None:
    finding = find(
        "less-work-logged",
        comparison=judged(Verdict.LESS_WORK, work=log(0.59)),
        kept=[kept("the Monday report", 25), kept("the old list", 26), kept("standups", 2, PromiseKind.START)],
    )
    assert finding
    assert finding.text == (
        "You logged 41 % less work than usual per logged day since W44, so the share of value can't be compared."
        " You stopped: “the Monday report”."
    )


@pytest.mark.parametrize(("work", "is_found"), [(14, True), (15, False), (0, True)])
def test_period_with_two_thirds_of_the_usual_work_is_less_work(work: int, *, is_found: bool) -> None:
    earlier = (Tally(counts={Kind.ACTIVITY: 21, Kind.OUTCOME: 5}, days=5),) * 6
    tally = Tally(counts={Kind.ACTIVITY: work, Kind.OUTCOME: 6}, days=5)
    assert bool(find("less-work-logged", tally=tally, earlier=earlier)) == is_found


def test_period_with_less_work_needs_a_higher_share_and_a_reliable_baseline() -> None:
    assert find("less-work-logged", tally=make_tally(work=8, value=3), earlier=USUAL_WEEKS)
    assert not find("less-work-logged", tally=make_tally(work=8, value=2), earlier=USUAL_WEEKS)
    assert not find("less-work-logged", tally=make_tally(work=8, value=3), earlier=USUAL_WEEKS[:3])
    assert not find("less-work-logged", tally=make_tally(work=2, value=2), earlier=USUAL_WEEKS)


def test_half_the_work_logged_is_no_praise() -> None:
    findings = evaluate_rules(
        QUIET._replace(tally=make_tally(work=10, value=5), earlier=USUAL_WEEKS, comparison=judged(Verdict.RISING)),
        len(RULES),
    )
    assert findings[0].id == "less-work-logged"
    assert "growing" not in {finding.id for finding in findings}


# Falling and rising


@pytest.mark.parametrize(
    ("value", "work", "about", "why"),
    [
        (-0.1, log(1.4), "work", "mostly because of more work: 40 % more than usual per logged day"),
        (log(0.7), 0.1, "value", "mostly because of less value: 30 % less than usual per logged day"),
    ],
)
def test_falling_says_which_part_since_when(value: float, work: float, about: str, why: str) -> None:
    finding = find("falling", comparison=judged(Verdict.FALLING, value=value, work=work))
    assert finding
    assert (finding.about, finding.text) == (about, f"The share of value is falling since W44, {why}.")
    assert not find("falling", comparison=judged(Verdict.RISING))


def test_growing_says_by_kind_what_grew_in_the_last_four_weeks() -> None:
    weeks = [make_tally(helped=99), *[make_tally(work=9, helped=4, outcome=2)] * 3, Tally(), make_tally(outcome=2)]
    finding = find("growing", comparison=judged(Verdict.RISING), weeks=weeks)
    assert finding
    assert (finding.about, finding.text) == ("helped", "Value is up since W44, mostly helping: 3 a week, usually 1.0.")
    assert not find("growing", comparison=judged(Verdict.LESS_WORK), weeks=weeks)
    assert not find("growing", comparison=judged(Verdict.STEADY), weeks=weeks)


def test_growing_is_not_said_while_a_warning_holds_even_a_muted_one() -> None:
    thin = {"comparison": judged(Verdict.RISING), "coverage": Coverage(workdays=5, logged=2)}
    assert not find("growing", **thin)
    assert not find("growing", **thin, muted=frozenset({"thin-coverage"}))
    assert find("growing", comparison=judged(Verdict.RISING))


# The other warnings


def test_value_without_work_from_five_entries_on() -> None:
    assert find("only-value", tally=make_tally(helped=5))
    assert not find("only-value", tally=make_tally(helped=4))
    assert not find("only-value", tally=make_tally(helped=5, work=1))
    assert not find("only-value", tally=make_tally(helped=4, insight=4))


def test_repeated_words_from_three_entries_on() -> None:
    finding = find("repeated-words", repeated=[RepeatedWords("k300000000", "fixed the build", 3)])
    assert finding
    assert finding.text == "“fixed the build” is logged 3 times; each week counts it once."
    assert (finding.about, finding.occurrences) == ("k300000000", 3)
    assert not find("repeated-words", repeated=[RepeatedWords("k300000000", "fixed the build", 2)])


@pytest.mark.parametrize(("value_minutes", "is_found"), [(290, True), (300, False), (700, False), (710, True)])
def test_minutes_disagree_from_twenty_points_on(value_minutes: int, *, is_found: bool) -> None:
    minutes = {Kind.OUTCOME: value_minutes, Kind.ACTIVITY: 1000 - value_minutes}
    tally = Tally(counts={Kind.OUTCOME: 5, Kind.ACTIVITY: 5}, minutes=minutes, with_minutes=10, with_evidence=5)
    assert bool(find("minutes-disagree", tally=tally)) == is_found


def test_thin_coverage_from_the_second_week_of_a_journal_on() -> None:
    thin = Coverage(workdays=5, logged=2)
    assert find("thin-coverage", coverage=thin, first_day=FRIDAY - timedelta(days=7))
    assert not find("thin-coverage", coverage=thin, first_day=FRIDAY - timedelta(days=6))


def test_missing_kind_not_in_the_first_week_of_a_journal() -> None:
    weeks = [make_tally(work=5)] * 3
    assert find("missing-kind", weeks=weeks, first_day=FRIDAY - timedelta(days=7))
    assert not find("missing-kind", weeks=weeks, first_day=FRIDAY - timedelta(days=6))
    assert find("missing-kind", weeks=weeks, muted=frozenset({"missing-kind:outcome"})).about == "helped"  # type: ignore[union-attr]


# Reviews, and what came of things


def test_unreviewed_week_is_said_with_its_command() -> None:
    finding = find("unreviewed-week", unreviewed=week_of(FRIDAY).previous())
    assert finding
    assert finding.command == "valuelog review --week last"
    assert not find("unreviewed-week", unreviewed=None)


def test_recurring_pain_after_a_kept_step_asks_what_next() -> None:
    days = [FRIDAY - timedelta(days=back) for back in (0, 1, 2, 9)]
    pain = make_pain(*days, tried="ask for a second approver", tried_on=days[2])
    finding = find("recurring-pain", pains=[pain])
    assert finding
    assert finding.text == (
        "“the deploy waits on one approver”: felt again twice since “ask for a second approver” (kept Wed 18 Nov):"
        " what next?"
    )
    assert (finding.about, finding.occurrences) == (pain.id, 4)


def test_came_of_it_is_about_promises_kept_since_the_last_review() -> None:
    since = {"reviewed_on": FRIDAY - timedelta(days=7)}
    finding = find("came-of-it", kept=[kept("the Monday report", 7)], **since)
    assert finding
    assert finding.text == "You stopped “the Monday report”."
    assert not find("came-of-it", kept=[kept("the Monday report", 8)], **since)
    assert not find("came-of-it", kept=[kept("the Monday report", 7)])
    usual = {"earlier": USUAL_WEEKS, "usual": dict.fromkeys(Kind, 20.0), "tally": make_tally(work=18, value=1)}
    finding = find("came-of-it", kept=[kept("the Monday report", 7)], **since, **usual)
    assert finding
    assert finding.text == "You stopped “the Monday report”: 18 activities this week, usually 20."


def test_came_of_it_says_whether_a_step_helped() -> None:
    step = make_promise("ask for two", kind=PromiseKind.STEP, state=PromiseState.KEPT, closed_on=FRIDAY)
    since = {"reviewed_on": FRIDAY - timedelta(days=7)}
    quiet = make_pain(FRIDAY - timedelta(days=3), tried="ask for two", tried_on=FRIDAY - timedelta(days=2))
    felt = make_pain(FRIDAY, tried="ask for two", tried_on=FRIDAY - timedelta(days=2))
    finding = find("came-of-it", kept=[KeptPromise(step, quiet)], **since)
    assert finding
    assert finding.text == "You kept “ask for two”: “the deploy waits on one approver” hasn't been felt since."
    assert not find("came-of-it", kept=[KeptPromise(step, felt)], **since)


def test_came_of_it_names_a_fixed_pain_point_and_how() -> None:
    pain = make_pain(FRIDAY, state=PainState.FIXED, closed_on=FRIDAY, how="two approvers now")
    finding = find("came-of-it", fixed=[pain])
    assert finding
    assert finding.text == "“the deploy waits on one approver”, felt once, is fixed: “two approvers now”."


# Snoozed and turned off


def test_muted_findings_make_room_for_others_of_their_rule() -> None:
    days = [FRIDAY - timedelta(days=back) for back in range(3)]
    first, second = make_pain(*days, text="first"), make_pain(*days, text="second")
    both = find("recurring-pain", pains=[first, second])
    assert both
    assert "(and 1 other)" in both.text
    other = find("recurring-pain", pains=[first, second], muted=frozenset({f"recurring-pain:{first.id}"}))
    assert other
    assert other.about == second.id
    assert "other" not in other.text
    assert not find("recurring-pain", pains=[first, second], muted=frozenset({"recurring-pain"}))


def test_list_has_every_match_of_a_rule() -> None:
    days = [FRIDAY - timedelta(days=back) for back in range(3)]
    pains = [make_pain(*days), make_pain(*days)]
    listed = list(list_matches(QUIET._replace(pains=pains, muted=frozenset({"recurring-pain"}))))
    assert [finding.about for finding in listed] == [pain.id for pain in pains]


def test_warnings_are_rules() -> None:
    assert {rule.id for rule in RULES} > WARNINGS
