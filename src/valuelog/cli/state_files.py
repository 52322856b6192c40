"""What a change of the journal needs beside it, in the state folder: the device id and the file of login reminders."""

import os
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from valuelog.cli.files import translate_write_errors
from valuelog.cli.paths import Paths
from valuelog.cli.settings import Settings
from valuelog.journal import days
from valuelog.journal.files import sync_folder
from valuelog.journal.store import Journal
from valuelog.model.errors import ValuelogError
from valuelog.model.period import Period
from valuelog.workflows.reminders import DAYS_AHEAD, ReminderSettings, format_reminders, schedule_reminders

# The device id: random, created once, and not stored in the journal, because a journal may be copied


def ensure_device_id(path: Path) -> str:
    """Return the device id, creating it if there is none."""
    try:
        return _read_id(path) or _create_id(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ValuelogError(f"{path} cannot be read.", "Check its permissions, or remove it.") from error


def _read_id(path: Path) -> str:
    """Read the device id; an empty text if there is no file, or one that was emptied by a power failure."""
    try:
        return path.read_text(encoding="utf-8").strip("\0 \n")
    except FileNotFoundError:
        return ""


def _create_id(path: Path) -> str:
    """Create the device id atomically (link(2)); return the existing one if another process won the race."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    with translate_write_errors(path.parent, "Check its permissions, or set XDG_STATE_HOME."):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write_durably(unfinished, os.urandom(8).hex())
            _link_or_replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(path.parent)
        return _read_id(path)


def _write_durably(path: Path, text: str) -> None:
    """Write a file so that it survives a power failure."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _link_or_replace(unfinished: Path, path: Path) -> None:
    """Move a file to `path` unless that holds an id; on a file system without hard links, the race isn't prevented."""
    with suppress(OSError):
        os.link(unfinished, path)
    if not _read_id(path):
        unfinished.replace(path)


# The path of the journal, which is used while config.toml is broken


def remember_journal(path: Path, paths: Paths) -> None:
    """Write the path of the configured journal, unless it is known already. If that fails, the command succeeds."""
    with suppress(OSError, UnicodeError):
        line = f"{path.absolute()}\n"
        if paths.last_journal.exists() and paths.last_journal.read_text(encoding="utf-8") == line:
            return
        unfinished = paths.last_journal.with_suffix(f".{os.getpid()}")
        _write_durably(unfinished, line)
        unfinished.replace(paths.last_journal)


# Login reminders: the shell hook reads them without starting valuelog


def write_reminders(journal: Journal, today: date, settings: Settings, paths: Paths) -> None:
    """Write the file that the login hook reads. If that fails, the command still succeeds."""
    logged_days = days.list_logged_days(journal, Period(start=today, end=today + timedelta(days=DAYS_AHEAD)))
    reminder_settings = ReminderSettings(
        remind_at=settings["remind_at"],
        day_ends_at=settings["day_ends_at"],
        review_day=settings["review_day"],
        workdays=days.load_workdays(journal, settings["workdays"], since=today),
    )
    with suppress(OSError):
        target = paths.reminders
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = target.with_suffix(".new")
        unfinished.write_text(
            format_reminders(schedule_reminders(today, logged_days, reminder_settings)), encoding="utf-8"
        )
        unfinished.replace(target)
        # The hook writes to this file. Creating it here sets the right mode in every shell.
        paths.last_reminded.touch(mode=0o600)
