"""Entries: which ones a selection means, and which words find them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.makers import FRIDAY, NOON, make_entry, open_test_journal
from valuelog.journal import entries, projects
from valuelog.journal.entries import Selection, build_fts_query
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, Side
from valuelog.model.period import Period, week_of

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


def texts(found: tuple[Entry, ...]) -> list[str]:
    return [entry.text for entry in found]


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        (Selection(), "old mails slides faster shipped runs alone pattern"),
        (Selection(period=week_of(FRIDAY)), "mails slides faster shipped runs alone pattern"),
        (Selection(period=Period(start=MONDAY, end=MONDAY)), "mails slides"),
        (Selection(period=Period(start=date(1900, 1, 1), end=WEEK_BEFORE)), "old"),
        (Selection(period=Period(start=date(2030, 1, 1), end=date(2031, 1, 1))), ""),
        (Selection(kinds=(Kind.OUTCOME,)), "shipped"),
        (Selection(kinds=(Kind.HELPED, Kind.INSIGHT)), "runs alone pattern"),
        (Selection(side=Side.WORK), "old mails slides"),
        (Selection(side=Side.VALUE), "faster shipped runs alone pattern"),
        (Selection(side=Side.WORK, kinds=(Kind.OUTCOME,)), ""),
        (Selection(people=(("sam",),)), "slides faster"),
        (Selection(people=(("sam",), ("maya",))), "faster"),
        (Selection(people=(("nobody",),)), ""),
        (Selection(people=(("maya", "nobody"), ("sam",))), "faster"),
        (Selection(tags=("ops",)), "mails faster"),
        (Selection(tags=("ops", "q4")), "faster"),
        (Selection(tags=("q4",), people=(("sam",),)), "faster"),
        (Selection(source="git"), "mails shipped"),
        (Selection(source="GIT"), ""),
        (Selection(source="%"), ""),
        (Selection(source="gi_"), ""),
        (Selection(source="git", side=Side.VALUE), "shipped"),
    ],
)
def test_everything_that_is_said_must_hold(log: "Journal", selection: Selection, found: str) -> None:
    assert " ".join(texts(entries.select(log, selection))) == found


def test_a_project_selects_its_entries(log: "Journal") -> None:
    wanted = Selection(project=projects.resolve_id(log, "refund-flow"))
    assert texts(entries.select(log, wanted)) == ["slides", "shipped"]
    assert texts(entries.select(log, wanted._replace(side=Side.VALUE))) == ["shipped"]


def test_only_the_latest_can_be_asked_for_and_the_newest_day_comes_last(log: "Journal") -> None:
    assert texts(entries.select(log, Selection(), limit=3)) == ["shipped", "runs alone", "pattern"]
    entries.add(log, [make_entry(text="late words on an old day", day=WEEK_BEFORE)])
    assert texts(entries.select(log, Selection(), limit=1)) == ["pattern"]
    assert texts(entries.select(log, Selection()))[:2] == ["old", "late words on an old day"]


def test_what_comes_out_is_what_went_in(journal: "Journal") -> None:
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
    kept = entries.get(journal, entry.id)
    assert kept == entry
    assert kept.created.utcoffset() == moment.utcoffset()


MOMENTS = st.datetimes(
    min_value=datetime(1901, 1, 1),  # noqa: DTZ001  the zone is drawn apart
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(MOMENTS)
def test_any_moment_is_kept_to_the_millisecond_as_the_clock_on_the_wall_showed_it(
    journal: "Journal", moment: datetime
) -> None:
    entry = make_entry(created=moment)
    entries.add(journal, [entry])
    kept = entries.get(journal, entry.id).created
    assert timedelta(0) <= moment - kept < timedelta(milliseconds=1)
    assert kept.utcoffset() == moment.utcoffset()


def test_an_amendment_writes_only_what_differs(journal: "Journal") -> None:
    entry = make_entry(minutes=30)
    entries.add(journal, [entry])
    assert not entries.update(journal, entry, entry)
    assert entries.update(journal, entry, replace(entry, minutes=45))
    assert journal.rows("SELECT fields FROM change ORDER BY seq DESC LIMIT 1") == [('{"minutes":45}',)]


def test_a_journal_tells_whether_anything_was_written(journal: "Journal") -> None:
    assert entries.is_journal_empty(journal)
    entries.add(journal, [make_entry()])
    assert not entries.is_journal_empty(journal)


def test_people_and_tags_are_known_by_how_often_they_are_named(log: "Journal") -> None:
    entries.add(log, [make_entry(people=("sam",), tags=("ops",))])
    assert entries.list_people_and_tags(log) == (("sam", "maya"), ("ops", "q4"))


# Searching


WORDS = (
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
    entries.add(journal, [make_entry(text=text) for text in WORDS])
    entries.add(journal, [make_entry(text="measured", evidence="a median of 214 zugzwang cases")])
    return journal


def found(journal: "Journal", words: str) -> set[str]:
    return set(texts(entries.search(journal, Selection(query=words))))


@pytest.mark.parametrize(
    ("words", "places"),
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
        ("rel", set()),
        ("rel*", set()),
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
        ("NOT", {6}),
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
def test_words_find_what_a_person_means_and_nothing_typed_acts(
    library: "Journal", words: str, places: set[int]
) -> None:
    assert found(library, words) == {WORDS[place] for place in places}


def test_evidence_is_searched_too(library: "Journal") -> None:
    assert found(library, "zugzwang") == {"measured"}
    assert found(library, "measured zugzwang") == {"measured"}


def test_the_best_match_comes_first_and_the_newer_before_the_older(journal: "Journal") -> None:
    entries.add(journal, [make_entry(text="the deploy waited while we talked about many other things entirely")])
    entries.add(journal, [make_entry(text="deploy deploy")])
    entries.add(journal, [make_entry(text="deploy deploy", day=FRIDAY - timedelta(days=1))])
    order = entries.search(journal, Selection(query="deploy"))
    assert [(entry.text[:6], entry.day) for entry in order] == [
        ("deploy", FRIDAY),
        ("deploy", FRIDAY - timedelta(days=1)),
        ("the de", FRIDAY),
    ]
    assert entries.search(journal, Selection(query="deploy"), limit=1) == order[:1]


def test_what_is_searched_can_be_filtered_like_a_list(library: "Journal") -> None:
    entries.add(library, [make_entry(text="release of today", kind=Kind.OUTCOME, people=("sam",), tags=("ops",))])
    for wanted in (
        Selection(query="release", kinds=(Kind.OUTCOME,)),
        Selection(query="release", people=(("sam",),)),
        Selection(query="release", tags=("ops",), side=Side.VALUE, period=week_of(FRIDAY)),
    ):
        assert texts(entries.search(library, wanted)) == ["release of today"]
    assert entries.search(library, Selection(query="release", period=week_of(WEEK_BEFORE))) == ()


def test_words_that_were_changed_or_deleted_are_not_found_any_more(journal: "Journal") -> None:
    entry = make_entry(text="first wording", evidence="first proof")
    entries.add(journal, [entry, make_entry(text="first of all")])
    entries.update(journal, entry, replace(entry, text="second wording", evidence=None))
    assert found(journal, "first") == {"first of all"}
    assert found(journal, "second") == {"second wording"}
    entries.delete_entities(journal, [("entry", entry.id)])
    assert found(journal, "second") == set()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \"'-*():^+{}ANDORT%_\\\n\t;,.é漢🚀\u200b"), max_size=30))
def test_no_search_ever_fails(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    journal = open_test_journal(tmp_path_factory.getbasetemp() / "searched")
    if entries.is_journal_empty(journal):
        entries.add(journal, [make_entry(text="a b ab AND OR")])
    entries.search(journal, Selection(query=words))
    journal.close()
    assert build_fts_query(words)


def test_millions_of_words_are_no_harm(journal: "Journal") -> None:
    entries.add(journal, [make_entry(text="needle " + "hay " * 20_000)])
    assert len(found(journal, "needle " * 500)) == 1


def test_the_offset_of_a_day_is_kept_though_utc_says_another(tmp_path: "Path") -> None:
    journal = open_test_journal(tmp_path)
    late = make_entry(day=FRIDAY, created=NOON.replace(hour=23, minute=59).astimezone(UTC))
    entries.add(journal, [late])
    assert entries.get(journal, late.id).day == FRIDAY
