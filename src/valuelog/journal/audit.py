"""Checks that find silent damage: SQLite's own, the chain of hashes, and the log folded anew."""

import json
from collections.abc import Iterator
from hashlib import sha256
from sqlite3 import Connection
from typing import Any

from valuelog.journal.changes import chained, folded, logged
from valuelog.journal.state import TABLES, Table


def damage(connection: Connection) -> list[str]:
    """Return what is wrong, one sentence each; nothing if all is well."""
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    if found:
        return [f"SQLite: {line}" for line in found]
    return [*broken_links(connection), *differences(connection)]


def broken_links(connection: Connection) -> Iterator[str]:
    """Check the chain: each change's hash over the one before it on its device, and its payload's own."""
    rows = connection.execute(
        "SELECT d.name, c.id, c.counter, c.wall, c.tick, c.entity, c.entity_id, c.batch, c.act, c.undoes,"
        " c.fields, c.payload_hash, c.hash FROM change c JOIN device d ON d.id = c.device ORDER BY d.name, c.counter",
    )
    before: dict[str, bytes] = {}
    for device, name, *said, fields, payload_hash, own in rows:
        row = (name, device, *said)
        if chained(before.get(device, b""), row, payload_hash) != own:
            yield f"change {name} was altered, or the one before it is missing"
        if fields is not None and sha256(fields.encode()).digest() != payload_hash:
            yield f"the words of change {name} were altered"
        before[device] = own


def differences(connection: Connection) -> Iterator[str]:
    """Fold the log anew and compare: every thing whose row is not what its changes add up to."""
    things: dict[tuple[str, str], dict[str, Any] | None] = {}
    sql = "SELECT seq, id, entity, entity_id, fields, batch, act, undoes, wall FROM change ORDER BY seq"
    for change in map(logged, connection.execute(sql)):
        place = (change.entity, change.entity_id)
        things[place] = folded(things.get(place), change.fields)
    for entity, table in TABLES.items():
        kept = _rows(connection, entity, table)
        said = {name: state for (of, name), state in things.items() if of == entity and state is not None}
        for name in sorted(kept.keys() | said.keys()):
            if kept.get(name) != ({**table.unset, **said[name]} if name in said else None):
                yield f"{entity} {name} is not what its changes add up to"


def _rows(connection: Connection, entity: str, table: Table) -> dict[str, dict[str, Any]]:
    columns = list(table.defaults)
    rows = connection.execute(f"SELECT {table.key}, {', '.join(columns)} FROM {entity}").fetchall()
    kept = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}
    for row in kept.values():
        row.update({name: json.loads(row[name]) for name, unset in table.defaults.items() if unset == []})
        row.update({name: [] for name in table.lists})
    for name, listed in table.lists.items():
        for owner, word in connection.execute(f"SELECT entry, name FROM {listed} ORDER BY name").fetchall():
            kept[owner][name].append(word)
    return kept
