"""Reads what can be read of a damaged file into a new journal: row by row, around pages that SQLite can't read."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from valuelog.journal import ids
from valuelog.journal.backup_schedule import format_time
from valuelog.journal.connection import APPLICATION_ID, SCHEMA_VERSION, translate_errors
from valuelog.journal.copies import flush_file, unfinished_file
from valuelog.journal.doctor.chain_repair import ChainPlan, plan_chain_repair
from valuelog.journal.doctor.examination import connect_read_only, expected_definitions
from valuelog.journal.doctor.tables_repair import (
    drop_triggers,
    rebuild_batches,
    rebuild_full_text,
    refold_all,
    rename_devices,
    restore_definitions,
    write_changes,
)
from valuelog.journal.files import name_stem, sync_folder
from valuelog.journal.hash_chain import (
    Row,
    bindable,
    decode_losslessly,
    decode_text,
    expected_hash,
    read_log,
    row_columns,
)
from valuelog.journal.log import Change, Log
from valuelog.journal.merge import parse_fields
from valuelog.journal.projection import LOG_ONLY_ENTITIES, TABLES
from valuelog.journal.verify import find_damage

_PAGE_SIZE_OFFSET = 16
_MAX_SEQ_GUESS = 1 << 24
"""A higher `seq` is taken for damage."""

_MIN_BYTES_PER_CHANGE = 100
"""Where the last `seq` can't be read, the size of the file limits it."""

