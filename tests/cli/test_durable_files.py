"""Every file that valuelog writes survives a power cut, a kill and two writers, and nothing of it is left behind."""

import os
import signal
import stat
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from support.disk_calls import DiskCalls
from support.env import process_environment
from valuelog.analysis.findings import Finding
from valuelog.analysis.freshness import Place, Surface
from valuelog.cli import config as config_command
from valuelog.cli.paths import ShowingsFile
from valuelog.cli.showings import read_showings, write_showings
from valuelog.cli.unsaved_answers import UnsavedFile
from valuelog.cli.world import World
from valuelog.journal import files
from valuelog.model.entry import Kind
from valuelog.workflows.answers import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

DAY = date(2026, 11, 20)


def make_answer(text: str) -> Answer:
    return Answer(kind=Kind.ACTIVITY, day=DAY, text=text, question=None, target_id=None)


def keep_answer(home: "Path", text: str = "audit mails") -> None:
    """Keep an answer that could not be saved."""
    UnsavedFile(home / "state" / "valuelog" / "unsaved-answers.jsonl", home / "journal.db", DAY).keep(make_answer(text))


def show_finding(home: "Path", name: str = "one") -> None:
    """Remember that a finding was shown."""
    file = ShowingsFile(home / "state" / "valuelog" / "findings.json", str(home))
    write_showings(file, [Finding(id=name, text="", command="")], Place(Surface.NOTICE, DAY, DAY))


# A power cut

