"""What a power failure, a failing disk or an odd home leaves: one clear line, and never another journal."""

import errno
import os
import pwd
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.env import process_environment
from support.messages import assert_one_clear_message
from valuelog.cli.paths import NoHome, find_home, find_paths

if TYPE_CHECKING:
    from conftest import Run

# Settings that were emptied


@pytest.fixture
def settings_file(run: "Run", home: Path) -> Path:
    """Write settings that name a journal elsewhere, and use it once."""
    run("config", "set", "journal", str(home / "notes" / "mine.db"))
    run("add", "helped", "x")
    return home / "config" / "valuelog" / "config.toml"


@pytest.mark.parametrize("content", [b"", b"\0" * 40])
def test_emptied_settings_lead_to_no_new_journal(
    run: "Run", home: Path, journal_path: Path, settings_file: Path, content: bytes
) -> None:
    settings_file.write_bytes(content)
    again = f"valuelog config set journal {home}/notes/mine.db"
    for words in (["add", "helped", "y"], ["list", "--plain"]):
        first, *rest = run(*words).err.splitlines()
        assert (
            first == f"valuelog: {settings_file} is empty. Using the journal you used last. Set it again with: {again}"
        )
        assert not [line for line in rest if "valuelog:" in line and "undo" not in line]
    assert run("list", "--plain").out.count("helped") == 2
    assert not journal_path.exists()
    run(*again.split()[1:])
    assert run("list", "--plain").err == ""


def test_settings_emptied_on_purpose_are_no_warning(run: "Run", journal_path: Path, settings_file: Path) -> None:
    run("config", "unset", "journal")
    assert settings_file.exists()
    assert run("add", "helped", "y").err.startswith("Added helped")
    assert journal_path.exists()


def test_settings_emptied_in_the_editor_are_no_warning(run: "Run", home: Path, settings_file: Path) -> None:
    editor = home / "editor"
    editor.write_text('#!/bin/sh\n: >"$1"\n')
    editor.chmod(0o700)
    run("config", "edit", answers=[], VALUELOG_EDITOR=str(editor))
    assert settings_file.read_text() == "\n"
    assert "is empty" not in run("list", fails=1).err


def test_empty_settings_of_the_usual_journal_are_no_warning(run: "Run", home: Path) -> None:
    run("add", "helped", "x")
    (home / "config" / "valuelog").mkdir(parents=True)
    (home / "config" / "valuelog" / "config.toml").touch()
    assert run("add", "helped", "y").err.startswith("Added helped")


# A disk that fails


@pytest.mark.parametrize(
    ("words", "name"),
    [(["import", "jsonl", "{}"], "in.jsonl"), (["today", "--answers", "{}"], "answers.jsonl")],
)
def test_error_of_the_disk_is_named(
    run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], name: str
) -> None:
    path = home / name
    path.write_text("{}\n")
    fail_to_read(monkeypatch, path)
    result = run(*(word.format(path) for word in words), fails=1)
    assert_one_clear_message(result, f"The disk reports an error reading {path}.")


def test_device_id_and_settings_that_the_disk_cannot_read(
    run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "helped", "x")
    run("config", "set", "remind_at", "18:30")
    with monkeypatch.context() as patch:
        fail_to_read(patch, home / "state" / "valuelog" / "device")
        result = run("add", "helped", "y", fails=1)
    assert_one_clear_message(result, f"The disk reports an error reading {home}/state/valuelog/device.")
    fail_to_read(monkeypatch, home / "config" / "valuelog" / "config.toml")
    assert "config.toml: the disk reports an error reading it." in run("list").err


def fail_to_read(monkeypatch: pytest.MonkeyPatch, failing: Path) -> None:
    """Let every reading of a file end with EIO."""
    read_bytes, open_path = Path.read_bytes, Path.open

    def fail(path: Path) -> None:
        if path == failing:
            raise OSError(errno.EIO, "Input/output error")

    def read_or_fail(path: Path) -> bytes:
        fail(path)
        return read_bytes(path)

    def open_or_fail(path: Path, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  passed on
        fail(path)
        return open_path(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_bytes", read_or_fail)
    monkeypatch.setattr(Path, "open", open_or_fail)


# Streams on a full disk


@pytest.mark.parametrize("words", ["add helped x", "undo", "list", "add nokind x y", "today --activity x --json"])
def test_full_streams_end_with_1(home: Path, words: str) -> None:
    program = f'"$0" -m valuelog add activity x 2>/dev/null; exec "$0" -m valuelog {words} >/dev/full 2>/dev/full'
    done = subprocess.run(["/bin/sh", "-c", program, sys.executable], env=process_environment(home), check=False)
    assert done.returncode in ({1, 2} if "nokind" in words else {1})


# The home


@pytest.mark.parametrize("home", ["", ".", "relative/home", None])
def test_home_that_is_no_absolute_path_is_looked_up(
    home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {} if home is None else {"HOME": home}
    real = Path(pwd.getpwuid(os.getuid()).pw_dir)
    assert find_home(environ) == real
    assert find_paths(environ).journal.is_relative_to(real)


def test_user_without_a_home_gets_one_line(run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", fail)
    with pytest.raises(NoHome):
        find_paths({"HOME": "here"})
    assert_one_clear_message(run("list", XDG_DATA_HOME="", HOME="here", fails=1), "HOME is not an absolute path")


def test_tilde_in_a_setting_follows_the_same_home(run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "here")
    run("config", "set", "journal", "~/notes.db")
    assert run("config", "get", "journal").out == f"{pwd.getpwuid(os.getuid()).pw_dir}/notes.db\n"
