"""Drafts: what is being written in the editor belongs to one editor, and is never lost."""

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
from valuelog.cli.drafts import claim_draft

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def a_program(home: "Path", script: str) -> str:
    """Make an editor of a line of shell; its first argument is the file to edit."""
    path = home / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def texts(run: "Run") -> list[str]:
    return [entry["text"] for entry in json.loads(run("list", "--json").out)]


def left(home: "Path") -> list[str]:
    return sorted(path.name for path in (home / "state" / "valuelog").iterdir() if "draft" in path.name)


def test_editors_at_once_have_a_draft_each(tmp_path: "Path") -> None:
    first = tmp_path / "draft.md"
    with claim_draft(first, new=False) as one:
        one.write_text("one")
        with claim_draft(first, new=False) as two:
            assert (one.name, two.name) == ("draft.md", "draft-2.md")
            two.write_text("two")
    one.unlink()
    with claim_draft(first, new=False) as again:
        assert again.read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["draft-2.md"]


def test_words_that_were_given_are_no_part_of_an_older_draft(run: "Run", home: "Path") -> None:
    run("add", "helped", answers=[], VALUELOG_EDITOR=a_program(home, 'echo old >"$1"; exit 1'), fails=1)
    run("add", "helped", "given", "-e", answers=[], VALUELOG_EDITOR=a_program(home, 'echo more >>"$1"'))
    assert (texts(run), left(home)) == (["given\nmore"], ["draft.md"])


def test_a_draft_that_a_crash_left_is_offered_by_the_next_run(run: "Run", home: "Path") -> None:
    editor = a_program(home, f'echo precious >"$1"; touch {home}/written; exec sleep 60')
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
    said = run("add", "helped", answers=[], VALUELOG_EDITOR=a_program(home, "true"))
    assert said.err.startswith("A text that was not saved is still here; it opens again.\n")
    assert texts(run) == ["precious"]


def test_a_file_that_is_gone_is_nothing_written(run: "Run", home: "Path") -> None:
    said = run("add", "helped", answers=[], VALUELOG_EDITOR=a_program(home, 'rm "$1"'), fails=2)
    assert_one_clear_message(said, "Nothing was written, so nothing was changed.")
    assert left(home) == []


def test_only_what_was_written_is_called_kept(run: "Run", home: "Path") -> None:
    run("add", "activity", "audit mails")
    for words in (["add", "helped"], ["add", "helped", "x", "-e"], ["config", "edit"]):
        said = run(*words, answers=[], VALUELOG_EDITOR="false", fails=1)
        assert_one_clear_message(said, "The editor “false” did not end well.")
    assert left(home) == []


@pytest.mark.parametrize(("words", "folder"), [(["add", "helped"], "state"), (["config", "edit"], "config")])
def test_a_folder_that_cannot_be_written_is_one_clear_line(
    run: "Run", home: "Path", words: list[str], folder: str
) -> None:
    (home / folder).write_text("a file")
    assert_one_clear_message(run(*words, answers=[], VALUELOG_EDITOR="true", fails=1), "")
