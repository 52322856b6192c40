"""Entries: round trips, selections and full-text search."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.journal_files import find_entries
from support.makers import FRIDAY, NOON, make_entry, open_test_journal
from valuelog.journal import entries, projects, search
from valuelog.journal.entries import Selection
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, Side
from valuelog.model.period import Period, week_of
from valuelog.model.search import parse_query

if TYPE_CHECKING:
    from pathlib import Path

    from valuelog.journal.store import Journal

MONDAY = FRIDAY - timedelta(days=4)
WEEK_BEFORE = FRIDAY - timedelta(days=7)

LOG = (
    make_entry(text="old", day=WEEK_BEFORE),
    make_entry(text="mails", day=MONDAY, tags=("ops",), origin="git:1"),
    make_entry(text="slides", day=MONDAY, people=("sam",), project="Refund flow"),
    make_entry(text="faster", kind=Kind.IMPROVEMENT, tags=("ops", "q4"), people=("maya", "sam"), origin="github:7"),
    make_entry(text="shipped", kind=Kind.OUTCOME, project="Refund flow", tags=("q4",), origin="git:2"),
    make_entry(text="runs alone", kind=Kind.HELPED, people=("maya",)),
    make_entry(text="pattern", kind=Kind.INSIGHT, day=FRIDAY + timedelta(days=1)),
    make_entry(text="deleted", tags=("ops",), people=("sam",), project="Refund flow", origin="git:3"),
)


@pytest.fixture
def log(journal: "Journal") -> "Journal":
    entries.add(journal, LOG)
    entries.delete_entities(journal, [("entry", LOG[-1].id)])
    return journal


def texts(selected: tuple[Entry, ...]) -> list[str]:
    return [entry.text for entry in selected]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), "old mails slides faster shipped runs alone pattern"),
        (Selection(period=week_of(FRIDAY)), "mails slides faster shipped runs alone pattern"),
        (Selection(period=Period(start=MONDAY, end=MONDAY)), "mails slides"),
        (Selection(period=Period(start=date(1900, 1, 1), end=WEEK_BEFORE)), "old"),
        (Selection(period=Period(start=date(2030, 1, 1), end=date(2031, 1, 1))), ""),
        (Selection(kinds=(Kind.OUTCOME,)), "shipped"),
        (Selection(kinds=(Kind.HELPED, Kind.INSIGHT)), "runs alone pattern"),
        (Selection(side=Side.WORK), "old mails slides"),
        (Selection(side=Side.VALUE), "faster shipped runs alone"),
        (Selection(side=Side.NEITHER), "pattern"),
        (Selection(side=Side.WORK, kinds=(Kind.OUTCOME,)), ""),
        (Selection(people=(("sam",),)), "slides faster"),
        (Selection(people=(("sam",), ("maya",))), "faster"),
        (Selection(people=(("nobody",),)), ""),
        (Selection(people=(("maya", "nobody"), ("sam",))), "faster"),
        (Selection(tags=(("ops",),)), "mails faster"),
        (Selection(tags=(("ops",), ("q4",))), "faster"),
        (Selection(tags=(("q4",),), people=(("sam",),)), "faster"),
        (Selection(source="git"), "mails shipped"),
        (Selection(source="GIT"), ""),
        (Selection(source="%"), ""),
        (Selection(source="gi_"), ""),
        (Selection(source="git", side=Side.VALUE), "shipped"),
    ],
)
def test_selection_combines_all_filters(log: "Journal", selection: Selection, expected: str) -> None:
    assert " ".join(texts(entries.select(log, selection))) == expected


def test_selection_by_project(log: "Journal") -> None:
    selection = Selection(project=projects.resolve_id(log, "refund-flow"))
    assert texts(entries.select(log, selection)) == ["slides", "shipped"]
    assert texts(entries.select(log, selection._replace(side=Side.VALUE))) == ["shipped"]


def test_select_limit_returns_the_latest_newest_last(log: "Journal") -> None:
    assert texts(entries.select(log, Selection(), limit=3)) == ["shipped", "runs alone", "pattern"]
    entries.add(log, [make_entry(text="added later for an old day", day=WEEK_BEFORE)])
    assert texts(entries.select(log, Selection(), limit=1)) == ["pattern"]
    assert texts(entries.select(log, Selection()))[:2] == ["old", "added later for an old day"]


def test_entry_round_trip(journal: "Journal") -> None:
    moment = datetime(2026, 3, 29, 1, 59, 59, 123000, tzinfo=timezone(-timedelta(hours=9, minutes=30)))
    entry = make_entry(
        kind=Kind.IMPROVEMENT,
        text="two lines\nand “quotes”, 漢字, ü, 🚀, '; DROP TABLE entry; --",
        day=date(1999, 12, 31),
        created=moment,
        minutes=1440,
        people=("ana", "sam"),
        tags=("q4",),
        effects=(Effect.SAFER, Effect.FASTER),
        beneficiaries=(Beneficiary.CUSTOMERS,),
        evidence="median of 214 cases",
        origin="calendar:x@y",
    )
    entries.add(journal, [entry])
    stored = entries.get(journal, entry.id)
    assert stored == entry
    assert stored.created.utcoffset() == moment.utcoffset()


TIMESTAMPS = st.datetimes(
    min_value=datetime(1901, 1, 1),  # noqa: DTZ001  the zone is drawn separately
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TIMESTAMPS)
def test_created_keeps_milliseconds_and_utc_offset(journal: "Journal", moment: datetime) -> None:
    entry = make_entry(created=moment)
    entries.add(journal, [entry])
    stored = entries.get(journal, entry.id).created
    assert timedelta(0) <= moment - stored < timedelta(milliseconds=1)
    assert stored.utcoffset() == moment.utcoffset()


def test_update_writes_only_changed_fields(journal: "Journal") -> None:
    entry = make_entry(minutes=30)
    entries.add(journal, [entry])
    assert not entries.update(journal, entry, entry)
    assert entries.update(journal, entry, replace(entry, minutes=45))
    assert journal.rows("SELECT fields FROM change ORDER BY seq DESC LIMIT 1") == [('{"minutes":45}',)]


def test_journal_is_empty_until_the_first_entry(journal: "Journal") -> None:
    assert entries.is_journal_empty(journal)
    entries.add(journal, [make_entry()])
    assert not entries.is_journal_empty(journal)


def test_people_and_tags_are_listed_by_frequency(log: "Journal") -> None:
    entries.add(log, [make_entry(people=("sam",), tags=("ops",))])
    assert entries.list_people_and_tags(log) == (("sam", "maya"), ("ops", "q4"))


# Search


TEXTS = (
    "reviewed the release train checklist",
    "train the new release manager",
    "release notes: train, train and train again",
    "café and naïve Ångström",
    "C++ build at 100% (see https://example.org/a?b=c)",
    "don't panic",
    "AND OR NOT NEAR are words too",
    "col:umn and text:release",
    "draft of the release",
)


@pytest.fixture
def library(journal: "Journal") -> "Journal":
    entries.add(journal, [make_entry(text=text) for text in TEXTS])
    entries.add(journal, [make_entry(text="measured", evidence="a median of 214 zugzwang cases")])
    return journal


def search_texts(journal: "Journal", words: str) -> set[str]:
    return set(texts(find_entries(journal, words)))


@pytest.mark.parametrize(
    ("words", "indexes"),
    [
        ("release", {0, 1, 2, 7, 8}),
        ("RELEASE Train", {0, 1, 2}),
        ("train release", {0, 1, 2}),
        ('"release train"', {0}),
        ('"release train" checklist', {0}),
        ('checklist "release train', {0}),
        ("release -train", {7, 8}),
        ('release -"release train"', {1, 2, 7, 8}),
        ("release -train -draft", {7}),
        ("-release", set()),
        ("rel", {0, 1, 2, 7, 8}),
        ("rel*", {0, 1, 2, 7, 8}),
        ("rel -dra", {0, 1, 2, 7}),
        ('"rel"', set()),
        ('"release tra"', set()),
        ("elease", set()),
        ("cafe", {3}),
        ("café NAIVE", {3}),
        ("angstrom", {3}),
        ("C++", {4}),
        ("100%", {4}),
        ("https://example.org/a?b=c", {4}),
        ("(build)", {4}),
        ("don't", {5}),
        ("dont", set()),
        ("panic'", {5}),
        ("AND", {3, 6, 2, 7}),
        ("NOT", {2, 6}),
        ("are NEAR words", {6}),
        ("NEAR(words too)", set()),
        ("(words too)", {6}),
        ("col:umn", {7}),
        ("text:release", {7}),
        ("text : release", {7}),
        ("{text} : release", {7}),
        ("^release", {0, 1, 2, 7, 8}),
        ("release + train", {0, 1, 2}),
        ("release OR measured", set()),
        ("nowhere", set()),
        ('""', set()),
        ("-", set()),
        ("", set()),
        ('"', set()),
        ("🚀", set()),
    ],
)
def test_search_query_has_no_hidden_syntax(library: "Journal", words: str, indexes: set[int]) -> None:
    assert search_texts(library, words) == {TEXTS[index] for index in indexes}


def test_search_includes_evidence(library: "Journal") -> None:
    assert search_texts(library, "zugzwang") == {"measured"}
    assert search_texts(library, "measured zugzwang") == {"measured"}


def test_search_ranks_by_relevance_then_by_day(journal: "Journal") -> None:
    entries.add(journal, [make_entry(text="the deploy waited while we talked about many other things entirely")])
    entries.add(journal, [make_entry(text="deploy deploy")])
    entries.add(journal, [make_entry(text="deploy deploy", day=FRIDAY - timedelta(days=1))])
    order = find_entries(journal, "deploy")
    assert [(entry.text[:6], entry.day) for entry in order] == [
        ("deploy", FRIDAY),
        ("deploy", FRIDAY - timedelta(days=1)),
        ("the de", FRIDAY),
    ]
    assert find_entries(journal, "deploy", limit=1) == order[:1]


def test_search_can_be_filtered(library: "Journal") -> None:
    entries.add(library, [make_entry(text="release of today", kind=Kind.OUTCOME, people=("sam",), tags=("ops",))])
    for selection in (
        Selection(kinds=(Kind.OUTCOME,)),
        Selection(people=(("sam",),)),
        Selection(tags=(("operations", "ops"),), side=Side.VALUE, period=week_of(FRIDAY)),
    ):
        assert texts(find_entries(library, "release", selection)) == ["release of today"]
    assert find_entries(library, "release", Selection(period=week_of(WEEK_BEFORE))) == ()


def test_search_ignores_replaced_and_deleted_text(journal: "Journal") -> None:
    entry = make_entry(text="first wording", evidence="first proof")
    entries.add(journal, [entry, make_entry(text="first of all")])
    entries.update(journal, entry, replace(entry, text="second wording", evidence=None))
    assert search_texts(journal, "first") == {"first of all"}
    assert search_texts(journal, "second") == {"second wording"}
    entries.delete_entities(journal, [("entry", entry.id)])
    assert search_texts(journal, "second") == set()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \"'-*():^+{}ANDORT%_\\\n\t;,.é漢🚀\u200b"), max_size=30))
def test_search_never_fails(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    journal = open_test_journal(tmp_path_factory.getbasetemp() / "searched")
    if entries.is_journal_empty(journal):
        entries.add(journal, [make_entry(text="a b ab AND OR")])
    find_entries(journal, words)
    search.search_others(journal, parse_query(words))
    journal.close()


def test_search_handles_long_queries_and_texts(journal: "Journal") -> None:
    entries.add(journal, [make_entry(text="needle " + "hay " * 20_000)])
    assert len(search_texts(journal, "needle " * 500)) == 1


def test_day_is_independent_of_the_utc_date(tmp_path: "Path") -> None:
    journal = open_test_journal(tmp_path)
    late = make_entry(day=FRIDAY, created=NOON.replace(hour=23, minute=59).astimezone(UTC))
    entries.add(journal, [late])
    assert entries.get(journal, late.id).day == FRIDAY
