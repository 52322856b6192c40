"""Child processes that open a journal and may be killed or lack rights or space.

As a program, this module runs the function named by its first argument and prints its result as JSON.
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
from valuelog.journal import backups, entries, schema
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal, open_journal
from valuelog.journal.verify import find_damage
from valuelog.model.errors import ValuelogError

NOBODY = 65534
"""The user id without any rights."""

PRELOADED_MODULES = (backups, schema, urllib.parse)
"""Imported early: later a child may have no right to read them."""


@dataclass(frozen=True)
class ChildResult:
    """The exit code of a child and the texts it read or wrote, or its error."""

    code: int
    texts: list[str] = field(default_factory=list)
    error: str = ""
    message: str = ""


def run_child(*words: object) -> ChildResult:
    """Run an action in a child and wait for it."""
    return wait_for_child(start_child(*words))


def with_tiny_disk(folder: Path) -> list[str]:
    """Return the beginning of a command that sees a disk of 400 KB in a folder.

    The disk belongs to a mount namespace that ends with the command: a run that is killed leaves nothing mounted.
    """
    return ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=400k tmpfs "$0" && exec "$@"', str(folder)]


def start_child(*words: object, prefix: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
    """Start an action in a child, as the last words of another command if there is a `prefix`."""
    command = [*prefix, sys.executable, "-m", "support.subprocesses", *map(str, words)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environ())


def release_children(*children: "subprocess.Popen[bytes]") -> None:
    """Wait until all children are ready, then let them continue at the same time."""
    for each in children:
        assert each.stdout
        each.stdout.readline()
    for each in children:
        assert each.stdin
        each.stdin.write(b"\n")
        each.stdin.flush()


def wait_for_child(child: "subprocess.Popen[bytes]") -> ChildResult:
    """Wait for a child."""
    output, _ = child.communicate()
    return ChildResult(code=child.returncode, **(json.loads(output) if output else {}))


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


def run_as_nobody(action: str, *words: str) -> dict[str, Any]:
    """Run an action as a user without any rights; other users than root stay who they are."""
    open_child_journal("/no such journal", write=False).close()  # imports what this user may have no right to read
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return run_action(action, *words)


def add_with_file_size_limit(path: str) -> dict[str, Any]:
    """Write to a journal whose file cannot grow."""
    size = Path(path).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return add(path, "much " * 20_000)


def die_during_transaction(path: str) -> None:
    """Write so much in a transaction that it spills into the file, then kill this process."""
    journal = open_child_journal(path, write=True)
    connection_of(journal).execute("PRAGMA cache_size = 5")
    with journal.transaction():
        entries.add(journal, [make_entry(id=new_id(), text=f"never confirmed {number}") for number in range(2000)])
        os.kill(os.getpid(), signal.SIGKILL)


def create_journals(folder: str) -> None:
    """Create one journal after another until killed."""
    _wait_for_release()
    for number in range(10_000):
        open_child_journal(f"{folder}/{number}/journal.db", write=True).close()


def add_after_release(path: str, count: str = "1") -> dict[str, Any]:
    """Wait for release, then add entries, each through a newly opened journal."""
    _wait_for_release()
    written = [f"{os.getpid()} wrote {number}" for number in range(int(count))]
    for text in written:
        add(path, text)
    return {"texts": written}


def undo_and_redo(path: str, count: str) -> None:
    """Undo and redo repeatedly while other processes may write."""
    _wait_for_release()
    journal = open_child_journal(path, write=True)
    for _ in range(int(count)):
        with journal.transaction():
            journal.undo()
            journal.redo()


def fail_to_write(path: str, count: str) -> None:
    """Start transactions and roll each of them back."""
    _wait_for_release()
    journal = open_child_journal(path, write=True)
    for _ in range(int(count)):
        with suppress(ZeroDivisionError), journal.transaction():
            entries.add(journal, [make_entry(id=new_id(), text="never confirmed")])
            _ = 1 / 0


def list_damage(path: str) -> dict[str, Any]:
    """Return the damage found in a journal."""
    return {"texts": find_damage(connection_of(open_child_journal(path, write=False)))}


def fill_disk(folder: str) -> dict[str, Any]:
    """Write to a journal and to new ones on a full disk; return the errors and the remaining files."""
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
    """Read a journal repeatedly, alternating between an open one and newly opened ones."""
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


def run_action(action: str, *words: str) -> dict[str, Any]:
    """Run an action by name; return its result, or the name and message of its error."""
    try:
        return globals()[action](*words) or {}
    except ValuelogError as error:
        return {"error": type(error).__name__, "message": error.message}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run_action(*sys.argv[1:])))
