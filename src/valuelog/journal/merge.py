"""The merge rule: the tables are a function of the set of changes in the log, in whatever order these arrived.

1. A batch is in force unless its last undo or redo, in the order of the clock, is an undo.
2. The state of a record is the fold of its changes whose batches are in force. If there is none, but a row refers to
   the record, its creation counts.
3. A record that was purged is gone, whatever the clock says, and so are its parts. Its text is erased on arrival.
4. A reference to a record that is purged, or not known yet, is empty. A record that needs it has no row until then.

Only `seq`, `place` and the numbers of devices depend on the order of arrival.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from sqlite3 import Connection
from typing import Any, NamedTuple, Protocol

from valuelog.journal.erasure import EVER_REFERRING, PARTS, PURGE_ACT, WORDLESS_ENTITIES
from valuelog.journal.errors import AlteredChange
from valuelog.journal.hash_chain import bindable
from valuelog.journal.log import ERASED, LOGGED_COLUMNS, Change, Fields, LoggedChange, fold, read_change
from valuelog.journal.projection import (
    SEARCHABLE_ENTITIES,
    TABLES,
    apply_changes,
    is_referenced,
    read_rows,
    reference_depth,
    references,
    referring_fields,
)
from valuelog.model.fields import ENTITIES

Record = tuple[str, str]
"""The type and id of an entity."""

CHUNK_SIZE = 2_000
"""How many records are computed at once."""

_PARENT_FIELDS = {
    part: (field, parent)
    for parent, parts in PARTS.items()
    for part, field in referring_fields(parent)
    if part in parts
}
"""The field of a part that refers to what it is a part of, and the type of that."""

_REFERENCED_PARTS = frozenset(part for part in _PARENT_FIELDS if referring_fields(part))
"""The types of parts that other records refer to."""


class RuleChange(Protocol):
    """What the rule needs to know of a change."""

    @property
    def fields(self) -> Any:  # noqa: ANN401  a dict, None or ERASED
        """The fields that it sets; None if it removes the record, ERASED if a purge erased them."""

    @property
    def act(self) -> str:
        """What was done."""

    @property
    def is_active(self) -> bool:
        """Whether its batch is in force, and it is neither an undo nor a redo."""

    @property
    def is_creation(self) -> bool:
        """Whether it creates its record, in force or not."""


class State(NamedTuple):
    """What the rule makes of a record: its fields, or None if it has no row.

    `missing` are the records that it refers to and that are not known yet.
    """

    fields: Fields | None
    is_purged: bool = False
    missing: tuple[Record, ...] = ()


class Rule:
    """Computes records of one log. It remembers what it looked up, so it is of no use after the log has changed."""

    def __init__(self, connection: Connection) -> None:
        """Read other records through a connection."""
        self._connection = connection
        self._facts: dict[Record, _Facts] = {}

    def compute(self, entity: str, entity_id: str, changes: Sequence[RuleChange]) -> State:
        """Return the state of a record after its changes, which are in the order of the clock."""
        if self._is_purged(entity, changes):
            return State(None, is_purged=True)
        changes = _since_own_purge(entity, changes)
        state = fold(change.fields for change in changes if change.is_active)
        if state is None and is_referenced(self._connection, entity, entity_id):
            state = fold(change.fields for change in changes if change.is_active or change.is_creation)
        return State(None) if state is None else self._resolve_references(entity, state)

    def _is_purged(self, entity: str, changes: Sequence[RuleChange]) -> bool:
        if entity not in WORDLESS_ENTITIES and any(map(_erases, changes)):
            return True
        parents = [parent_of(entity, change.fields) for change in changes]
        return any(self.was_purged(*parent) for parent in parents if parent)

    def was_purged(self, entity: str, entity_id: str) -> bool:
        """Return True if the log says that a record, or what it is a part of, was purged."""
        return self._look_up(entity, entity_id).is_purged

    def _look_up(self, entity: str, entity_id: Any) -> "_Facts":  # noqa: ANN401  an id, or a value from a damaged file
        """Return what matters of a record to those that refer to it."""
        if not isinstance(entity_id, str) or bindable(entity_id) is None:
            return _Facts(is_purged=False, is_available=False)
        if (entity, entity_id) not in self._facts:
            sql = "SELECT fields, act, undoes IS NULL FROM change WHERE entity_id = ? AND entity = ?"
            rows = self._connection.execute(sql, (entity_id, entity)).fetchall()
            changes = [PlainChange(parse_fields(text), act, bool(is_active)) for text, act, is_active in rows]
            creates = any(change.is_creation and change.is_active for change in changes)
            is_purged = self._is_purged(entity, changes)
            self._facts[entity, entity_id] = _Facts(is_purged, creates and not is_purged)
        return self._facts[entity, entity_id]

    def _resolve_references(self, entity: str, state: Fields) -> State:
        """Empty the references to records that are purged or unknown."""
        required = ENTITIES[entity].required_fields
        missing: list[Record] = []
        resolved = dict(state)
        for field, referenced in TABLES[entity].references.items():
            target = state.get(field)
            if target and not self._is_available(referenced, target):
                resolved[field] = None
                missing += [] if self.was_purged(referenced, target) else [(referenced, target)]
        is_complete = all(resolved.get(field) is not None for field in required)
        return State(resolved if is_complete else None, missing=tuple(missing))

    def _is_available(self, entity: str, entity_id: str) -> bool:
        """Return True if the log can create a record: it does, and no purge forbids it."""
        return self._look_up(entity, entity_id).is_available


class _Facts(NamedTuple):
    is_purged: bool
    is_available: bool


class PlainChange(NamedTuple):
    """What the rule needs to know of a change, and no more."""

    fields: Any
    act: str
    is_active: bool

    @property
    def is_creation(self) -> bool:
        """Whether it creates its record, in force or not."""
        return isinstance(self.fields, dict) and "created" in self.fields


def parent_of(entity: str, fields: Any) -> Record | None:  # noqa: ANN401  a dict, None or ERASED
    """Return the record that some fields make a record a part of, if any."""
    field, parent = _PARENT_FIELDS.get(entity, ("", ""))
    target = fields.get(field) if isinstance(fields, dict) else None
    return (parent, target) if target else None


def parse_fields(text: Any) -> Any:  # noqa: ANN401  a text, or a value from a damaged file
    """Return the fields of a change: a dict, None, or ERASED if they were erased or cannot be parsed."""
    try:
        fields = ERASED if text is None else json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return ERASED
    return fields if fields is None or isinstance(fields, dict) else ERASED


def _since_own_purge(entity: str, changes: Sequence[RuleChange]) -> Sequence[RuleChange]:
    """Return the changes after the last purge of a record that stays without its words; all of any other."""
    if entity not in WORDLESS_ENTITIES:
        return changes
    last = max((index for index, change in enumerate(changes) if _is_purge(change)), default=0)
    return changes[last:]


def _is_purge(change: RuleChange) -> bool:
    return change.act == PURGE_ACT and change.fields is None


def _erases(change: RuleChange) -> bool:
    return change.fields is ERASED or _is_purge(change)


class Recomputed(NamedTuple):
    """What a merge did to records: how many rows people no longer see, and which records are purged."""

    hidden: int
    purged: frozenset[Record]


def recompute(connection: Connection, records: Iterable[Record], *, purged: Iterable[Record] = ()) -> Recomputed:
    """Write the rows of some records anew, and of those that they refer to now or referred to before.

    `purged` are those of them that new changes purge or erase: what refers to them, and their parts, follows. The
    caller holds the transaction, and has brought the batches up to date. Raises AlteredChange.
    """
    return _Recomputation(connection).run({*records}, purged)


class _Recomputation:
    """One run over records, from those that refer to others to those that are referred to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rule = Rule(connection)
        self._has_waiting = bool(connection.execute("SELECT 1 FROM waiting LIMIT 1").fetchone())
        self._pending: dict[str, set[str]] = {}
        self._purged: set[Record] = set()
        self._hidden = 0

    def run(self, records: Collection[Record], purged: Iterable[Record]) -> Recomputed:
        """Compute records, those that purges affect, and all that follows."""
        parts = [each for each in records if each[0] in _REFERENCED_PARTS and self._rule.was_purged(*each)]
        self._add(_affected_by_purge(self._connection, [*purged, *parts]))
        self._add(record for record in records if record[0] in TABLES)
        self._add(self._waiting_for(records))
        for entity in _BY_DEPTH:
            ids = sorted(self._pending.pop(entity, ()))
            for start in range(0, len(ids), CHUNK_SIZE):
                self._compute(entity, ids[start : start + CHUNK_SIZE])
        return Recomputed(self._hidden, frozenset(self._purged))

    def _add(self, records: Iterable[Record]) -> None:
        for entity, entity_id in records:
            self._pending.setdefault(entity, set()).add(entity_id)

    def _waiting_for(self, records: Iterable[Record]) -> list[Record]:
        """Return the records that wait for one of some others."""
        if not self._has_waiting:
            return []
        sql = "SELECT entity, entity_id FROM waiting WHERE target IN (SELECT value FROM json_each(?))"
        return self._connection.execute(sql, (json.dumps([entity_id for _, entity_id in records]),)).fetchall()

    def _compute(self, entity: str, ids: Sequence[str]) -> None:
        """Compute records of one type, and write the rows that differ."""
        rows = read_rows(self._connection, entity, ids)
        histories = read_histories(self._connection, entity, ids)
        states = {each: self._rule.compute(entity, each, histories.get(each, ())) for each in ids}
        self._purged |= {(entity, each) for each, state in states.items() if state.is_purged}
        self._keep_waiting(entity, states)
        changes = [change for each in ids for change in _differences(entity, each, rows.get(each), states[each].fields)]
        if entity in SEARCHABLE_ENTITIES:
            self._hidden += sum(1 for change in changes if _hides(change, rows.get(change.id)))
        for change in changes:
            self._add(references(entity, rows.get(change.id)))
            self._add(references(entity, change.fields))
        apply_changes(self._connection, changes)

    def _keep_waiting(self, entity: str, states: Mapping[str, State]) -> None:
        """Remember which records wait for others."""
        if self._has_waiting:
            sql = "DELETE FROM waiting WHERE entity = ? AND entity_id IN (SELECT value FROM json_each(?))"
            self._connection.execute(sql, (entity, json.dumps([*states])))
        missing = [(target, entity, each) for each, state in states.items() for _, target in state.missing]
        self._connection.executemany("INSERT INTO waiting (target, entity, entity_id) VALUES (?, ?, ?)", missing)


