"""Removes what SQLite would run from a journal file that another person made: its triggers and views."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from sqlite3 import Connection

from valuelog.journal.connection import SCHEMA_VERSION
from valuelog.journal.doctor.examination import definitions, expected_definitions
from valuelog.journal.doctor.tables_repair import restore_definitions

_CODE_KINDS = ("trigger", "view")
_FULL_TEXT_TABLES = "CREATE VIRTUAL TABLE % USING fts5%"


def replace_foreign_code(connection: Connection) -> bool:
    """Replace the triggers and views of a private copy by those of its schema. Call it before anything is read.

    Return False if a table isn't a plain one, so that it can't be read safely.
    """
    connection.execute("PRAGMA trusted_schema = OFF")
    if not _remove_code(connection):
        return False
    connection.execute("PRAGMA trusted_schema = ON")  # or our own triggers could not write the full text index
    if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
        _restore_old_code(connection)
    else:
        restore_definitions(connection)
    return True


def _remove_code(connection: Connection) -> bool:
    """Remove triggers and views; return False if some are left, or if there is a virtual table of another kind."""
    for kind in _CODE_KINDS:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,)).fetchall():
            quoted = str(name).replace('"', '""')
            with suppress(sqlite3.DatabaseError):
                connection.execute(f'DROP {kind.upper()} "{quoted}"')
    sql = (
        "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
        " OR (sql LIKE 'CREATE VIRTUAL%' AND sql NOT LIKE ?)"
    )
    return bool(connection.execute(sql, (_FULL_TEXT_TABLES,)).fetchone() == (0,))


def _restore_old_code(connection: Connection) -> None:
    """Create the triggers and views of an older schema, which its migration expects."""
    from valuelog.journal.schema import next_migration  # noqa: PLC0415  imports sqlite-utils (80 ms)

    stored = definitions(connection)
    for name, (kind, sql) in expected_definitions(before=next_migration(connection)).items():
        if kind in _CODE_KINDS and name not in stored:
            connection.execute(sql)


def find_foreign_tables(connection: Connection) -> Iterator[str]:
    """Yield the names of the tables that this version defines otherwise, in a copy that has all migrations."""
    stored = definitions(connection)
    for name, (kind, sql) in expected_definitions().items():
        if kind == "table" and stored.get(name) != (kind, sql):
            yield name
