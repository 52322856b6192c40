"""The tables that the log adds up to, and the one place that writes them."""

import json
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Any

from valuelog.journal.changes import Change, Fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """How the fields of one kind of thing are kept: its key, the columns with what they are unless set, its lists.

    `lists` are fields that live in a table of their own, one row for each name.
    """

    key: str
    defaults: Fields
    lists: dict[str, str] = field(default_factory=dict)

    @property
    def unset(self) -> Fields:
        """What each field is while nothing has set it."""
        return {**self.defaults, **{name: [] for name in self.lists}}


_BORN = {"created": None, "utc_offset": None, "deleted": None}

TABLES = {
    "entry": Table(
        key="id",
        defaults={
            "day": None, "kind": None, "text": None, "minutes": None, "project": None, "effects": [],
            "beneficiaries": [], "evidence": None, "origin": None, **_BORN,
        },
        lists={"people": "entry_person", "tags": "entry_tag"},
    ),
    "pain": Table(
        key="id",
        defaults={
            "text": None, "state": "open", "shared": None, "better": None, "step": None, "step_by": None,
            "hit": None, "closed_on": None, "how": None, **_BORN,
        },
    ),
    "sighting": Table(key="id", defaults={"pain": None, "day": None, "text": None, **_BORN}),
    "project": Table(
        key="id",
        defaults={
            "slug": None, "name": None, "problem": None, "measure": None, "aim": None, "state": "open",
            "closed_on": None, "result": None, "lesson": None, "started_on": None, **_BORN,
        },
    ),
    "promise": Table(
        key="id",
        defaults={
            "kind": None, "text": None, "due": None, "state": "open", "carried": 0, "pain": None,
            "closed_on": None, **_BORN,
        },
    ),
    "reflection": Table(key="id", defaults={"period": None, "question": None, "answer": None, **_BORN}),
    "day_off": Table(key="day", defaults={"note": None, **_BORN}),
    "asked": Table(key="id", defaults={"day": None, "question": None, **_BORN}),
    "draft_seen": Table(key="id", defaults={"day": None, "accepted": None, **_BORN}),
}  # fmt: skip
"""Every kind of thing that a change can be about."""


def put(connection: Connection, change: Change) -> None:
    """Let the tables follow a change. The caller holds the transaction and has written the log."""
    table = TABLES[change.entity]
    if change.fields is None:
        connection.execute(f"DELETE FROM {change.entity} WHERE {table.key} = ?", (change.id,))
        return
    columns = {name: _kept(value) for name, value in change.fields.items() if name not in table.lists}
    there = connection.execute(f"SELECT 1 FROM {change.entity} WHERE {table.key} = ?", (change.id,)).fetchone()
    if there:
        _update(connection, change, table.key, columns)
    elif "created" in change.fields:
        _insert(connection, change, table.key, columns)
    else:
        return
    for name in table.lists.keys() & change.fields.keys():
        _relist(connection, table.lists[name], change.id, change.fields[name])


def _kept(value: Any) -> Any:  # noqa: ANN401  JSON in, a column out
    return json.dumps(value) if isinstance(value, list) else value


def _update(connection: Connection, change: Change, key: str, columns: Fields) -> None:
    if columns:
        sets = ", ".join(f"{name} = ?" for name in columns)
        connection.execute(f"UPDATE {change.entity} SET {sets} WHERE {key} = ?", (*columns.values(), change.id))


def _insert(connection: Connection, change: Change, key: str, columns: Fields) -> None:
    names = ", ".join((key, *columns))
    marks = ", ".join("?" * (len(columns) + 1))
    connection.execute(f"INSERT INTO {change.entity} ({names}) VALUES ({marks})", (change.id, *columns.values()))


def _relist(connection: Connection, table: str, owner: str, names: list[str]) -> None:
    connection.execute(f"DELETE FROM {table} WHERE entry = ?", (owner,))
    connection.executemany(f"INSERT INTO {table} (entry, name) VALUES (?, ?)", [(owner, name) for name in names])
