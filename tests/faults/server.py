"""A process that has imported valuelog and forks for each action: as good as a new process, and ten times as fast.

It runs under the shim, reads one JSON object a line from stdin and writes one result a line to stdout.
"""

import ctypes
import gc
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import IO, Any

from support.commands import all_commands
from support.makers import make_entry
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.unsaved_answers import UnsavedFile
from valuelog.cli.world import create_world
from valuelog.journal import connection as journal_connection
from valuelog.journal import entries
from valuelog.journal.errors import JournalError
from valuelog.journal.ids import new_id
from valuelog.journal.store import open_journal
from valuelog.journal.verify import find_damage
from valuelog.model.entry import Kind
from valuelog.sync import sealing
from valuelog.workflows import sync_setup
from valuelog.workflows.answers import Answer

TIMEOUT_SECONDS = 90
"""After this long SIGALRM ends an action, which counts as a failure."""

_PR_SET_CHILD_SUBREAPER = 36


def serve() -> None:
    """Run actions until stdin ends."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    all_commands()  # imports each command
    _warm_up()
    for command in ("sync setup", "sync rekey"):
        _create_key(command)
    requests, results = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in requests:
        request = json.loads(line)
        results.write(json.dumps(_fork(request.pop("action"), request)) + "\n")
        results.flush()


def _warm_up() -> None:
    """Run some commands in this process, so that forked ones find all imported, cached and in frozen memory."""
    environ, streams = dict(os.environ), [os.dup(number) for number in range(3)]
    with tempfile.TemporaryDirectory() as folder:
        home = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), folder)
        for command in WARM_UP:
            words = [word.replace("{folder}", folder) for word in command]
            inspect(f"{folder}/valuelog/journal.db", [], words, {**environ, **home})
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environ)
    gc.collect()
    gc.freeze()
    gc.disable()


WARM_UP = [
    ["add", "outcome", "a word", "--project", "Refunds"],
    ["config", "set", "remind_at", "18:30"],
    ["undo"],
    ["redo"],
    ["list"],
    ["search", "word"],
    ["history"],
    ["review", "--json"],
    ["export", "jsonl"],
    ["sync", "setup", "{folder}/remote"],
    ["sync"],
    ["doctor"],
]


def _fork(action: str, values: dict[str, Any]) -> dict[str, Any]:
    """Run an action in a forked process, wait for it and all its descendants, and return its result and exit code."""
    with tempfile.TemporaryFile("w+b") as result:
        pid = os.fork()
        if not pid:
            _run_forked(action, values, result)
        _, status = os.waitpid(pid, 0)
        with suppress(ChildProcessError):
            while True:  # those that the action left running in the background
                os.wait()
        result.seek(0)
        raw = result.read()
    return {"code": os.waitstatus_to_exitcode(status), **(json.loads(raw) if raw else {})}


def _run_forked(action: str, values: dict[str, Any], result: IO[bytes]) -> None:
    signal.alarm(TIMEOUT_SECONDS)
    code = 70
    try:
        result.write(json.dumps(ACTIONS[action](**values)).encode())
        result.flush()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001  whatever it is, it must reach the harness
        result.seek(0)
        result.write(json.dumps({"error": traceback.format_exc()}).encode())
        result.flush()
    finally:
        os._exit(code)


# The program


def run(
    argv: list[str], environ: dict[str, str], stdin: str, output: str, hook: str, shim: dict[str, str], seed: int
) -> dict[str, Any]:
    """Run the program as its own process would; what it prints goes into two files. Ends this process."""
    random_bytes = random.Random(seed).randbytes  # noqa: S311  repeatable ids, not secrets
    os.urandom = random_bytes
    HOOKS[hook]()
    os.environ.clear()
    os.environ.update(environ)
    _redirect(stdin, output)
    if shim:
        _start_shim(shim)
    _use_known_key(argv)
    run_program(argv)
    return {}


def _use_known_key(argv: list[str]) -> None:
    """Let each command that creates a key create the same one in each run, so that what it prints is the same."""
    vars(sync_setup)["new_key"] = lambda: _create_key(" ".join(argv[:2]))


_create_key = cache(lambda _command: sealing.new_key())


def _start_shim(variables: dict[str, str]) -> None:
    os.environ.update(variables)
    ctypes.CDLL(variables["LD_PRELOAD"]).faults_start()


def _redirect(stdin: str, output: str) -> None:
    """Replace the standard streams as a shell would."""
    paths = [(stdin, os.O_RDONLY), (f"{output}.out", os.O_WRONLY), (f"{output}.err", os.O_WRONLY)]
    for number, (path, flags) in enumerate(paths):
        opened = os.open(path, flags | (os.O_CREAT | os.O_APPEND if number else 0), 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  as the interpreter does
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  same
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115  same


def run_program(argv: list[str]) -> None:
    """Run the command line as valuelog.__main__ does, and exit with its code."""
    os.umask(0o077)
    world = create_world()
    code = errors.run(world, lambda: app().main(args=argv, prog_name="valuelog", standalone_mode=False, obj=world))
    sys.stdout.flush()
    sys.stderr.flush()
    raise SystemExit(code)


def _use_full_synchronous() -> None:
    """Open journals with the setting that loses commits in a power cut."""
    weaker = tuple(pragma.replace("EXTRA", "FULL") for pragma in journal_connection._PRAGMAS)  # noqa: SLF001  a self-check
    journal_connection._PRAGMAS = weaker  # noqa: SLF001  same


def _write_without_sync() -> None:
    """Leave out each fsync that Python makes; SQLite makes its own."""
    os.fsync = lambda fd: None  # noqa: ARG005  its name is part of the signature


HOOKS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "synchronous=FULL": _use_full_synchronous,
    "no fsync": _write_without_sync,
}
"""What a self-check breaks on purpose."""


# What is in a journal


def inspect(journal: str, copies: list[str], command: list[str], environ: dict[str, str]) -> dict[str, Any]:
    """Return the log of a journal and of copies; then run a command, and return its result and all damage found.

    A journal that is not there has no log, and stays as it is.
    """
    log = read_log(journal) if Path(journal).exists() else None
    found: dict[str, Any] = {"log": log, "copies": {path: read_copy(path) for path in copies if Path(path).exists()}}
    if command:
        found |= _try_command(command, environ)
    if Path(journal).exists():
        found["damage"] = list_damage(journal)
    return found


def read_log(journal: str) -> list[list[Any]]:
    """Open a journal as a command that writes does; return its changes: hash, whether the words are erased, batch."""
    with _opened(journal) as opened:
        return [list(row) for row in opened.execute(_LOG)]


_LOG = (
    "SELECT CASE WHEN act = 'purge' THEN entity || entity_id || coalesce(fields, '') ELSE hex(hash) END,"
    " fields IS NULL, CASE WHEN act = 'purge' THEN act ELSE batch END FROM change ORDER BY seq"
)
"""A purge draws as many random ids before its own as there are copies that it can write."""


def read_copy(path: str) -> dict[str, Any]:
    """Return the log of a copy, read without valuelog, and what SQLite finds wrong."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        try:
            damage = [row[0] for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
            return {"log": [list(row) for row in copy.execute(_LOG)], "damage": damage}
        except sqlite3.Error as error:
            return {"log": [], "damage": [str(error)]}


def list_damage(journal: str) -> list[str]:
    """Return the damage that the audit finds."""
    with _opened(journal) as opened:
        return find_damage(opened)


@contextmanager
def _opened(journal: str) -> Iterator[sqlite3.Connection]:
    opened = open_journal(Path(journal), "", lambda: datetime.now(UTC), write=True)
    try:
        yield opened._database.connection  # noqa: SLF001  the harness reads what the methods do not show
    finally:
        opened.close()


def _try_command(command: list[str], environ: dict[str, str], stdin: str = "") -> dict[str, Any]:
    """Run the next command in this process, and return its exit code and what it printed."""
    os.environ.clear()
    os.environ.update(environ)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "stdin")
        source.write_text(stdin, encoding="utf-8")
        _redirect(str(source) if stdin else "/dev/null", f"{folder}/next")
        try:
            run_program(command)
        except SystemExit as error:
            code = error.code
        printed = "".join(Path(f"{folder}/next.{stream}").read_text(encoding="utf-8") for stream in ("out", "err"))
    return {"next_code": code, "next_printed": printed}


