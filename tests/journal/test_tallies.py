"""Tallies: SQL and Python count the same, and frequent queries use an index."""

import re
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.journal_files import connection_of
from support.makers import FRIDAY, make_entry, make_pain, open_test_journal
from valuelog.analysis.projects import compute_work_since_value
from valuelog.journal import days, entries, history, pains, projects, seen_drafts, tallies
from valuelog.journal.entries import Selection
from valuelog.journal.store import Journal
from valuelog.model.draft import Draft
from valuelog.model.entry import Entry, Held, Kind, Side, words_key
from valuelog.model.period import Period, Unit, period_containing, week_of
from valuelog.model.question import PAIN_POINT
from valuelog.model.schedule import Schedule
from valuelog.model.tally import LATE_DAYS, Tally, WorkSinceValue
from valuelog.questions.catalogue import QuestionSettings, load_weekly_talk_questions, select_evening_questions
from valuelog.workflows import brag, brief, evening, lookup, reviews, status, weekly_talk
from valuelog.workflows import entries as entry_workflows
from valuelog.workflows import pains as following
from valuelog.workflows import projects as owned
from valuelog.workflows import promises as promised
from valuelog.workflows.answers import Answer
from valuelog.workflows.search import search_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DAYS = st.integers(-20, 20).map(lambda number: FRIDAY + timedelta(days=number))
PERIODS = st.tuples(DAYS, DAYS).map(lambda ends: Period(start=min(ends), end=max(ends)))
ENTRIES = st.lists(
    st.builds(
        make_entry,
        day=DAYS,
        kind=st.sampled_from(Kind),
        minutes=st.none() | st.integers(1, 1440),
        evidence=st.none() | st.sampled_from(["yes", "a log of 9 days"]),
        text=st.sampled_from(["Mails", "mails!", "Releases", "Tests"]),
        held=st.none() | st.sampled_from(Held),
        project=st.sampled_from([None, "Refunds", "Alerts"]),
    ),
    max_size=25,
)


def count_in_python(selected: "Iterable[Entry]") -> Tally:
    """Count entries in Python."""
    counts: dict[Kind, int] = {}
    minutes: dict[Kind, int] = {}
    with_minutes = with_evidence = late = 0
    entries = list(selected)
    for entry in entries:
        counts[entry.kind] = counts.get(entry.kind, 0) + 1
        if entry.minutes:
            minutes[entry.kind] = minutes.get(entry.kind, 0) + entry.minutes
            with_minutes += entry.side is not Side.NEITHER
        if entry.side is not Side.NEITHER:
            late += (entry.created.date() - entry.day).days >= LATE_DAYS
        with_evidence += entry.is_proven and entry.side is Side.VALUE
    return Tally(
        counts=counts,
        minutes=minutes,
        with_minutes=with_minutes,
        with_evidence=with_evidence,
        late=late,
        days=len({entry.day for entry in entries}),
    )


def merge_repeated_words(log: "Iterable[Entry]") -> list[Entry]:
    """Return the entries that count: of value entries of a week with the same words, the earliest."""
    counting: dict[object, Entry] = {}
    for entry in sorted(log, key=lambda entry: (entry.day, entry.created, entry.id)):
        is_value = entry.kind.side is Side.VALUE
        if is_value and entry.held is Held.NO:
            continue
        key = (monday_of(entry.day), words_key(entry.text)) if is_value else entry.id
        first = counting.setdefault(key, entry)
        if entry.is_proven and not first.is_proven:
            counting[key] = replace(first, evidence=entry.evidence)
    return list(counting.values())