_MAX_FAILED_READS = 100_000
"""After this many the rest of the log counts as unreadable."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Salvage:
    """A new journal with what could be read: its file, the changes in it, and how many were lost or can't be proved.

    `only_in_tables` are texts that the tables of the damaged file have, but no change in the log that could be read.
    """

    path: Path
    changes: int
    lost: int
    unproved: int
    only_in_tables: tuple[str, ...] = ()


def salvage_journal(path: Path, *, device: str, now: datetime, backups: Sequence[Path] = ()) -> Salvage | None:
    """Write a new journal beside a damaged one from what can be read of it and of its backups; None if nothing can."""
    real = path.resolve()
    stamp = format_time(now)
    target = real.with_name(f"{name_stem(real)}.salvaged-{stamp}.db")
    with translate_errors(real), unfinished_file(real) as raw, unfinished_file(real) as fresh:
        _copy_padded(real, raw)
        rows, last = _read_log(raw)
        if not rows:
            return None
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            salvage = _write_journal(connection, rows, last, backups, device=device, now=now)
            if salvage is None:
                return None
            known = {row[0] for row in connection.execute("SELECT DISTINCT entity_id FROM change")}
        only_in_tables = tuple(_texts_without_log(raw, known))
        flush_file(fresh)
        os.link(fresh, target)
        sync_folder(target.parent)
    lost, unproved, count = salvage
    return Salvage(path=target, changes=count, lost=lost, unproved=unproved, only_in_tables=only_in_tables)


def _copy_padded(source: Path, target: Path) -> None:
    """Copy a file, with zeros up to a multiple of its page size, so that SQLite opens what was cut off."""
    content = source.read_bytes()
    size = int.from_bytes(content[_PAGE_SIZE_OFFSET : _PAGE_SIZE_OFFSET + 2]) or 4096
    size = 65536 if size == 1 else size
    padding = -len(content) % size if size & (size - 1) == 0 else 0
    target.write_bytes(content + bytes(padding))


# Reading around damage


def _read_log(raw: Path) -> tuple[list[Row], int]:
    """Return every change that can be read from a private copy, and the last `seq` that there was.

    The definitions of its tables are repaired first. Rows are read in several ways, because a damaged page of the tree
    hides rows from one way that another finds.
    """
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError, MemoryError):
        _mend_definitions(raw)
    with closing(sqlite3.connect(raw, isolation_level=None)) as connection:
        connection.text_factory = decode_text
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
            connection.execute("PRAGMA writable_schema = ON")
            guess = min(_MAX_SEQ_GUESS, raw.stat().st_size // _MIN_BYTES_PER_CHANGE)
            names, known_last = _read_devices(connection), _last_seq(connection)
            last = known_last or guess
            rows = {row.seq: row for row in _read_range(connection, names, 1, last) if isinstance(row.seq, int)}
            for row in _scan(connection, names):
                if isinstance(row.seq, int) and 0 < row.seq <= _MAX_SEQ_GUESS:
                    rows.setdefault(row.seq, row)
            return [rows[seq] for seq in sorted(rows)], max(known_last, *rows, 0)
    return [], 0


def _scan(connection: Connection, names: dict[Any, Any]) -> Iterator[Row]:
    """Yield changes from the first on, and from the last on, each up to the first bad page."""
    columns = row_columns(connection).replace("d.name", "c.device")
    for order in ("c.seq", "c.seq DESC"):
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError, MemoryError, OverflowError):
            for values in connection.execute(f"SELECT {columns} FROM change c NOT INDEXED ORDER BY {order}"):
                row = Row._make(values)
                yield row._replace(device=names.get(row.device))


def _mend_definitions(raw: Path) -> None:
    """Write the definitions of this version over altered ones; only in a private copy."""
    wanted = expected_definitions()
    with closing(sqlite3.connect(raw, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            return
        for name, (_, sql) in wanted.items():
            connection.execute(
                "UPDATE sqlite_master SET sql = ? WHERE name = ? AND sql IS NOT NULL AND sql <> ?", (sql, name, sql)
            )


def _read_devices(connection: Connection) -> dict[Any, Any]:
    """Return the names of devices that can be read, by number."""
    names: dict[Any, Any] = {}
    for number in range(1, 100):
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
            names.update(connection.execute("SELECT id, name FROM device WHERE id = ?", (number,)).fetchall())
    return names


def _last_seq(connection: Connection) -> int:
    """Return the last `seq` according to the log, the batches and the indexes of the log; 0 if that is unreadable."""
    found = []
    for sql in (
        "SELECT max(seq) FROM change",
        "SELECT max(last) FROM batch",
        "SELECT max(seq) FROM change INDEXED BY change_entity WHERE entity_id > ''",
        "SELECT max(seq) FROM change INDEXED BY change_batch WHERE batch > ''",
    ):
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
            found += connection.execute(sql).fetchone()
    return max((seq for seq in found if isinstance(seq, int) and 0 < seq < _MAX_SEQ_GUESS), default=0)


def _read_range(connection: Connection, names: dict[Any, Any], first: int, last: int) -> Iterator[Row]:
    """Yield the changes of a range of `seq`; if a page in it is bad, those of each half."""
    columns = row_columns(connection).replace("d.name", "c.device")
    sql = f"SELECT {columns} FROM change c NOT INDEXED WHERE c.seq BETWEEN ? AND ? ORDER BY c.seq"
    pending, failed = [(first, last)], 0
    while pending and failed < _MAX_FAILED_READS:
        start, end = pending.pop()
        try:
            rows = [Row._make(row) for row in connection.execute(sql, (start, end))]
        except (sqlite3.DatabaseError, UnicodeDecodeError, MemoryError, OverflowError):
            failed += 1
            if start < end:
                middle = (start + end) // 2
                pending += [(middle + 1, end), (start, middle)]
        else:
            yield from (row._replace(device=names.get(row.device)) for row in rows)


_TEXT_COLUMNS = {"entry": "text", "pain": "text", "promise": "text", "sighting": "text", "project": "name"}
_MAX_TEXTS = 1_000


def _texts_without_log(raw: Path, known: set[Any]) -> Iterator[str]:
    """Yield the texts in the tables of a damaged file whose changes couldn't be read, with their day."""
    with closing(sqlite3.connect(raw, isolation_level=None)) as connection:
        connection.text_factory = decode_text
        for table, column in _TEXT_COLUMNS.items():
            with suppress(sqlite3.DatabaseError, UnicodeDecodeError, MemoryError, OverflowError):
                day = "day" if "day" in TABLES[table].defaults else "substr(created, 1, 10)"
                sql = f"SELECT id, {day}, {column} FROM {table} WHERE deleted IS NULL LIMIT {_MAX_TEXTS * 1_000}"
                for entity_id, its_day, text in connection.execute(sql):
                    if entity_id not in known:
                        yield f"{its_day}: {text}".encode(errors="surrogateescape").decode(errors="replace")


# Writing the new journal