# A full disk


def fill_and_run(home: str, part: str, result: str, free_kib: int, values: dict[str, Any]) -> dict[str, Any]:
    """Run the program in a copy of a home, of which a part is on a full disk; copy what it leaves into another folder.

    The disk belongs to this process, so nothing stays mounted. Needs root.
    """
    disk = Path(home, part)
    disk.mkdir(mode=0o700, exist_ok=True)
    libc = ctypes.CDLL(None, use_errno=True)
    shutil.rmtree(result, ignore_errors=True)
    shutil.copytree(home, result)
    size = f"size={_MIB_OF_DISK}m".encode()
    if (
        libc.unshare(_CLONE_NEWNS)
        or libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
        or libc.mount(b"tmpfs", str(disk).encode(), b"tmpfs", 0, size)
    ):
        raise OSError(ctypes.get_errno(), "a small disk cannot be mounted")
    shutil.copytree(Path(result, part), disk, dirs_exist_ok=True)
    ballast = disk / ".ballast"
    room = os.statvfs(disk)
    ballast.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - free_kib * 1024)))
    done = _fork("run", values)
    ballast.unlink()
    shutil.rmtree(result)
    shutil.copytree(home, result)
    return done


_CLONE_NEWNS, _MS_REC, _MS_PRIVATE = 0x20000, 0x4000, 1 << 18
_MIB_OF_DISK = 4