_BY_DEPTH = sorted(TABLES, key=reference_depth, reverse=True)


def _differences(entity: str, entity_id: str, row: Fields | None, state: Fields | None) -> list[Change]:
    """Return the change that makes a row what it must be, if any."""
    if row is None or state is None:
        return [] if row is state else [Change(entity, entity_id, state)]
    expected = {**TABLES[entity].initial_fields, **state}
    for name in TABLES[entity].list_tables:  # their rows have no order
        expected[name] = sorted(expected[name])
    fields = {name: value for name, value in expected.items() if row.get(name) != value}
    return [Change(entity, entity_id, fields)] if fields else []


def _hides(change: Change, row: Fields | None) -> bool:
    """Return True if people saw a row, and won't after a change."""
    is_visible = row is not None and row["deleted"] is None
    return is_visible and (change.fields is None or change.fields.get("deleted") is not None)


def read_histories(connection: Connection, entity: str, ids: Sequence[str]) -> dict[str, list[LoggedChange]]:
    """Return the changes of some records of one type, in the order of the clock. Raises AlteredChange."""
    sql = (
        f"SELECT {LOGGED_COLUMNS} FROM json_each(?) n CROSS JOIN change c ON c.entity_id = n.value"
        " LEFT JOIN device d ON d.id = c.device WHERE c.entity = ? ORDER BY c.wall, c.tick, c.id"
    )
    histories: dict[str, list[LoggedChange]] = {}
    for change in map(read_change, connection.execute(sql, (json.dumps([*ids]), entity))):
        histories.setdefault(change.entity_id, []).append(change)
    return histories


