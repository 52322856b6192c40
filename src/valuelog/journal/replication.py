"""Exchanges changes with other machines: what to publish, and how changes of others are taken in.

Each device numbers its changes and chains their hashes. A Run is a part of the log of one device, as any machine that
has it can publish it. Taking in a run twice, or one that overlaps another, changes nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from sqlite3 import Connection
from typing import Any, NamedTuple

from valuelog.journal.backup_checks import lock_backups
from valuelog.journal.connection import translate_errors, vacuum
from valuelog.journal.copies import backups_folder
from valuelog.journal.database import Database
from valuelog.journal.erasure import PURGE_ACT, WORDLESS_ENTITIES, erase_arrived, read_texts
from valuelog.journal.errors import JournalError
from valuelog.journal.log import (
    INTERNAL_ENTITIES,
    MAX_TICK,
    MAX_WALL,
    Change,
    RawChange,
    hash_row,
)
from valuelog.journal.merge import Record, recompute, records_of_batches, refresh_batches
from valuelog.journal.projection import LOG_ONLY_ENTITIES, SEARCHABLE_ENTITIES, TABLES
from valuelog.journal.purge import ClearFiles
from valuelog.journal.purge_copies import purge_copies
from valuelog.journal.store import Journal
from valuelog.journal.verify import FULL_TEXT_INDEX
from valuelog.model.fields import ENTITIES, LIST_TYPES, Field, FieldType

DEVICE_ENTITY = "device"
"""The entity type with the name of a machine; its id is the device id."""

_COLUMNS = (
    "c.id, c.wall, c.tick, c.entity, c.entity_id, c.batch, c.act, c.undoes, c.own_wall, CAST(c.fields AS BLOB), c.salt,"
    " c.erased"
)
_NAMES = ", ".join(RawChange._fields)

MAX_HIDDEN, MAX_HIDDEN_SHARE = 20, 0.1
"""How many records, and which share of all, changes from others may hide without a question."""


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


class Waiting(StrEnum):
    """Why the changes of a device can't be taken in yet, from some counter on."""

    NEWER = "newer"
    GAP = "gap"
    ALTERED = "altered"
    BRANCH = "branch"


class TakenIn(NamedTuple):
    """What changed: new changes by device, records whose text was edited on both sides, and what waits by device.

    `purged` is the number of records that were erased, `unreached` describes files that may still have their words.
    `branches` has the first counter of each device under which the log has other changes, `new_projects` the ids of
    projects that arrived.
    """

    counts: Mapping[str, int]
    edited_on_both: tuple[Record, ...] = ()
    waiting: Mapping[str, Waiting] = {}
    branches: Mapping[str, int] = {}
    purged: int = 0
    unreached: tuple[str, ...] = ()
    new_projects: tuple[str, ...] = ()


class WouldHide(JournalError):
    """Changes from others would hide many records at once."""

    def __init__(self, count: int, total: int) -> None:
        """Say how many of how many."""
        self.count, self.total = count, total
        super().__init__(
            f"This would delete {count:,} of {total:,} records here. Nothing was changed.",
            "If that is right, run: valuelog sync --yes",
        )


# What to publish


def list_heads(journal: Journal) -> dict[str, Head]:
    """Return the last change of each device."""
    sql = (
        "SELECT d.name, c.counter, c.hash FROM device d CROSS JOIN change c ON c.device = d.id"
        " AND c.counter = (SELECT max(counter) FROM change WHERE device = d.id)"
    )
    return {name: Head(counter, digest) for name, counter, digest in journal.rows(sql)}


