"""What is known of a journal that is missing, damaged, or older than its newest backup, and what to do about it."""

import os
import shlex
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from valuelog.journal.files import name_stem, write_file
from valuelog.model.errors import ValuelogError

if TYPE_CHECKING:
    from valuelog.journal.backups import Backup
    from valuelog.journal.store import Journal


class MissingJournal(ValuelogError):
    """There was a journal, but no file is at its path.

    `backup` is its newest one; `last` is another file that was the journal when it was changed last.
    """

    def __init__(self, path: Path, backup: "Backup | None", last: Path | None, message: str, hint: str) -> None:
        """Take the message and the hint."""
        self.path, self.backup, self.last = path, backup, last
        super().__init__(message, hint)


def find_remains(path: Path, last: Path | None, *, is_default: bool, now: datetime) -> MissingJournal | None:
    """Return the error that says what there is of a journal that is missing; None if there never was one.

    `last` is the path used last. Another path counts only if this one is the default: settings may have been lost.
    """
    backup = _newest_backup(path)
    was_here = last is not None and last.absolute() == path.absolute()
    other = last if last and is_default and not was_here and last.is_file() else None
    if not (backup or was_here or other):
        return None
    is_named = last is None and not is_default
    remedies = [_restore_hint(path, backup, now, is_named=is_named)] if backup else []
    if other:
        remedies.append(f"use {other} again with: valuelog config set journal {shlex.quote(str(other))}")
    if not backup:
        remedies.append(f"start a new one with: valuelog --journal {shlex.quote(str(path))} today")
    hint = "; or ".join(remedies)
    message = f"There is no journal at {path}"
    message += f"; you last used {other}." if other else " any more."
    return MissingJournal(path, backup, other, f"{message} Nothing was changed.", hint[0].upper() + hint[1:])


def _newest_backup(path: Path) -> "Backup | None":
    from valuelog.journal.backups import list_backups, newest_verified  # noqa: PLC0415  only without a good journal

    return newest_verified(path) or next(iter(list_backups(path)[::-1]), None)


def describe_backup(backup: "Backup", now: datetime) -> str:
    """Return when a backup was made, and how many entries it has."""
    from valuelog.render.words import format_count  # noqa: PLC0415  only without a good journal
    from valuelog.workflows.restoring import format_moment  # noqa: PLC0415

    entries = "" if backup.entry_count is None else f", {format_count(backup.entry_count, 'entry', 'entries')}"
    return f"{format_moment(backup.made_at, now)}{entries}"


def _restore_hint(path: Path, backup: "Backup", now: datetime, *, is_named: bool) -> str:
    command = f"valuelog --journal {shlex.quote(str(path))}" if is_named else "valuelog"
    return f"restore its newest backup ({describe_backup(backup, now)}) with: {command} restore"


def describe_remedy(path: Path, now: datetime, *, is_named: bool) -> str:
    """Return how to restore a journal that can't be read; an empty text if there is no backup."""
    backup = _newest_backup(path)
    if backup is None:
        return ""
    command = f"valuelog --journal {shlex.quote(str(path))}" if is_named else "valuelog"
    hint = _restore_hint(path, backup, now, is_named=is_named)
    return f"{hint[0].upper()}{hint[1:]}; see what is wrong with: {command} doctor"


def describe_newer_backup(journal: "Journal", told: Path, now: datetime) -> str:
    """Return a line about a backup with changes that the journal lacks; an empty text if it was mentioned before.

    `told` holds the newest backup and the length of the log when this was checked: a longer log needs no other check.
    """
    newest = _newest_name(journal.path)
    ((length,),) = journal.rows("SELECT ifnull(max(seq), 0) FROM change") if newest else ((0,),)
    name, checked_length = _read_told(told)
    if not newest or (newest == name and length >= checked_length):
        return ""
    backup = journal.find_newer_backup()
    if not _write_told(told, newest, length) or backup is None:
        return ""
    return (
        f"Your backup ({describe_backup(backup, now)}) has changes that your journal doesn't. It won't be removed. "
        f"Compare them with: valuelog restore {backup.head} -n"
    )


def ignore_newer_backup(path: Path, told: Path) -> None:
    """Don't mention the newest backup: its changes were left out on purpose."""
    if newest := _newest_name(path):
        _write_told(told, newest, 0)


def _newest_name(journal: Path) -> str:
    """Return the name of the newest backup, without looking at what is known of it."""
    real = Path(os.path.realpath(journal))
    try:
        names = os.listdir(real.parent / "backups")  # noqa: PTH208  pathlib takes longer
    except OSError:
        return ""
    return max((name for name in names if name.startswith(f"{name_stem(real)}.") and name.endswith(".db")), default="")


def _read_told(told: Path) -> tuple[str, int]:
    with suppress(OSError, ValueError):
        name, _, length = told.read_text(encoding="utf-8").strip().rpartition(" ")
        return name, int(length)
    return "", 0


def _write_told(told: Path, name: str, length: int) -> bool:
    """Remember what was checked; return False if that can't be written."""
    with suppress(OSError):
        write_file(told, f"{name} {length}\n".encode())
        return True
    return False
