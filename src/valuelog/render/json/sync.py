"""The status of syncing as JSON and as plain records."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from valuelog.workflows.sync_setup import MachineStatus, SyncStatus


def status_document(status: "SyncStatus") -> dict[str, object]:
    """Return the status as a JSON object; times are in the zone of this machine."""
    problem = status.problem
    return {
        "remote": status.remote,
        "synced": _format_time(status.synced_at, status.now),
        "to_send": status.to_send,
        "to_receive": status.to_receive,
        "machines": [_machine_document(each, status.now) for each in status.machines],
        "problem": problem and {"at": _format_time(problem.at, status.now), "message": problem.message},
    }


def _machine_document(machine: "MachineStatus", now: datetime) -> dict[str, object]:
    delay = machine.delay
    return {
        "name": machine.name,
        "this": machine.is_this,
        "last_sent": _format_time(machine.last_sent_at, now),
        "waiting": delay and {"reason": delay.reason, "changes": delay.changes},
    }


def _format_time(moment: datetime | None, now: datetime) -> str | None:
    return moment.astimezone(now.tzinfo).isoformat(timespec="seconds") if moment else None


def status_records(status: "SyncStatus") -> Iterator[tuple[object, ...]]:
    """Yield the remote with what is pending, then one record per machine, and the problem if there is one."""
    yield "remote", status.remote, _format_time(status.synced_at, status.now), status.to_send, status.to_receive
    for each in status.machines:
        reason, count = each.delay or (None, None)
        yield "machine", each.name, each.is_this, _format_time(each.last_sent_at, status.now), reason, count
    if status.problem:
        yield "problem", _format_time(status.problem.at, status.now), status.problem.message
