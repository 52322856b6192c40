"""The git source: authors, repositories, days, and the text of drafts."""

import os
import shutil
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
from valuelog.model.entry import clean_text
from valuelog.sources import Source, SourceFailed, Span
from valuelog.sources.git import SOURCE, Commit, GitSource, summarize_commits

_GIT: Source = SOURCE


def drafts(home: Path, span: Span | None = None, **options: Any) -> list[Draft]:  # noqa: ANN401  any setting
    return list(_GIT.drafts(span or make_span(), {"paths": (home,), **options}, make_environ(home)))


def texts(home: Path, span: Span | None = None, **options: Any) -> list[str]:  # noqa: ANN401  any setting
    return [draft.text for draft in drafts(home, span, **options)]


def failure(home: Path, options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> SourceFailed:
    with pytest.raises(SourceFailed) as failed:
        list(_GIT.drafts(make_span(), options, make_environ(home) if environ is None else environ))
    return failed.value


def test_draft_summarizes_the_commits_of_a_repository(tmp_path: Path) -> None:
    make_repository(tmp_path / "valuelog", "wip", "Cut deploy wait to 20 min", "Add refund runbook", "fixup! wip")
    (draft,) = drafts(tmp_path)
    assert draft.text == "valuelog: 4 commits: wip, Cut deploy wait to 20 min, Add refund runbook"
    assert draft.day == date(2026, 11, 20)
    assert draft.source == "git"
    assert draft.minutes is None


def test_single_commit_is_shown_without_a_count(tmp_path: Path) -> None:
    make_repository(tmp_path / "valuelog", "Add refund runbook\n\nWith a body\nof two lines.")
    assert texts(tmp_path) == ["valuelog: Add refund runbook"]


def test_commit_without_a_message_counts(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo", "")
    assert texts(tmp_path) == ["demo: 1 commit"]


def test_only_own_commits_count_ignoring_address_case(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine is here")
    make_commit(folder, "Theirs", by="sam@example.org")
    make_commit(folder, "Somebody of a longer name", by=f"not-{MY_EMAIL}")
    make_commit(folder, "Also mine", MORNING + timedelta(hours=1), by="ME@Example.org")
    shutil.rmtree(folder / ".git" / "logs")  # as if the commits of others had been pulled
    assert texts(tmp_path) == ["demo: 2 commits: Mine is here, Also mine"]


def test_emails_setting_replaces_the_git_config_address(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine")
    make_commit(folder, "From work", by="me@work.example")
    shutil.rmtree(folder / ".git" / "logs")
    assert texts(tmp_path, emails=("Me@Work.example",)) == ["demo: From work"]


def test_address_that_git_has_for_a_folder_counts_there(tmp_path: Path) -> None:
    for name in ("home", "office/app", "office/deep/site"):
        by = "me@work.example" if name.startswith("office") else MY_EMAIL
        make_commit(make_repository(tmp_path / name), f"In {name}", by=by)
    environ = make_environ(tmp_path)
    with (tmp_path / ".gitconfig").open("a") as config:
        config.write('[includeIf "gitdir:~/office/"]\n\tpath = .gitconfig-work\n')
    (tmp_path / ".gitconfig-work").write_text("[user]\n\temail = Me@Work.example\n")
    proposed = SOURCE.drafts(make_span(), {"paths": (tmp_path,)}, environ)
    assert sorted(draft.text for draft in proposed) == [
        "app: In office/app",
        "home: In home",
        "site: In office/deep/site",
    ]
    (tmp_path / ".gitconfig").write_text('[includeIf "gitdir:~/office/"]\n\tpath = .gitconfig-work\n')
    with pytest.raises(SourceFailed, match=f"home has commits of that day by {MY_EMAIL}, not among yours"):
        list(SOURCE.drafts(make_span(), {"paths": (tmp_path,)}, environ))


def test_commit_made_here_with_another_address_is_named(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine")
    make_commit(folder, "From work", by="me@work.example")
    make_commit(folder, "Another day", MORNING + timedelta(days=1), by="me@third.example")
    failed = failure(tmp_path, {"paths": (tmp_path,), "emails": (MY_EMAIL,)})
    assert failed.message == "git: demo has commits of that day by me@work.example, not among yours."
    assert failed.hint.endswith(f"config set sources.git.emails {MY_EMAIL},me@work.example")


def test_commits_of_others_that_were_fetched_are_not_named(tmp_path: Path) -> None:
    theirs = make_repository(tmp_path / "elsewhere" / "demo")
    make_commit(theirs, "Theirs", by="sam@example.org")
    (tmp_path / "here").mkdir()
    run_git(tmp_path / "here", "clone", "-q", str(theirs), "demo")
    make_commit(tmp_path / "here" / "demo", "Mine")
    assert texts(tmp_path, paths=(tmp_path / "here",)) == ["demo: Mine"]


def test_folder_without_repositories_is_named_and_hides_no_other(tmp_path: Path) -> None:
    make_repository(tmp_path / "code" / "demo", "Mine")
    (tmp_path / "empty").mkdir()
    paths = (tmp_path / "empty", tmp_path / "code", tmp_path / "gone")
    proposed: list[Draft] = []
    with pytest.raises(SourceFailed) as caught:
        proposed.extend(SOURCE.drafts(make_span(), {"paths": paths}, make_environ(tmp_path)))
    assert [draft.text for draft in proposed] == ["demo: Mine"]
    assert f"{tmp_path}/empty has no repositories" in caught.value.message
    assert f"{tmp_path}/gone is not a folder" in caught.value.message


def test_missing_address_names_the_setting(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo", "Mine")
    failed = failure(tmp_path, {"paths": (tmp_path,)}, {"HOME": str(tmp_path / "demo"), "PATH": "/usr/bin:/bin"})
    assert failed.message == "git: it does not know which commits are yours."
    assert "emails" in failed.hint


def test_missing_paths_name_the_setting(tmp_path: Path) -> None:
    failed = failure(tmp_path, {}, {})
    assert failed.message == "git: no folders are set."
    assert failed.hint == "Set them with: valuelog config set sources.git.paths ~/code"
    (tmp_path / "empty").mkdir()
    assert "has no repositories" in failure(tmp_path, {"paths": (tmp_path / "empty",)}).message


def test_missing_git_program_is_reported(tmp_path: Path) -> None:
    failed = failure(tmp_path, {"paths": (tmp_path,)}, {"PATH": str(tmp_path)})
    assert failed.message == "git: git is not installed."


def test_empty_repository_yields_no_draft(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo")
    assert texts(tmp_path) == []


def test_search_depth_is_four_and_skips_nested_repositories(tmp_path: Path) -> None:
    make_repository(tmp_path / "1" / "2" / "3" / "four", "Four down")
    make_repository(tmp_path / "1" / "2" / "3" / "4" / "five", "Five down")
    make_repository(tmp_path / "outer", "Outside")
    make_repository(tmp_path / "outer" / "inner", "Inside")
    make_repository(tmp_path / ".hidden" / "cache", "Hidden")
    assert texts(tmp_path) == ["four: Four down", "outer: Outside"]


def test_symlink_loops_are_not_followed(tmp_path: Path) -> None:
    make_repository(tmp_path / "demo", "Mine")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert texts(tmp_path) == ["demo: Mine"]


def test_repository_given_twice_counts_once(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine")
    assert texts(tmp_path, paths=(folder, tmp_path, folder / ".git")) == ["demo: Mine"]


def test_worktrees_count_as_one_repository(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "First of all")
    run_git(folder, "worktree", "add", "-q", "--detach", str(tmp_path / "a-worktree"))
    make_commit(tmp_path / "a-worktree", "Only in the worktree", MORNING + timedelta(hours=1))
    assert texts(tmp_path) == ["demo: 2 commits: First of all, Only in the worktree"]
    (from_worktree,) = drafts(tmp_path, paths=(tmp_path / "a-worktree",))
    (from_folder,) = drafts(tmp_path, paths=(folder,))
    assert from_worktree == from_folder


def test_stale_worktree_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "stale").mkdir()
    (tmp_path / "stale" / ".git").write_text("gitdir: /nowhere/.git/worktrees/stale\n")
    make_repository(tmp_path / "demo", "Mine")
    assert texts(tmp_path) == ["demo: Mine"]


@pytest.mark.parametrize(("folder", "name"), [("demo.git", "demo"), ("shop/.bare", "shop")])
def test_bare_repository_is_named_without_suffix(tmp_path: Path, folder: str, name: str) -> None:
    origin = make_repository(tmp_path / "elsewhere" / "demo", "Mine")
    (tmp_path / "here").mkdir()
    bare = tmp_path / "here" / folder
    run_git(origin, "clone", "-q", "--bare", str(origin), str(bare))
    assert texts(tmp_path, paths=(bare,)) == [f"{name}: Mine"]


def test_submodule_is_a_repository(tmp_path: Path) -> None:
    part = make_repository(tmp_path / "elsewhere" / "part", "Mine")
    whole = make_repository(tmp_path / "whole")
    run_git(whole, "submodule", "--quiet", "add", str(part), "part")
    assert texts(tmp_path, paths=(whole / "part",)) == ["part: Mine"]


def test_commits_shared_by_clones_count_once(tmp_path: Path) -> None:
    first = make_repository(tmp_path / "a", "Shared by both")
    run_git(tmp_path, "clone", "-q", str(first), str(tmp_path / "b"))
    make_commit(tmp_path / "b", "Only here")
    assert texts(tmp_path) == ["a: Shared by both", "b: Only here"]


def test_all_branches_count_but_stashes_and_notes_do_not(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "On main")
    run_git(folder, "checkout", "-q", "-b", "other")
    make_commit(folder, "On another branch", MORNING + timedelta(minutes=5))
    run_git(folder, "checkout", "-q", "main")
    run_git(folder, "notes", "add", "-m", "a note")
    (folder / "file").write_text("changed")
    run_git(folder, "add", "file")
    run_git(folder, "stash", "-q")
    assert texts(tmp_path) == ["demo: 2 commits: On main, On another branch"]


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        ("2026-11-20T02:59:59", False),
        ("2026-11-20T03:00:00", True),
        ("2026-11-21T02:59:59", True),
        ("2026-11-21T03:00:00", False),
    ],
)
def test_day_boundaries_follow_the_span(tmp_path: Path, at: str, counts: bool) -> None:  # noqa: FBT001
    make_repository(tmp_path / "demo", "Mine", at=parse_utc(at))
    assert bool(texts(tmp_path)) is counts


def test_rebased_commit_counts_once_on_its_author_date(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Begin it all")
    run_git(folder, "checkout", "-q", "-b", "before-the-rebase")
    later = MORNING + timedelta(minutes=1)
    make_commit(folder, "Cut deploy wait", later)
    run_git(folder, "checkout", "-q", "main")
    make_commit(folder, "Cut deploy wait", later, committed=MORNING + timedelta(days=9))
    assert texts(tmp_path) == ["demo: 2 commits: Begin it all, Cut deploy wait"]
    assert texts(tmp_path, make_span(date(2026, 11, 29))) == []


def test_origin_is_stable_within_a_day_and_differs_between_days(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Mine")
    (before,) = drafts(tmp_path)
    make_commit(folder, "More", MORNING + timedelta(hours=2))
    make_commit(folder, "Tomorrow", MORNING + timedelta(days=1))
    (after,) = drafts(tmp_path)
    (tomorrow,) = drafts(tmp_path, make_span(date(2026, 11, 21)))
    assert before.origin == after.origin != tomorrow.origin


def test_merges_are_counted_but_not_named(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "demo", "Short one")
    run_git(folder, "checkout", "-q", "-b", "side")
    make_commit(folder, "On the side", MORNING + timedelta(minutes=1))
    run_git(folder, "checkout", "-q", "main")
    run_git(folder, "merge", "-q", "--no-ff", "side", "-m", "A long subject that says nothing", at=MORNING)
    assert texts(tmp_path) == ["demo: 3 commits: Short one, On the side"]


def test_broken_repository_does_not_hide_the_others(tmp_path: Path) -> None:
    make_repository(tmp_path / "a")
    (tmp_path / "a" / ".git" / "config").write_text("[broken")
    make_repository(tmp_path / "b", "Mine")
    read = SOURCE.drafts(make_span(), {"paths": (tmp_path,)}, make_environ(tmp_path))
    assert next(read).text == "b: Mine"
    with pytest.raises(SourceFailed, match=r"^git: could not read everything: a \(.*bad config") as failed:
        next(read)
    assert "paths" in failed.value.hint


def test_missing_folder_is_named(tmp_path: Path) -> None:
    failed = failure(tmp_path, {"paths": (tmp_path / "gone\x1b[31m",)})
    assert "gone␛[31m is not a folder" in failed.message


def test_unresponsive_repository_times_out(tmp_path: Path) -> None:
    config = make_repository(tmp_path / "slow", "Mine") / ".git" / "config"
    config.unlink()
    os.mkfifo(config)
    with pytest.raises(SourceFailed, match="did not finish in time"):
        list(
            GitSource(timeout=1).drafts(
                make_span(), {"paths": (tmp_path,), "emails": (MY_EMAIL,)}, make_environ(tmp_path)
            )
        )


def test_remainder_tells_same_second_and_cloned_commits_apart(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("subjects", "expected"),
    [
        (["wip", "wip"], "2 commits: wip"),
        (["A first", "B second", "C third"], "3 commits: A first, B second, C third"),
        (["A first", "B second", "C third", "D fourth", "E fifth"], "5 commits: A first, B second, C third and 2 more"),
        (["fixup! Retry", "Retry", "squash! Retry", "amend! Retry", "Round"], "5 commits: Retry, Round"),
        (["fixup! Retry"], "fixup! Retry"),
        (["", "Ask @sam about #4"], "2 commits: Ask @sam about #4"),
        (["y" * 120, "z" * 120, "short one"], f"3 commits: {'y' * 120}, short one and 1 more"),
        (["x" * 250, "short one"], f"2 commits: {'x' * 171}… and 1 more"),
    ],
)
def test_summary_names_the_first_three_subjects(subjects: list[str], expected: str) -> None:
    summary = summarize_commits("demo", [Commit(second, subject) for second, subject in enumerate(subjects)])
    assert summary == f"demo: {expected}"
    assert clean_text(summary) == summary
    assert len(summary) <= 200


def test_summary_names_a_merge_only_if_there_is_nothing_else() -> None:
    merge = Commit(0, "Merge branch 'refunds'", is_merge=True)
    assert summarize_commits("demo", [merge, Commit(1, "Retry refunds")]) == "demo: 2 commits: Retry refunds"
    assert summarize_commits("demo", [merge]) == "demo: Merge branch 'refunds'"
