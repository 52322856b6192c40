"""Export a journal to the formats of other tools."""

from collections.abc import Iterator

from valuelog.exchange import NATIVE_FORMAT, WRITABLE_FORMATS, load_format
from valuelog.exchange.jsonl import EntityRecord
from valuelog.journal import dump, entries
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry
from valuelog.model.period import Period


def iter_entries(journal: Journal, period: Period | None) -> Iterator[Entry]:
    """Yield the entries of a period, or all, by day."""
    return entries.iter_entries(journal, period)


def export_journal(journal: Journal, format_: str, period: Period | None, *, raw: bool = False) -> Iterator[str]:
    """Yield a journal, or a period of it, as text in a format. `raw` is for CSV. Raises UnknownChoice."""
    write = load_format(format_, WRITABLE_FORMATS).write
    if format_ == NATIVE_FORMAT:
        changes = dump.iter_creation_changes(journal, period)
        return write(EntityRecord(change.entity, change.id, change.fields or {}) for change in changes)  # type: ignore[no-any-return]
    options = {"raw": raw} if format_ == "csv" else {}
    return write(iter_entries(journal, period), **options)  # type: ignore[no-any-return]
