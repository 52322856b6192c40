"""The status of syncing, for a terminal."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.sync_words import describe_delay
from valuelog.render.terminal.layout import join_unwrapped_line
from valuelog.render.terminal.tables import cell, create_table, fixed_column, text_column
from valuelog.render.words import format_count

if TYPE_CHECKING:
    from valuelog.workflows.sync_setup import MachineStatus, SyncStatus

_LABEL_WIDTH = 12


def lines(status: "SyncStatus", width: int) -> Iterator[Text | Table]:
    """Yield the remote, what is pending, each machine, and what is wrong."""
    del width
    synced = _format_moment(status.synced_at, status.now) if status.synced_at else "never"
    yield _fact("remote", escape_line(status.remote))
    yield _fact("last sync", synced)
    yield _fact("to send", format_count(status.to_send, "change") if status.to_send else "nothing")
    waiting = format_count(status.to_receive, "change") if status.to_receive else "nothing"
    yield _fact("to receive", f"{waiting}, as of the last sync")
    yield Text()
    table = create_table(fixed_column(), text_column())
    for machine in status.machines:
        table.add_row(cell(machine.name, STRONG), _describe_machine(machine, status.now))
    yield table
    yield from _problems(status)


def _fact(label: str, value: str) -> Text:
    return join_unwrapped_line((f"{label:<{_LABEL_WIDTH}}", DIM), value)


def _describe_machine(machine: "MachineStatus", now: datetime) -> Text:
    if machine.is_this:
        return Text("this machine", DIM)
    if machine.last_sent_at is None:
        return Text("sent nothing yet", DIM)
    return Text(f"last sent something {_format_moment(machine.last_sent_at, now)}", DIM)


def _format_moment(moment: datetime, now: datetime) -> str:
    local = moment.astimezone(now.tzinfo)
    return f"{format_full_day(local.date())} {local:%H:%M}"


def _problems(status: "SyncStatus") -> Iterator[Text]:
    delayed = [describe_delay(each.name, each.delay) for each in status.machines if each.delay]
    if status.problem:
        moment = _format_moment(status.problem.at, status.now)
        delayed.append(f"The sync of {moment} failed: {escape_line(status.problem.message)}")
    for number, line in enumerate(delayed):
        yield Text(f"{'' if number else chr(10)}{line}", ATTENTION)
