"""Tallies: what SQL adds up is what counting one by one gives, and an index answers it."""

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
from valuelog.model.entry import Entry, Kind, Side
from valuelog.model.period import Period, Unit, period_containing, week_of
from valuelog.model.question import PAIN_POINT
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally, WorkSinceValue
from valuelog.questions.catalogue import QuestionSettings
from valuelog.questions.catalogue import load_weekly_talk_questions as talking
from valuelog.questions.catalogue import select_evening_questions as questions
from valuelog.workflows import brag, brief, evening, lookup, reviews, status, weekly_talk
from valuelog.workflows import entries as entry_workflows
from valuelog.workflows import pains as following
from valuelog.workflows import projects as owned
from valuelog.workflows import promises as promised
from valuelog.workflows.answers import Answer

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
        evidence=st.none() | st.just("a log"),
        project=st.sampled_from([None, "Refunds", "Alerts"]),
    ),
    max_size=25,
)


def counted(found: "Iterable[Entry]") -> Tally:
    """Count entries one by one."""
    counts: dict[Kind, int] = {}
    minutes: dict[Kind, int] = {}
    timed = evidenced = 0
    for entry in found:
        counts[entry.kind] = counts.get(entry.kind, 0) + 1
        if entry.minutes:
            minutes[entry.kind] = minutes.get(entry.kind, 0) + entry.minutes
            timed += 1
        evidenced += bool(entry.evidence) and entry.side is Side.VALUE
    return Tally(counts=counts, minutes=minutes, with_minutes=timed, with_evidence=evidenced)


@settings(max_examples=60, deadline=None)
@given(ENTRIES, ENTRIES, PERIODS)
def test_counting_in_sql_gives_what_counting_one_by_one_does(
    tmp_path_factory: pytest.TempPathFactory, log: list[Entry], deleted: list[Entry], period: Period
) -> None:
    journal = open_test_journal(tmp_path_factory.mktemp("counted"))
    connection_of(journal).execute("PRAGMA synchronous = OFF")
    entries.add(journal, [*log, *deleted])
    entries.delete_entities(journal, [("entry", entry.id) for entry in deleted])
    meant = [entry for entry in log if period.start <= entry.day <= period.end]
    by_day = {entry.day: [other for other in meant if other.day == entry.day] for entry in meant}
    assert tallies.tally_period(journal, period) == counted(meant)
    assert tallies.tally_by_day(journal, period) == {day: counted(found) for day, found in by_day.items()}
    assert days.list_logged_days(journal, period) == by_day.keys()
    assert {project.slug: tally for project, tally in tallies.tally_projects(journal, period)} == {
        name.lower(): counted(found)
        for name in ("Refunds", "Alerts")
        if (found := [entry for entry in meant if entry.project == name])
    }
    dry = tallies.work_since_value_by_project(journal, period.end)
    for project in projects.list_projects(journal, only_open=True):
        wanted = compute_work_since_value(tallies.tally_project_by_day(journal, project.id), period.end)
        assert dry.get(project.id, WorkSinceValue()) == (wanted if wanted.work else WorkSinceValue())
    views_agree(journal, log)
    journal.close()


def views_agree(journal: Journal, log: list[Entry]) -> None:
    """Compare what other programs see with counting one by one."""
    tables: list[tuple[str, Callable[[date], date]]] = [("daily", lambda day: day), ("weekly", monday_of)]
    for view, begins in tables:
        groups = {begins(entry.day): [each for each in log if begins(each.day) == begins(entry.day)] for entry in log}
        wanted = [(day.isoformat(), *sums(counted(groups[day]))) for day in sorted(groups)]
        assert journal.rows(f"SELECT * FROM {view} ORDER BY 1") == wanted
    shares = [
        (monday, value, work, round(value / (value + work), 4))
        for monday, value, work, _ in journal.rows("SELECT * FROM weekly ORDER BY 1")
    ]
    assert journal.rows("SELECT * FROM value_share ORDER BY 1") == shares


def monday_of(day: date) -> date:
    return week_of(day).start


def sums(tally: Tally) -> tuple[int, int, int | None]:
    return tally.value, tally.work, sum(tally.minutes.values()) if tally.with_minutes else None


