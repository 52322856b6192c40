"""Screens at 80 and 120 columns. `pytest tests/screens --snapshot-update` updates them."""

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from support.makers import FRIDAY, NOON, close_after_test, make_entry
from support.snapshots import AWKWARD_TEXTS, ScreenSnapshot
from valuelog.journal import days, entries, pains
from valuelog.journal.ids import ALPHABET
from valuelog.journal.log import Change
from valuelog.journal.store import Journal, open_journal
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind
from valuelog.model.pain import PainPoint, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from conftest import Run

MONDAY = FRIDAY - timedelta(days=4)


@pytest.fixture
def screen(snapshot: "SnapshotAssertion") -> "SnapshotAssertion":
    """Return the snapshot of a screen."""
    return snapshot.use_extension(ScreenSnapshot)


def open_fixed_journal(path: "Path") -> Journal:
    """Open a journal with a fixed clock, so that its history always looks the same."""
    return close_after_test(open_journal(path, "a-laptop", lambda: NOON, write=True))


def fixed_ids() -> "Iterator[str]":
    """Yield the same ids in every run."""
    chance = Random(47)  # noqa: S311  ids of a test
    while True:
        yield "".join(chance.choice(ALPHABET) for _ in range(10))


# The journals

WEEK: tuple[tuple[tuple[Kind, str, dict[str, Any]], ...], ...] = (
    (
        (Kind.IMPROVEMENT, "the deploy checklist is one page now @maya", {"effects": (Effect.FASTER,)}),
        (Kind.HELPED, "@sam runs the release alone now", {"people": ("sam",), "evidence": "he did, twice"}),
    ),
    (),
    (
        (Kind.OUTCOME, "Refund flow: three days to one", {"evidence": "median of 214 cases", "project": "refunds"}),
        (Kind.OUTCOME, "the new tariff went live", {"evidence": "no rollback"}),
        (Kind.IMPROVEMENT, "alerts name their owner", {"effects": (Effect.FASTER, Effect.CLEARER)}),
    ),
    ((Kind.HELPED, "@maya debugged the queue herself", {"people": ("maya",)}),),
    (
        (Kind.IMPROVEMENT, "nightly report in two minutes", {"beneficiaries": (Beneficiary.CUSTOMERS,), "minutes": 90}),
        (Kind.INSIGHT, "half of the tickets come from one form field", {"evidence": "412 of 800"}),
    ),
)
"""The value of the worked example, Monday to Friday."""

WORK = (5, 6, 4, 7, 3)
TEXTS = ("audit mails", "weekly planning", "support rota", "budget numbers", "reviews", "on-call handover", "slides")


def make_week(names: "Iterator[str]") -> list[Entry]:
    """Make the worked example of the docs: 8 value, 25 work."""
    logged = []
    for place, value in enumerate(WEEK):
        day = MONDAY + timedelta(days=place)
        logged += [make_entry(id=next(names), day=day, text=text) for text in TEXTS[: WORK[place]]]
        logged += [make_entry(id=next(names), day=day, kind=kind, text=text, **more) for kind, text, more in value]
    return logged


def make_weeks_before(names: "Iterator[str]") -> list[Entry]:
    """Make twelve weeks before it, one of them empty."""
    logged = []
    for back in range(12, 0, -1):
        for place in range(5 if back != 6 else 0):
            day = MONDAY - timedelta(weeks=back) + timedelta(days=place)
            logged += [
                make_entry(id=next(names), day=day, text=TEXTS[number]) for number in range(1 + (place + back) % 4)
            ]
            if (place + back) % 3 == 0:
                kind = (Kind.HELPED, Kind.IMPROVEMENT, Kind.OUTCOME, Kind.INSIGHT)[back % 4]
                logged.append(make_entry(id=next(names), day=day, kind=kind, text=f"{kind} of that week"))
    return logged


def make_pain_point(names: "Iterator[str]", text: str, *seen: date) -> PainPoint:
    sightings = tuple(Sighting(id=next(names), day=day, text=text, created=NOON) for day in seen)
    return PainPoint(id=next(names), text=text, created=NOON, sightings=sightings)


def write_sample_journal(path: "Path", *, before: bool = True) -> None:
    """Write the worked example and, by default, the weeks before it."""
    journal, names = open_fixed_journal(path), fixed_ids()
    project = {"slug": "refunds", "name": "Refunds", "started_on": "2026-09-01", **journal.timestamp_fields()}
    journal.write("add", [Change(entity="project", id="p200000000", fields=project)])
    if before:
        entries.add(journal, make_weeks_before(names), act="today")
    entries.add(journal, make_week(names), act="today")
    often = [MONDAY + timedelta(days=place) for place in (-9, -2, 0, 3)]
    journal.write("add", pains.creation_changes([make_pain_point(names, "The deploy waits on one approver", *often)]))
    journal.write(
        "add", pains.creation_changes([make_pain_point(names, "Two tools want the same hours typed in", FRIDAY)])
    )
    days.add_days_off(journal, [date(2026, 10, 12), date(2026, 10, 13)], "away")
    journal.close()


