"""What machines exchange: runs of changes, and the devices that wrote them.

Each device numbers its changes and chains their hashes. A Run is a part of the log of one device, as any machine that
has it can publish it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from valuelog.journal.errors import AlteredChange
from valuelog.journal.log import Change, RawChange, hash_row
from valuelog.journal.store import Journal

DEVICE_ENTITY = "device"
"""The entity type with the name of a machine; its id is the device id."""

RAW_COLUMNS = (
    "c.id, c.wall, c.tick, c.entity, c.entity_id, c.batch, c.act, c.undoes, c.own_wall, CAST(c.fields AS BLOB), c.salt,"
    " c.erased"
)
"""The columns of a change `c`, for `raw_change`."""


class Head(NamedTuple):
    """The last change of a device: its counter, and its hash."""

    counter: int = 0
    hash: bytes = b""


class Run(NamedTuple):
    """Changes of one device in the order of its counter, which begins at `first`.

    `before` and `hash` are the hashes of the change before and of the last one; `after` is what its publisher had seen:
    the last counter of each device.
    """

    device: str
    first: int
    before: bytes
    changes: tuple[RawChange, ...]
    hash: bytes
    after: Mapping[str, int]


def list_heads(journal: Journal) -> dict[str, Head]:
    """Return the last change of each device."""
    sql = (
        "SELECT d.name, c.counter, c.hash FROM device d CROSS JOIN change c ON c.device = d.id"
        " AND c.counter = (SELECT max(counter) FROM change WHERE device = d.id)"
    )
    return {name: Head(counter, digest) for name, counter, digest in journal.rows(sql)}


def read_run(journal: Journal, device: str, first: int, last: int) -> Run:
    """Return the changes of a device from one counter to another.

    Raises ValueError if some are missing, and AlteredChange: a damaged change must not reach other machines.
    """
    sql = (
        f"SELECT {RAW_COLUMNS}, c.hash FROM device d CROSS JOIN change c ON c.device = d.id"
        " WHERE d.name = ? AND c.counter BETWEEN ? AND ? ORDER BY c.counter"
    )
    heads = list_heads(journal)
    rows = journal.rows(sql, (device, first, last))
    if len(rows) != last - first + 1:
        raise ValueError
    changes = tuple(raw_change(row[:-1]) for row in rows)
    before = find_hash(journal, device, first - 1)
    _require_unaltered(before, device, first, changes, [row[-1] for row in rows])
    return Run(device, first, before, changes, rows[-1][-1], {name: head.counter for name, head in heads.items()})


def raw_change(row: Sequence[Any]) -> RawChange:
    """Return the change in a row of RAW_COLUMNS; in a damaged text, surrogates stand for what isn't UTF-8."""
    fields = row[9]
    text = None if fields is None else fields.decode(errors="surrogateescape")
    return RawChange._make([*row[:9], text, *row[10:]])


def _require_unaltered(
    before: bytes, device: str, first: int, changes: Sequence[RawChange], hashes: Sequence[bytes]
) -> None:
    """Raise AlteredChange for the first of some changes that doesn't fit its hash."""
    for counter, (change, stored) in enumerate(zip(changes, hashes, strict=True), first):
        before = chain_hash_of(before, device, counter, change)
        if before != stored:
            raise AlteredChange(str(change.entity), str(change.entity_id))


def find_hash(journal: Journal, device: str, counter: int) -> bytes:
    """Return the hash of a change; an empty one if there is none."""
    sql = "SELECT c.hash FROM device d CROSS JOIN change c ON c.device = d.id WHERE d.name = ? AND c.counter = ?"
    rows = journal.rows(sql, (device, counter))
    return rows[0][0] if rows else b""


def chain_hash_of(before: bytes, device: str, counter: int, change: RawChange) -> bytes:
    """Return the hash that a change has; an empty one if its values have the wrong types."""
    payload = None if change.fields is None else change.fields.encode(errors="surrogateescape")
    metadata = (change.id, device, counter, *change[1:8], change.own_wall, payload, change.salt, change.erased)
    try:
        return hash_row(before, metadata)
    except (TypeError, ValueError):
        return b""


def rename_branch(journal: Journal, device: str, first: int, new_device: str) -> None:
    """Give the changes of a device, from a counter on, to another device: two machines have used the same id.

    Raises AlteredChange: with new hashes, a damaged change would seem to be what was written.
    """
    database = journal._database  # noqa: SLF001  the same package
    sql = (
        f"SELECT c.seq, c.hash, {RAW_COLUMNS} FROM device d CROSS JOIN change c ON c.device = d.id"
        " WHERE d.name = ? AND c.counter >= ? ORDER BY c.counter"
    )
    with database.transaction():
        database.connection.execute("INSERT OR IGNORE INTO device (name) VALUES (?)", (new_device,))
        ((number,),) = database.rows("SELECT id FROM device WHERE name = ?", (new_device,))
        rows = database.rows(sql, (device, first))
        changes = [raw_change(row) for _, _, *row in rows]
        _require_unaltered(find_hash(journal, device, first - 1), device, first, changes, [row[1] for row in rows])
        before, updates = b"", []
        for counter, (change, (seq, *_)) in enumerate(zip(changes, rows, strict=True), 1):
            before = chain_hash_of(before, new_device, counter, change)
            updates.append((number, counter, before, seq))
        database.connection.executemany("UPDATE change SET device = ?, counter = ?, hash = ? WHERE seq = ?", updates)


def device_names(journal: Journal) -> dict[str, str]:
    """Return the names that machines gave themselves, by device id."""
    sql = (
        "SELECT d.name, json_extract(c.fields, '$.name') FROM device d CROSS JOIN change c ON c.entity_id = d.name"
        " WHERE c.device = d.id AND c.entity = ? AND json_valid(c.fields) ORDER BY c.wall, c.tick, c.id"
    )
    rows = journal.rows(sql, (DEVICE_ENTITY,))
    return {device: name for device, name in rows if isinstance(name, str)}


def name_device(journal: Journal, name: str) -> None:
    """Note the name of this machine, unless it has that name already."""
    device = journal._database.device  # noqa: SLF001  the same package
    if device_names(journal).get(device) != name:
        journal.write("sync", [Change(DEVICE_ENTITY, device, {"name": name})])
