"""Screens of brag and brief. `pytest tests/screens --snapshot-update` updates them."""

import re
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from support.makers import FRIDAY, make_entry
from support.sample_quarter import (
    fixed_ids,
    make_sample_pain,
    make_sample_project,
    open_sample_journal,
    write_pain,
    write_project,
    write_sample_quarter,
)
from support.snapshots import ScreenSnapshot
from valuelog.journal import entries
from valuelog.model.entry import Beneficiary, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from conftest import Run


@pytest.fixture
def screen(snapshot: "SnapshotAssertion") -> "SnapshotAssertion":
    """Return the snapshot of a screen."""
    return snapshot.use_extension(ScreenSnapshot)


def show_on_terminal(run: "Run", *words: str, columns: int) -> str:
    """Return what a terminal shows, without colors."""
    return re.sub(r"\x1b\[[0-9;]*m", "", run("--color", "always", *words, COLUMNS=str(columns)).out)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", ["brag", "brief"])
def test_screen_of_brag_or_brief(
    run: "Run", screen: "SnapshotAssertion", journal_path: "Path", command: str, columns: int
) -> None:
    write_sample_quarter(journal_path)
    shown = show_on_terminal(run, command, columns=columns)
    assert all(cell_len(line) <= columns for line in shown.splitlines())
    assert not any(line.endswith(" ") for line in shown.splitlines())
    assert shown == screen


@pytest.mark.parametrize("command", ["brag", "brief"])
def test_markdown_of_brag_or_brief(run: "Run", screen: "SnapshotAssertion", journal_path: "Path", command: str) -> None:
    write_sample_quarter(journal_path)
    assert run(command).out == screen


@pytest.fixture
def crowded_journal(journal_path: "Path") -> None:
    """Fill the journal with more projects and results than two pages hold in full."""
    journal, names = open_sample_journal(journal_path), fixed_ids()
    for place in range(10):
        known = {"problem": "it is slow", "measure": f"days of {place}" if place % 4 else None, "aim": "one day"}
        closed = {"closed_on": FRIDAY, "result": "one day"} if place % 3 == 0 else {}
        write_project(journal, make_sample_project(f"Project {place}", id=next(names), **known, **closed))
    for place in range(60):
        project = f"Project {place % 12}" if place % 12 < 10 else None
        proof = "measured twice" if place % 5 < 2 else None
        outcome = make_entry(
            id=next(names), kind=Kind.OUTCOME, text=f"result {place % 30}", project=project, evidence=proof
        )
        whom = tuple(Beneficiary)[place % 3 : place % 3 + 1 + place % 2]
        text = f"it is easier {place % 7}"
        entries.add(
            journal, [outcome, make_entry(id=next(names), kind=Kind.IMPROVEMENT, text=text, beneficiaries=whom)]
        )
    journal.close()


@pytest.mark.usefixtures("crowded_journal")
def test_brag_of_a_crowded_quarter(run: "Run", screen: "SnapshotAssertion") -> None:
    assert run("brag").out + show_on_terminal(run, "brag", columns=80) == screen


@pytest.mark.parametrize("command", ["brag", "brief"])
def test_brag_or_brief_of_an_empty_journal(run: "Run", screen: "SnapshotAssertion", command: str) -> None:
    assert show_on_terminal(run, command, columns=80) == screen


# Awkward texts

AWKWARD = (
    "w" * 200,
    "デプロイの確認リストは一ページになりました" * 6,
    "👩‍👩‍👧‍👦 the family of 🇩🇪 flags and 👍🏽 thumbs " * 5,
    "e\u0301" * 150,
    "\u200bzero\u200bwidth\u2060 " * 20,
    "عربي وعبرית together " * 10,
    "tabs\tand\tlines\nand more lines\n" * 5,
    "https://example.org/" + "a/" * 120,
)


@pytest.fixture
def awkward_journal(journal_path: "Path") -> None:
    """Fill the journal with awkward texts."""
    journal, names = open_sample_journal(journal_path), fixed_ids()
    for place, text in enumerate(AWKWARD):
        fields = dict.fromkeys(("problem", "measure", "aim", "result", "lesson"), text)
        closed = FRIDAY if place % 2 else None
        write_project(journal, make_sample_project(f"{place} {text}"[:150], id=next(names), closed_on=closed, **fields))
        for kind in Kind:
            proof = text if place % 2 else None
            more = {"people": (text[:60],), "evidence": proof, "project": f"{place} {text}"[:150]}
            entries.add(journal, [make_entry(id=next(names), kind=kind, text=f"{kind} {text}", **more)])
        write_pain(journal, make_sample_pain(names, text, FRIDAY, hit=text, shared=text, better=text, step=text))
        fix = make_entry(id=next(names), kind=Kind.IMPROVEMENT, text=text)
        entries.add(journal, [fix])
        write_pain(journal, make_sample_pain(names, text, FRIDAY).mark_fixed(FRIDAY, text, fix.id))
    journal.close()


@pytest.mark.parametrize("columns", [20, 40, 79, 80, 120])
@pytest.mark.usefixtures("awkward_journal")
def test_brag_and_brief_fit_the_terminal(run: "Run", columns: int) -> None:
    for words in ("brag", "brief", "brag --year", "brief 2026"):
        lines = show_on_terminal(run, *words.split(), columns=columns).splitlines()
        wide = [line for line in lines if cell_len(line) > columns]
        assert [line for line in wide if len(line.removesuffix(" \\").split()) > 1] == [], (
            words
        )  # the words of a command
        assert run(*words.split()).out.startswith("# ")