def test_the_views_are_named_so_that_people_understand_them(journal: Journal) -> None:
    entries.add(
        journal, [make_entry(minutes=30), make_entry(kind=Kind.HELPED), make_entry(kind=Kind.OUTCOME, minutes=15)]
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


def test_nothing_adds_up_to_nothing(journal: Journal) -> None:
    period = Period(start=FRIDAY, end=FRIDAY)
    assert tallies.tally_period(journal, period) == Tally()
    assert tallies.tally_by_day(journal, period) == {}
    assert days.list_logged_days(journal, period) == frozenset()


# What an index answers


def filled(journal: Journal, size: int) -> Journal:
    """Write entries, four a day, and what else a journal holds."""
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
def long(journal: Journal) -> Journal:
    """Return a journal of two thousand entries."""
    return filled(journal, 2000)


@pytest.fixture(scope="module")
def lengths(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a journal of three years, and one of fifteen."""
    made = [filled(open_test_journal(tmp_path_factory.mktemp("length")), size) for size in (4000, 20_000)]
    for journal in made:
        journal.close()
    return made[0].path, made[1].path


WEEK = week_of(FRIDAY)
A_PAIN = Answer(kind=PAIN_POINT, text="the deploy waits", day=FRIDAY, is_new_pain=True)
EVERYDAY: "dict[str, Callable[[Journal], object]]" = {
    "review a week": lambda journal: reviews.load_review(journal, WEEK, FRIDAY, Schedule()),
    "review a year": lambda journal: reviews.load_review(
        journal, period_containing(FRIDAY, Unit.YEAR), FRIDAY, Schedule()
    ),
    "trend": lambda journal: reviews.load_trend(journal, Unit.WEEK, 12, FRIDAY),
    "what nothing of value followed": lambda journal: tallies.work_since_value_by_project(journal, FRIDAY),
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
    "list of what one project yielded": lambda journal: owned.load_project_details(journal, "refunds", FRIDAY),
    "promises": lambda journal: promised.list_promises(journal, FRIDAY, include_settled=True),
    "edit": lambda journal: entry_workflows.edit(
        journal, entries.get(journal, "k3aaaaaaaa"), {"text": "new", "minutes": 5}
    ),
    "delete": lambda journal: entry_workflows.delete(journal, ["k3aa"]),
    "list with a limit": lambda journal: lookup.list_entries(journal, Selection(), limit=30),
    "list a week": lambda journal: lookup.list_entries(journal, Selection(period=WEEK)),
    "list a week of a side": lambda journal: entries.select(journal, Selection(period=WEEK, side=Side.VALUE)),
    "list a week with a person": lambda journal: entries.select(journal, Selection(period=WEEK, people=(("sam",),))),
    "list a week with a tag": lambda journal: entries.select(journal, Selection(period=WEEK, tags=("ops",))),
    "list of a project": lambda journal: entries.select(
        journal, Selection(project=projects.resolve_id(journal, "refunds")), limit=30
    ),
    "list of a source": lambda journal: entries.select(journal, Selection(source="git"), limit=30),
    "list of a person": lambda journal: entries.select(journal, Selection(people=(("sam",),)), limit=30),
    "search": lambda journal: lookup.search_entries(journal, Selection(query="deploy"), limit=50),
    "find": lambda journal: (journal.resolve_id("k3aa"), journal.prefix_lengths(["k3aaaaaaaa"])),
    "undo": Journal.undo,
    "redo": lambda journal: (journal.undo(), journal.redo()),
    "history": lambda journal: history.list_batches(journal, limit=1),
    "history of one thing": lambda journal: history.list_entity_batches(journal, "k3aaaaaaaa"),
    "stand": lambda journal: status.load_status(journal, FRIDAY, Schedule()),
    "begin an evening": lambda journal: evening.prepare_evening(
        journal, FRIDAY, FRIDAY, questions(FRIDAY, QuestionSettings()), Schedule(), include_asked=False
    ),
    "close an evening": lambda journal: evening.summarize_evening(journal, FRIDAY, FRIDAY, 1, Schedule()),
    "begin a talk": lambda journal: weekly_talk.prepare_weekly_talk(journal, WEEK, FRIDAY, Schedule(), talking()),
    "sum a talk up": lambda journal: weekly_talk.summarize_weekly_talk(
        journal, weekly_talk.prepare_weekly_talk(journal, WEEK, FRIDAY, Schedule(), talking()), saved_count=1
    ),
    "list of deeds, to brag": lambda journal: brag.load_brag(
        journal, period_containing(FRIDAY, Unit.MONTH), FRIDAY, Schedule()
    ),
    "brief": lambda journal: brief.load_brief(journal, brief.default_brief_period(FRIDAY), FRIDAY, Schedule()),
    "gather": lambda journal: seen_drafts.filter_unseen(journal, [Draft(origin="git:9", day=FRIDAY, text="a commit")]),
    "what lacks a step": lambda journal: pains.list_unplanned_pains(journal, min_days=3, limit=5),
    "open pain points": lambda journal: pains.list_open_pains(journal, limit=5),
    "asked": lambda journal: days.list_asked_questions(journal, FRIDAY),
    "is it empty": entries.is_journal_empty,
}

SMALL = {"device", "d", "project", "promise", "reflection", "day_off", "draft_seen", "pain", "p"}
"""What never gets long enough to matter, and p, as which it is read."""

RECURSIVE = {"logged", "w", "f", "n", "json_each"}
"""What a query makes itself or is handed, and full text."""


@pytest.mark.parametrize("what", EVERYDAY)
def test_no_everyday_question_reads_the_whole_journal(long: Journal, what: str) -> None:
    asked: list[str] = []
    connection_of(long).set_trace_callback(asked.append)
    EVERYDAY[what](long)
    connection_of(long).set_trace_callback(None)
    statements = {sql for sql in asked if re.match(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)", sql)}
    assert statements
    for sql in statements:
        for scan in scans(long, sql):
            assert scan in SMALL | RECURSIVE, sql


def scans(journal: Journal, sql: str) -> list[str]:
    """Return what a statement reads from beginning to end; stopping early, in an order that is there, is none."""
    plan = [row[3] for row in connection_of(journal).execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
    if " LIMIT " in sql and not any(re.fullmatch("USE TEMP B-TREE FOR (ORDER|GROUP) BY", step) for step in plan):
        return []
    return [found[1] for step in plan if (found := re.match(r"SCAN (?!CONSTANT ROW)(\w+)", step))]


def test_a_scan_would_be_noticed(long: Journal) -> None:
    assert scans(long, "SELECT * FROM entry WHERE text = 'x'") == ["entry"]
    assert scans(long, "SELECT * FROM entry ORDER BY text LIMIT 1") == ["entry"]
    assert scans(long, "SELECT count(*) FROM change WHERE id = 'x'") == ["change"]
    assert scans(long, "SELECT * FROM entry ORDER BY place DESC LIMIT 1") == []
    assert scans(long, "SELECT * FROM entry WHERE id = 'x'") == []


def steps(journal: Journal, what: str) -> int:
    """Count the steps that SQLite takes, in tens."""
    count = 0

    def one_more() -> None:
        nonlocal count
        count += 1

    connection_of(journal).set_progress_handler(one_more, 10)
    EVERYDAY[what](journal)
    connection_of(journal).set_progress_handler(None, 10)
    return count


@pytest.mark.parametrize("what", [what for what in EVERYDAY if not what.startswith("list of")])
def test_five_times_the_journal_is_not_five_times_the_work(
    lengths: tuple[Path, Path], tmp_path: Path, what: str
) -> None:
    taken = []
    for number, path in enumerate(lengths):
        (tmp_path / str(number)).mkdir()
        copy(path, tmp_path / str(number) / "journal.db")
        with closing(open_test_journal(tmp_path / str(number))) as journal:
            taken.append(steps(journal, what))
    few, many = taken
    assert many <= (3 if "year" in what else 1.1) * few + 5


def test_a_renamed_entry_keeps_its_count(journal: Journal) -> None:
    entry = make_entry()
    entries.add(journal, [entry])
    entries.update(journal, entry, replace(entry, text="other words"))
    assert tallies.tally_period(journal, WEEK).n == 1
