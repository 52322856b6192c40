"""Friday: the worked example of the numbers through the real commands, and every period and form of a review."""

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
    "thu": [("insight", 1), ("activity", 7)],
    "fri": [("improvement", 1), ("helped", 1), ("activity", 3)],
}
"""Two values and five of work on Monday, and so on."""


@pytest.fixture
def written(run: "Run") -> "Run":
    """Write the worked example down, some of it with evidence, and one thing with `add`."""
    for day, kinds in WEEK.items():
        lines = [{"kind": kind, "text": f"{kind} {number}"} for kind, count in kinds for number in range(count)]
        if day == "wed":
            lines[0] |= {"text": "@sam runs it", "evidence": "he said so"}
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


def test_the_worked_example_comes_out_as_it_should(written: "Run") -> None:
    found = review(written, "--week")
    score = found["score"]
    assert (score["value"], score["work"]) == (8, 25)
    assert round(score["share"], 4) == 0.2424
    assert score["ratio"] == 0.32
    assert [round(edge, 4) for edge in score["interval"]] == [0.1283, 0.4102]
    assert score["enough"] is True
    assert score["minutes"] is None
    assert found["period"] == {"name": "2026-W47", "start": "2026-11-16", "end": "2026-11-22"}
    assert found["kinds"] == {"activity": 25, "improvement": 3, "outcome": 2, "helped": 2, "insight": 1}
    assert [(day["value"], day["work"]) for day in found["days"]] == [
        (2, 5), (0, 6), (3, 4), (1, 7), (2, 3), (0, 0), (0, 0),
    ]  # fmt: skip
    assert found["days"][0] == {"day": "2026-11-16", "value": 2, "work": 5, "minutes": None}
    assert found["coverage"] == {"workdays": 5, "written": 5}
    assert found["evidence"] == {"with": 1, "of": 8}
    assert found["people"] == [{"name": "sam", "helped": 1}]
    assert found["streak"] == 5
    assert len(found["entries"]) == 33


def test_the_screen_ends_with_the_line_that_matters(written: "Run") -> None:
    screen = written("review", "--week").out.splitlines()
    assert screen[-1] == "8 value : 25 work · 24 % (13 to 41) · too early for a trend"
    assert written("review", "--markdown").out.endswith(
        "\n\n**8 value : 25 work** · 24 % (13 to 41) · too early for a trend\n"
    )


KEYS = {
    "": ["period", "score", "kinds", "days", "trend", "coverage", "evidence", "habit", "streak", "people", "findings",
         "pains", "projects", "promises", "reflection", "entries"],
    "period": ["name", "start", "end"],
    "score": ["value", "work", "share", "ratio", "interval", "enough", "minutes"],
    "kinds": ["activity", "improvement", "outcome", "helped", "insight"],
    "trend": ["verdict", "baseline", "dispersion", "difference", "periods"],
    "trend.baseline": ["periods", "share", "n"],
    "trend.periods.0": ["name", "value", "work", "share"],
    "days.0": ["day", "value", "work", "minutes"],
    "coverage": ["workdays", "written"],
    "evidence": ["with", "of"],
    "people.0": ["name", "helped"],
    "findings.0": ["id", "text", "command"],
}  # fmt: skip


@pytest.mark.parametrize(("place", "keys"), KEYS.items(), ids=list(KEYS))
def test_the_keys_are_those_that_are_documented(written: "Run", place: str, keys: list[str]) -> None:
    found = review(written)
    for step in filter(None, place.split(".")):
        found = found[int(step) if step.isdecimal() else step]
    assert list(found) == keys


def test_the_records_of_a_review_are_named(written: "Run") -> None:
    records = [line.split("\t") for line in written("review", "--plain").out.splitlines()]
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


NOT_WITHIN = [
    ("review --week last month", "“last month” is a month.\nWrite: valuelog review last month"),
    ("list --week=2026", "“2026” is a year.\nWrite: valuelog list 2026"),
    ("brag --month 2026-Q4", "“2026-Q4” is a quarter.\nWrite: valuelog brag 2026-Q4"),
    ("brief --quarter this year", "“this year” is a year.\nWrite: valuelog brief this year"),
    ("review --month w49", "“w49” spans more than one month.\nWrite: valuelog review w49"),
    ("list --week last 9 days", "“last 9 days” spans more than one week.\nWrite: valuelog list last 9 days"),
    ("search x --week 2026-11", "“2026-11” is a month.\nName a week, or a day within it."),
]


@pytest.mark.parametrize(("line", "said"), NOT_WITHIN, ids=[line for line, _ in NOT_WITHIN])
def test_what_lies_in_no_such_period_is_refused_with_the_way_to_ask_for_it(run: "Run", line: str, said: str) -> None:
    assert run(*line.split(), fails=2).err == f"valuelog: {said}\n"


