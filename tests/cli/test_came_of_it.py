"""What came of a finding that was acted on: the next review says it, once."""

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Run


def came_of_it(run: "Run", today: str = "2026-11-20") -> Any:  # noqa: ANN401  a JSON document, or None
    findings = json.loads(run("review", "--json", VALUELOG_TODAY=today).out)["findings"]
    return next((finding for finding in findings if finding["id"] == "came-of-it"), None)


@pytest.fixture
def stalled(run: "Run") -> "Run":
    """Start a project that has stalled by the review of 13 November."""
    run("project", "start", "Atlas", "--problem", "p", "--measure", "m", VALUELOG_TODAY="2026-10-05")
    for day in range(9, 14):
        run("add", "activity", "plan atlas", "--project", "atlas", "-m", "90", "--date", f"2026-11-{day:02}")
    return run


def test_stalled_project_that_moved_is_named_with_what_moved(stalled: "Run") -> None:
    assert came_of_it(stalled) is None
    stalled("add", "outcome", "the first region pays online", "--project", "atlas", "--date", "2026-11-18")
    finding = came_of_it(stalled)
    assert finding["text"] == "Atlas moved after 5 activities in 7h30m: “the first region pays online”."
    assert finding["command"] == "valuelog project show atlas"
    stalled("undo")
    assert came_of_it(stalled) is None


def test_project_that_was_not_stalled_is_not_named(run: "Run") -> None:
    run("project", "start", "Atlas", "--problem", "p", "--measure", "m", VALUELOG_TODAY="2026-10-05")
    run("add", "activity", "plan atlas", "--project", "atlas", "--date", "2026-11-12")
    run("add", "outcome", "the first region pays online", "--project", "atlas", "--date", "2026-11-18")
    assert came_of_it(run) is None


def test_evidence_added_to_the_week_reviewed_last_is_counted(run: "Run") -> None:
    for place in range(4):
        run("add", "outcome", f"shipped part {place}", "--date", "2026-11-12")
    assert came_of_it(run) is None
    ids = [entry["id"] for entry in json.loads(run("list", "--side", "value", "--json").out)]
    for name in ids[:2]:
        run("evidence", name, "median of 214 cases")
    finding = came_of_it(run)
    assert finding["text"] == "You added evidence to 2 results of 2026-W46: 2 of 4 are proven now."
    assert len(run("list", "--proven", "2026-W46", "--plain").out.splitlines()) == 2
    run("undo")
    run("undo")
    assert came_of_it(run) is None


def test_evidence_given_at_once_is_nothing_that_came_of_a_finding(run: "Run") -> None:
    for place in range(4):
        run("add", "outcome", f"shipped part {place}", "--date", "2026-11-12", "--evidence", "median of 214 cases")
    assert came_of_it(run) is None


def test_step_for_a_recurring_pain_point_is_named_unless_it_was_felt_again(run: "Run") -> None:
    run("pain", "add", "the deploy waits", "--date", "2026-11-09")
    (pain,) = json.loads(run("pain", "list", "--json").out)
    for day in ("2026-11-10", "2026-11-11"):
        run("pain", "add", "the deploy waits", "--seen", pain["id"], "--date", day)
    run("pain", "plan", pain["id"], "ask for two approvers", "--by", "2026-12-04", VALUELOG_TODAY="2026-11-17")
    assert came_of_it(run, "2026-11-17") is None  # it is too early to tell
    assert came_of_it(run)["text"] == (
        "You planned “ask for two approvers”: “the deploy waits”, felt 3 times, hasn't been felt since."
    )
    run("pain", "add", "the deploy waits", "--seen", pain["id"], "--date", "2026-11-19")
    assert came_of_it(run) is None
