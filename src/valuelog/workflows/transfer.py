"""Moving in and out: what other tools and other journals wrote comes in once, and everything can leave again."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import BinaryIO

from valuelog.exchange import (
    NATIVE_FORMAT,
    READABLE_FORMATS,
    WRITABLE_FORMATS,
    ImportContext,
    UnreadableFile,
    load_format,
)
from valuelog.exchange.jsonl import EntityRecord
from valuelog.exchange.spool import spool_to_disk
from valuelog.journal import backup, dump, entries
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry
from valuelog.model.errors import Stopped
from valuelog.model.period import Period
from valuelog.workflows.arrived import ImportOptions, ImportResult
from valuelog.workflows.importing import Importer, PendingEntry

BACKUP_NAME = "import"
"""What the copy of a journal is called that is made before anything comes in."""


def import_file(
    journal: Journal, stream: BinaryIO, context: ImportContext, options: ImportOptions, today: date, now: datetime
) -> ImportResult:
    """Import a file: all of it in one change, or nothing. Raises UnknownWord, UnreadableFile, BadRecord or Stopped.

    The file is read and checked before the journal is touched: no other terminal has to wait for a slow pipe.
    """
    read = load_format(options.format, READABLE_FORMATS).read
    arrival = Importer(journal, options, today, now)
    with _convert_errors():
        checked = arrival.validate(read(stream, context))
        if options.dry_run:
            deque(arrival.changes(checked), maxlen=0)
            return arrival.build_result()
        with spool_to_disk(checked) as found:
            if Importer(journal, options, today, now).has_changes(found):
                backup.create_backup(journal, BACKUP_NAME)
            _write_import(journal, arrival, found)
        return arrival.build_result()


def _write_import(journal: Journal, importer: Importer, pending: Iterable[PendingEntry | EntityRecord]) -> None:
    """Write down what is new, in one transaction."""
    with journal.transaction():
        changes = importer.changes(pending)
        first = next(changes, None)
        importer.complete_projects(journal.append_bulk("import", chain([first], changes)) if first else None)


@contextmanager
def _convert_errors() -> Iterator[None]:
    """Say with what ends an import that nothing came in."""
    try:
        yield
    except UnreadableFile as error:
        raise UnreadableFile(f"{error.message} Nothing was imported.", error.hint) from error
    except KeyboardInterrupt:
        raise Stopped("Stopped. Nothing was imported.", "The same command begins anew.") from None


def iter_entries(journal: Journal, period: Period | None) -> Iterator[Entry]:
    """Yield the entries of a Period, or all, in the order of their days."""
    return entries.iter_entries(journal, period)


def export_journal(journal: Journal, format_: str, period: Period | None, *, raw: bool = False) -> Iterator[str]:
    """Yield what a file in a format says of a journal, or of a Period. Raises UnknownWord."""
    write = load_format(format_, WRITABLE_FORMATS).write
    if format_ == NATIVE_FORMAT:
        things = (
            EntityRecord(one.entity, one.id, one.fields or {}) for one in dump.iter_creation_changes(journal, period)
        )
        return write(things)  # type: ignore[no-any-return]
    found = iter_entries(journal, period)
    return write(found, raw=raw) if format_ == "csv" else write(found)  # type: ignore[no-any-return]