@pytest.fixture
def sample_journal(journal_path: "Path") -> None:
    """Fill the journal with the sample."""
    journal_path.parent.mkdir(parents=True)
    write_sample_journal(journal_path)


# The screens

SCREENS = {
    "close": "today --helped @lee --activity mails",
    "review": "review --week",
    "review-quarter": "review --quarter",
    "trend": "trend",
    "calendar": "calendar",
    "calendar-count": "calendar --by count",
    "stand": "",
    "list": "list --week",
    "history": "history",
    "pain": "pain",
    "off": "off list",
}


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.usefixtures("sample_journal")
def test_screen_of_a_command(run: "Run", screen: "SnapshotAssertion", name: str, columns: int) -> None:
    shown = run(*SCREENS[name].split(), COLUMNS=str(columns)).out
    assert all(cell_len(line) <= columns for line in shown.splitlines())
    assert not any(line.endswith(" ") for line in shown.splitlines())
    assert shown == screen


@pytest.mark.parametrize("text", ["Refund flow", "one approver", "nightly report"], ids=["outcome", "pain", "effect"])
@pytest.mark.usefixtures("sample_journal")
def test_screen_of_show(run: "Run", screen: "SnapshotAssertion", text: str) -> None:
    listed = run("list", "--plain", "--week").out + run("pain", "list", "--plain").out
    (name,) = (record.split("\t")[0] for record in listed.splitlines() if text in record)
    assert run("show", name).out == screen


def test_screen_of_a_first_review(run: "Run", screen: "SnapshotAssertion", journal_path: "Path") -> None:
    journal, names = open_fixed_journal(journal_path), fixed_ids()
    better = {"effects": (Effect.CLEARER,), "beneficiaries": (Beneficiary.COWORKERS,)}
    wednesday, thursday = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)
    text = "the deploy checklist is one page now"
    few = [
        make_entry(id=next(names), day=wednesday, kind=Kind.HELPED, text="@sam runs the release alone now"),
        make_entry(id=next(names), day=thursday),
        make_entry(id=next(names), kind=Kind.IMPROVEMENT, text=text, **better),
    ]
    entries.add(journal, few)
    journal.close()
    assert run("review", "--week").out == screen


@pytest.mark.parametrize(
    "words",
    ["", "review --week", "trend", "calendar", "list", "history", "pain"],
    ids=["stand", "review", "trend", "calendar", "list", "history", "pain"],
)
def test_screen_of_an_empty_journal(run: "Run", screen: "SnapshotAssertion", words: str) -> None:
    assert run(*words.split()).out == screen


@pytest.mark.usefixtures("sample_journal")
def test_colors_of_a_review(run: "Run", screen: "SnapshotAssertion") -> None:
    shown = run("--color", "always", "review", "--week").out
    assert shown.replace("\x1b[", "‹").replace("\x1b", "!") == screen


# Awkward texts

NARROW = (
    "",
    "list",
    "review",
    "review --quarter",
    "trend",
    "calendar",
    "history",
    "pain",
    "off list",
)


@pytest.fixture
def awkward_journal(journal_path: "Path") -> None:
    """Fill the journal with awkward texts."""
    journal, names = open_fixed_journal(journal_path), fixed_ids()
    kinds = tuple(Kind)
    for place, text in enumerate(AWKWARD_TEXTS):
        fields = {"text": text, "evidence": text, "people": (text[:60],), "kind": kinds[place % len(kinds)]}
        entries.add(journal, [make_entry(id=next(names), **fields)])
        journal.write("add", pains.creation_changes([make_pain_point(names, text, FRIDAY)]))
    days.add_days_off(journal, [date(2026, 12, 24)], AWKWARD_TEXTS[1])
    journal.close()


@pytest.mark.parametrize("columns", [20, 40, 79, 80, 120])
@pytest.mark.usefixtures("awkward_journal")
def test_awkward_texts_fit_the_terminal(run: "Run", columns: int) -> None:
    listed = run("list", "--plain").out + run("pain", "list", "--plain").out
    shows = [f"show {record.split()[0]}" for record in listed.splitlines()]
    for words in (*NARROW, *shows, "today --helped x"):
        lines = run(*words.split(), COLUMNS=str(columns)).out.splitlines()
        assert [line for line in lines if cell_len(line) > columns] == [], words


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_config_and_paths_fit_but_keep_paths_whole(run: "Run", journal_path: "Path", columns: int) -> None:
    for words in ("config", "paths"):
        lines = run(words, COLUMNS=str(columns)).out.splitlines()
        assert str(journal_path) in " ".join(lines)
        wide = [line for line in lines if cell_len(line) > columns and "/" not in line]
        assert [line for line in wide if len(line.split()) > 1] == []


def test_history_has_the_time_of_the_clock(run: "Run", sample_journal: None) -> None:
    del sample_journal
    assert datetime.fromisoformat(run("history", "-n", "1", "--plain").out.split("\t")[0]) == NOON