COMMANDS = [
    ["add", "helped", "@sam runs it"],
    ["config", "set", "remind_at", "18:30"],
    ["config", "unset", "remind_at"],
    ["people", "merge", "sam", "lee"],
    ["export", "csv", "{home}/export.csv"],
    ["export", "jsonl", "{home}/export.jsonl", "--force"],
    ["review", "--week", "--html", "{home}/review.html"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_written_files_and_their_names_are_on_disk(
    run: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    if words[0] != "add":
        run("add", "helped", "@lee and @sam", XDG_STATE_HOME=str(home / "other"))
        run("config", "set", "remind_at", "17:30", XDG_STATE_HOME=str(home / "other"))
    before = {*home.rglob("*")}
    calls = DiskCalls(monkeypatch)
    run(*(word.format(home=home) for word in words))
    assert calls.flushed
    assert (calls.named_too_early, calls.unsynced_folders) == ([], [])
    assert [path for path in calls.unsynced_files(home) if path not in before and path.suffix != ".db"] == []


@pytest.mark.parametrize("write", [keep_answer, show_finding])
def test_state_files_are_on_disk(
    home: "Path", monkeypatch: pytest.MonkeyPatch, write: "Callable[[Path], None]"
) -> None:
    calls = DiskCalls(monkeypatch)
    write(home)
    assert (calls.named_too_early, calls.unsynced_folders, calls.unsynced_files(home)) == ([], [], [])
    assert len([path for path in home.rglob("*") if path.is_file()]) == 1


def test_editor_starts_with_words_that_are_on_disk(run: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    calls = DiskCalls(monkeypatch)
    run("add", "helped", "precious", "-e", answers=[], VALUELOG_EDITOR="false", fails=1)
    assert (calls.named_too_early, calls.unsynced_folders) == ([], [])
    assert stat.S_IMODE((home / "state" / "valuelog" / "drafts").stat().st_mode) == 0o700


def test_folders_are_synced_upwards(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    calls = DiskCalls(monkeypatch)
    folder = tmp_path / "one" / "two" / "three"
    files.make_folders(folder)
    assert calls.unsynced_folders == []
    assert len(calls.flushed) == 3
    assert {stat.S_IMODE(each.stat().st_mode) for each in (folder, folder.parent, folder.parent.parent)} == {0o700}


def test_unchanged_reminders_are_not_written_again(run: "Run", home: "Path") -> None:
    run("add", "helped", "x")
    reminders = home / "state" / "valuelog" / "reminders"
    before = reminders.stat().st_ino
    run("add", "helped", "y")
    assert reminders.stat().st_ino == before


# Names and links


def test_unfinished_file_is_private_under_any_umask(tmp_path: "Path") -> None:
    before = os.umask(0o777)
    try:
        with files.new_file(tmp_path / "export.csv", replace=True):
            (unfinished,) = tmp_path.iterdir()
            modes = [stat.S_IMODE(unfinished.stat().st_mode)]
    finally:
        os.umask(before)
    assert [*modes, stat.S_IMODE((tmp_path / "export.csv").stat().st_mode)] == [0o600, 0o600]


@pytest.mark.parametrize("to_somewhere", [True, False])
def test_link_at_the_name_of_the_target_is_replaced_not_followed(tmp_path: "Path", *, to_somewhere: bool) -> None:
    victim = tmp_path / "victim"
    if to_somewhere:
        victim.write_text("theirs")
    (tmp_path / "reminders").symlink_to(victim)
    files.write_file(tmp_path / "reminders", b"ours")
    assert (victim.read_text() if to_somewhere else victim.exists()) == ("theirs" if to_somewhere else False)
    assert not (tmp_path / "reminders").is_symlink()


def test_settings_that_are_a_link_stay_one(run: "Run", home: "Path") -> None:
    real = home / "dotfiles" / "valuelog.toml"
    link = home / "config" / "valuelog" / "config.toml"
    for path in (real, link):
        path.parent.mkdir(parents=True)
    link.symlink_to(real)
    run("config", "set", "remind_at", "18:30")
    assert link.is_symlink()
    assert real.read_text() == 'remind_at = "18:30"\n'


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("given_away", ["link", "target"])
def test_settings_linked_by_or_to_another_user_are_refused(run: "Run", home: "Path", given_away: str) -> None:
    real, link = home / "real.toml", home / "config.toml"
    real.write_text("")
    link.symlink_to(real)
    os.chown(link if given_away == "link" else real, 65534, 65534, follow_symlinks=False)
    result = run("config", "set", "remind_at", "18:30", VALUELOG_CONFIG=str(link), fails=1)
    assert f"{link} is a link to {real}, and one of them belongs to another user." in result.err
    assert real.read_text() == ""


# Two writers


def run_at_once(*functions: Callable[[], object]) -> list[int]:
    """Run each function in its own process at the same time; return the exit codes."""
    sys.stdout.flush()
    children = []
    for function in functions:
        if not (child := os.fork()):
            try:
                function()
            except BaseException:  # noqa: BLE001  the parent sees the exit code
                os._exit(1)
            os._exit(0)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


SETTINGS = {
    "day_ends_at": "03:00", "workdays": "mon, tue", "remind_at": "18:30", "review_day": "thu", "name": "Kim",
    "editor": "nano", "accessible": "true", "evening.off": "pain", "sources.git.enabled": "true",
    "sources.git.emails": "kim@example.com", "sources.calendar.enabled": "true", "sources.watson.enabled": "true",
    "sources.calendar.emails": "kim@example.com", "sources.timewarrior.enabled": "true",
    "sources.did.enabled": "false",
}  # fmt: skip


def test_settings_that_are_set_at_once_are_all_kept(run: "Run", home: "Path") -> None:
    def write(name: str) -> None:
        world = World(
            environ=process_environment(home), stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr, now=datetime.now
        )
        config_command.write_setting(world, name, SETTINGS[name])

    for _ in range(4):  # 60 in all
        (home / "config" / "valuelog" / "config.toml").unlink(missing_ok=True)
        assert run_at_once(*(partial(write, name) for name in SETTINGS)) == [0] * len(SETTINGS)
        assert {name: run("config", "get", name).out.strip() for name in SETTINGS} == SETTINGS
    assert [path.name for path in (home / "config" / "valuelog").iterdir()] == ["config.toml"]


def test_answers_and_findings_kept_at_once_are_all_there(home: "Path") -> None:
    texts = [f"text {number}" for number in range(20)]
    keeping = [partial(keep_answer, home, text) for text in texts]
    showing = [partial(show_finding, home, text) for text in texts]
    assert run_at_once(*keeping, *showing) == [0] * 40
    answers = UnsavedFile(home / "state" / "valuelog" / "unsaved-answers.jsonl", home / "journal.db", DAY).load()
    assert {answer.text for answer in answers} == {*texts}
    shown = read_showings(ShowingsFile(home / "state" / "valuelog" / "findings.json", str(home)))
    assert {*shown[Surface.NOTICE]} == {*texts}


def test_lock_that_is_never_released_is_reported(run: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.05)
    with files.lock_folder(home / "config" / "valuelog"):
        result = run("config", "set", "remind_at", "18:30", fails=1)
    assert "cannot be written: another program has been using it for too long." in result.err


# Leftovers


def test_next_writer_removes_what_a_killed_one_left(tmp_path: "Path") -> None:
    child = os.fork()
    if not child:
        with files.new_file(tmp_path / "export.csv", replace=True) as file:
            file.write(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert [*tmp_path.iterdir()] == files.list_leftovers(tmp_path) != []
    files.write_file(tmp_path / "other.csv", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]


def test_unfinished_file_of_a_running_writer_is_left_alone(tmp_path: "Path") -> None:
    with files.new_file(tmp_path / "one", replace=True) as file:
        file.write(b"1")
        files.write_file(tmp_path / "two", b"2")
        assert files.list_leftovers(tmp_path) == []
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"one": "1", "two": "2"}


def test_old_unfinished_files_of_0_1_0_are_removed(tmp_path: "Path") -> None:
    names = [".config.toml.new", "reminders.new", "unsaved-answers.jsonl.123", ".0123456789ab.new"]
    others = ["notes.new", ".valuelog-notes.new", "unsaved-answers.jsonl", "journal.2026"]
    for name in (*names, *others):
        (tmp_path / name).write_text("half")
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / "device.99").write_text("being written")
    files.write_file(tmp_path / "done", b"")
    assert {path.name for path in tmp_path.iterdir()} == {"device.99", "done", *others[:-1]}
