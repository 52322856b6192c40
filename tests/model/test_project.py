"""Project: answers, closing, slugs and mentions in texts."""

from datetime import date

import pytest

from support.makers import FRIDAY, make_project
from valuelog.model.errors import ProjectClosed
from valuelog.model.project import ProjectState, parse_number, project_in, single_letter_in

MONDAY = date(2026, 11, 16)
ENDED = [ProjectState.CLOSED, ProjectState.DROPPED]


@pytest.mark.parametrize(
    ("fields", "is_defined"),
    [
        ({}, False),
        ({"problem": "three days"}, False),
        ({"measure": "days"}, False),
        ({"problem": "three days", "aim": "one day"}, False),
        ({"problem": "three days", "measure": ""}, False),
        ({"problem": "three days", "measure": "days"}, True),
    ],
)
def test_project_is_defined_by_problem_and_measure(fields: dict[str, str], *, is_defined: bool) -> None:
    assert make_project(**fields).is_defined is is_defined


def test_mark_closed_returns_project_with_result() -> None:
    project = make_project(problem="three days", started_on=MONDAY)
    done = project.mark_closed(FRIDAY, result="one day", evidence="214 cases", lesson="ask early")
    assert (done.state, done.closed_on) == (ProjectState.CLOSED, FRIDAY)
    assert (done.result, done.evidence, done.lesson) == ("one day", "214 cases", "ask early")
    assert (done.id, done.problem, done.started_on) == (project.id, "three days", MONDAY)
    assert (project.state, project.result) == (ProjectState.OPEN, None)


def test_mark_dropped_keeps_reason_and_lesson_apart() -> None:
    done = make_project(result="half a day").mark_dropped(FRIDAY, "nobody asked for it", lesson="ask first")
    assert (done.state, done.closed_on, done.lesson) == (ProjectState.DROPPED, FRIDAY, "ask first")
    assert done.result == "half a day\nnobody asked for it"


@pytest.mark.parametrize("state", ENDED)
def test_closed_project_cannot_be_closed_again(state: ProjectState) -> None:
    project = make_project(state=state)
    with pytest.raises(ProjectClosed, match=f"“Refund flow” is already {state}"):
        project.mark_closed(FRIDAY, result=None, evidence=None, lesson=None)
    with pytest.raises(ProjectClosed, match=f"“Refund flow” is already {state}"):
        project.mark_dropped(FRIDAY, "why")


def test_project_text_is_its_name() -> None:
    assert make_project("Refund flow").text == "Refund flow"


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("+refunds in a day", "refunds"),
        ("refunds in a day +refund-flow", "refund-flow"),
        ("one (of two) +refund_flow, done", "refund_flow"),
        ("two of them: +alerts +refunds", "alerts"),
        ("line one\n+alerts", "alerts"),
        ("+Ümlaut rules", "Ümlaut"),
        ("+新地区 starts", "新地区"),
        ("+q4-plan.", "q4-plan"),
        ("+alerts!", "alerts"),
    ],
)
def test_project_in_returns_the_first_mention(text: str, project: str) -> None:
    assert project_in(text) == project


@pytest.mark.parametrize(
    "text",
    [
        "",
        "refunds",
        "a+b",
        "C++ rules",
        "+1",
        "+2 days",
        "+ refunds",
        "++refunds",
        "+x",
        "https://x.org/+refunds",
        "+-a",
    ],
)
def test_plus_without_a_name_is_not_a_mention(text: str) -> None:
    assert project_in(text) is None


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("+x", "x"),
        ("a plan for +x, soon", "x"),
        ("+Q: done", "Q"),
        ("+xy", None),
        ("a+x", None),
        ("+x-1", None),
        ("+1", None),
    ],
)
def test_single_letter_in_returns_the_letter(text: str, letter: str | None) -> None:
    assert single_letter_in(text) == letter


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3 days", 3.0),
        ("about 2.5 days", 2.5),
        ("2,5", 2.5),
        ("1,200 €", 1200.0),
        ("1,200,000.5", 1200000.5),
        ("−4 points", -4.0),
        ("p95 is 30 ms", 30.0),
        ("24 %", 24.0),
        ("0", 0.0),
        ("calm", None),
        ("1.2.3", None),
        ("9" * 18, float("9" * 18)),
        ("9" * 19, None),
    ],
)
def test_parse_number_finds_the_first_number(text: str, number: float | None) -> None:
    assert parse_number(text) == number