@settings(max_examples=60, deadline=None)
@given(ENTRIES, ENTRIES, PERIODS)
def test_sql_tallies_equal_counting_in_python(
    tmp_path_factory: pytest.TempPathFactory, log: list[Entry], deleted: list[Entry], period: Period
) -> None:
    journal = open_test_journal(tmp_path_factory.mktemp("counted"))
    connection_of(journal).execute("PRAGMA synchronous = OFF")
    entries.add(journal, [*log, *deleted])
    entries.delete_entities(journal, [("entry", entry.id) for entry in deleted])
    selected = [entry for entry in merge_repeated_words(log) if period.start <= entry.day <= period.end]
    by_day = {entry.day: [other for other in selected if other.day == entry.day] for entry in selected}
    assert tallies.tally_period(journal, period) == count_in_python(selected)
    assert tallies.tally_by_day(journal, period) == {day: count_in_python(on_day) for day, on_day in by_day.items()}
    assert days.list_logged_days(journal, period) == {entry.day for entry in log if entry.day in period}
    assert {project.slug: tally for project, tally in tallies.tally_projects(journal, period)} == {
        name.lower(): count_in_python(of_project)
        for name in ("Refunds", "Alerts")
        if (of_project := merge_repeated_words(entry for entry in log if entry.project == name and entry.day in period))
    }
    work_since_value = tallies.work_since_value_by_project(journal, period.end)
    for project in projects.list_projects(journal, only_open=True):
        own = [entry for entry in log if entry.project == project.name and entry.side is not Side.NEITHER]
        by_own_day = {entry.day: count_in_python(other for other in own if other.day == entry.day) for entry in own}
        expected = compute_work_since_value(by_own_day, period.end)
        assert work_since_value.get(project.id, WorkSinceValue()) == (expected if expected.work else WorkSinceValue())
    assert_views_equal(journal, [entry for entry in merge_repeated_words(log) if entry.side is not Side.NEITHER])
    journal.close()


def assert_views_equal(journal: Journal, log: list[Entry]) -> None:
    """Compare the views with counting in Python."""
    tables: list[tuple[str, Callable[[date], date]]] = [("daily", lambda day: day), ("weekly", monday_of)]
    for view, first_day_of in tables:
        groups = {
            first_day_of(entry.day): [other for other in log if first_day_of(other.day) == first_day_of(entry.day)]
            for entry in log
        }
        expected = [(day.isoformat(), *view_row(count_in_python(groups[day]))) for day in sorted(groups)]
        assert journal.rows(f"SELECT * FROM {view} ORDER BY 1") == expected
    shares = [
        (monday, value, work, round(value / (value + work), 4))
        for monday, value, work, _ in journal.rows("SELECT * FROM weekly ORDER BY 1")
    ]
    assert journal.rows("SELECT * FROM value_share ORDER BY 1") == shares


def monday_of(day: date) -> date:
    return week_of(day).start


def view_row(tally: Tally) -> tuple[int, int, int | None]:
    return tally.value, tally.work, sum(tally.minutes.values()) if tally.with_minutes else None


def test_views_have_documented_columns(journal: Journal) -> None:
    entries.add(
        journal,
        [make_entry(minutes=30), make_entry(kind=Kind.HELPED), make_entry(kind=Kind.OUTCOME, text="out", minutes=15)],
    )
    entries.delete_entities(journal, [("entry", make_entry().id)])
    for view, columns in {
        "daily": {"day": "2026-11-20", "value": 2, "work": 1, "minutes": 45},
        "weekly": {"monday": "2026-11-16", "value": 2, "work": 1, "minutes": 45},
        "value_share": {"monday": "2026-11-16", "value": 2, "work": 1, "share": 0.6667},
    }.items():
        cursor = connection_of(journal).execute(f"SELECT * FROM {view}")
        names = [column[0] for column in cursor.description]
        assert [dict(zip(names, row, strict=True)) for row in cursor] == [columns]


def test_tallies_of_an_empty_journal(journal: Journal) -> None:
    period = Period(start=FRIDAY, end=FRIDAY)
    assert tallies.tally_period(journal, period) == Tally()
    assert tallies.tally_by_day(journal, period) == {}
    assert days.list_logged_days(journal, period) == frozenset()


# Query plans


