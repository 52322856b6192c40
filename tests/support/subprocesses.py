"""Children: processes of their own that open a journal, and what befalls them there.

Run as a program, this file does what its first argument names and prints what came of it as JSON.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from support.journal_files import connection_of
from support.makers import make_entry
from valuelog.journal import backup, entries, schema
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal, open_journal
from valuelog.journal.verify import find_damage
from valuelog.model.errors import ValuelogError

NOBODY = 65534
"""The user whom a system gives nothing."""

PRELOADED_MODULES = (backup, schema, urllib.parse)
"""What is imported late otherwise, when a child may not read anything any more."""


@dataclass(frozen=True)
class ChildResult:
    """What came of a child: what it read or wrote, or the error that it met."""

    code: int
    texts: list[str] = field(default_factory=list)
    error: str = ""
    message: str = ""


def run_child(*words: object) -> ChildResult:
    """Let a child do something, and wait for it."""
    return wait_for_child(start_child(*words))


def with_tiny_disk(folder: Path) -> list[str]:
    """Return the beginning of a command that sees a disk of 400 KB in a folder.

    The disk belongs to a mount namespace that ends with the command: a run that is killed leaves nothing mounted.
    """
    return ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=400k tmpfs "$0" && exec "$@"', str(folder)]


def start_child(*words: object, prefix: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
    """Let a child begin something, as the last words of another command if there is a `prefix`."""
    command = [*prefix, sys.executable, "-m", "support.subprocesses", *map(str, words)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environ())


def release_children(*children: "subprocess.Popen[bytes]") -> None:
    """Wait until children that wait for a sign are ready, and give it to all of them at once."""
    for each in children:
        assert each.stdout
        each.stdout.readline()
    for each in children:
        assert each.stdin
        each.stdin.write(b"\n")
        each.stdin.flush()


def wait_for_child(begun: "subprocess.Popen[bytes]") -> ChildResult:
    """Wait for a child."""
    said, _ = begun.communicate()
    return ChildResult(code=begun.returncode, **(json.loads(said) if said else {}))


def _environ() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


def open_child_journal(path: str, *, write: bool) -> Journal:
    """Open a journal."""
    return open_journal(Path(path), f"child-{os.getpid()}", lambda: datetime.now(UTC), write=write)


def texts(journal: Journal) -> dict[str, Any]:
    """Return the texts of all entries."""
    return {"texts": [entry.text for entry in entries.select(journal, entries.Selection())]}


def read(path: str) -> dict[str, Any]:
    """Read a journal."""
    return texts(open_child_journal(path, write=False))


def add(path: str, text: str = "from a child") -> dict[str, Any]:
    """Write to a journal."""
    journal = open_child_journal(path, write=True)
    entries.add(journal, [make_entry(id=new_id(), text=text)])
    return texts(journal)


def run_as_nobody(what: str, *words: str) -> dict[str, Any]:
    """Do something as a user without any rights; whoever is not root has few enough already."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return run_action(what, *words)


def add_with_file_size_limit(path: str) -> dict[str, Any]:
    """Write to a journal whose file cannot grow."""
    size = Path(path).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return add(path, "much " * 20_000)


def die_during_transaction(path: str) -> None:
    """Write so much in one change that it reaches the file before it is complete, and be killed then."""
    journal = open_child_journal(path, write=True)
    connection_of(journal).execute("PRAGMA cache_size = 5")
    with journal.transaction():
        entries.add(journal, [make_entry(id=new_id(), text=f"never confirmed {number}") for number in range(2000)])
        os.kill(os.getpid(), signal.SIGKILL)


def create_journals(folder: str) -> None:
    """Make one journal after another, until killed."""
    _wait_for_release()
    for number in range(10_000):
        open_child_journal(f"{folder}/{number}/journal.db", write=True).close()


def add_after_release(path: str, count: str = "1") -> dict[str, Any]:
    """Wait for a sign, then write one entry after another, each through a journal that is opened for it."""
    _wait_for_release()
    said = [f"{os.getpid()} wrote {number}" for number in range(int(count))]
    for text in said:
        add(path, text)
    return {"texts": said}


def undo_and_redo(path: str, count: str) -> None:
    """Take one change after another back and make it again, or find that somebody else wrote in between."""
    _wait_for_release()
    journal = open_child_journal(path, write=True)
    for _ in range(int(count)):
        with journal.transaction():
            journal.undo()
            journal.redo()


def fail_to_write(path: str, count: str) -> None:
    """Begin one change after another, and take each back before it is complete."""
    _wait_for_release()
    journal = open_child_journal(path, write=True)
    for _ in range(int(count)):
        with suppress(ZeroDivisionError), journal.transaction():
            entries.add(journal, [make_entry(id=new_id(), text="never confirmed")])
            _ = 1 / 0


def list_damage(path: str) -> dict[str, Any]:
    """Look for damage."""
    return {"texts": find_damage(connection_of(open_child_journal(path, write=False)))}


def fill_disk(folder: str) -> dict[str, Any]:
    """Write to a journal on a disk that has no room left, then to new ones; return the errors, and the files left."""
    disk, path = Path(folder), Path(folder, "journal.db")
    add(str(path))
    with suppress(OSError):
        (disk / "ballast").write_bytes(bytes(1_000_000))
    before = path.read_bytes()
    tries = [(path, "much " * 20_000), (disk / "new.db", "x"), (disk / "a" / "b" / "new.db", "x")]
    errors = [run_action("add", str(target), text)["error"] for target, text in tries]
    unchanged = path.read_bytes() == before and not find_damage(
        connection_of(open_child_journal(str(path), write=False))
    )
    files = sorted(each.name for each in disk.rglob("*") if each.is_file())
    return {"texts": [*errors, "unchanged" if unchanged else "changed", *files]}


def read_repeatedly(path: str, count: str) -> dict[str, Any]:
    """Read a journal again and again, half of the time through one that stays open."""
    _wait_for_release()
    journal = open_child_journal(path, write=False)
    for _ in range(int(count)):
        texts(journal)
        read(path)
    return texts(journal)


def _wait_for_release() -> None:
    sys.stdout.write("\n")
    sys.stdout.flush()
    sys.stdin.readline()


def run_action(what: str, *words: str) -> dict[str, Any]:
    """Do what is named, and tell a person's error by its name."""
    try:
        return globals()[what](*words) or {}
    except ValuelogError as error:
        return {"error": type(error).__name__, "message": error.message}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run_action(*sys.argv[1:])))
