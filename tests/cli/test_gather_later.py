"""Drafts that grow during a day: only what is new is proposed."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.git_repositories import MORNING, MY_EMAIL, make_commit, make_repository, run_git
from support.source_settings import write_settings

if TYPE_CHECKING:
    from conftest import Run


def drafts(run: "Run") -> list[tuple[str, int | None]]:
    """Return the texts and minutes of the drafts of the day."""
    return [(one["text"], one["minutes"]) for one in json.loads(run("gather", "--json").out)]


def entries(run: "Run") -> list[str]:
    """Return the texts of all entries."""
    return [one["text"] for one in json.loads(run("list", "--json").out)]


@pytest.fixture
def app(home: Path) -> Path:
    """Create a repository with two commits and connect git to it."""
    write_settings(home, f'[sources.git]\npaths = ["{home}/code"]\nemails = ["{MY_EMAIL}"]\n')
    return make_repository(home / "code" / "app", "Retry refunds on timeout", "Add refund runbook")


def test_commits_after_an_accepted_draft_are_a_new_draft(run: "Run", app: Path) -> None:
    run("gather", "--accept")
    assert drafts(run) == []
    make_commit(app, "Round refunds in yen", MORNING + timedelta(hours=9))
    assert drafts(run) == [("app: Round refunds in yen", None)]
    run("gather", "--accept")
    make_commit(app, "Refund in one click", MORNING + timedelta(hours=10))
    make_commit(app, "Say why a refund waits", MORNING + timedelta(hours=11))
    assert drafts(run) == [("app: 2 commits: Refund in one click, Say why a refund waits", None)]
    run("gather", "--accept")
    assert drafts(run) == []
    assert len(entries(run)) == 3


def test_commits_after_a_declined_draft_are_a_new_draft(run: "Run", app: Path) -> None:
    run("today", answers=[[], KeyboardInterrupt], fails=130)
    make_commit(app, "Round refunds in yen", MORNING + timedelta(hours=9))
    assert drafts(run) == [("app: Round refunds in yen", None)]
    run("today", answers=[[], KeyboardInterrupt], fails=130)
    assert drafts(run) == []
    assert entries(run) == []


def test_amended_and_merge_commits_are_not_proposed_again(run: "Run", app: Path) -> None:
    run("gather", "--accept")
    run_git(app, "commit", "-q", "--amend", "--allow-empty", "-m", "Add a runbook for refunds", at=MORNING)
    run_git(app, "checkout", "-q", "-b", "side", "HEAD^")
    later = MORNING + timedelta(hours=9)
    run_git(app, "merge", "-q", "--no-ff", "main", "-m", "Merge main", at=later)
    assert drafts(run) == []


def test_undo_proposes_the_last_accepted_draft_again(run: "Run", app: Path) -> None:
    run("gather", "--accept")
    make_commit(app, "Round refunds in yen", MORNING + timedelta(hours=9))
    run("gather", "--accept")
    run("undo")
    assert drafts(run) == [("app: Round refunds in yen", None)]
    run("undo")
    assert drafts(run) == [("app: 3 commits: Retry refunds on timeout, Add refund runbook, Round refunds in yen", None)]


def write_frames(home: Path, *frames: tuple[int, int, str, str]) -> None:
    """Write Watson frames: start and end hour in Berlin, project, id."""
    eight = int(MORNING.timestamp()) - 9 * 3600
    rows = [[eight + start * 3600, eight + end * 3600, project, name, [], 0] for start, end, project, name in frames]
    (home / "frames").write_text(json.dumps(rows))


def test_time_tracked_later_is_a_new_draft_with_its_minutes(run: "Run", home: Path) -> None:
    write_settings(home, f'[sources.watson]\npaths = ["{home}/frames"]\n')
    write_frames(home, (9, 10, "billing", "a"), (10, 11, "meetings", "b"))
    run("gather", "--accept")
    write_frames(home, (9, 11, "billing", "a"), (10, 11, "meetings", "b"), (13, 15, "billing", "c"))
    assert drafts(run) == [("billing", 120)]
    run("gather", "--accept")
    assert drafts(run) == []