# Flipped bits: several commands on the same file


def write_sample(journal: str, texts: list[str], seed: int) -> dict[str, Any]:
    """Write a journal with one entry for each text, each a change of its own; return the id of the last."""
    os.urandom = random.Random(seed).randbytes  # noqa: S311  repeatable ids, not secrets
    opened = open_journal(Path(journal), "a-laptop", lambda: datetime(2026, 11, 20, 18, tzinfo=UTC), write=True)
    kinds, first = [*Kind], date(2026, 9, 1)
    for number, text in enumerate(texts):
        day = first + timedelta(days=number % 80)
        entries.add(opened, [make_entry(id=new_id(), text=text, kind=kinds[number % len(kinds)], day=day)])
    last: str = opened.rows("SELECT entity_id FROM change ORDER BY seq DESC LIMIT 1")[0][0]
    opened.close()
    return {"id": last}


def run_all(commands: list[list[str]], environ: dict[str, str]) -> dict[str, Any]:
    """Run commands one after another in this process, and return the exit code and the output of each."""
    os.urandom = random.Random(0).randbytes  # noqa: S311  the same ids in each run
    outcomes = []
    for command in commands:
        done = _try_command(command, environ)
        outcomes.append([done["next_code"], done["next_printed"]])
    return {"outcomes": outcomes}


def run_each(runs: list[dict[str, Any]], *, until_success: bool) -> dict[str, Any]:
    """Run commands one after another in this process, each with its environment and input; return how each ended."""
    outcomes = []
    for run in runs:
        done = _try_command(**run)
        outcomes.append([done["next_code"], done["next_printed"]])
        if until_success and not done["next_code"]:
            break
    return {"outcomes": outcomes}


def find_named_damage(journal: str) -> dict[str, Any]:
    """Return the damage that a person is told about, be it by an error."""
    try:
        return {"damage": list_damage(journal)}
    except JournalError as error:
        return {"damage": [error.message]}


# What only an interactive session writes


def keep_answer(path: str, journal: str, text: str, output: str, shim: dict[str, str]) -> dict[str, Any]:
    """Keep an answer that could not be saved, as an evening does. Ends this process."""
    _redirect("/dev/null", output)
    _start_shim(shim)
    today = datetime(2026, 11, 20, tzinfo=UTC).date()
    answer = Answer(kind=Kind.OUTCOME, day=today, text=text)
    if not UnsavedFile(Path(path), Path(journal), today).keep(answer):
        print("valuelog: The answer was not kept.", file=sys.stderr)  # noqa: T201  what an evening would say
        raise SystemExit(1)
    print("Your answer is kept.", file=sys.stderr)  # noqa: T201  same
    raise SystemExit(0)


ACTIONS: dict[str, Callable[..., dict[str, Any]]] = {
    "run": run,
    "inspect": inspect,
    "run_all": run_all,
    "run_each": run_each,
    "find_named_damage": find_named_damage,
    "keep_answer": keep_answer,
    "fill_and_run": fill_and_run,
    "write_sample": write_sample,
}

if __name__ == "__main__":
    serve()
