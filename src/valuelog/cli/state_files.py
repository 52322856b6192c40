"""What a change of the journal needs beside it, in the state folder: the device id and the file of login reminders."""

import os
from contextlib import suppress
from datetime import date, timedelta
from errno import EIO
from pathlib import Path

from valuelog.cli.files import translate_write_errors
from valuelog.cli.paths import Paths
from valuelog.cli.settings import Settings
from valuelog.journal import days
from valuelog.journal.errors import DiskFailure
from valuelog.journal.files import lock_folder, new_file, write_file
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
        if isinstance(error, OSError) and error.errno == EIO:
            raise DiskFailure(path) from error
        raise ValuelogError(f"{path} cannot be read.", "Check its permissions, or remove it.") from error


def _read_id(path: Path) -> str:
    """Read the device id; an empty text if there is no file, or one that was emptied by a power failure.

    It is the first line. The lines below are ids that this device had before, newest first, each followed by the last
    counter that is its own, if another machine continues with the id.
    """
    try:
        return path.read_text(encoding="utf-8").strip("\0 \n").partition("\n")[0]
    except FileNotFoundError:
        return ""


def read_former_ids(path: Path) -> dict[str, int | None]:
    """Return the ids that this device had before, each with its last own counter, or None if all were its own."""
    try:
        lines = path.read_text(encoding="utf-8").strip("\0 \n").split("\n")[1:]
    except (OSError, UnicodeDecodeError):
        return {}
    split = (line.partition(" ") for line in lines)
    return {former: int(last) if last.isdecimal() else None for former, _, last in split}


def list_own_ids(path: Path) -> tuple[str, ...]:
    """Return the device id, which is created if there is none, and former ones, newest first."""
    return ensure_device_id(path), *read_former_ids(path)


def renew_device_id(path: Path, *, last: int | None = None) -> str:
    """Return a new device id, after saving it above the former ones: counters of a restored log start anew.

    `last` is the last counter of the present id that is this device's own, if another machine has the same id.
    """
    ensure_device_id(path)
    with translate_write_errors(path.parent, "Check its permissions, or set XDG_STATE_HOME."), lock_folder(path.parent):
        lines = path.read_text(encoding="utf-8").strip("\0 \n").split("\n")
        if last is not None:
            lines[0] = f"{lines[0].partition(' ')[0]} {last}"
        new = os.urandom(8).hex()
        write_file(path, "".join(f"{each}\n" for each in (new, *lines)).encode())
        return new


def _create_id(path: Path) -> str:
    """Create the device id, or replace an emptied one; return the existing one if another process won the race."""
    with translate_write_errors(path.parent, "Check its permissions, or set XDG_STATE_HOME."), lock_folder(path.parent):
        if not _read_id(path):
            with suppress(FileExistsError), new_file(path, replace=path.exists()) as file:
                file.write(os.urandom(8).hex().encode())
        return _read_id(path)


# The path of the journal, which is used while config.toml is broken


def remember_journal(path: Path, paths: Paths) -> None:
    """Write the path of the configured journal, unless it is known already. If that fails, the command succeeds."""
    with suppress(OSError, UnicodeError):
        _write_if_changed(paths.last_journal, f"{path.absolute()}\n")


def _write_if_changed(path: Path, text: str) -> None:
    """Write a file unless it has this text: flushing it to disk takes longer than everything else. Raises OSError."""
    content = text.encode()
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    write_file(path, content)


# Login reminders: the shell hook reads them without starting valuelog


def write_reminders(journal: Journal, today: date, settings: Settings, paths: Paths) -> None:
    """Write the file that the login hook reads. If that fails, the command still succeeds."""
    with suppress(OSError), lock_folder(paths.state_dir):  # or a slower process might write older reminders later
        _write_if_changed(paths.reminders, _format_reminders(journal, today, settings))
        # The hook writes to this file. Creating it here sets the right mode in every shell.
        paths.last_reminded.touch(mode=0o600)


def _format_reminders(journal: Journal, today: date, settings: Settings) -> str:
    logged_days = days.list_logged_days(journal, Period(start=today, end=today + timedelta(days=DAYS_AHEAD)))
    reminder_settings = ReminderSettings(
        remind_at=settings["remind_at"],
        day_ends_at=settings["day_ends_at"],
        review_day=settings["review_day"],
        workdays=days.load_workdays(journal, settings["workdays"], since=today),
    )
    return format_reminders(schedule_reminders(today, logged_days, reminder_settings))
