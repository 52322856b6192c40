"""The same commit from git and from did, from two clones, or from another machine comes once."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.fake_programs import install_fake_program, script_printing
from support.git_repositories import FRIDAY, MORNING, MY_EMAIL, make_commit, make_repository, run_git
from support.source_settings import gather_texts, write_settings

if TYPE_CHECKING:
    from conftest import Run

REPORT = """Status report for given date range ({day} to {day})

* Work on app: {count} commits
{items}

* Pull requests created on gh: 1
  * shop/web#012 - Refunds: ask once
"""
"""What did 0.23.1 prints for a day; see the samples in test_did."""

PULL_REQUEST = "Pull requests created on gh: 1: shop/web#012 - Refunds: ask once"


class World:
    """A home with a repository, git and did."""

    def __init__(self, home: Path) -> None:
        """Create the repository."""
        self.home = home
        self.app = make_repository(home / "code" / "app", "Retry refunds on timeout", "Add refund runbook")

    def connect(self, *sources: str) -> None:
        """Use only these sources."""
        git = f'[sources.git]\npaths = ["{self.home}/code"]\nemails = ["{MY_EMAIL}"]\n'
        did = f'[sources.did]\ncommand = "{self.home}/bin/did"\n'
        off = "".join(f"[sources.{name}]\nenabled = false\n" for name in {"git", "did"} - {*sources})
        write_settings(self.home, (git if "git" in sources else "") + (did if "did" in sources else "") + off)

    def report(self, *, length: int = 7) -> None:
        """Let did print the commits, newest first; without their hashes if the length is 0."""
        commits = [line.split(" ", 1) for line in run_git(self.app, "log", "--format=%H %s").splitlines()]
        items = "\n".join(f"  * {commit[:length]} - {text}" if length else f"  * {text}" for commit, text in commits)
        report = REPORT.format(day=FRIDAY, count=len(commits), items=items)
        install_fake_program(self.home, "did", script_printing(report))


@pytest.fixture
def world(home: Path) -> World:
    """Return a home with git and did connected."""
    world = World(home)
    world.report()
    world.connect("git", "did")
    return world


BOTH = "app: 2 commits: Retry refunds on timeout, Add refund runbook"


@pytest.mark.parametrize("length", [7, 9, 40, 0])
def test_commit_of_git_and_did_is_proposed_once(run: "Run", world: World, length: int) -> None:
    world.report(length=length)
    assert gather_texts(run) == [BOTH, PULL_REQUEST]
    run("gather", "--accept")
    make_commit(world.app, "Round refunds in yen", MORNING + timedelta(hours=2))
    world.report(length=length)
    assert gather_texts(run) == ["app: Round refunds in yen"]


@pytest.mark.parametrize("length", [7, 0])
@pytest.mark.parametrize(("first", "second"), [("git", "did"), ("did", "git")])
def test_commit_is_proposed_once_when_sources_change(
    run: "Run", world: World, first: str, second: str, length: int
) -> None:
    world.report(length=length)
    world.connect(first)
    run("gather", "--accept")
    world.connect(second)
    assert [text for text in gather_texts(run) if text != PULL_REQUEST] == []
    make_commit(world.app, "Round refunds in yen", MORNING + timedelta(hours=2))
    world.report(length=length)
    assert [text.split(": ")[-1] for text in gather_texts(run) if text != PULL_REQUEST] == ["Round refunds in yen"]


def test_two_commits_of_one_subject_are_two(run: "Run", world: World) -> None:
    run("gather", "--accept")
    make_commit(world.app, "Add refund runbook", MORNING + timedelta(hours=2))
    world.report()
    assert gather_texts(run) == ["app: Add refund runbook"]


def test_new_items_of_an_accepted_section_are_proposed(run: "Run", world: World) -> None:
    world.connect("did")
    run("gather", "--accept")
    make_commit(world.app, "Round refunds in yen", MORNING + timedelta(hours=2))
    world.report()
    assert gather_texts(run) == ["Work on app: Round refunds in yen"]


def test_two_clones_are_one_repository(run: "Run", world: World) -> None:
    world.connect("git")
    run("gather", "--accept")
    shutil.copytree(world.app, world.home / "code" / "clone")
    assert gather_texts(run) == []


@pytest.mark.parametrize(("first", "second"), [("git", "did"), ("did", "git"), ("git", "git")])
def test_commit_accepted_on_two_machines_is_imported_once(run: "Run", world: World, first: str, second: str) -> None:
    other, out = ("--journal", str(world.home / "other.db")), world.home / "all.jsonl"
    world.connect(first)
    run(*other, "gather", "--accept")
    run(*other, "export", "jsonl", str(out))
    world.app.rename(world.home / "code" / "renamed")
    world.connect(second)
    run("gather", "--accept")
    before = len(json.loads(run("list", "--json").out))
    result = json.loads(run("import", "jsonl", str(out), "--json").out)
    assert result["new"]["entry"] == (1 if first == "did" else 0), "the pull request"
    assert len(json.loads(run("list", "--json").out)) == before + result["new"]["entry"]


def test_later_commit_accepted_on_another_machine_is_imported_once(run: "Run", world: World) -> None:
    other, out = ("--journal", str(world.home / "other.db")), world.home / "all.jsonl"
    world.connect("git")
    run(*other, "gather", "--accept")
    make_commit(world.app, "Round refunds in yen", MORNING + timedelta(hours=2))
    run(*other, "gather", "--accept")
    run(*other, "export", "jsonl", str(out))
    run("gather", "--accept")
    assert json.loads(run("import", "jsonl", str(out), "--json").out)["new"]["entry"] == 0
    empty = ("--journal", str(world.home / "empty.db"))
    assert json.loads(run(*empty, "import", "jsonl", str(out), "--json").out)["new"]["entry"] == 2
