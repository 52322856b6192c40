"""`delete --purge`: after it, no byte of the text is anywhere below HOME."""

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.makers import open_test_journal
from valuelog.cli.unsaved_answers import UnsavedFile
from valuelog.journal.backup_checks import read_checks
from valuelog.journal.backups import backups_folder, list_backups, make_backup
from valuelog.journal.copies import contains_log, describe_copy, hash_file
from valuelog.journal.verify import find_damage
from valuelog.model.entry import Kind
from valuelog.workflows.answers import Answer

if TYPE_CHECKING:
    from conftest import Run

CANARY = "zyzzyva"
TEXT = f"the {CANARY} in the deploy script"
OLD_JOURNAL = [Path(__file__).parents[1] / "journal" / name for name in ("schema_2.sql", "journal_0_1_0.sql")]


def list_traces(home: Path, word: str = CANARY) -> list[str]:
    """Return the files below a folder that hold a word, in any case."""
    files = (path for path in home.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(home)) for path in files if word.lower().encode() in path.read_bytes().lower())


def back_up(path: Path, *, hour: int) -> Path:
    with closing(open_test_journal(path.parent)) as journal:
        assert journal.rows("SELECT 1")
    return make_backup(path, now=datetime(2026, 11, 20, hour, tzinfo=UTC)).path


def write_old_journal(path: Path) -> None:
    """Write a journal of version 0.1.0."""
    path.parent.mkdir(parents=True, mode=0o700)
    with closing(sqlite3.connect(path)) as connection:
        for script in OLD_JOURNAL:
            connection.executescript(script.read_text(encoding="utf-8"))


def find_id(run: "Run", text: str = TEXT) -> str:
    """Return the id of the entry with a text."""
    return next(str(entry["id"]) for entry in json.loads(run("list", "--json").out) if entry["text"] == text)


def require_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        is_old = connection.execute("PRAGMA user_version").fetchone()[0] < 5
        assert find_damage(connection, is_old_schema=is_old) == []


@pytest.fixture
def added(run: "Run") -> str:
    """Add an entry with the canary, between others; return its id."""
    run("add", "activity", "audit mails")
    run("add", "outcome", TEXT, "--evidence", f"two {CANARY}s less", "-t", CANARY)
    run("add", "activity", "the standup")
    return find_id(run)


# Everywhere


def test_canary_is_nowhere_after_all_that_copies_it(run: "Run", home: Path, journal_path: Path) -> None:
    """An old journal, migrated; an import, an editor session, three backups, a killed import, undo and redo."""
    write_old_journal(journal_path)
    old_text, old = next((entry["text"], entry["id"]) for entry in json.loads(run("list", "2026", "--json").out))
    assert len(list_traces(home, old_text)) == 2  # with the copy before the migration
    run("edit", old, TEXT)
    run("add", "activity", "the standup")
    run("undo")
    run("redo")
    editor = home / "editor"
    editor.write_text(
        f'#!/bin/sh\necho "{TEXT} again" > "$1"\ncp "$1" "$1~"\ncp "$1" "$(dirname "$1")/.draft.md.swp"\n'
    )
    editor.chmod(0o755)
    run("edit", old, answers=[], VALUELOG_EDITOR=str(editor))
    editor.unlink()
    for hour in (1, 2, 3):
        back_up(journal_path, hour=hour)
    run("import", "jrnl", "-", stdin=b'{"entries": [{"date": "2026-11-19", "time": "10:00", "title": "stays"}]}')
    killed = backups_folder(journal_path) / ".journal.0123456789.unfinished"
    killed.write_bytes(journal_path.read_bytes())
    journal_path.with_name(".journal.db.before-import.0123456789").write_bytes(journal_path.read_bytes())
    journal_path.with_name("journal.db.before-import").write_bytes(journal_path.read_bytes())
    for name in ("journal.replaced-2026-11-20T000000Z.db", "journal.salvaged-2026-11-20T000000Z.db"):
        journal_path.with_name(name).write_bytes(journal_path.read_bytes())
    state = home / "state" / "valuelog"
    (state / f"draft-{old}.md").write_text("another draft", encoding="utf-8")
    (state / "draft.md~").write_text(f"{TEXT} again", encoding="utf-8")
    draft = state / "drafts" / f"{old}.abc"
    draft.mkdir(parents=True)
    for name in ("draft.md", "draft.md~", ".draft.md.swp", "#draft.md#", "lock"):
        (draft / name).write_text(CANARY, encoding="utf-8")
    unsaved = UnsavedFile(state / "unsaved-answers.jsonl", journal_path, datetime(2026, 11, 20, tzinfo=UTC).date())
    for text in (f"{TEXT} again", "another answer"):
        unsaved.keep(Answer(kind=Kind.ACTIVITY, day=datetime(2026, 11, 20, tzinfo=UTC).date(), text=text))
    assert len(list_traces(home)) >= 10
    result = run("delete", "--purge", "--confirm", old)
    assert list_traces(home) + list_traces(home, old_text) == []
    assert not (state / f"draft-{old}.md").exists()
    assert [answer.text for answer in unsaved.load()] == ["another answer"]
    assert CANARY not in result.err
    for path in (journal_path, *journal_path.parent.glob("*.before-*"), *backups_folder(journal_path).glob("*.db")):
        require_sound(path)
    assert "stays" in run("list", "2026").out


