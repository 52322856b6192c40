"""Backups: a row for each, and how to restore one."""

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.layout import join_unwrapped_line
from valuelog.render.terminal.tables import create_table, fixed_column, number_column, text_column
from valuelog.render.words import format_count

if TYPE_CHECKING:
    from valuelog.workflows.backups import Backup, BackupAudit, BackupList

SOUND_STATES = ("verified", "sound")

UNITS = ("B", "KB", "MB", "GB", "TB")
UNIT = 1000


def lines(listed: "BackupList", width: int) -> Iterator[Text | Table]:
    """Yield a row for each backup, then how to restore one."""
    del width
    if not listed.backups:
        yield from _describe_nothing(is_automatic=listed.is_automatic)
        return
    yield _table(
        listed.backups, listed.now, ["verified" if each.is_verified else "unverified" for each in listed.backups]
    )
    newest = next((each for each in reversed(listed.backups) if each.head), None)
    which = newest.head if newest else shlex.quote(str(listed.backups[-1].path))
    yield join_unwrapped_line("\n", ("See what one would bring back: ", DIM), (f"valuelog restore {which} -n", STRONG))


def _describe_nothing(*, is_automatic: bool) -> Iterator[Text]:
    if is_automatic:
        yield Text("No backups yet. valuelog makes one after an evening, and after a change once an hour.")
    else:
        yield Text("No backups yet, and automatic ones are off (valuelog config set backups true).")
    yield Text.assemble(("Make one now: ", DIM), ("valuelog backup", STRONG))


def _table(backups: "Sequence[Backup]", now: datetime, states: Sequence[str]) -> Table:
    table = create_table(fixed_column(), fixed_column(), number_column(), number_column(), text_column())
    for backup, state in zip(backups, states, strict=True):
        name = backup.head or escape_line(backup.path.name)
        table.add_row(
            Text(name, STRONG), Text(format_moment(backup.made_at, now)), Text(_format_entries(backup)),
            Text(format_size(backup.size), DIM), Text(state, "" if state in SOUND_STATES else ATTENTION),
        )  # fmt: skip
    return table


def format_moment(moment: datetime, now: datetime) -> str:
    """Format a day and a time in the zone of `now`."""
    local = moment.astimezone(now.tzinfo)
    return f"{format_full_day(local.date())} {local:%H:%M}"


def _format_entries(backup: "Backup") -> str:
    return "" if backup.entry_count is None else format_count(backup.entry_count, "entry", "entries")


def format_size(size: int) -> str:
    """Format a number of bytes, such as 258 KB."""
    scale = next(scale for scale in range(len(UNITS)) if size < UNIT ** (scale + 1) or scale == len(UNITS) - 1)
    return f"{size / UNIT**scale:.0f} {UNITS[scale]}"


def audit_lines(audit: "BackupAudit", width: int) -> Iterator[Text | Table]:
    """Yield a row for each backup, then each that is bad and what is wrong with it."""
    del width
    if not audit.checked:
        yield Text.assemble(("No backups yet. Make one: ", DIM), ("valuelog backup", STRONG))
        return
    states = ["BAD" if each.problems else "sound" for each in audit.checked]
    yield _table([each.backup for each in audit.checked], audit.now, states)
    for each in audit.bad:
        more = f" (and {len(each.problems) - 1:,} more)" if len(each.problems) > 1 else ""
        yield join_unwrapped_line("\n", (escape_line(str(each.backup.path)), STRONG))
        yield Text(f"  {escape_line(each.problems[0])}{more}")
    if not audit.bad:
        yield Text(f"\nRead {format_count(len(audit.checked), 'backup')} completely: no damage.")
    elif len(audit.bad) == len(audit.checked):
        yield Text("\nNone of them is sound. Make a new one now: valuelog backup")
    else:
        yield Text("\nDon't restore the bad ones. They are kept until you remove them.")
