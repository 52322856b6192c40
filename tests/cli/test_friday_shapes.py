"""trend and calendar in every format, and a journal with hostile text."""

import json
import re
import sqlite3
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from support.makers import make_entry, make_pain, open_test_journal
from valuelog.journal import entries, pains
from valuelog.journal.log import Change
from valuelog.model.entry import Entry, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

MONDAY = date(2026, 11, 16)


def write_weeks(path: "Path", counts: list[tuple[int, int]]) -> None:
    """Log weeks with these numbers of value entries and activities; the last one is the week of MONDAY."""
    journal = open_test_journal(path.parent)
    logged: list[Entry] = []
    for back, (value, work) in enumerate(reversed(counts)):
        day = MONDAY - timedelta(weeks=back)
        proven = {"kind": Kind.HELPED, "evidence": "9 calls less"}
        logged += [make_entry(day=day, text=f"help {number}", **proven) for number in range(value)]
        logged += [make_entry(day=day) for _ in range(work)]
    entries.add(journal, logged)
    journal.close()


STEADY = [(2, 8)] * 12


# Trend

VERDICTS = [
    ([], "too-few", "Nothing is logged yet: a trend needs a few weeks of evenings."),
    ([(2, 8)], "too-few", "No verdict yet: seven more weeks with entries, and the last four weeks can be"),
    ([(2, 8)] * 7, "too-few", "No verdict yet: one more week with entries, and the last four weeks can be"),
    (
        [(1, 3)] * 4 + [(2, 8)] * 4,
        "too-few",
        "No verdict yet: the weeks before the last four weeks have 16 entries; it",
    ),
    ([(2, 8)] * 4 + [(0, 1)] * 4, "too-few", "No verdict yet: it needs five entries in the last four weeks."),
    (STEADY, "steady", "The last four weeks: steady, usually 20 %"),
    ([(2, 8)] * 12 + [(9, 8)] * 5, "rising", "The last four weeks: rising since W4"),
    ([(2, 8)] * 12 + [(8, 4)] * 5, "less-work-logged", "The last four weeks: less work logged since W4"),
    ([(8, 4)] * 12 + [(0, 9)] * 4, "falling", "The last four weeks: falling since W4"),
    ([(2, 8)] * 4 + [(0, 0)] * 3 + [(2, 8)] * 4, "steady", "before, with 95 % confidence"),
]


@pytest.mark.parametrize(("counts", "verdict", "output"), VERDICTS)
def test_trend_verdict(
    run: "Run", journal_path: "Path", counts: list[tuple[int, int]], verdict: str, output: str
) -> None:
    write_weeks(journal_path, counts)
    report = json.loads(run("trend", "--json").out)
    assert list(report) == [
        "verdict", "baseline", "rho", "dispersion", "difference", "since", "parts", "doubts", "periods",
    ]  # fmt: skip
    assert report["verdict"] == verdict
    assert output in run("trend").out
    assert run("trend", "--plain").out.splitlines()[-1].startswith(f"verdict\t{verdict}\t")


def test_trend_has_bars_and_gaps(run: "Run", journal_path: "Path") -> None:
    write_weeks(journal_path, [(1, 3), (0, 0), (0, 5), (4, 0)])
    rows = run("trend", "--weeks", "4").out.splitlines()
    assert rows[1].split()[:5] == ["2026-W44", "1", "3", "25", "%"]
    assert rows[1].endswith(f"  {'█' * 12}▌")  # a quarter of the longest bar
    assert rows[2].split() == ["2026-W45", "–", "–", "–"]
    assert rows[3].split()[:5] == ["2026-W46", "0", "5", "0", "%"]
    assert "█" not in rows[3]
    assert rows[4].endswith(f"  {'█' * 50}")
    assert run("trend", "--weeks", "4", "--plain").out == (
        "2026-W44\t1\t3\t0.2500\n2026-W45\t0\t0\t\n2026-W46\t0\t5\t0.0000\n2026-W47\t4\t0\t1.0000\nverdict\ttoo-few\t\n"
    )


