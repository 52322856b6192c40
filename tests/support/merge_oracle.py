"""The merge rule once more, as plainly as possible: what the tables of a journal must be, given the changes in its log.

It shares no code with `valuelog.journal`, so that a mistake there isn't repeated here. It reads every change into
memory and is quadratic in places: only for small journals.

1. A change that undoes or redoes a batch carries no fields of a record. A batch is in force unless the last change
   about it, in the order of the clock, undoes it.
2. A record is the fold of its changes in force. If that is nothing and a row refers to the record, its creation counts.
3. A purged record is gone. Of a day off and a sighting, only the words are purged: what is later counts again.
4. A reference to a purged or unknown record is empty; without a required one, there is no row.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple

from valuelog.model.entry import is_evidence, words_key
from valuelog.model.fields import ENTITIES, LIST_TYPES, Field

Record = tuple[str, str]
"""The type and id of an entity."""

State = dict[str, Any]
"""The fields of a record."""

LIST_TABLES = {("entry", "people"): "entry_person", ("entry", "tags"): "entry_tag"}
"""Fields that are tables with one row per name."""

PARTS = {("sighting", "pain"), ("promise", "pain"), ("measurement", "project")}
"""References of those that are purged together with what they refer to."""

LASTING = {"day_off"}
"""Types of which a purge erases only the words."""

ERASED = "erased"
"""The fields of a change whose text was erased."""


class Change(NamedTuple):
    """A row of the log; `fields` is a dict, None if it removes the record, or ERASED."""

    device: str
    counter: int
    id: str
    wall: int
    tick: int
    entity: str
    entity_id: str
    batch: str
    act: str
    undoes: str | None
    fields: Any

    @property
    def record(self) -> Record:
        """What it is about."""
        return self.entity, self.entity_id

    @property
    def clock(self) -> tuple[int, int, str]:
        """Its position in the order of all changes."""
        return self.wall, self.tick, self.id

    @property
    def is_toggle(self) -> bool:
        """Whether it undoes or redoes a batch."""
        return self.undoes is not None

    @property
    def is_creation(self) -> bool:
        """Whether it creates its record."""
        return not self.is_toggle and isinstance(self.fields, dict) and "created" in self.fields

    @property
    def is_purge(self) -> bool:
        """Whether it purges its record."""
        return not self.is_toggle and self.act == "purge" and self.fields is None


def read_changes(connection: Connection) -> list[Change]:
    """Return all changes in the order of their clock."""
    sql = (
        "SELECT d.name, c.counter, c.id, c.wall, c.tick, c.entity, c.entity_id, c.batch, c.act, c.undoes, c.fields"
        " FROM change c JOIN device d ON d.id = c.device"
    )
    changes = [
        Change._make((*row[:-1], ERASED if row[-1] is None else json.loads(row[-1]))) for row in connection.execute(sql)
    ]
    return sorted(changes, key=lambda change: change.clock)


# The rule


def undone_batches(changes: Sequence[Change]) -> set[str]:
    """Return the batches whose last toggle undoes them."""
    last_act = {str(change.undoes): change.act for change in changes if change.is_toggle}
    return {batch for batch, act in last_act.items() if act == "undo"}


def purged_records(changes: Sequence[Change]) -> set[Record]:
    """Return the records that are gone for good."""
    purged = {
        change.record
        for change in changes
        if change.entity not in LASTING and (change.is_purge or change.fields == ERASED)
    }
    parts = {
        change.record
        for change in changes
        for part, field, target in references(change)
        if (part, field) in PARTS and target in purged
    }
    return purged | parts


def references(change: Change) -> Iterator[tuple[str, str, Record]]:
    """Yield the type, the field and the record for each reference that a change sets."""
    if change.entity in ENTITIES and isinstance(change.fields, dict) and not change.is_toggle:
        for field in reference_fields(change.entity):
            if change.fields.get(field.name):
                yield change.entity, field.name, (field.references, change.fields[field.name])


def reference_fields(entity: str) -> list[Field]:
    """Return the fields of an entity type that hold the id of another record."""
    return [field for field in ENTITIES[entity].fields.values() if field.references]


def is_void(change: Change, changes: Iterable[Change]) -> bool:
    """Return whether a change of a day off or a sighting is not later than a purge of its words."""
    return change.entity in LASTING and any(
        other.is_purge and other.record == change.record and change.clock <= other.clock for other in changes
    )


def fold(changes: Iterable[Change]) -> State | None:
    """Return what changes in the order of their clock add up to."""
    state: State | None = None
    for change in changes:
        if change.fields is None:
            state = None
        elif isinstance(change.fields, dict) and (state is not None or "created" in change.fields):
            state = {**(state or {}), **change.fields}
    return state


class Log:
    """The changes that count, by record."""

    def __init__(self, changes: Sequence[Change]) -> None:
        """Sort the changes out."""
        self.changes = changes
        self.undone = undone_batches(changes)
        self.purged = purged_records(changes)
        self.by_record: dict[Record, list[Change]] = {}
        for change in changes:
            if change.entity in ENTITIES:
                self.by_record.setdefault(change.record, []).append(change)

    def counting(self, record: Record) -> list[Change]:
        """Return the changes of a record that are no toggles and weren't voided by a purge."""
        changes = self.by_record.get(record, [])
        return [change for change in changes if not change.is_toggle and not is_void(change, changes)]

    def state_in_force(self, record: Record) -> State | None:
        """Fold the changes in force."""
        return fold(change for change in self.counting(record) if change.batch not in self.undone)

    def state_with_creation(self, record: Record) -> State | None:
        """Fold the changes in force and the creation."""
        return fold(change for change in self.counting(record) if change.is_creation or change.batch not in self.undone)

    def is_known(self, record: Record) -> bool:
        """Return whether a reference to a record can be kept: it was created and not purged."""
        return record not in self.purged and any(change.is_creation for change in self.counting(record))


