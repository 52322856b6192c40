"""Findings that are snoozed or turned off."""

from collections.abc import Iterable
from datetime import date

from valuelog.journal.log import Change
from valuelog.journal.rows import EntityTable
from valuelog.journal.store import Journal
from valuelog.model.finding import FindingMute

_TABLE = EntityTable(FindingMute, "finding", "f", order_by="f.id")


def list_mutes(journal: Journal, today: date) -> tuple[FindingMute, ...]:
    """Return what is snoozed or turned off on a day."""
    return _TABLE.select(journal, "f.deleted IS NULL AND (f.until IS NULL OR f.until > ?)", (today.isoformat(),))


def mute(journal: Journal, key: str, until: date | None, act: str) -> None:
    """Snooze a finding until a day, or turn it off."""
    fields = {"until": until.isoformat() if until else None, "deleted": None, **journal.timestamp_fields()}
    journal.write(act, [Change(entity="finding", id=key, fields=fields)])


def unmute(journal: Journal, mutes: Iterable[FindingMute], act: str) -> None:
    """Show findings again."""
    fields = {"deleted": journal.timestamp_fields()["created"]}
    journal.write(act, [Change(entity="finding", id=each.id, fields=fields) for each in mutes])