def test_trend_counts_the_current_week_of_a_young_journal(run: "Run", journal_path: "Path") -> None:
    write_weeks(journal_path, [(2, 8)] * 7)
    on_wednesday = run("trend", VALUELOG_TODAY="2026-11-18").out
    assert "two more weeks with entries, counting this week, and" in on_wednesday
    assert "one more week with entries, and" in run("trend", VALUELOG_TODAY="2026-11-25").out  # nothing logged in it
    assert "three more months with entries, and the latest month can be" in run("trend", "--months", "3").out


def test_trend_scales_its_bars_to_the_largest_share(run: "Run", journal_path: "Path") -> None:
    write_weeks(journal_path, [(1, 9), (4, 6), (2, 8)])
    bars = [row.count("█") for row in run("trend", COLUMNS="110").out.splitlines()[1:4]]
    assert bars == [20, 80, 40]
    write_weeks(journal_path.parent / "small" / "journal.db", [(1, 19)])
    small = run("--journal", str(journal_path.parent / "small" / "journal.db"), "trend", COLUMNS="110").out
    assert small.splitlines()[1].count("█") == 20  # of 20 %


@pytest.mark.parametrize(
    ("words", "count", "first"),
    [
        ("", 12, "2026-W36"),
        ("--weeks 1", 1, "2026-W47"),
        ("--weeks 520", 520, "2016-W49"),
        ("--months 3", 3, "2026-09"),
    ],
)
def test_trend_shows_the_given_number_of_periods(
    run: "Run", journal_path: "Path", words: str, count: int, first: str
) -> None:
    write_weeks(journal_path, STEADY)
    periods = json.loads(run("trend", *words.split(), "--json").out)["periods"]
    assert (len(periods), periods[0]["name"]) == (count, first)
    assert len(run("trend", *words.split(), "--plain").out.splitlines()) == count + 1
    assert ("2026-W36" if count > 12 else first) in run("trend", *words.split()).out  # the first week with entries


def test_review_shows_the_usual_values(run: "Run", journal_path: "Path") -> None:
    write_weeks(journal_path, STEADY)
    report = json.loads(run("review", "--json").out)["trend"]
    assert report["baseline"] == {"periods": 8, "share": 0.2, "n": 80}
    assert [period["name"] for period in report["periods"]] == [f"2026-W{number}" for number in range(40, 48)]
    screen = run("review", "--numbers").out
    assert re.search(r"helped +2 +2\.0", screen)
    assert re.search(r"activity +8 +8\.0", screen)
    assert "coverage  1 of 5 workdays logged\nhabit     " in screen
    assert "share     20     20     20     20     20     20     20     20 %" in screen
    assert screen.endswith("2 value (2 proven) : 8 work · 20 % (6 to 51)\nsteady over four weeks, usually 20 %\n")
    without_numbers = run("review").out
    assert not re.search("usual +|coverage|habit|share", without_numbers.removesuffix("usually 20 %\n"))


# Calendar


def test_calendar_has_a_cell_for_each_day(run: "Run", journal_path: "Path") -> None:
    write_weeks(journal_path, [(1, 3), (1, 1), (3, 1), (4, 0), (0, 2)])
    screen = run("calendar").out
    monday, tuesday = screen.splitlines()[1:3]
    assert monday == "Mon  ░░▒▒▓▓██··"
    assert tuesday == "Tue  ----------"
    assert "share   · none   ░ to 25 %   ▒ to 50 %   ▓ to 75 %   █ more   - not logged" in screen
    assert screen.splitlines()[-1].split() == ["2026", "9", "7", "56", "%", "5"]
    assert run("calendar", "--by", "count").out.splitlines()[1] == "Mon  ▒▒░░▒▒▒▒░░"