def read_run(journal: Journal, device: str, first: int, last: int) -> Run:
    """Return the changes of a device from one counter to another. Raises ValueError if some are missing."""
    sql = (
        f"SELECT {_COLUMNS}, c.hash FROM device d CROSS JOIN change c ON c.device = d.id"
        " WHERE d.name = ? AND c.counter BETWEEN ? AND ? ORDER BY c.counter"
    )
    heads = list_heads(journal)
    rows = journal.rows(sql, (device, first, last))
    if len(rows) != last - first + 1:
        raise ValueError
    changes = tuple(_raw_change(row[:-1]) for row in rows)
    before = find_hash(journal, device, first - 1)
    return Run(device, first, before, changes, rows[-1][-1], {name: head.counter for name, head in heads.items()})


def _raw_change(row: Sequence[Any]) -> RawChange:
    fields = row[9]
    return RawChange._make([*row[:9], None if fields is None else fields.decode(), *row[10:]])


def find_hash(journal: Journal, device: str, counter: int) -> bytes:
    """Return the hash of a change; an empty one if there is none."""
    sql = "SELECT c.hash FROM device d CROSS JOIN change c ON c.device = d.id WHERE d.name = ? AND c.counter = ?"
    rows = journal.rows(sql, (device, counter))
    return rows[0][0] if rows else b""


# What others have published


class _NewChange(NamedTuple):
    """A change to take in, and what its publisher had seen."""

    device: str
    counter: int
    hash: bytes
    change: RawChange
    after: Mapping[str, int]


class _Plan(NamedTuple):
    """Changes to take in, each in the order of its device, and what can't be."""

    new: list[_NewChange]
    waiting: dict[str, Waiting]
    branches: dict[str, int]


def take_in(
    journal: Journal,
    runs: Iterable[Run],
    *,
    allow_hiding: bool = False,
    clear_files: ClearFiles = lambda _ids, _texts: (),
) -> TakenIn:
    """Take in changes that other machines published, all or none.

    What a purge elsewhere erased is erased here first from copies, then, by `clear_files`, from other files, then from
    the journal. Raises WouldHide unless `allow_hiding`, or AlteredChange.
    """
    listed = sorted(runs, key=lambda run: (run.device, run.first, run.first + len(run.changes)))
    database = journal._database  # noqa: SLF001  the same package
    with translate_errors(database.path):
        plan = _plan(journal, listed)
        if not plan.new:
            return TakenIn({}, (), plan.waiting, plan.branches)
        unreached = _purge_files(database, plan, clear_files)
        with database.transaction():
            plan = _plan(journal, listed)  # another terminal may have written meanwhile
            edited = _find_edited_on_both(database.connection, plan.new)
            hidden, erased = _merge(database.connection, plan.new)
            if not allow_hiding:
                _require_few(database, hidden)
        if erased:
            vacuum(database.connection, database.path)
    counts = Counter(new.device for new in plan.new if new.change.entity not in INTERNAL_ENTITIES)
    projects = tuple({new.change.entity_id: None for new in plan.new if new.change.entity == "project"})
    return TakenIn(counts, edited, plan.waiting, plan.branches, len(erased), unreached, projects)


def _plan(journal: Journal, runs: Sequence[Run]) -> _Plan:
    heads = list_heads(journal)
    plan = _Plan([], {}, {})
    for run in runs:
        if run.device not in plan.waiting:
            heads[run.device] = _plan_run(journal, run, heads.get(run.device, Head()), plan)
    return plan


def _plan_run(journal: Journal, run: Run, head: Head, plan: _Plan) -> Head:
    """Plan the new changes of one run. Return the head of its device after them."""
    if run.first > head.counter + 1:
        plan.waiting[run.device] = Waiting.GAP
        return head
    hashes = _known_hashes(journal, run, head, plan)
    if run.before != hashes.get(run.first - 1, b""):
        return _stop(plan, run, head, run.first - 1)
    before = run.before
    new: list[_NewChange] = []
    for counter, change in enumerate(run.changes, run.first):
        before = _hash(before, run.device, counter, change)
        if hashes.get(counter, before) != before:
            return _stop(plan, run, head, counter)
        if counter > head.counter:
            new.append(_NewChange(run.device, counter, before, change, run.after))
    if before != run.hash:
        plan.waiting[run.device] = Waiting.ALTERED
        return head
    if not all(is_known(each.change) for each in new):
        plan.waiting[run.device] = Waiting.NEWER
        return head
    plan.new.extend(new)
    return Head(new[-1].counter, before) if new else head


