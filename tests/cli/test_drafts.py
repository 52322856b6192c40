"""Drafts: a text typed in the editor is never lost, and no other editor overwrites it."""

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from support.env import xdg_variables
from support.messages import assert_one_clear_message
from valuelog.cli.text_input import has_text, open_draft

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def create_editor(home: "Path", script: str) -> str:
    """Write a shell script that acts as the editor; $1 is the file to edit."""
    path = home / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def texts(run: "Run") -> list[str]:
    return [entry["text"] for entry in json.loads(run("list", "--json").out)]


def drafts_on_disk(home: "Path") -> list[str]:
    """Return the texts of the drafts that are left."""
    return [path.read_text() for path in sorted((home / "state" / "valuelog" / "drafts").glob("*/draft.md"))]


def test_two_editors_at_once_have_different_drafts(tmp_path: "Path") -> None:
    with open_draft(tmp_path, "new", reopen=True) as first:
        first.write_text("first")
        with open_draft(tmp_path, "new", reopen=True) as second:
            assert first != second
            second.write_text("second")
        first.unlink()
    with open_draft(tmp_path, "new", reopen=True) as reopened:
        assert reopened.read_text() == "second"
        reopened.unlink()
    assert not list(tmp_path.iterdir())


def test_draft_replaced_by_the_editor_stays_with_its_run(tmp_path: "Path") -> None:
    """An editor may write a new file in place of the old one, and its inode changes."""
    with open_draft(tmp_path, "new", reopen=True) as draft:
        (draft.parent / "saved").write_text("mine")
        (draft.parent / "saved").replace(draft)
        with open_draft(tmp_path, "new", reopen=True) as other:
            assert other != draft


def test_draft_of_another_entity_is_not_reopened(tmp_path: "Path") -> None:
    with open_draft(tmp_path, "k3aa", reopen=True) as draft:
        draft.write_text("text of k3aa")
    with open_draft(tmp_path, "k3", reopen=True) as other:
        assert not has_text(other)


def test_saved_draft_leaves_no_file_behind(run: "Run", home: "Path") -> None:
    run("add", "helped", answers=[], VALUELOG_EDITOR=create_editor(home, 'echo saved >"$1"; cp "$1" "$1~"'))
    assert texts(run) == ["saved"]
    assert not list((home / "state" / "valuelog" / "drafts").iterdir())


def test_words_on_the_command_line_do_not_open_an_older_draft(run: "Run", home: "Path") -> None:
    run("add", "helped", answers=[], VALUELOG_EDITOR=create_editor(home, 'echo old >"$1"; exit 1'), fails=1)
    run("add", "helped", "given", "-e", answers=[], VALUELOG_EDITOR=create_editor(home, 'echo more >>"$1"'))
    assert (texts(run), drafts_on_disk(home)) == (["given\nmore"], ["old\n"])


def test_draft_of_a_killed_run_is_reopened_by_the_next_run(run: "Run", home: "Path") -> None:
    editor = create_editor(home, f'echo precious >"$1"; touch {home}/written; exec sleep 60')
    main, other = os.openpty()
    program = [sys.executable, "-m", "valuelog", "add", "helped"]
    env = {**os.environ, **xdg_variables(home), "VALUELOG_EDITOR": editor}
    running = subprocess.Popen(program, env=env, stdin=other, start_new_session=True)
    while not (home / "written").exists() and running.poll() is None:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    os.close(main)
    os.close(other)
    result = run("add", "helped", answers=[], VALUELOG_EDITOR=create_editor(home, "true"))
    assert result.err.startswith("Your unsaved draft is still here; reopening it.\n")
    assert texts(run) == ["precious"]


def test_draft_of_version_0_1_0_is_reopened(run: "Run", home: "Path") -> None:
    run("add", "activity", "audit mails")
    (entry,) = json.loads(run("list", "--json").out)
    state = home / "state" / "valuelog"
    for name, text in (("draft.md", "old one"), ("draft-2.md", "old two"), (f"draft-{entry['id']}.md", "edited")):
        (state / name).write_text(f"{text}\n")
    editor = create_editor(home, "true")
    for _ in range(2):
        assert "Your unsaved draft is still here" in run("add", "helped", answers=[], VALUELOG_EDITOR=editor).err
    run("edit", entry["id"], answers=[], VALUELOG_EDITOR=editor)
    assert texts(run) == ["edited", "old one", "old two"]
    assert not list(state.glob("draft*.md"))


def test_draft_of_version_0_1_0_is_kept_if_the_editor_fails(run: "Run", home: "Path") -> None:
    (home / "state" / "valuelog").mkdir(parents=True)
    (home / "state" / "valuelog" / "draft.md").write_text("precious\n")
    run("add", "helped", answers=[], VALUELOG_EDITOR="false", fails=1)
    assert drafts_on_disk(home) == ["precious\n"]


def test_draft_removed_in_the_editor_changes_nothing(run: "Run", home: "Path") -> None:
    result = run("add", "helped", answers=[], VALUELOG_EDITOR=create_editor(home, 'rm "$1"'), fails=2)
    assert_one_clear_message(result, "Nothing was written, so nothing was changed.")
    assert drafts_on_disk(home) == []


def test_failed_editor_without_text_leaves_no_draft(run: "Run", home: "Path") -> None:
    run("add", "activity", "audit mails")
    for words in (["add", "helped"], ["add", "helped", "x", "-e"], ["config", "edit"]):
        result = run(*words, answers=[], VALUELOG_EDITOR="false", fails=1)
        assert_one_clear_message(result, "The editor “false” exited with an error.")
    assert drafts_on_disk(home) == []


@pytest.mark.parametrize(("words", "folder"), [(["add", "helped"], "state"), (["config", "edit"], "config")])
def test_unwritable_draft_folder_is_a_clear_error(run: "Run", home: "Path", words: list[str], folder: str) -> None:
    (home / folder).write_text("a file")
    assert_one_clear_message(run(*words, answers=[], VALUELOG_EDITOR="true", fails=1), "")