def test_calendar_starts_with_the_first_week_and_ends_with_this_one(run: "Run", journal_path: "Path") -> None:
    write_weeks(journal_path, [(1, 3)])
    months, monday, tuesday, *_ = run("calendar").out.splitlines()
    assert (months, monday, tuesday) == ("     Nov", "Mon  ░░", "Tue  --")
    months, monday, *_ = run("calendar", VALUELOG_TODAY="2026-12-15").out.splitlines()
    assert (months, monday) == ("     Nov Dec", "Mon  ░░--------")
    run("add", "helped", "x", "-d", "2027-01-15", VALUELOG_TODAY="2027-01-15")
    months, monday, *_ = run("calendar", VALUELOG_TODAY="2027-01-15").out.splitlines()
    assert (months, monday) == ("     Jan", "Mon    ----")


def test_calendar_as_json_and_plain_records(run: "Run", journal_path: "Path") -> None:
    write_weeks(journal_path, [(1, 3), (4, 0)])
    year = json.loads(run("calendar", "--json").out)
    assert year["period"] == {"name": "2026", "start": "2026-01-01", "end": "2026-12-31"}
    assert (year["score"]["value"], year["score"]["work"], year["written"]) == (5, 3, 2)
    assert [(part["period"]["name"], part["score"]["value"]) for part in year["quarters"]] == [("2026-Q4", 5)]
    assert year["days"] == [
        {"day": "2026-11-09", "value": 1, "work": 3, "proven": 1, "minutes": None},
        {"day": "2026-11-16", "value": 4, "work": 0, "proven": 4, "minutes": None},
    ]
    assert run("calendar", "--plain").out == "2026-11-09\t1\t3\n2026-11-16\t4\t0\n"


@pytest.mark.parametrize("words", ["2025", "2025-11", "last year", "nov 2025", "2025-W01", "1900"])
def test_calendar_accepts_any_period_of_a_year(run: "Run", words: str) -> None:
    year = words[:4] if words[0].isdecimal() else "2025"
    assert json.loads(run("calendar", *words.split(), "--json").out)["period"]["name"] == year
    assert f"Nothing is logged in {year}." in run("calendar", *words.split()).out


def test_calendar_of_a_leap_year_with_53_weeks_fits(run: "Run") -> None:
    run("add", "helped", "x", "-d", "2020-12-31")
    screen = run("calendar", "2020").out
    assert screen.splitlines()[-1].split() == ["2020", "1", "0", "100", "%", "1"]
    assert max(map(len, screen.splitlines())) <= 80


# Hostile text

HOSTILE = "\x1b[2J\x1b]0;owned\x07a\x9b31mb\u202egnp.exe\u2066c\x00d\x7f"
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
VIEWS = ["", "list", "review", "review --markdown", "trend", "calendar", "history", "pain", "off list"]


@pytest.fixture
def hostile_journal(run: "Run", journal_path: "Path") -> "Path":
    """Write a journal through the usual commands; the tests then change a column with SQL."""
    run("add", "outcome", "harmless", "--evidence", "fine", "--project", "Refunds", "-p", "sam", "-t", "docs")
    run("pain", "add", "harmless too")
    run("off", "2026-12-24", "--note", "away")
    return journal_path


COLUMNS = ["entry.evidence", "entry.origin", "project.slug", "project.name", "entry_person.name", "entry_tag.name"]


@pytest.mark.damages_journal
@pytest.mark.parametrize("column", [*COLUMNS, "sighting.text", "pain.shared", "pain.step", "day_off.note"])
def test_control_characters_in_any_column_are_escaped(run: "Run", hostile_journal: "Path", column: str) -> None:
    table, _, name = column.partition(".")
    database = sqlite3.connect(hostile_journal)
    database.execute(f"UPDATE {table} SET {name} = ?", (HOSTILE.replace("\0", ""),))
    database.commit()
    database.close()
    for view in VIEWS:
        for shape in ([], ["--json"], ["--plain"]):
            if shape and "--markdown" in view:
                continue
            output = run(*view.split(), *shape)
            assert not CONTROL_CHARACTERS.search(output.out.replace("\t", "") + output.err)