def _known_hashes(journal: Journal, run: Run, head: Head, plan: _Plan) -> dict[int, bytes]:
    """Return the hashes that the changes of a run, and the one before it, have here, by counter."""
    sql = (
        "SELECT c.counter, c.hash FROM device d CROSS JOIN change c ON c.device = d.id"
        " WHERE d.name = ? AND c.counter BETWEEN ? AND ?"
    )
    last = run.first + len(run.changes) - 1
    known = dict(journal.rows(sql, (run.device, run.first - 1, last))) if run.first - 1 <= head.counter else {}
    planned = {new.counter: new.hash for new in plan.new if new.device == run.device and new.counter <= head.counter}
    return {**known, **planned}


def _stop(plan: _Plan, run: Run, head: Head, counter: int) -> Head:
    """Note that the log has another change under a counter."""
    plan.waiting[run.device] = Waiting.BRANCH
    plan.branches[run.device] = max(counter, 1)
    return head


def _hash(before: bytes, device: str, counter: int, change: RawChange) -> bytes:
    """Return the hash that a change has; an empty one if its values have the wrong types."""
    payload = None if change.fields is None else change.fields.encode(errors="surrogateescape")
    metadata = (change.id, device, counter, *change[1:8], change.own_wall, payload, change.salt, change.erased)
    try:
        return hash_row(before, metadata)
    except (TypeError, ValueError):
        return b""


# What this version understands


def is_known(change: RawChange) -> bool:
    """Return True if this version understands a change: its entity, its fields, and what they may hold."""
    if not (0 <= change.wall <= MAX_WALL and 0 <= change.tick <= MAX_TICK):
        return False
    if change.entity in LOG_ONLY_ENTITIES or change.undoes is not None or change.fields is None:
        return change.entity in LOG_ONLY_ENTITIES or change.entity in ENTITIES
    if change.entity not in ENTITIES:
        return False
    try:
        fields = json.loads(change.fields)
    except ValueError:
        return False
    if fields is None:
        return True
    known = ENTITIES[change.entity].fields
    return isinstance(fields, dict) and all(
        name in known and _may_hold(known[name], value) for name, value in fields.items()
    )


def _may_hold(field: Field, value: Any) -> bool:  # noqa: ANN401  a JSON value
    if value is None:
        return not field.is_required and field.type not in LIST_TYPES
    match field.type:
        case FieldType.INTEGER:
            return type(value) is int and field.range[0] <= value < 2**63  # an older version had other upper limits
        case FieldType.CHOICE:
            return value in field.choices
        case FieldType.KEYS | FieldType.NAMES:
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case _:
            return isinstance(value, str)


# The merge


def _purge_files(database: Database, plan: _Plan, clear_files: ClearFiles) -> tuple[str, ...]:
    """Erase what purges elsewhere erased from copies and other files. Return a description of each that may have it."""
    purges = {(new.change.entity, new.change.entity_id) for new in plan.new if _is_purge(new.change)}
    if not purges:
        return ()
    folder = backups_folder(database.path)
    unreached: list[str] = []
    with translate_errors(folder), lock_backups(folder):
        for entity, entity_id in sorted(purges):
            copies = purge_copies(database, entity, entity_id, lambda _done: None)
            texts = copies.texts | read_texts(database.connection, copies.ids)
            unreached += [*copies.unreached, *clear_files(copies.ids, texts)]
    return tuple(dict.fromkeys(unreached))


def _is_purge(change: RawChange) -> bool:
    return change.act == PURGE_ACT and change.fields == "null" and change.entity in TABLES