def fold_log(log: Log) -> dict[Record, State]:
    """Return the state of each record that has a row."""
    states = {
        record: state
        for record in log.by_record
        if record not in log.purged and (state := log.state_in_force(record)) is not None and has_required(log, record)
    }
    while revived := {
        target: state
        for record in states
        for target in targets_of(record, states[record])
        if target not in states and log.is_known(target) and (state := log.state_with_creation(target)) is not None
    }:
        states |= revived
    return {record: without_missing(record, state, states) for record, state in states.items()}


def has_required(log: Log, record: Record) -> bool:
    """Return whether the records that a record can't be without are known."""
    state = log.state_in_force(record) or {}
    return all(
        log.is_known((field.references, state.get(field.name, "")))
        for field in reference_fields(record[0])
        if field.is_required
    )


def targets_of(record: Record, state: State) -> list[Record]:
    """Return the records that a state refers to."""
    return [(field.references, state[field.name]) for field in reference_fields(record[0]) if state.get(field.name)]


def without_missing(record: Record, state: State, states: Mapping[Record, State]) -> State:
    """Return a state without references to records that have no row."""
    missing = {
        field.name: None
        for field in reference_fields(record[0])
        if field.name in state and (field.references, state[field.name]) not in states
    }
    return {**state, **missing}


# The tables

Rows = list[State]


def expected_tables(log: Log) -> dict[str, Rows]:
    """Return the rows of each table without `place`."""
    tables: dict[str, Rows] = {name: [] for name in (*ENTITIES, *LIST_TABLES.values())}
    for (entity, entity_id), state in fold_log(log).items():
        tables[entity].append(table_row(entity, entity_id, state))
        for (owner, field), table in LIST_TABLES.items():
            if owner == entity:
                tables[table] += [{"entry": entity_id, "name": name} for name in state.get(field, [])]
    return {name: sort_rows(rows) for name, rows in tables.items()}


def table_row(entity: str, entity_id: str, state: State) -> State:
    """Return the row of a record."""
    known = {field.name: field for field in ENTITIES[entity].fields.values() if (entity, field.name) not in LIST_TABLES}
    row = {name: to_column(field, state.get(name, field.initial_value)) for name, field in known.items()}
    row[ENTITIES[entity].key] = entity_id
    if entity == "entry":
        row |= {"words": words_key(state["text"]), "proven": int(is_evidence(state.get("evidence")))}
    return row


def to_column(field: Field, value: Any) -> Any:  # noqa: ANN401  JSON in, a column out
    """Return a value as it is in a column: lists as JSON."""
    return json.dumps(value) if field.type in LIST_TYPES else value


def sort_rows(rows: Rows) -> Rows:
    """Return rows in an order that depends on nothing but them, each with its columns by name."""
    return sorted((dict(sorted(row.items())) for row in rows), key=repr)


def actual_tables(connection: Connection) -> dict[str, Rows]:
    """Return the rows of each table without `place`."""
    return {name: actual_rows(connection, name) for name in (*ENTITIES, *LIST_TABLES.values())}


def actual_rows(connection: Connection, table: str) -> Rows:
    """Return the rows of a table without `place`."""
    cursor = connection.execute(f"SELECT * FROM {table}")
    columns = [column[0] for column in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor]
    return sort_rows([{name: value for name, value in row.items() if name != "place"} for row in rows])


def actual_undone(connection: Connection) -> set[str]:
    """Return the batches that the table says are undone."""
    return {batch for (batch,) in connection.execute("SELECT id FROM batch WHERE undone")}


def find_differences(connection: Connection) -> list[str]:
    """Return a line about each difference between the tables of a journal and the rule."""
    log = Log(read_changes(connection))
    expected, actual = expected_tables(log), actual_tables(connection)
    return [
        *(line for table in expected for line in compare_rows(table, expected[table], actual[table])),
        *compare_undone(log, actual_undone(connection)),
    ]


def compare_rows(table: str, expected: Rows, actual: Rows) -> Iterator[str]:
    """Yield a line about each row that is only on one side."""
    if expected != actual:
        wanted, found = set(map(repr, expected)), set(map(repr, actual))
        yield from (f"{table} lacks {row}" for row in sorted(wanted - found))
        yield from (f"{table} has {row}, against the rule" for row in sorted(found - wanted))


def compare_undone(log: Log, actual: set[str]) -> Iterator[str]:
    """Yield a line about each batch that is undone only on one side; those that undo or redo another don't matter."""
    batches = {change.batch for change in log.changes if not change.is_toggle}
    for batch in sorted((log.undone ^ actual) & batches):
        yield f"batch {batch} is {'in force' if batch in actual else 'undone'} by the rule, and not in the table"


def find_unerased(connection: Connection) -> list[str]:
    """Return a line about each change that still has the text of a purged record."""
    unerased = iter_unerased(Log(read_changes(connection)))
    return [f"the text of the purged {each.entity} {each.entity_id} is still in {each.id}" for each in unerased]


def iter_unerased(log: Log) -> Iterator[Change]:
    """Yield each change whose text a purge must have erased."""
    for record, changes in log.by_record.items():
        for change in changes:
            has_fields = isinstance(change.fields, dict) and change.fields
            if has_fields and (record in log.purged or is_void(change, changes)):
                yield change


def open_to_compare(path: Path) -> Connection:
    """Open a journal to read, without valuelog."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)
