"""Checks that find silent damage: SQLite's own, the hash chain, and the log folded again."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from sqlite3 import Connection
from typing import Any

from valuelog.journal.hash_chain import Damage, HashChain, decode_losslessly, read_log
from valuelog.journal.tables_check import Projection

_OTHER_CODES = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_INTERRUPT,
}  # fmt: skip
"""Error codes that say nothing about the content of a file; the others can be the result of a flipped bit."""

FULL_TEXT_INDEX = "search_fts"
"""The full text index of the current schema."""

Report = Callable[[int], None]
"""Is called with the number of changes that were checked so far."""


def find_damage(connection: Connection, *, is_old_schema: bool = False) -> list[str]:
    """Return a sentence about each problem; none for an undamaged journal.

    With `is_old_schema`, columns that a later migration adds may be missing.
    """
    return [damage.text for damage in iter_damage(connection, is_old_schema=is_old_schema)]


def iter_damage(
    connection: Connection, *, is_old_schema: bool = False, report: Report = lambda _: None
) -> Iterator[Damage]:
    """Yield each problem: SQLite's, the chain's, the fold's, batches', references' and the full text index's."""
    with decode_losslessly(connection):
        file_damage = list(check_file(connection, is_old_schema=is_old_schema))
        if file_damage:
            yield from file_damage
        else:
            yield from check_content(connection, is_old_schema=is_old_schema, report=report)


def check_content(
    connection: Connection, *, is_old_schema: bool = False, report: Report = lambda _: None
) -> Iterator[Damage]:
    """Check the log and the tables in one pass, then batches, references and the full text index.

    Text is decoded by SQLite's module, which is faster, and again losslessly if that fails.
    """
    lossless, connection.text_factory = connection.text_factory, str
    try:
        damage = list(_check_content(connection, is_old_schema=is_old_schema, report=report))
    except (sqlite3.DatabaseError, UnicodeDecodeError, MemoryError, OverflowError):
        connection.text_factory = lossless
        damage = list(catch_damage(_check_content(connection, is_old_schema=is_old_schema, report=report)))
    finally:
        connection.text_factory = lossless
    yield from damage


def _check_content(connection: Connection, *, is_old_schema: bool, report: Report) -> Iterator[Damage]:
    yield from check_log(connection, is_old_schema=is_old_schema, report=report)
    yield from check_batches(connection, is_old_schema=is_old_schema)
    yield from check_references(connection)
    yield from check_full_text(connection, full_text_indexes(connection, is_old_schema=is_old_schema))


def catch_damage(checks: Iterable[Damage]) -> Iterator[Damage]:
    """Yield from some checks; an error of SQLite that damage causes ends them as one more problem."""
    try:
        yield from checks
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OTHER_CODES:
            raise
        yield Damage("unreadable-page", f"SQLite: {error}")
    except (MemoryError, OverflowError):  # an impossible length
        yield Damage("unreadable-page", "SQLite: a length is impossible")
    except UnicodeDecodeError:  # an error message of SQLite that names an unreadable table
        yield Damage("unreadable-page", "SQLite: the names of its tables are unreadable")


def check_file(connection: Connection, *, is_old_schema: bool = False) -> Iterator[Damage]:
    """Run SQLite's own check."""
    return catch_damage(_check_file(connection, is_old_schema=is_old_schema))


def _check_file(connection: Connection, *, is_old_schema: bool) -> Iterator[Damage]:
    _refresh_full_text(connection, full_text_indexes(connection, is_old_schema=is_old_schema))
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield Damage("unreadable-page", f"SQLite: {message}")


def full_text_indexes(connection: Connection, *, is_old_schema: bool) -> tuple[str, ...]:
    """Return the names of the full text indexes; older schemas had others."""
    if not is_old_schema:
        return (FULL_TEXT_INDEX,)
    sql = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%' ORDER BY name"
    return tuple(row[0] for row in connection.execute(sql))


def _refresh_full_text(connection: sqlite3.Connection, indexes: tuple[str, ...]) -> None:
    """Make SQLite read each full-text index again.

    Since 3.53 at the latest, integrity_check calls an index corrupt that another connection changed since this one
    last searched it.
    """
    for name in indexes:
        connection.execute(f"SELECT rowid FROM {name}('a') LIMIT 1").fetchone()


def check_log(
    connection: Connection, *, is_old_schema: bool = False, report: Report = lambda _: None
) -> Iterator[Damage]:
    """Check the hash chain, and fold the log and compare it with the tables, in one pass in the order of `seq`."""
    chain, tables = HashChain(), Projection(connection, is_old_schema=is_old_schema)
    count = 0
    for chunk in read_log(connection):
        yield from chain.check(chunk)
        yield from tables.check(chunk)
        count += len(chunk)
        report(count)
    yield from tables.finish()


_CLOCK_DIFFERS = (
    " OR EXISTS (SELECT 1 FROM change d WHERE d.batch = b.id AND (d.wall, d.tick) > (b.wall, b.tick))"
    " OR NOT EXISTS (SELECT 1 FROM change d WHERE d.batch = b.id AND (d.wall, d.tick) = (b.wall, b.tick))"
)


def check_batches(connection: Connection, *, is_old_schema: bool = False) -> Iterator[Damage]:
    """Check the last change and state of each batch against the log."""
    inconsistent = connection.execute(
        "SELECT b.id FROM batch b LEFT JOIN change c ON c.seq = b.last WHERE c.batch IS NOT b.id OR c.act IS NOT b.act"
        " OR EXISTS (SELECT 1 FROM change d WHERE d.batch = b.id AND d.seq > b.last)"
        f"{_CLOCK_DIFFERS * (not is_old_schema)}"
        " UNION SELECT batch FROM change WHERE batch NOT IN (SELECT id FROM batch)",
    )
    is_toggle = " AND act NOT IN ('undo', 'redo')" * is_old_schema  # there, undone meant that an undo was redone
    undone = {row[0] for row in connection.execute(f"SELECT id FROM batch WHERE undone{is_toggle}")}
    for batch_id in sorted({row[0] for row in inconsistent} | (undone ^ undone_batches(connection)), key=str):
        yield Damage("batch", f"batch {batch_id} does not match its changes", entity="batch", entity_id=str(batch_id))


def check_references(connection: Connection) -> Iterator[Damage]:
    """Check foreign keys."""
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Damage("missing-reference", f"{table} refers to a {parent} that does not exist", entity=str(table))


def check_full_text(connection: Connection, indexes: tuple[str, ...] = (FULL_TEXT_INDEX,)) -> Iterator[Damage]:
    """Check the full text indexes against the tables; skipped on a read-only connection."""
    for index in indexes:
        try:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            match error.sqlite_errorcode & 0xFF:
                case sqlite3.SQLITE_CORRUPT:
                    yield Damage("full-text", f"the full text index {index} does not match its text")
                case sqlite3.SQLITE_READONLY:
                    return
                case _:
                    raise


def undone_batches(connection: Connection) -> set[Any]:
    """Return the batches here that the log says are undone: those whose last undo or redo is an undo."""
    sql = "SELECT undoes, act FROM change WHERE undoes IN (SELECT batch FROM change) ORDER BY wall, tick, id"
    last_acts = dict(connection.execute(sql))
    return {batch for batch, act in last_acts.items() if act == "undo"}
