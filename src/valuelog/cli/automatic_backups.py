"""Automatic backups: started in a process of their own after a change, and what went wrong with the last one.

The command that starts one doesn't wait for it, and succeeds whether or not a backup can be made.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from valuelog.journal.backup_schedule import is_backup_due

RETRY_INTERVAL = timedelta(hours=1)
"""How long after a failure the next attempt is."""

StartProcess = Callable[[Sequence[str], Mapping[str, str]], None]
"""Starts a program with an environment, and doesn't wait for it."""


class Problem(NamedTuple):
    """Why the last automatic backup of a journal failed, when, and on which day a command last said so."""

    journal: str
    line: str
    at: datetime
    shown_on: date | None = None


# Starting one


def is_due(journal: Path, problem_path: Path, now: datetime) -> bool:
    """Return True if the newest backup is too old, unless one has just failed."""
    problem = read_problem(problem_path)
    has_just_failed = problem and timedelta(0) <= now - problem.at < RETRY_INTERVAL
    return not has_just_failed and is_backup_due(journal, now)


def start_backup(journal: Path, start_process: StartProcess, environ: Mapping[str, str]) -> None:
    """Start a backup; if that fails, the command succeeds."""
    # Without -P, a folder named valuelog in the current one would be imported.
    words = [sys.executable, "-P", "-m", "valuelog", "--journal", os.path.realpath(journal), "backup", "--automatic"]
    with suppress(OSError, NotImplementedError):
        start_process(words, environ)


def start_detached(words: Sequence[str], environ: Mapping[str, str]) -> None:
    """Start a program in its own session, without a terminal, and don't wait for it. Raises OSError."""
    devices = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    os.posix_spawn(words[0], list(words), environ, file_actions=devices, setsid=True)


# What went wrong


def unmentioned_problem(path: Path, journal: Path, today: date) -> str | None:
    """Return why the last automatic backup of a journal failed, and remember that it was said today.

    None if nothing failed, if it was said today already, or if that cannot be remembered.
    """
    problem = read_problem(path)
    if not problem or problem.journal != os.path.realpath(journal) or problem.shown_on == today:
        return None
    try:
        _write_problem(path, problem._replace(shown_on=today))
    except OSError:
        return None
    return problem.line


def remember_result(path: Path, journal: Path, line: str | None, now: datetime) -> None:
    """Remember why a backup failed, or that it didn't. What was said today is not said again."""
    with suppress(OSError):
        if line is None:
            path.unlink(missing_ok=True)
            return
        before = read_problem(path)
        shown_on = before.shown_on if before and before.line == line else None
        _write_problem(path, Problem(os.path.realpath(journal), line, now, shown_on))


def read_problem(path: Path) -> Problem | None:
    """Return what went wrong; None if nothing did, or the file is damaged."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        shown_on = record["shown_on"] and date.fromisoformat(record["shown_on"])
        problem = Problem(str(record["journal"]), str(record["line"]), datetime.fromisoformat(record["at"]), shown_on)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return problem if problem.at.tzinfo else None


def _write_problem(path: Path, problem: Problem) -> None:
    from valuelog.journal.files import write_file  # noqa: PLC0415  rarely needed

    shown_on = problem.shown_on and problem.shown_on.isoformat()
    record = {**problem._asdict(), "at": problem.at.isoformat(), "shown_on": shown_on}
    write_file(path, json.dumps(record).encode())
