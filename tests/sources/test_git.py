"""Git as a source: whose commits, which repositories, which day, and how they are worded."""

import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.git_repositories import (
    MORNING,
    MY_EMAIL,
    make_commit,
    make_environ,
    make_repository,
    make_span,
    parse_utc,
    run_git,
)
from valuelog.model.draft import Draft
from valuelog.sources import Source, SourceFailed, Span
from valuelog.sources.git import SOURCE, GitSource

_GIT: Source = SOURCE


def drafts(home: Path, span: Span | None = None, **options: Any) -> list[Draft]:  # noqa: ANN401  as settings have them
    return list(_GIT.drafts(span or make_span(), {"paths": (home,), **options}, make_environ(home)))


def texts(home: Path, span: Span | None = None, **options: Any) -> list[str]:  # noqa: ANN401  likewise
    return [draft.text for draft in drafts(home, span, **options)]


def failure(home: Path, options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> SourceFailed:
    with pytest.raises(SourceFailed) as failed:
        list(_GIT.drafts(make_span(), options, make_environ(home) if environ is None else environ))
    return failed.value


def test_one_draft_says_what_the_commits_of_a_repository_were(tmp_path: Path) -> None:
    make_repository(tmp_path / "valuelog", "wip", "Cut deploy wait to 20 min", "Add refund runbook", "fixup! wip")
    (draft,) = drafts(tmp_path)
    assert draft.text == "valuelog: 4 commits: Cut deploy wait to 20 min, Add refund runbook"
    assert draft.day == date(2026, 11, 20)
    assert draft.source == "git"
    assert draft.minutes is None


def test_one_commit_is_not_counted(tmp_path: Path) -> None:
    make_repository(tmp_path / "valuelog", "Add refund runbook\n\nWith a body\nof two lines.")
    assert texts(tmp_path) == ["valuelog: Add refund runbook"]


def test_a_commit_without_a_message_counts(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo", "")
    assert texts(tmp_path) == ["demo: 1 commit"]


def test_only_your_own_commits_count_whatever_the_case_of_the_address(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine is here")
    make_commit(folder, "Theirs", by="sam@example.org")
    make_commit(folder, "Somebody of a longer name", by=f"not-{MY_EMAIL}")
    make_commit(folder, "Also mine", MORNING + timedelta(hours=1), by="ME@Example.org")
    assert texts(tmp_path) == ["demo: 2 commits: Mine is here, Also mine"]


def test_the_addresses_can_be_set(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine")
    make_commit(folder, "From work", by="me@work.example")
    assert texts(tmp_path, emails=("Me@Work.example",)) == ["demo: From work"]


def test_without_an_address_it_says_how_to_set_one(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo", "Mine")
    failed = failure(tmp_path, {"paths": (tmp_path,)}, {"HOME": str(tmp_path / "demo"), "PATH": "/usr/bin:/bin"})
    assert failed.message == "git: it does not know which commits are yours."
    assert "emails" in failed.hint


def test_without_folders_it_says_how_to_set_them(tmp_path: Path) -> None:
    failed = failure(tmp_path, {}, {})
    assert failed.message == "git: no folders are set."
    assert failed.hint == "Set them with: valuelog config set sources.git.paths ~/code"
    assert texts(tmp_path) == []


def test_without_git_it_says_so(tmp_path: Path) -> None:
    failed = failure(tmp_path, {"paths": (tmp_path,)}, {"PATH": str(tmp_path)})
    assert failed.message == "git: git is not installed."


def test_an_empty_repository_says_nothing(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo")
    assert texts(tmp_path) == []


def test_repositories_are_found_four_folders_down_and_not_in_one_another(tmp_path: Path) -> None:
    make_repository(tmp_path / "1" / "2" / "3" / "four", "Four down")
    make_repository(tmp_path / "1" / "2" / "3" / "4" / "five", "Five down")
    make_repository(tmp_path / "outer", "Outside")
    make_repository(tmp_path / "outer" / "inner", "Inside")
    make_repository(tmp_path / ".hidden" / "cache", "Hidden")
    assert texts(tmp_path) == ["four: Four down", "outer: Outside"]


def test_links_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo", "Mine")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert texts(tmp_path) == ["demo: Mine"]


def test_a_repository_named_twice_counts_once(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine")
    assert texts(tmp_path, paths=(folder, tmp_path, folder / ".git")) == ["demo: Mine"]


def test_worktrees_are_one_repository_with_the_head_of_each(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "First of all")
    run_git(folder, "worktree", "add", "-q", "--detach", str(tmp_path / "a-worktree"))
    make_commit(tmp_path / "a-worktree", "Only in the worktree", MORNING + timedelta(hours=1))
    assert texts(tmp_path) == ["demo: 2 commits: First of all, Only in the worktree"]
    (from_worktree,) = drafts(tmp_path, paths=(tmp_path / "a-worktree",))
    (from_folder,) = drafts(tmp_path, paths=(folder,))
    assert from_worktree == from_folder


def test_a_worktree_whose_repository_is_gone_is_none(tmp_path: Path) -> None:
    (tmp_path / "stale").mkdir()
    (tmp_path / "stale" / ".git").write_text("gitdir: /nowhere/.git/worktrees/stale\n")
    assert texts(tmp_path) == []


@pytest.mark.parametrize(("folder", "name"), [("demo.git", "demo"), ("shop/.bare", "shop")])
def test_a_bare_repository_is_named_without_its_ending(tmp_path: Path, folder: str, name: str) -> None:
    origin = make_repository(tmp_path / "elsewhere" / "demo", "Mine")
    (tmp_path / "here").mkdir()
    bare = tmp_path / "here" / folder
    run_git(origin, "clone", "-q", "--bare", str(origin), str(bare))
    assert texts(tmp_path, paths=(bare,)) == [f"{name}: Mine"]


def test_a_submodule_is_a_repository(tmp_path: Path) -> None:
    part = make_repository(tmp_path / "elsewhere" / "part", "Mine")
    whole = make_repository(tmp_path / "whole")
    run_git(whole, "submodule", "--quiet", "add", str(part), "part")
    assert texts(tmp_path, paths=(whole / "part",)) == ["part: Mine"]


def test_what_two_clones_share_counts_once(tmp_path: Path) -> None:
    first = make_repository(tmp_path / "a", "Shared by both")
    run_git(tmp_path, "clone", "-q", str(first), str(tmp_path / "b"))
    make_commit(tmp_path / "b", "Only here")
    assert texts(tmp_path) == ["a: Shared by both", "b: Only here"]


def test_all_branches_count_and_stashes_and_notes_do_not(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "On main")
    run_git(folder, "checkout", "-q", "-b", "other")
    make_commit(folder, "On another branch", MORNING + timedelta(minutes=5))
    run_git(folder, "checkout", "-q", "main")
    run_git(folder, "notes", "add", "-m", "a note")
    (folder / "file").write_text("changed")
    run_git(folder, "add", "file")
    run_git(folder, "stash", "-q")
    assert texts(tmp_path) == ["demo: 2 commits: On another branch, On main"]


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        ("2026-11-20T02:59:59", False),
        ("2026-11-20T03:00:00", True),
        ("2026-11-21T02:59:59", True),
        ("2026-11-21T03:00:00", False),
    ],
)
def test_a_day_is_a_day_as_somebody_lives_it(tmp_path: Path, at: str, counts: bool) -> None:  # noqa: FBT001
    make_repository(tmp_path / "demo", "Mine", at=parse_utc(at))
    assert bool(texts(tmp_path)) is counts


def test_a_rebased_commit_counts_once_on_the_day_on_which_it_was_written(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Begin it all")
    run_git(folder, "checkout", "-q", "-b", "before-the-rebase")
    later = MORNING + timedelta(minutes=1)
    make_commit(folder, "Cut deploy wait", later)
    run_git(folder, "checkout", "-q", "main")
    make_commit(folder, "Cut deploy wait", later, committed=MORNING + timedelta(days=9))
    assert texts(tmp_path) == ["demo: 2 commits: Cut deploy wait, Begin it all"]
    assert texts(tmp_path, make_span(date(2026, 11, 29))) == []


def test_the_same_day_has_the_same_origin_and_another_day_another(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine")
    (before,) = drafts(tmp_path)
    make_commit(folder, "More", MORNING + timedelta(hours=2))
    make_commit(folder, "Tomorrow", MORNING + timedelta(days=1))
    (after,) = drafts(tmp_path)
    (tomorrow,) = drafts(tmp_path, make_span(date(2026, 11, 21)))
    assert before.origin == after.origin != tomorrow.origin


def test_merges_say_least(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Short one")
    run_git(folder, "checkout", "-q", "-b", "side")
    make_commit(folder, "On the side", MORNING + timedelta(minutes=1))
    run_git(folder, "checkout", "-q", "main")
    run_git(folder, "merge", "-q", "--no-ff", "side", "-m", "A long subject that says nothing", at=MORNING)
    assert texts(tmp_path) == ["demo: 3 commits: Short one, On the side"]


def test_one_broken_repository_does_not_hide_the_others(tmp_path: Path) -> None:
    make_repository(tmp_path / "a")
    (tmp_path / "a" / ".git" / "config").write_text("[broken")
    make_repository(tmp_path / "b", "Mine")
    read = SOURCE.drafts(make_span(), {"paths": (tmp_path,)}, make_environ(tmp_path))
    assert next(read).text == "b: Mine"
    with pytest.raises(SourceFailed, match=r"^git: not everything could be read: a \(.*bad config") as failed:
        next(read)
    assert "paths" in failed.value.hint


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    failed = failure(tmp_path, {"paths": (tmp_path / "gone\x1b[31m",)})
    assert "gone␛[31m is no folder" in failed.message


def test_a_repository_that_never_answers_is_given_up(tmp_path: Path) -> None:
    config = make_repository(tmp_path / "slow", "Mine") / ".git" / "config"
    config.unlink()
    os.mkfifo(config)
    with pytest.raises(SourceFailed, match="did not answer in time"):
        list(
            GitSource(timeout=1).drafts(
                make_span(), {"paths": (tmp_path,), "emails": (MY_EMAIL,)}, make_environ(tmp_path)
            )
        )


def test_commits_of_one_second_and_those_of_a_clone_are_told_apart(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "code" / "refunds", "Refund on time")
    (before,) = drafts(tmp_path)
    make_commit(folder, "Tell why a refund is late", MORNING)
    run_git(tmp_path, "clone", "-q", str(folder), str(tmp_path / "code" / "a-clone"))
    folder.rename(tmp_path / "code" / "moved")
    (after,) = drafts(tmp_path)
    assert set(before.parts) & set(after.parts)
    assert after.remainder is not None
    later = after.remainder(before.parts)
    assert later is not None
    assert "Tell why a refund is late" in later.text
    assert "Refund on time" not in later.text