def _merge(connection: Connection, new: Sequence[_NewChange]) -> tuple[int, frozenset[Record]]:
    """Append changes and bring the tables to them. Return how many records are hidden, and which were erased."""
    _append(connection, new)
    toggled = {each.change.undoes for each in new if each.change.undoes is not None}
    refresh_batches(connection, {each.change.batch for each in new} | toggled)
    records = {(each.change.entity, each.change.entity_id) for each in new if each.change.undoes is None}
    purged = {
        (each.change.entity, each.change.entity_id)
        for each in new
        if each.change.entity in TABLES and (_is_purge(each.change) or each.change.fields is None)
    }
    result = recompute(connection, records | records_of_batches(connection, toggled), purged=purged)
    wordless = {record for record in purged - result.purged if record[0] in WORDLESS_ENTITIES}
    erased = erase_arrived(connection, result.purged, wordless)
    if any(entity in SEARCHABLE_ENTITIES for entity, _ in erased):
        connection.execute(f"INSERT INTO {FULL_TEXT_INDEX} ({FULL_TEXT_INDEX}) VALUES ('rebuild')")
    return result.hidden, erased


def _append(connection: Connection, new: Sequence[_NewChange]) -> None:
    devices = {each.device for each in new}
    connection.executemany("INSERT OR IGNORE INTO device (name) VALUES (?)", [(name,) for name in devices])
    numbers = dict(connection.execute("SELECT name, id FROM device"))
    marks = ", ".join("?" * (3 + len(RawChange._fields)))
    connection.executemany(
        f"INSERT INTO change (device, counter, hash, {_NAMES}) VALUES ({marks})",
        ((numbers[each.device], each.counter, each.hash, *each.change) for each in new),
    )


def _require_few(database: Database, hidden: int) -> None:
    """Raise WouldHide if a merge hides too many records."""
    if hidden <= MAX_HIDDEN:
        return
    counts = (f"SELECT count(*) AS n FROM {entity} WHERE deleted IS NULL" for entity in SEARCHABLE_ENTITIES)
    ((left,),) = database.rows(f"SELECT sum(n) FROM ({' UNION ALL '.join(counts)})")
    if hidden > MAX_HIDDEN_SHARE * (hidden + left):
        raise WouldHide(hidden, hidden + left)


def _find_edited_on_both(connection: Connection, new: Sequence[_NewChange]) -> tuple[Record, ...]:
    """Return the records of which a text was changed both here and elsewhere, neither knowing of the other."""
    edits = [(each, texts) for each in new if (texts := _edited_texts(each.change))]
    own: dict[Record, list[tuple[str, int, dict[str, str]]]] = {}
    sql = (
        f"SELECT d.name, c.counter, {_COLUMNS} FROM json_each(?) n CROSS JOIN change c ON c.entity_id = n.value"
        " JOIN device d ON d.id = c.device WHERE c.undoes IS NULL"
    )
    for device, counter, *row in connection.execute(sql, (json.dumps([each.change.entity_id for each, _ in edits]),)):
        change = _raw_change(row)
        own.setdefault((change.entity, change.entity_id), []).append((device, counter, _edited_texts(change)))
    found = (
        (each.change.entity, each.change.entity_id)
        for each, texts in edits
        for device, counter, others in own.get((each.change.entity, each.change.entity_id), ())
        if device != each.device and counter > each.after.get(device, 0) and _differ(texts, others)
    )
    return tuple(dict.fromkeys(found))


def _edited_texts(change: RawChange) -> dict[str, str]:
    """Return the texts that a change gives to a record that exists."""
    if change.entity not in TABLES or change.undoes is not None or not change.fields:
        return {}
    fields = json.loads(change.fields)
    if fields is None or "created" in fields:
        return {}
    known = ENTITIES[change.entity].fields
    return {name: text for name, text in fields.items() if name in known and known[name].type is FieldType.TEXT}


def _differ(texts: Mapping[str, str], others: Mapping[str, str]) -> bool:
    return any(texts[name] != others[name] for name in texts.keys() & others.keys())


