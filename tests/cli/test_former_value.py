"""A journal of version 0.1.0: its insights stop counting as value, and the first review on a terminal says so once."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.terminal import NarrowTerminal, Terminal

if TYPE_CHECKING:
    from conftest import Run

FOLDER = Path(__file__).parents[1] / "journal"
NOTICE = "New: insights no longer count as value. You have 2 insights in 6 entries."
REVIEW = ("review", "--week", "--no-reflect")
BALANCE = "1 value (1 proven) : 3 work"


@pytest.fixture
def old_journal(journal_path: Path) -> Path:
    """Create the journal that version 0.1.0 wrote."""
    journal_path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(journal_path, isolation_level=None)) as connection:
        for script in ("schema_2.sql", "rows_of_0_1_0.sql"):
            connection.executescript((FOLDER / script).read_text())
    return journal_path


def review_on_terminal(home: Path) -> str:
    terminal = Terminal(home, *REVIEW)
    terminal.wait_for(BALANCE)
    assert terminal.end() == 0
    return terminal.screen_text


@pytest.mark.usefixtures("old_journal")
def test_first_review_after_the_update_says_once_that_insights_no_longer_count(run: "Run", home: Path) -> None:
    for words in (["--json"], ["--plain"], ["--markdown"], []):
        assert "no longer count" not in run(*REVIEW, *words).out
    assert NOTICE in review_on_terminal(home)
    assert "no longer count" not in review_on_terminal(home)
    assert "no longer count" not in run(*REVIEW).out


@pytest.mark.usefixtures("old_journal")
def test_notice_fits_a_narrow_terminal(home: Path) -> None:
    terminal = NarrowTerminal(home, *REVIEW)
    terminal.wait_for("New: insights no longer count as value.")
    terminal.wait_for("You have 2 insights in 6 entries.")
    terminal.child.send("q")  # ends the pager
    assert terminal.end() == 0


@pytest.mark.usefixtures("old_journal")
def test_journal_of_the_older_version_is_read_with_the_new_rule(run: "Run") -> None:
    review = json.loads(run(*REVIEW, "--json").out)
    assert [review["score"][name] for name in ("value", "proven", "work")] == [1, 1, 3]
    assert [entry["text"] for entry in review["noticed"]] == [
        "nobody reads the deploy report",
        "two teams write the same report",
    ]
    assert [each["side"] for each in json.loads(run("list", "--kind", "insight", "--json").out)] == [None, None]


def test_new_journal_has_no_notice(run: "Run", home: Path) -> None:
    run("add", "insight", "nobody reads the deploy report")
    run("add", "outcome", "refunds arrive in a day", "--evidence", "median of 214 cases")
    for _ in range(3):
        run("add", "activity", "audit mails")
    assert "no longer count" not in review_on_terminal(home)
