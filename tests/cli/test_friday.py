"""review: the worked example of the docs, every period, and every output format."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from conftest import Run

WEEK = {
    "mon": [("improvement", 2), ("activity", 5)],
    "tue": [("activity", 6)],
    "wed": [("helped", 1), ("outcome", 2), ("activity", 4)],
    "thu": [("outcome", 1), ("activity", 7)],
    "fri": [("improvement", 1), ("helped", 1), ("activity", 3)],
}
"""The number of entries by kind and day: two value and five work on Monday, and so on."""


@pytest.fixture
def example_week(run: "Run") -> "Run":
    """Log the worked example, one entry with evidence and one with `add`."""
    for day, kinds in WEEK.items():
        lines = [{"kind": kind, "text": f"{day} {kind} {number}"} for kind, count in kinds for number in range(count)]
        if day == "wed":
            lines[0] |= {"text": "@sam runs it", "evidence": "two releases without me"}
            lines.pop()
            run("add", "activity", "one", "more", "-d", day)
        run("today", "--date", day, "--answers", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    return run


def review(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run("review", *words, "--json").out)


@pytest.mark.parametrize(("weeks", "is_found"), [(11, True), (12, False)])
def test_findings_look_at_the_last_twelve_weeks(run: "Run", weeks: int, is_found: bool) -> None:  # noqa: FBT001
    for day in (*["today"] * 5, "1 week ago", f"{weeks} weeks ago"):
        run("add", "activity", "mails", "-d", day)
    findings = review(run, "--week")["findings"]
    assert ("missing-kind" in [finding["id"] for finding in findings]) == is_found


def test_review_of_the_worked_example(example_week: "Run") -> None:
    report = review(example_week, "--week")
    score = report["score"]
    assert (score["value"], score["work"]) == (8, 25)
    assert round(score["share"], 4) == 0.2424
    assert score["ratio"] == 0.32
    assert [round(edge, 4) for edge in score["interval"]] == [0.1283, 0.4102]
    assert score["enough"] is True
    assert score["minutes"] is None
    assert report["period"] == {"name": "2026-W47", "start": "2026-11-16", "end": "2026-11-22"}
    assert report["kinds"] == {
        "activity": 25, "improvement": 3, "outcome": 3, "helped": 2, "insight": 0, "learned": 0,
    }  # fmt: skip
    assert [(day["value"], day["work"]) for day in report["days"]] == [
        (2, 5), (0, 6), (3, 4), (1, 7), (2, 3), (0, 0), (0, 0),
    ]  # fmt: skip
    assert report["days"][0] == {"day": "2026-11-16", "value": 2, "work": 5, "proven": 0, "minutes": None}
    assert report["coverage"] == {"workdays": 5, "written": 5}
    assert report["evidence"] == {"with": 1, "of": 8}
    assert report["people"] == [{"name": "sam", "helped": 1}]
    assert report["streak"] == 5
    assert len(report["entries"]) == 33


def test_review_ends_with_the_score(example_week: "Run") -> None:
    screen = example_week("review", "--week").out.splitlines()
    assert screen[-1] == "8 value (1 proven) : 25 work · 24 % (13 to 41) · too early for a trend"
    assert example_week("review", "--markdown").out.endswith(
        "\n\n**8 value (1 proven) : 25 work** · 24 % (13 to 41) · too early for a trend\n"
    )


KEYS = {
    "": ["period", "score", "kinds", "days", "trend", "coverage", "evidence", "habit", "streak", "people", "findings",
         "pains", "projects", "learned", "noticed", "promises", "reflection", "entries"],
    "period": ["name", "start", "end"],
    "score": ["value", "proven", "work", "share", "ratio", "interval", "enough", "minutes"],
    "kinds": ["activity", "improvement", "outcome", "helped", "insight", "learned"],
    "trend": ["verdict", "baseline", "rho", "dispersion", "difference", "since", "parts", "doubts",
              "periods"],
    "trend.baseline": ["periods", "share", "n"],
    "trend.periods.0": ["name", "value", "proven", "work", "share"],
    "days.0": ["day", "value", "work", "proven", "minutes"],
    "coverage": ["workdays", "written"],
    "evidence": ["with", "of"],
    "people.0": ["name", "helped"],
    "findings.0": ["id", "about", "text", "command"],
}  # fmt: skip


@pytest.mark.parametrize(("place", "keys"), KEYS.items(), ids=list(KEYS))
def test_review_json_keys(example_week: "Run", place: str, keys: list[str]) -> None:
    report = review(example_week)
    for step in filter(None, place.split(".")):
        report = report[int(step) if step.isdecimal() else step]
    assert list(report) == keys


def test_review_plain_records(example_week: "Run") -> None:
    records = [line.split("\t") for line in example_week("review", "--plain").out.splitlines()]
    assert records[:4] == [
        ["period", "2026-W47", "2026-11-16", "2026-11-22"],
        ["score", "8", "25", "0.2424", "0.1283,0.4102"],
        ["verdict", "too-few", ""],
        ["coverage", "5", "5"],
    ]
    assert {record[0] for record in records[4:]} == {"evidence", "habit", "day", "kind", "person", "finding"}
    assert [record[1:] for record in records if record[0] == "kind"][1] == ["improvement", "3"]


# Periods

PERIODS = [
    ("", "2026-W47", "2026-11-16", "2026-11-22"),
    ("--week", "2026-W47", "2026-11-16", "2026-11-22"),
    ("--week --plain", "2026-W47", "2026-11-16", "2026-11-22"),
    ("--week=", "2026-W47", "2026-11-16", "2026-11-22"),
    ("--week this", "2026-W47", "2026-11-16", "2026-11-22"),
    ("--week last", "2026-W46", "2026-11-09", "2026-11-15"),
    ("--week=last", "2026-W46", "2026-11-09", "2026-11-15"),
    ("--week 2026-W45", "2026-W45", "2026-11-02", "2026-11-08"),
    ("--week w45", "2026-W45", "2026-11-02", "2026-11-08"),
    ("--week 2026-10-01", "2026-W40", "2026-09-28", "2026-10-04"),
    ("--week 2026-11-20", "2026-W47", "2026-11-16", "2026-11-22"),
    ("--month", "2026-11", "2026-11-01", "2026-11-30"),
    ("--month w46", "2026-11", "2026-11-01", "2026-11-30"),
    ("--month last", "2026-10", "2026-10-01", "2026-10-31"),
    ("--month=2026-02", "2026-02", "2026-02-01", "2026-02-28"),
    ("--month oct", "2026-10", "2026-10-01", "2026-10-31"),
    ("--quarter", "2026-Q4", "2026-10-01", "2026-12-31"),
    ("--quarter 2026-Q3", "2026-Q3", "2026-07-01", "2026-09-30"),
    ("--quarter=last", "2026-Q3", "2026-07-01", "2026-09-30"),
    ("--year", "2026", "2026-01-01", "2026-12-31"),
    ("--year 2025", "2025", "2025-01-01", "2025-12-31"),
    ("--year=last", "2025", "2025-01-01", "2025-12-31"),
    ("last month", "2026-10", "2026-10-01", "2026-10-31"),
    ("2026-W47", "2026-W47", "2026-11-16", "2026-11-22"),
    ("2026-11", "2026-11", "2026-11-01", "2026-11-30"),
    ("2026-Q4", "2026-Q4", "2026-10-01", "2026-12-31"),
    ("2026", "2026", "2026-01-01", "2026-12-31"),
    ("today", "2026-11-20", "2026-11-20", "2026-11-20"),
    ("yesterday", "2026-11-19", "2026-11-19", "2026-11-19"),
    ("-3", "2026-11-17", "2026-11-17", "2026-11-17"),
    ("20 nov 2025", "2025-11-20", "2025-11-20", "2025-11-20"),
    ("2026-11-02..2026-11-20", "2026-11-02..2026-11-20", "2026-11-02", "2026-11-20"),
    ("last month .. today", "2026-10-01..2026-11-20", "2026-10-01", "2026-11-20"),
    ("last 10 days", "2026-11-11..2026-11-20", "2026-11-11", "2026-11-20"),
    # week 53, and the turn of a year
    ("2020-W53", "2020-W53", "2020-12-28", "2021-01-03"),
    ("--week 2021-01-03", "2020-W53", "2020-12-28", "2021-01-03"),
    ("--week 2024-12-30", "2025-W01", "2024-12-30", "2025-01-05"),
    ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
]


OTHER_UNITS = [
    ("review --week last month", "“last month” is a month.\nWrite: valuelog review last month"),
    ("list --week=2026", "“2026” is a year.\nWrite: valuelog list 2026"),
    ("brag --month 2026-Q4", "“2026-Q4” is a quarter.\nWrite: valuelog brag 2026-Q4"),
    ("brief --quarter this year", "“this year” is a year.\nWrite: valuelog brief this year"),
    ("review --month w40", "“w40” spans more than one month.\nWrite: valuelog review w40"),
    ("list --week last 9 days", "“last 9 days” spans more than one week.\nWrite: valuelog list last 9 days"),
    ("search x --week 2026-11", "“2026-11” is a month.\nName a week, or a day within it."),
]


@pytest.mark.parametrize(("line", "message"), OTHER_UNITS, ids=[line for line, _ in OTHER_UNITS])
def test_period_of_another_unit_is_refused_with_a_suggestion(run: "Run", line: str, message: str) -> None:
    assert run(*line.split(), fails=2).err == f"valuelog: {message}\n"


@pytest.mark.parametrize(("words", "name", "start", "end"), PERIODS, ids=[words or "nothing" for words, *_ in PERIODS])
def test_review_accepts_any_period(run: "Run", words: str, name: str, start: str, end: str) -> None:
    if "--plain" in words:
        assert run("review", *words.split()).out.startswith(f"period\t{name}\t{start}\t{end}\n")
        return
    assert review(run, *words.split())["period"] == {"name": name, "start": start, "end": end}
    for shape in ([], ["--markdown"], ["--plain"]):
        assert run("review", *shape, *words.split()).code == 0


@pytest.mark.parametrize(
    ("today", "name", "last"),
    [
        ("2026-12-31", "2026-W53", "2026-W52"),
        ("2027-01-03", "2026-W53", "2026-W52"),
        ("2027-01-04", "2027-W01", "2026-W53"),
        ("2025-12-29", "2026-W01", "2025-W52"),
        ("2028-02-29", "2028-W09", "2028-W08"),
    ],
)
def test_review_of_weeks_at_the_turn_of_the_year(run: "Run", today: str, name: str, last: str) -> None:
    run("add", "helped", "x", VALUELOG_TODAY=today)
    assert json.loads(run("review", "--week", "--json", VALUELOG_TODAY=today).out)["period"]["name"] == name
    assert json.loads(run("review", "last", "week", "--json", VALUELOG_TODAY=today).out)["period"]["name"] == last
    assert json.loads(run("trend", "--json", VALUELOG_TODAY=today).out)["periods"][-1]["name"] == name
    assert "1 value (0 proven) : 0 work" in run("review", VALUELOG_TODAY=today).out


# Empty and small journals


def test_review_of_an_empty_journal_shows_first_steps(run: "Run") -> None:
    screen = run("review", "--week").out
    assert screen.startswith("Week 47 · 16 – 22 Nov 2026")
    assert "Nothing is logged for these days yet." in screen
    for command in ("valuelog today --catch-up", "valuelog add improvement", "valuelog demo"):
        assert command in screen
    report = review(run)
    assert report["score"] == {
        "value": 0, "proven": 0, "work": 0, "share": None, "ratio": None, "interval": None, "enough": False,
        "minutes": None,
    }  # fmt: skip
    assert (report["entries"], report["findings"], report["habit"]) == ([], [], 0.0)
    assert "Nothing is logged for these days yet." in run("review", "--markdown").out


def test_review_of_an_empty_week(example_week: "Run") -> None:
    screen = example_week("review", "last", "week").out
    assert "no workdays to log" in screen
    assert "Nothing is logged for these days yet." in screen


def test_review_of_a_first_week_with_three_entries(run: "Run") -> None:
    run("add", "helped", "@sam runs the release alone now", "-d", "wed")
    run("add", "activity", "audit mails", "-d", "thu")
    words = ["the deploy checklist is one page now", "--effect", "clearer", "--for", "coworkers"]
    run("add", "improvement", *words)
    assert run("review", "--week").out.startswith(
        "Week 47 · 16 – 22 Nov 2026                                3 of 3 workdays logged\n"
        "\n"
        "Better because of you                                              0 of 2 proven\n"
        "  ◇ @sam runs the release alone now                                       helped\n"
        "  ◇ the deploy checklist is one page now      improvement · co-workers · clearer\n"
        "\n"
        "Work        audit mails                                                   Thu 19\n"
        "\n"
        "You helped someone do more and made something clearer.\n"
        "2 value (0 proven) : 1 work\n"
        "too early for a trend"
    )


def test_review_of_few_entries_that_are_all_work(run: "Run") -> None:
    run("add", "activity", "audit mails")
    assert "So far it was all work." in run("review").out


def test_review_compares_minutes_if_half_of_the_entries_have_them(run: "Run") -> None:
    for kind, minutes in (("activity", "3h"), ("activity", "2h"), ("helped", "1h"), ("outcome", "2h")):
        run("add", kind, f"x {kind}", "-m", minutes)
    run("add", "insight", "an insight moves no score", "-m", "9h")
    assert review(run)["score"]["minutes"] == {"value": 180, "work": 300, "share": 0.375, "with": 4, "of": 4}
    for _ in range(4):
        run("add", "activity", "x")
    assert review(run)["score"]["minutes"] == {"value": 180, "work": 300, "share": 0.375, "with": 4, "of": 8}
    assert review(run)["days"][4]["minutes"] == 1020
    share = "38 % of the minutes of the 4 of 8 entries with minutes"
    assert share in " ".join(run("review").out.split())
    assert f" · {share} · " in run("review", "--markdown").out
    run("add", "activity", "x")
    assert review(run)["score"]["minutes"] is None


def test_review_of_part_of_a_week(example_week: "Run") -> None:
    assert review(example_week, "mon..tue")["score"]["value"] == 2
    assert review(example_week, "wed")["score"]["ratio"] == 0.75
    assert review(example_week, "tue")["score"]["ratio"] == 0.0
    assert_one_clear_message(example_week("review", "2026-W48", fails=2), "Mon 23 Nov 2026 is in the future.")


def test_markdown_review_escapes_markup(run: "Run") -> None:
    texts = [
        "[/] **b** _i_ `c` <b>&lt;</b> | # ~~s~~ ![x](y)",
        "- a list",
        "1. a numbered list",
        "123) x",
        "+ another list",
        "> a quote",
        "# h",
    ]
    for text in texts:
        run("add", "outcome", "--", text)
    items = [token.content for token in MarkdownIt().parse(run("review", "--markdown").out) if token.type == "inline"]
    shown = [MarkdownIt().renderInline(item) for item in items]
    for text in texts:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert f"◇ {escaped} (outcome)" in shown