def fill_journal(journal: Journal, size: int) -> Journal:
    """Write entries, four a day, and some entities of other types."""
    connection_of(journal).execute("PRAGMA synchronous = OFF")
    log = [
        make_entry(
            day=FRIDAY - timedelta(days=number // 4),
            kind=list(Kind)[number % 5],
            text=f"deploy {number} waits for @sam #ops" if number < 1000 else f"mails {number}",
            people=("sam",),
            tags=("ops",) if number % 3 else ("q4",),
            project=(None, "Refunds", None, "Alerts")[number % 4],
            origin="git:1" if number % 7 else None,
        )
        for number in range(size)
    ]
    entries.add(journal, log, act="import")
    journal.write("add", pains.creation_changes([make_pain(FRIDAY - timedelta(days=number)) for number in range(50)]))
    journal.write("add", pains.creation_changes([make_pain(id="k3pppppppp")]))
    days.add_days_off(journal, [FRIDAY - timedelta(days=7)], None)
    entries.add(journal, [make_entry(id="k3aaaaaaaa", project="Refunds")])
    return journal


@pytest.fixture
def long_journal(journal: Journal) -> Journal:
    """Return a journal with two thousand entries."""
    return fill_journal(journal, 2000)


@pytest.fixture(scope="module")
def journals_of_two_sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the paths of a journal of three years and one of fifteen."""
    journals = [fill_journal(open_test_journal(tmp_path_factory.mktemp("length")), size) for size in (4000, 20_000)]
    for journal in journals:
        journal.close()
    return journals[0].path, journals[1].path


WEEK = week_of(FRIDAY)
A_PAIN = Answer(kind=PAIN_POINT, text="the deploy waits", day=FRIDAY, is_new_pain=True)
FREQUENT_QUERIES: "dict[str, Callable[[Journal], object]]" = {
    "review a week": lambda journal: reviews.load_review(journal, WEEK, FRIDAY, Schedule()),
    "review a year": lambda journal: reviews.load_review(
        journal, period_containing(FRIDAY, Unit.YEAR), FRIDAY, Schedule()
    ),
    "trend": lambda journal: reviews.load_trend(journal, Unit.WEEK, 12, FRIDAY, Schedule()),
    "work since value": lambda journal: tallies.work_since_value_by_project(journal, FRIDAY),
    "add": lambda journal: entry_workflows.add(
        journal, Answer(kind=Kind.HELPED, text="@sam", day=FRIDAY), make_entry().created
    ),
    "add to a project": lambda journal: entry_workflows.add(
        journal, Answer(kind=Kind.OUTCOME, text="out", day=FRIDAY, project="Refunds"), make_entry().created
    ),
    "add a pain point": lambda journal: following.log_pain(journal, A_PAIN, make_entry().created, lambda: None),
    "plan a pain point": lambda journal: following.plan_step(
        journal, following.find(journal, "k3pp"), "ask", FRIDAY, FRIDAY, make_entry().created
    ),
    "pain list": lambda journal: lookup.list_pains(journal, FRIDAY, limit=30, include_closed=True),
    "list of a project, with its history": lambda journal: owned.load_project_details(journal, "refunds", FRIDAY),
    "promises": lambda journal: promised.list_promises(journal, FRIDAY, include_settled=True),
    "edit": lambda journal: entry_workflows.edit(
        journal, entries.get(journal, "k3aaaaaaaa"), {"text": "new", "minutes": 5}
    ),
    "delete": lambda journal: entry_workflows.delete(journal, ["k3aa"]),
    "list with a limit": lambda journal: lookup.list_entries(journal, Selection(), limit=30),
    "list a week": lambda journal: lookup.list_entries(journal, Selection(period=WEEK)),
    "list a week of a side": lambda journal: entries.select(journal, Selection(period=WEEK, side=Side.VALUE)),
    "list a week with a person": lambda journal: entries.select(journal, Selection(period=WEEK, people=(("sam",),))),
    "list a week with a tag": lambda journal: entries.select(journal, Selection(period=WEEK, tags=(("ops",),))),
    "list of a project": lambda journal: entries.select(
        journal, Selection(project=projects.resolve_id(journal, "refunds")), limit=30
    ),
    "list of a source": lambda journal: entries.select(journal, Selection(source="git"), limit=30),
    "list of a person": lambda journal: entries.select(journal, Selection(people=(("sam",),)), limit=30),
    "search": lambda journal: search_all(journal, "deploy", Selection(), FRIDAY, limit=50),
    "find": lambda journal: (journal.resolve_id("k3aa"), journal.prefix_lengths(["k3aaaaaaaa"])),
    "undo": Journal.undo,
    "redo": lambda journal: (journal.undo(), journal.redo()),
    "history": lambda journal: history.list_batches(journal, limit=1),
    "history of one entity": lambda journal: history.list_entity_batches(journal, "k3aaaaaaaa"),
    "status": lambda journal: status.load_status(journal, FRIDAY, Schedule()),
    "start an evening": lambda journal: evening.prepare_evening(
        journal, FRIDAY, FRIDAY, select_evening_questions(FRIDAY, QuestionSettings()), Schedule(), include_asked=False
    ),
    "summarize an evening": lambda journal: evening.summarize_evening(journal, FRIDAY, FRIDAY, 1, Schedule()),
    "start a weekly talk": lambda journal: weekly_talk.prepare_weekly_talk(
        journal, WEEK, FRIDAY, Schedule(), load_weekly_talk_questions()
    ),
    "summarize a weekly talk": lambda journal: weekly_talk.summarize_weekly_talk(
        journal,
        weekly_talk.prepare_weekly_talk(journal, WEEK, FRIDAY, Schedule(), load_weekly_talk_questions()),
        saved_count=1,
    ),
    "list of achievements, for brag": lambda journal: brag.load_brag(
        journal, period_containing(FRIDAY, Unit.MONTH), FRIDAY, Schedule()
    ),
    "brief": lambda journal: brief.load_brief(journal, brief.default_brief_period(FRIDAY), FRIDAY, Schedule()),
    "gather": lambda journal: seen_drafts.filter_unseen(journal, [Draft(origin="git:9", day=FRIDAY, text="a commit")]),
    "unplanned pain points": lambda journal: pains.list_unplanned_pains(journal, min_days=3, limit=5),
    "open pain points": lambda journal: pains.list_open_pains(journal, limit=5),
    "asked questions": lambda journal: days.list_asked_questions(journal, FRIDAY),
    "is empty": entries.is_journal_empty,
}

SMALL_TABLES = {"device", "d", "project", "promise", "reflection", "day_off", "draft_seen", "pain", "p"}
"""Tables that never get long enough to matter, and their alias p."""

DERIVED_TABLES = {"counted", "logged", "w", "f", "m", "o", "search_fts", "n", "json_each"}
"""Tables that a query computes or gets as a parameter, and the full-text index."""


@pytest.mark.parametrize("query", FREQUENT_QUERIES)
def test_frequent_query_scans_no_large_table(long_journal: Journal, query: str) -> None:
    statements_run: list[str] = []
    connection_of(long_journal).set_trace_callback(statements_run.append)
    FREQUENT_QUERIES[query](long_journal)
    connection_of(long_journal).set_trace_callback(None)
    statements = {sql for sql in statements_run if re.match(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)", sql)}
    assert statements
    for sql in statements:
        for scan in list_scans(long_journal, sql):
            assert scan in SMALL_TABLES | DERIVED_TABLES, sql


def list_scans(journal: Journal, sql: str) -> list[str]:
    """Return the tables that a statement scans; a scan that an index lets stop early does not count."""
    plan = [row[3] for row in connection_of(journal).execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
    if " LIMIT " in sql and not any(re.fullmatch("USE TEMP B-TREE FOR (ORDER|GROUP) BY", step) for step in plan):
        return []
    return [match[1] for step in plan if (match := re.match(r"SCAN (?!CONSTANT ROW)(\w+)", step))]


def test_list_scans_detects_table_scans(long_journal: Journal) -> None:
    assert list_scans(long_journal, "SELECT * FROM entry WHERE text = 'x'") == ["entry"]
    assert list_scans(long_journal, "SELECT * FROM entry ORDER BY text LIMIT 1") == ["entry"]
    assert list_scans(long_journal, "SELECT count(*) FROM change WHERE id = 'x'") == ["change"]
    assert list_scans(long_journal, "SELECT * FROM entry ORDER BY place DESC LIMIT 1") == []
    assert list_scans(long_journal, "SELECT * FROM entry WHERE id = 'x'") == []


def count_steps(journal: Journal, query: str) -> int:
    """Count the steps of SQLite's virtual machine, in tens."""
    count = 0

    def increment() -> None:
        nonlocal count
        count += 1

    connection_of(journal).set_progress_handler(increment, 10)
    FREQUENT_QUERIES[query](journal)
    connection_of(journal).set_progress_handler(None, 10)
    return count


@pytest.mark.parametrize("query", [query for query in FREQUENT_QUERIES if not query.startswith("list of")])
def test_query_cost_is_independent_of_journal_size(
    journals_of_two_sizes: tuple[Path, Path], tmp_path: Path, query: str
) -> None:
    step_counts = []
    for number, path in enumerate(journals_of_two_sizes):
        (tmp_path / str(number)).mkdir()
        copy(path, tmp_path / str(number) / "journal.db")
        with closing(open_test_journal(tmp_path / str(number))) as journal:
            step_counts.append(count_steps(journal, query))
    steps_small, steps_large = step_counts
    assert steps_large <= (3 if "year" in query else 1.1) * steps_small + 5


def test_edited_entry_counts_once(journal: Journal) -> None:
    entry = make_entry()
    entries.add(journal, [entry])
    entries.update(journal, entry, replace(entry, text="another text"))
    assert tallies.tally_period(journal, WEEK).n == 1