SHOWN_FIELDS = [
    ("entry", {"evidence": HOSTILE}),
    ("entry", {"origin": HOSTILE}),
    ("entry", {"people": [HOSTILE], "tags": [HOSTILE]}),
    ("project", {"name": HOSTILE, "slug": HOSTILE}),
    ("pain", {"shared": HOSTILE, "step": HOSTILE}),
    ("sighting", {"text": HOSTILE}),
]


@pytest.mark.parametrize(("entity", "fields"), SHOWN_FIELDS)
def test_show_escapes_what_another_program_logged(
    run: "Run", hostile_journal: "Path", entity: str, fields: dict[str, object]
) -> None:
    journal = open_test_journal(hostile_journal.parent)
    ids = {name: journal.rows(f"SELECT id FROM {name}")[0][0] for name in ("entry", "project", "pain", "sighting")}
    journal.write("edit", [Change(entity=entity, id=ids[entity], fields=fields)])
    journal.close()
    commands = [("show", ids[name]) for name in ("entry", "project", "pain")]
    of_project = [("project", "show", ids["project"]), ("project", "list"), ("project", "measure", ids["project"])]
    for command in (*commands, *of_project, ("brag",), ("review",), ("finding",), ("search", "harmless")):
        for shape in ([], ["--json"], ["--plain"]):
            output = run(*command, *shape)
            assert not CONTROL_CHARACTERS.search(output.out.replace("\t", "") + output.err)


@pytest.mark.damages_journal
@pytest.mark.parametrize("column", ["entry.text", "pain.text"])
def test_control_characters_in_an_entry_or_pain_text_are_escaped(
    run: "Run", hostile_journal: "Path", column: str
) -> None:
    table, _, name = column.partition(".")
    database = sqlite3.connect(hostile_journal)
    database.execute(f"UPDATE {table} SET {name} = ?", (HOSTILE.replace("\0", ""),))
    database.commit()
    database.close()
    command = "list" if table == "entry" else "pain"
    for shape in ([], ["--json"], ["--plain"]):
        output = run(command, *shape)
        assert output.out
        assert not CONTROL_CHARACTERS.search(output.out.replace("\t", "") + output.err)


ALLOWED_TEXTS = [
    "bidi \u200e\u200f\u061c marks",
    "lines \u2028 of \u2029 others",
    "zero\u200bwidth\ufeff",
    "a\tb\nc",
    "e\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467",
]


@pytest.mark.parametrize("text", ALLOWED_TEXTS, ids=ascii)
def test_accepted_bidi_and_line_characters_are_escaped_when_shown(run: "Run", journal_path: "Path", text: str) -> None:
    journal = open_test_journal(journal_path.parent)
    entries.add(journal, [make_entry(kind=Kind.OUTCOME, text=text, evidence=text)])
    journal.write("add", pains.creation_changes([make_pain(text=text)]))
    journal.close()
    entry_id, read_text = (json.loads(run("list", "--json").out)[0][key] for key in ("id", "text"))
    assert read_text == text
    for view in (
        "list",
        f"show {entry_id}",
        "review",
        "review --markdown",
        "pain",
        "history",
        "today --helped x",
        "list --json",
    ):
        assert not CONTROL_CHARACTERS.search(run(*view.split()).out)
    assert run("list", "--plain").out.count("\n") == 2
    assert len(run("list", "--plain").out.splitlines()) == 2


def test_markdown_review_of_few_entries_has_no_figures(run: "Run") -> None:
    run("add", "activity", "audit mails")
    page = run("review", "--week", "--markdown").out
    assert "%" not in page
    assert page.endswith("**0 value : 1 work** · too early for a trend\n")
    assert "workdays logged: the ratio" not in page