def test_what_comes_back_from_a_file_is_named_or_left_out(run: "Run", home: Path, added: str) -> None:
    outside, lines = home / "outside.db", home / "outside.jsonl"
    run("backup", str(outside))
    run("export", "jsonl", str(lines))
    run("delete", "--purge", "--confirm", added)
    for file, form in ((outside, "journal"), (lines, "jsonl")):
        result = run("import", form, str(file))
        assert "1 record that you erased for good" in result.out
        assert CANARY not in run("list").out
    preview = run("restore", str(outside), "-n")
    assert "It still has 1 thing that you erased for good. Restoring brings it back." in preview.out
    assert json.loads(run("restore", str(outside), "-n", "--json").out)["erased"] == 1


@pytest.mark.parametrize("removal", [["undo"], ["delete"]])
def test_backups_of_a_gone_entry_are_purged_and_twice_works(
    run: "Run", home: Path, journal_path: Path, added: str, removal: list[str]
) -> None:
    back_up(journal_path, hour=1)
    run("delete", added)
    if removal == ["undo"]:
        run("undo")
        run("redo")
    assert run("delete", "--purge", "--confirm", added).err.splitlines()[0].endswith("also from 1 backup")
    assert list_traces(home) == []
    assert run("delete", "--purge", "--confirm", added).err == f"Erased for good: {added[:2]}\n"


def test_purged_backup_keeps_its_place_and_its_check(run: "Run", journal_path: Path, added: str) -> None:
    back_up(journal_path, hour=1)
    (before,) = list_backups(journal_path)
    run("delete", "--purge", "--confirm", added)
    (after,) = list_backups(journal_path)
    assert after._replace(size=0, entry_count=0) == before._replace(size=0, entry_count=0)
    assert after.is_verified
    assert after.entry_count == 2
    check = read_checks(backups_folder(journal_path))[after.path.name]
    assert check.sha256 == hash_file(after.path)
    assert after.path.stat().st_mode & 0o777 == 0o600


def test_copy_without_the_entity_is_left_alone(run: "Run", journal_path: Path) -> None:
    run("add", "activity", "audit mails")
    copy = back_up(journal_path, hour=1)
    before = copy.read_bytes(), copy.stat().st_ino
    run("add", "outcome", TEXT)
    run("delete", "--purge", "--confirm", find_id(run))
    assert (copy.read_bytes(), copy.stat().st_ino) == before


def test_purge_of_a_project_empties_references_in_copies(run: "Run", home: Path, journal_path: Path) -> None:
    run("project", "start", f"The {CANARY}", "--problem", TEXT)
    run("add", "activity", "audit mails", "--project", f"the-{CANARY}")
    project = json.loads(run("project", "list", "--json").out)[0]["id"]
    run("project", "measure", f"the-{CANARY}", f"3 {CANARY}s")
    copy = back_up(journal_path, hour=1)
    old = journal_path.with_name("journal.db.before-schema-5-from-4")
    old.write_bytes(copy.read_bytes())
    run("delete", "--purge", "--confirm", project)
    assert list_traces(home) == []
    for path in (journal_path, copy, old):
        require_sound(path)
    assert "audit mails" in run("list").out
    with closing(sqlite3.connect(journal_path)) as journal, closing(sqlite3.connect(copy)) as connection:
        now = datetime(2026, 11, 20, tzinfo=UTC)
        assert contains_log(journal, describe_copy(connection, now, is_full=True, is_sound=True))