def _affected_by_purge(connection: Connection, purged: Iterable[Record]) -> set[Record]:
    """Return purged records, their parts, and all that refers to them."""
    affected: set[Record] = set()
    queue = [*purged]
    while queue:
        entity, entity_id = queue.pop()
        affected.add((entity, entity_id))
        for holder, field in referring_fields(entity):
            if holder in PARTS.get(entity, ()):
                queue += [(holder, each) for (each,) in connection.execute(EVER_REFERRING, (holder, field, entity_id))]
            else:
                sql = f"SELECT {TABLES[holder].key} FROM {holder} WHERE {field} = ?"
                affected |= {(holder, each) for (each,) in connection.execute(sql, (entity_id,))}
    return affected


# Batches


def refresh_batches(connection: Connection, batches: Collection[str]) -> None:
    """Bring some batches up to date with the log: their last change, and whether they are undone."""
    listed = json.dumps([*batches])
    connection.execute(
        "INSERT INTO batch (last, id, act, wall, tick) SELECT max(c.seq), c.batch, c.act, max(c.wall), 0"
        " FROM json_each(?) n CROSS JOIN change c ON c.batch = n.value"
        " GROUP BY c.batch ON CONFLICT (id) DO UPDATE SET last = excluded.last, wall = excluded.wall",
        (listed,),
    )
    connection.execute(
        "UPDATE batch SET act = (SELECT act FROM change c WHERE c.seq = batch.last),"
        " tick = (SELECT max(tick) FROM change c WHERE c.batch = batch.id AND c.wall = batch.wall),"
        " undone = coalesce((SELECT act = 'undo' FROM change c WHERE c.undoes = batch.id"
        " ORDER BY wall DESC, tick DESC, id DESC LIMIT 1), 0) WHERE id IN (SELECT value FROM json_each(?))",
        (listed,),
    )


def records_of_batches(connection: Connection, batches: Iterable[str]) -> set[Record]:
    """Return the records that some batches change."""
    sql = "SELECT DISTINCT c.entity, c.entity_id FROM json_each(?) n CROSS JOIN change c ON c.batch = n.value"
    return {*connection.execute(sql, (json.dumps([*batches]),))}


def recompute_toggled(connection: Connection) -> None:
    """Write the rows anew that an older version, whose undo wrote values, may have left otherwise; not altered ones."""
    sql = (
        "SELECT undoes FROM change WHERE undoes IS NOT NULL UNION SELECT batch FROM change WHERE undoes IS NOT NULL"
        f" UNION SELECT id FROM batch WHERE act = '{PURGE_ACT}'"
    )
    records = records_of_batches(connection, [batch for (batch,) in connection.execute(sql)])
    for start in range(0, len(listed := sorted(records)), CHUNK_SIZE):
        _recompute_unaltered(connection, listed[start : start + CHUNK_SIZE])


def _recompute_unaltered(connection: Connection, records: Sequence[Record]) -> None:
    try:
        recompute(connection, records)
    except AlteredChange:
        if len(records) > 1:
            for record in records:
                _recompute_unaltered(connection, [record])
