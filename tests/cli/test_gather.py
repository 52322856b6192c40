"""Drafts accepted with `gather` or in the evening, and never proposed twice."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.git_repositories import MY_EMAIL, make_repository
from support.source_settings import gather_texts, write_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Run

NOTHING = "Fri 20 Nov 2026: nothing new from your tools.\n"
LAST_COMMITS = "valuelog: 2 commits: Read calendars, Ask @sam about #4"


@pytest.fixture
def code(home: Path) -> Path:
    """Create a folder with two repositories and connect git to it."""
    make_repository(home / "code" / "valuelog", "Read calendars", "Ask @sam about #4")
    make_repository(home / "code" / "website", "New colours")
    write_settings(home, f'[sources.git]\npaths = ["{home}/code"]\nemails = ["{MY_EMAIL}"]\n')
    return home / "code"


# gather


@pytest.mark.usefixtures("code")
def test_gather_without_accept_writes_nothing(run: "Run", journal_path: Path) -> None:
    shown = run("gather")
    assert shown.out == (
        "Fri 20 Nov 2026                                                         2 drafts\n"
        "  git         valuelog: 2 commits: Read calendars, Ask @sam about #4\n"
        "  git         website: New colours\n"
        "\n"
        "Pick        valuelog today\n"
        "Accept all  valuelog gather --accept\n"
    )
    assert shown.err == ""
    assert not journal_path.exists()
    assert run("gather", "yesterday").out.startswith("Thu 19 Nov 2026: nothing new")


@pytest.mark.usefixtures("code")
def test_accept_adds_all_drafts_once_in_one_batch(run: "Run") -> None:
    took = run("gather", "--accept", "--json")
    assert took.err == "Added 2 activities · Fri 20 Nov 2026 · next: valuelog today · undo with: valuelog undo\n"
    assert json.loads(took.out) == json.loads(run("list", "--json").out)
    assert [one["id"] and one["source"] for one in json.loads(took.out)] == ["git", "git"]
    assert run("gather", "--accept", "--json").out == "[]\n"
    assert run("gather").out == NOTHING
    assert run("gather", "--accept").out == NOTHING
    written = json.loads(run("list", "--json", "--source", "git").out)
    assert [(one["text"], one["kind"], one["people"], one["tags"]) for one in written] == [
        (LAST_COMMITS, "activity", [], []), ("website: New colours", "activity", [], []),
    ]  # fmt: skip
    assert "Undone: gathered" in run("undo").err
    assert json.loads(run("list", "--json").out) == []
    assert len(gather_texts(run)) == 2
    run("redo")
    assert gather_texts(run) == []


@pytest.mark.usefixtures("code")
def test_draft_becomes_the_same_entry_on_two_machines(run: "Run", home: Path, code: Path) -> None:
    gathered = json.loads(run("gather", "--accept", "--json").out)
    moved = code.rename(home / "elsewhere")
    write_settings(home, f'[sources.git]\npaths = ["{moved}"]\nemails = ["{MY_EMAIL}"]\n')
    desktop = str(home / "desktop")
    run("today", answers=answers_then_ctrl_c(""), fails=130, XDG_DATA_HOME=desktop)
    accepted = json.loads(run("list", "--json", XDG_DATA_HOME=desktop).out)
    assert [one["id"] for one in accepted] == [one["id"] for one in gathered] != []


@pytest.mark.usefixtures("code")
def test_draft_accepted_again_after_undo_is_a_new_entry(run: "Run") -> None:
    first = json.loads(run("gather", "--accept", "--json").out)
    run("undo")
    second = json.loads(run("gather", "--accept", "--json").out)
    assert len(first) == len(second) == 2
    assert not {one["id"] for one in first} & {one["id"] for one in second}


@pytest.mark.usefixtures("code")
def test_deleted_draft_entry_is_not_proposed_again(run: "Run") -> None:
    run("gather", "--accept")
    run("delete", *(one["id"] for one in json.loads(run("list", "--json").out)))
    assert gather_texts(run) == []


def test_source_is_not_asked_until_it_is_configured(run: "Run", home: Path) -> None:
    shown = run("gather").out
    assert "valuelog config set sources.git.paths ~/code" in shown
    assert run("gather", "--json").out == "[]\n"
    write_settings(home, "[sources.watson]\nenabled = false\n")
    assert run("gather").out == shown
    write_settings(home, "[sources.watson]\nenabled = true\n")
    assert run("gather", HOME=str(home)).out == NOTHING


def test_source_option_limits_the_sources(run: "Run", code: Path, home: Path) -> None:
    assert gather_texts(run, "--source", "git") == [LAST_COMMITS, "website: New colours"]
    assert gather_texts(run, "--source", "watson") == []
    error = run("gather", "--source", "gti", fails=2).err
    assert error == (
        "valuelog: There is no source “gti”.\nDid you mean git? Choose from: git, calendar, timewarrior, watson, did.\n"
    )
    write_settings(home, f'[sources.git]\nenabled = false\npaths = ["{code}"]\nemails = ["{MY_EMAIL}"]\n')
    assert gather_texts(run) == []
    assert len(gather_texts(run, "--source", "git")) == 2


# The evening


def answers_then_ctrl_c(*answers: object) -> list[object]:
    """Answer the drafts, then press Ctrl-C at the next question."""
    return [*answers, KeyboardInterrupt]


@pytest.mark.usefixtures("code")
def test_evening_starts_with_all_drafts_selected(run: "Run") -> None:
    assert "1 answer saved" not in run("today", answers=answers_then_ctrl_c(""), fails=130).err
    assert [one["text"] for one in json.loads(run("list", "--json").out)] == [LAST_COMMITS, "website: New colours"]
    assert gather_texts(run) == []
    run("undo")
    assert len(gather_texts(run)) == 2


@pytest.mark.usefixtures("code")
def test_declined_draft_is_not_proposed_again(run: "Run") -> None:
    run("today", answers=answers_then_ctrl_c(["website: New colours\tgit"]), fails=130)
    assert [one["text"] for one in json.loads(run("list", "--json").out)] == ["website: New colours"]
    assert gather_texts(run) == []
    run("today", "--again", answers=[KeyboardInterrupt], fails=130)


@pytest.mark.usefixtures("code")
def test_interrupting_at_the_drafts_keeps_them_for_later(run: "Run") -> None:
    error = run("today", answers=[KeyboardInterrupt], fails=130).err
    assert "Nothing new was saved" in error
    assert len(gather_texts(run)) == 2


@pytest.mark.usefixtures("code")
def test_draft_accepted_in_another_terminal_is_logged_once(run: "Run") -> None:
    def choose_while_another_terminal_accepts() -> "Iterator[str]":
        run("gather", "--accept")
        yield f"{LAST_COMMITS}\tgit"

    run("today", answers=[choose_while_another_terminal_accepts(), KeyboardInterrupt], fails=130)
    assert [entry["text"] for entry in json.loads(run("list", "--json").out)] == [LAST_COMMITS, "website: New colours"]


@pytest.mark.usefixtures("code")
def test_drafts_after_a_finished_evening_are_still_asked(run: "Run", code: Path) -> None:
    run("today", answers=[""] * 30)
    make_repository(code / "later", "One more thing")
    message = run("today", answers=[""]).err
    assert "through every question" not in message
    assert "Saved 1 answer" in message
    assert [one["text"] for one in json.loads(run("list", "--json").out)][-1] == "later: One more thing"


def test_watson_frame_is_either_imported_or_gathered_once(run: "Run", home: "Path") -> None:
    """A frame counts once, whether it is imported or gathered."""
    frames = home / "frames"
    morning = [1795165200, 1795168800, "billing", "a" * 32, [], 1795168800]
    noon = [1795176000, 1795177800, "billing", "b" * 32, [], 1795177800]
    evening = [1795186800, 1795190400, "billing", "c" * 32, [], 1795190400]
    run("config", "set", "sources.watson.paths", str(frames))
    frames.write_text(json.dumps([morning]))
    run("import", "watson", str(frames))
    frames.write_text(json.dumps([morning, noon]))
    (draft,) = json.loads(run("gather", "--json").out)
    assert draft["minutes"] == 30
    run("gather", "--accept")
    frames.write_text(json.dumps([morning, noon, evening]))
    result = json.loads(run("import", "watson", str(frames), "--json").out)
    assert (result["new"]["entry"], result["known"]) == (1, 2)
    assert sorted(one["minutes"] for one in json.loads(run("list", "--json").out)) == [30, 60, 60]
    assert json.loads(run("gather", "--json").out) == []