# What can't be reached is named


def test_copy_that_cannot_be_read_is_named(run: "Run", journal_path: Path, added: str) -> None:
    copy = back_up(journal_path, hour=1)
    damaged = back_up(journal_path, hour=2)
    damaged.write_bytes(damaged.read_bytes()[:5000])
    result = run("delete", "--purge", "--confirm", added, fails=1)
    assert CANARY.encode() not in copy.read_bytes() + journal_path.read_bytes()
    assert str(damaged) in result.err
    assert str(copy) not in result.err
    damaged.unlink()
    run("delete", "--purge", "--confirm", added)


def test_empty_file_that_a_restore_kept_is_no_copy(run: "Run", journal_path: Path, added: str) -> None:
    journal_path.with_name("journal.replaced-2026-11-20T173000Z.db").touch()
    assert "Erased for good" in run("delete", "--purge", "--confirm", added, added).err


def test_unfinished_copy_that_is_being_written_is_named(run: "Run", journal_path: Path, added: str) -> None:
    held = journal_path.with_name(".journal.db.before-import.0123456789.unfinished")
    held.write_bytes(journal_path.read_bytes())
    with held.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "another program is writing it" in run("delete", "--purge", "--confirm", added, fails=1).err
    run("delete", "--purge", "--confirm", added)
    assert not held.exists()