@pytest.mark.parametrize(("words", "name", "start", "end"), PERIODS, ids=[words or "nothing" for words, *_ in PERIODS])
def test_every_way_to_name_a_period(run: "Run", words: str, name: str, start: str, end: str) -> None:
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
def test_weeks_at_the_turn_of_a_year(run: "Run", today: str, name: str, last: str) -> None:
    run("add", "helped", "x", VALUELOG_TODAY=today)
    assert json.loads(run("review", "--week", "--json", VALUELOG_TODAY=today).out)["period"]["name"] == name
    assert json.loads(run("review", "last", "week", "--json", VALUELOG_TODAY=today).out)["period"]["name"] == last
    assert json.loads(run("trend", "--json", VALUELOG_TODAY=today).out)["periods"][-1]["name"] == name
    assert "1 value : 0 work" in run("review", VALUELOG_TODAY=today).out


# Beginnings


def test_an_empty_journal_says_how_to_begin(run: "Run") -> None:
    screen = run("review", "--week").out
    assert screen.startswith("Week 47 · 16 – 22 Nov 2026")
    assert "Nothing is logged for these days yet." in screen
    for command in ("valuelog today --catch-up", "valuelog add improvement", "valuelog demo"):
        assert command in screen
    found = review(run)
    assert found["score"] == {
        "value": 0, "work": 0, "share": None, "ratio": None, "interval": None, "enough": False, "minutes": None,
    }  # fmt: skip
    assert (found["entries"], found["findings"], found["habit"]) == ([], [], 0.0)
    assert "Nothing is logged for these days yet." in run("review", "--markdown").out


def test_an_empty_week_of_a_journal_that_is_not_empty(written: "Run") -> None:
    screen = written("review", "last", "week").out
    assert "0 of 5 workdays logged" in screen
    assert "Nothing is logged for these days yet." in screen


def test_the_first_friday_with_three_entries_is_worth_reading(run: "Run") -> None:
    run("add", "helped", "@sam runs the release alone now", "-d", "wed")
    run("add", "activity", "audit mails", "-d", "thu")
    words = ["the deploy checklist is one page now", "--effect", "clearer", "--for", "coworkers"]
    run("add", "improvement", *words)
    assert run("review", "--week").out.startswith(
        "Week 47 · 16 – 22 Nov 2026                                3 of 5 workdays logged\n"
        "\n"
        "Wed 18    helped       @sam runs the release alone now\n"
        "Thu 19    activity     audit mails\n"
        "Fri 20    improvement  the deploy checklist is one page now\n"
        "                       clearer · for co-workers\n"
        "\n"
        "You helped someone do more and made something clearer.\n"
        "2 value : 1 work · too early for a trend"
    )


def test_a_few_entries_that_are_all_work_are_told_so(run: "Run") -> None:
    run("add", "activity", "audit mails")
    assert "So far it was all work." in run("review").out


def test_minutes_are_shared_out_where_most_entries_carry_them(run: "Run") -> None:
    for kind, minutes in (("activity", "3h"), ("activity", "2h"), ("helped", "1h"), ("outcome", "2h")):
        run("add", kind, "x", "-m", minutes)
    run("add", "activity", "x")
    assert review(run)["score"]["minutes"] == {"value": 180, "work": 300, "share": 0.375}
    assert review(run)["days"][4]["minutes"] == 480
    assert "38 % of the minutes" in run("review").out
    run("add", "activity", "x")
    assert review(run)["score"]["minutes"] is None


def test_a_review_of_a_part_of_a_week_sums_up_only_that(written: "Run") -> None:
    assert review(written, "mon..tue")["score"]["value"] == 2
    assert review(written, "wed")["score"]["ratio"] == 0.75
    assert review(written, "tue")["score"]["ratio"] == 0.0
    assert_one_clear_message(written("review", "2026-W48", fails=2), "Mon 23 Nov 2026 is in the future.")


def test_markdown_shows_what_was_written_as_it_stands(run: "Run") -> None:
    texts = [
        "[/] **b** _i_ `c` <b>&lt;</b> | # ~~s~~ ![x](y)",
        "- a list",
        "1. a list",
        "123) x",
        "+ a list",
        "> a quote",
        "# h",
    ]
    for text in texts:
        run("add", "outcome", "--", text)
    items = [token.content for token in MarkdownIt().parse(run("review", "--markdown").out) if token.type == "inline"]
    shown = [MarkdownIt().renderInline(item) for item in items]
    for text in texts:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in shown