# Devices


def rename_branch(journal: Journal, device: str, first: int, new_device: str) -> None:
    """Give the changes of a device, from a counter on, to another device: two machines have used the same id."""
    database = journal._database  # noqa: SLF001  the same package
    sql = (
        f"SELECT c.seq, {_COLUMNS} FROM device d CROSS JOIN change c ON c.device = d.id"
        " WHERE d.name = ? AND c.counter >= ? ORDER BY c.counter"
    )
    with database.transaction():
        database.connection.execute("INSERT OR IGNORE INTO device (name) VALUES (?)", (new_device,))
        ((number,),) = database.rows("SELECT id FROM device WHERE name = ?", (new_device,))
        before, updates = b"", []
        for counter, (seq, *row) in enumerate(database.rows(sql, (device, first)), 1):
            before = _hash(before, new_device, counter, _raw_change(row))
            updates.append((number, counter, before, seq))
        database.connection.executemany("UPDATE change SET device = ?, counter = ?, hash = ? WHERE seq = ?", updates)


def device_names(journal: Journal) -> dict[str, str]:
    """Return the names that machines gave themselves, by device id."""
    sql = (
        "SELECT c.entity_id, json_extract(c.fields, '$.name') FROM device d CROSS JOIN change c ON c.entity_id = d.name"
        f" WHERE c.entity = '{DEVICE_ENTITY}' AND json_valid(c.fields) ORDER BY c.wall, c.tick, c.id"
    )
    return {device: name for device, name in journal.rows(sql) if isinstance(name, str)}


def name_device(journal: Journal, name: str) -> None:
    """Note the name of this machine, unless it has that name already."""
    device = journal._database.device  # noqa: SLF001  the same package
    if device_names(journal).get(device) != name:
        journal.write("sync", [Change(DEVICE_ENTITY, device, {"name": name})])


# Projects


def join_same_projects(journal: Journal, new_projects: Iterable[str]) -> tuple[str, ...]:
    """Join open projects of the same name into the oldest one, as one batch. Return their slugs.

    Only those of which one has just arrived: whoever undoes the joining has two projects again.
    """
    sql = (
        "SELECT slug FROM project WHERE state = 'open' AND deleted IS NULL"
        " GROUP BY slug HAVING count(*) > 1 AND sum(id IN (SELECT value FROM json_each(?)))"
    )
    slugs = sorted(slug for (slug,) in journal.rows(sql, (json.dumps([*new_projects]),)))
    with journal.transaction():
        changes = [change for slug in slugs for change in _joining_changes(journal, slug)]
        if changes:
            journal.write("merge", changes)
    return tuple(slugs)


def _joining_changes(journal: Journal, slug: str) -> Iterator[Change]:
    """Yield the changes that join the open projects of a slug: they move all that refers to the younger ones."""
    sql = "SELECT id FROM project WHERE slug = ? AND state = 'open' AND deleted IS NULL ORDER BY created, id"
    (kept,), *others = journal.rows(sql, (slug,))
    known = {"problem", "measure", "aim"} - set(_answers(journal, kept))
    for (other,) in others:
        for entity in ("entry", "measurement"):
            for (entity_id,) in journal.rows(f"SELECT id FROM {entity} WHERE project = ? ORDER BY id", (other,)):
                yield Change(entity, entity_id, {"project": kept})
        answers = {name: text for name, text in _answers(journal, other).items() if name in known}
        if answers:
            known -= answers.keys()
            yield Change("project", kept, answers)
        yield Change("project", other, {"deleted": journal.timestamp_fields()["created"]})


def _answers(journal: Journal, project: str) -> dict[str, str]:
    """Return what a project says about its problem, its measure and its aim."""
    names = ("problem", "measure", "aim")
    (row,) = journal.rows(f"SELECT {', '.join(names)} FROM project WHERE id = ?", (project,))
    return {name: text for name, text in zip(names, row, strict=True) if text is not None}
