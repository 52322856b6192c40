"""Erased means erased: after `delete --purge`, no byte of a canary word is anywhere below HOME."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing

import pexpect

from faults.calls import Kind
from faults.harness import Fault, Step, environment, journal_path, state_folder
from faults.images import read_disk
from faults.kills import count_calls
from faults.record import Stage
from faults.scenes import write_schema_1

CANARY = "kanarienvogel"
"""The word that must be gone."""

WORDS = {"migration": "weekly status mail"}
"""What an old journal has in place of the canary: its hashes cover each word."""

FIND_ID = "SELECT entity_id FROM change WHERE fields LIKE ? AND entity IN ('entry', 'pain') ORDER BY seq LIMIT 1"


def find_remains(stage: Stage, name: str) -> list[str]:
    """Enter the canary in one of the ways of SCENES, purge it; return the files that still have it."""
    word = WORDS.get(name, CANARY)
    stage.judge.place({})
    SCENES[name](stage)
    assert list_files_with(word, stage), "the canary was never entered"
    purged = stage.server.run(stage.home, Step(("delete", _find_id(stage, word), "--purge", "--confirm")), seed=99)
    failed = [f"exit code {purged.code}: {purged.err.strip()}{purged.error}"] if purged.code else []
    return [*failed, *(f"{path} still has it" for path in list_files_with(word, stage))]


def list_files_with(word: str, stage: Stage) -> list[str]:
    """Return the files below the home that have a word, in any of the encodings that a file may have."""
    encoded = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    files, _ = read_disk(stage.home)
    return [path for path, content in files.items() if any(raw in content.lower() for raw in encoded)]


def _find_id(stage: Stage, word: str) -> str:
    """Return the id of the entry or pain point with a word."""
    with closing(sqlite3.connect(journal_path(stage.home))) as journal:
        return str(journal.execute(FIND_ID, (f"%{word}%",)).fetchone()[0])


def _run(stage: Stage, *commands: tuple[str, ...]) -> None:
    for number, command in enumerate(commands):
        done = stage.server.run(stage.home, Step(command), seed=stage.seed + number)
        assert done.code == 0, f"{' '.join(command)}: {done.err}{done.error}"


def _give(stage: Stage) -> str:
    """Write a file to import beside the home, where it stays: it is the person's own."""
    path = stage.home.with_name("given.csv")
    path.write_text(f"day,kind,text\n2026-11-19,activity,{CANARY} and more\n2026-11-19,activity,other\n")
    return str(path)


ADD = ("add", "outcome", f"{CANARY} sings")
OTHER = ("add", "activity", "audit mails")


def _import(stage: Stage) -> None:
    _run(stage, OTHER, ("import", "csv", _give(stage)), OTHER, ("import", "csv", _give(stage), "--skip-bad"))


def _migrate(stage: Stage) -> None:
    write_schema_1(stage.home)
    _run(stage, OTHER)


def _edit(stage: Stage) -> None:
    _run(stage, OTHER)
    editor = stage.home.with_name("editor")
    editor.write_text(f"#!/bin/sh\necho '{CANARY} from the editor' > \"$1\"\n")
    editor.chmod(0o700)
    env = environment(stage.home, Step(environ={"EDITOR": str(editor), "TERM": "dumb"}))
    child = pexpect.spawn(sys.executable, ["-m", "valuelog", "add", "activity"], env=env, encoding="utf-8", timeout=30)
    output = child.read()
    child.close()
    assert child.exitstatus == 0, output


def _back_up(stage: Stage) -> None:
    _run(stage, ADD, ("backup",), OTHER, ("backup",), OTHER, ("backup",))


def _kill_import(stage: Stage) -> None:
    _run(stage, ADD)
    step = Step(("import", "csv", _give(stage)))
    files, folders = read_disk(stage.home)
    calls = stage.server.run(stage.home, step).calls
    copied = next(number for number, call in enumerate(calls) if call.kind in {Kind.RENAME, Kind.LINK})
    stage.judge.place(files, folders)
    killed = stage.server.run(stage.home, step, Fault(kill_at=count_calls(calls[:copied]) + 1))
    assert killed.code < 0, "the import was not killed"
    assert len(list_files_with(CANARY, stage)) > 1, "the killed import left no copy"


def _leave_draft(stage: Stage) -> None:
    _run(stage, ADD)
    folder = state_folder(stage.home) / "drafts" / f"{_find_id(stage, CANARY)}.abcdefgh"
    folder.mkdir(parents=True)
    (folder / "draft.md").write_text(f"{CANARY} again")
    (folder / "lock").touch()


def _keep_answer(stage: Stage) -> None:
    _run(stage, ADD)
    stage.server.run(stage.home, Step(keep_answer=f"{CANARY} sings"))


def _undo_and_redo(stage: Stage) -> None:
    _run(stage, OTHER, ADD, ("undo",), ("redo",), ("undo",), ("redo",))


def _merge_pains(stage: Stage) -> None:
    _run(stage, ("pain", "add", f"the {CANARY} is loud"), ("pain", "add", "builds are slow"))
    with closing(sqlite3.connect(journal_path(stage.home))) as journal:
        ids = [row[0] for row in journal.execute("SELECT id FROM pain ORDER BY text DESC")]
    _run(stage, ("pain", "merge", *ids))


SCENES: dict[str, Callable[[Stage], None]] = {
    "import": _import,
    "migration": _migrate,
    "editor": _edit,
    "three backups": _back_up,
    "killed import": _kill_import,
    "draft": _leave_draft,
    "unsaved answer": _keep_answer,
    "undo and redo": _undo_and_redo,
    "pain merge": _merge_pains,
}
"""The ways in which a word gets into more than one place."""