def _write_journal(
    connection: Connection, rows: list[Row], last: int, backups: Sequence[Path], *, device: str, now: datetime
) -> tuple[int, int, int] | None:
    """Fill an empty database. Return how many changes are lost, unproved and in it; None if it isn't sound."""
    from valuelog.journal.schema import migrate  # noqa: PLC0415  imports sqlite-utils (80 ms)

    migrate(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("PRAGMA foreign_keys = OFF")
    with decode_losslessly(connection):
        connection.execute("BEGIN")
        drop_triggers(connection)
        write_changes(connection, _with_unique_counters(row for row in rows if _is_usable(row)))
        plan = _plan(connection, last, backups)
        rename_devices(connection, plan.renamed_devices)
        write_changes(connection, plan.originals.values(), without=plan.strays)
        lost, unproved = plan.lost, len(plan.unresolved)
        if not plan.is_complete:
            _chain_and_number(connection)
            text = f"read from a damaged file: {lost} changes are lost, {unproved} can't be proved"
            change = Change("repair", ids.new_id(), {"text": text})
            Log(connection, device).append([change], batch=ids.new_id(), act="repair", undoes=None, now=now)
            _settle_references(connection, device=device, now=now)
        refold_all(connection)
        rebuild_batches(connection)
        restore_definitions(connection)
        rebuild_full_text(connection)
        connection.execute("COMMIT")
    (count,) = connection.execute("SELECT count(*) FROM change").fetchone()
    return None if find_damage(connection) else (lost, unproved, count)


def _with_unique_counters(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows, each device's counters unique: a damaged one becomes negative until its right value is found."""
    used: set[tuple[Any, Any]] = set()
    for row in rows:
        unique = row if (row.device, row.counter) not in used else row._replace(counter=-row.seq)
        used.add((unique.device, unique.counter))
        yield unique


def _plan(connection: Connection, last: int, backups: Sequence[Path]) -> ChainPlan:
    sources = []
    for path in reversed(backups):
        with suppress(sqlite3.Error):
            sources.append(connect_read_only(path))
    try:
        return plan_chain_repair(connection, sources, last_seq=last)
    finally:
        for source in sources:
            source.close()


def _is_usable(row: Row) -> bool:
    """Return True if a change can be stored and folded; one that can't is looked for in the backups."""
    kinds = (str, int, int, int, str, str, str, str)
    values = (row.id, row.counter, row.wall, row.tick, row.entity, row.entity_id, row.batch, row.act)
    return (
        all(type(value) is kind for value, kind in zip(values, kinds, strict=True))
        and isinstance(row.device, str)
        and isinstance(row.hash, bytes)
        and all(bindable(value) is value for value in row)
        and (row.entity in TABLES or row.entity in LOG_ONLY_ENTITIES)
        and (isinstance(row.erased, bytes) if row.fields is None else _has_valid_fields(row))
    )


def _has_valid_fields(row: Row) -> bool:
    return isinstance(row.fields, str) and (row.fields == "null" or isinstance(parse_fields(row.fields), dict))


def _chain_and_number(connection: Connection) -> None:
    """Give the changes new numbers without gaps, and new hashes; what was lost is logged afterwards."""
    rows = [row for chunk in read_log(connection) for row in chunk]
    connection.execute("DELETE FROM change")
    heads: dict[Any, bytes] = {}
    counters: dict[Any, int] = {}
    numbered = []
    for seq, row in enumerate(rows, 1):
        counters[row.device] = counters.get(row.device, 0) + 1
        moved = row._replace(seq=seq, counter=counters[row.device])
        right = expected_hash(heads.get(row.device, b""), moved) or b""
        heads[row.device] = right
        numbered.append(moved._replace(hash=right))
    write_changes(connection, numbered)


def _settle_references(connection: Connection, *, device: str, now: datetime) -> None:
    """Append changes for references to what was lost: optional ones become empty, else what refers to it goes."""
    changes: list[Change] = []
    refold_all(connection)
    for table, _, _, _ in connection.execute("PRAGMA foreign_key_check").fetchall():
        if table not in TABLES:
            continue
        for field, parent in TABLES[table].references.items():
            required = f"SELECT \"notnull\" FROM pragma_table_info('{table}') WHERE name = '{field}'"
            key = TABLES[table].key
            sql = f"SELECT {key}, ({required}) FROM {table} WHERE {field} NOT IN (SELECT id FROM {parent})"
            for entity_id, is_required in connection.execute(sql).fetchall():
                changes.append(Change(table, entity_id, None if is_required else {field: None}))
    unique = {(change.entity, change.id, str(change.fields)): change for change in changes}
    if unique:
        Log(connection, device).append(list(unique.values()), batch=ids.new_id(), act="repair", undoes=None, now=now)
