"""Reads of a damaged database: each row that SQLite can still reach."""

import sqlite3
from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import Any

_MAX_ROWS_PER_PAGE = 400
"""More rows than a page of 4,096 bytes holds: bounds the keys to look for if the largest one can't be read."""

Row = tuple[Any, ...]


def iter_readable_rows(connection: Connection, table: str, columns: Sequence[str], key: str) -> Iterator[Row]:
    """Yield each readable row of a table by its integer primary key; ranges with an unreadable row are halved."""
    sql = f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {key} BETWEEN ? AND ? ORDER BY {key}"
    pending = [(0, _last_key(connection, table, key))]
    while pending:
        first, last = pending.pop()
        try:
            for row in connection.execute(sql, (first, last)):
                yield row[1:]
                first = max(first, int(row[0]) + 1)
        except (sqlite3.Error, UnicodeDecodeError):  # an error message of SQLite may quote unreadable bytes
            if first < last:
                middle = (first + last) // 2
                pending += [(middle + 1, last), (first, middle)]


def _last_key(connection: Connection, table: str, key: str) -> int:
    """Return the largest key, or a bound if it can't be read."""
    try:
        return int(connection.execute(f"SELECT ifnull(max({key}), 0) FROM {table}").fetchone()[0])
    except (sqlite3.Error, UnicodeDecodeError, TypeError, ValueError):
        return _count_pages(connection) * _MAX_ROWS_PER_PAGE


def _count_pages(connection: Connection) -> int:
    try:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])
    except (sqlite3.Error, UnicodeDecodeError, TypeError):
        return 0


def list_columns(connection: Connection, table: str) -> list[str]:
    """Return the columns of a table; none if it is missing, or the schema can't be read."""
    try:
        return [row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]
    except (sqlite3.Error, UnicodeDecodeError):
        return []