def test_draft_open_in_an_editor_is_named(run: "Run", home: Path, added: str) -> None:
    draft = home / "state" / "valuelog" / "drafts" / f"{added}.abc"
    draft.mkdir(parents=True)
    (draft / "draft.md").write_text(TEXT, encoding="utf-8")
    with (draft / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run("delete", "--purge", "--confirm", added, fails=1)
    assert "open in an editor" in result.err
    run("delete", "--purge", "--confirm", added)
    assert list_traces(home) == []


def test_other_drafts_and_answers_stay(run: "Run", home: Path, added: str) -> None:
    state = home / "state" / "valuelog"
    others = [
        state / "drafts" / "new.abc" / "draft.md",
        state / "drafts" / "k3k3k3k3k3.abc" / "draft.md",
        state / "draft.md",
    ]
    for other in others:
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_text("another text", encoding="utf-8")
    run("delete", "--purge", "--confirm", added)
    assert all(other.exists() for other in others)


# Words that others have, too


def test_same_words_elsewhere_are_named_by_id(run: "Run", added: str) -> None:
    run("add", "insight", "we deploy too rarely, and nobody sees why")
    insight = json.loads(run("list", "--json").out)[-1]["id"]
    run("brief", "raised", insight, "both teams share one report", "--kind", "outcome")
    value = next(entry["id"] for entry in json.loads(run("list", "--json").out) if "raised:" in entry["text"])
    result = run("delete", "--purge", "--confirm", insight)
    assert f"The same words are in {value[:2]}" in result.err
    assert "deploy" not in result.err
    assert "The same words" not in run("delete", "--purge", "--confirm", added).err


def test_fix_of_a_purged_pain_point_with_its_words_is_named(run: "Run") -> None:
    run("pain", "add", "the deploy waits on one approver")
    (pain,) = json.loads(run("pain", "list", "--json").out)
    run("pain", "fix", pain["id"], "the deploy waits on one approver no longer")
    fix = json.loads(run("list", "--json").out)[-1]["id"]
    assert f"The same words are in {fix[:2]}" in run("delete", "--purge", "--confirm", pain["id"]).err


# Days off, sightings, readings


def test_note_of_a_day_off_is_purged_and_the_day_stays_off(run: "Run", home: Path, journal_path: Path) -> None:
    run("off", "2026-12-24", "--note", TEXT)
    copy = back_up(journal_path, hour=1)
    run("delete", "--purge", "--confirm", "2026-12-24")
    assert list_traces(home) == []
    assert "2026-12-24" in run("off", "list", "--json").out
    for path in (journal_path, copy):
        require_sound(path)
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT day, note FROM day_off").fetchall() == [("2026-12-24", None)]
    run("delete", "--purge", "--confirm", "2026-12-25", fails=1)


def test_words_of_a_sighting_are_purged_and_the_day_stays(run: "Run", home: Path, journal_path: Path) -> None:
    run("pain", "add", "the deploy waits on one approver")
    (pain,) = json.loads(run("pain", "list", "--json").out)
    run("pain", "seen", pain["id"], TEXT, "-d", "2026-11-19")
    copy = back_up(journal_path, hour=1)
    with closing(sqlite3.connect(journal_path)) as connection:
        ((sighting,),) = connection.execute("SELECT id FROM sighting WHERE text = ?", (TEXT,)).fetchall()
    run("delete", "--purge", "--confirm", sighting)
    assert list_traces(home) == []
    for path in (journal_path, copy):
        require_sound(path)
    assert len(json.loads(run("pain", "show", pain["id"], "--json").out)["sightings"]) == 2
    run("delete", "--purge", "--confirm", pain["id"])
    assert b"waits on one" not in journal_path.read_bytes()


# Short texts can't be guessed


def test_salt_is_erased_with_the_words(run: "Run", journal_path: Path, added: str) -> None:
    assert "0.1.0" not in run("delete", "--purge", "--confirm", added).err
    with closing(sqlite3.connect(journal_path)) as connection:
        rows = connection.execute("SELECT fields, salt FROM change WHERE entity_id = ?", (added,)).fetchall()
    assert (None, None) in rows
    assert all(salt is None for fields, salt in rows if fields is None)


def test_text_of_version_0_1_0_says_that_it_could_be_guessed(run: "Run", journal_path: Path) -> None:
    write_old_journal(journal_path)
    old = json.loads(run("list", "2026", "--json").out)[0]["id"]
    assert "Version 0.1.0 wrote it" in run("delete", "--purge", "--confirm", old).err


# In scripts


def test_purge_without_a_terminal_names_confirm_and_no_words(run: "Run", added: str) -> None:
    result = run("delete", "--purge", added[:3], fails=2)
    assert f"valuelog delete --purge --confirm {added[:3]}" in result.err
    assert CANARY not in run("delete", "--purge", TEXT, fails=2).err
    assert CANARY in run("show", added).out


def test_confirm_needs_purge_and_one_id(run: "Run", added: str) -> None:
    assert "--confirm is for --purge" in run("delete", "--confirm", added, fails=2).err
    run("delete", "--purge", "--confirm", added, added)
    assert CANARY not in run("list").out


# Killed


@pytest.mark.slow
@pytest.mark.parametrize("step", ["utime", "unlink", "replace"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_repeating_a_killed_purge_finishes_it(
    run: "Run", home: Path, journal_path: Path, added: str, step: str, count: int
) -> None:
    for hour in (1, 2, 3):
        back_up(journal_path, hour=hour)
    program = (
        "import os, signal, pathlib, runpy, sys\n"
        f"count = {count}\n"
        "def wrap(owner, name):\n"
        "    original = getattr(owner, name)\n"
        "    def call(*args, **kwargs):\n"
        "        global count\n"
        "        count -= 1\n"
        "        if not count:\n"
        "            os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return original(*args, **kwargs)\n"
        "    setattr(owner, name, call)\n"
        f"wrap({'os' if step == 'utime' else 'pathlib.Path'}, {step!r})\n"
        f"sys.argv = ['valuelog', 'delete', '--purge', '--confirm', {added!r}]\n"
        "runpy.run_module('valuelog', run_name='__main__')\n"
    )
    environ = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    environ |= {"XDG_STATE_HOME": str(home / "state"), "XDG_CONFIG_HOME": str(home / "config")}
    killed = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr
    run("delete", "--purge", "--confirm", added)
    assert list_traces(home) == []
    assert [backup.is_verified for backup in list_backups(journal_path)] == [True] * 3
    assert not list(backups_folder(journal_path).glob(".journal.*"))
