"""Takes in the changes that other machines published, in whatever order they arrive.

Chains are checked before anything is written. Taking in a run twice, or one that overlaps another, changes nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from sqlite3 import Connection
from typing import NamedTuple

from valuelog.journal.backup_checks import lock_backups
from valuelog.journal.connection import translate_errors, vacuum
from valuelog.journal.copies import backups_folder
from valuelog.journal.database import Database
from valuelog.journal.erasure import PARTS, PURGE_ACT, erase_arrived, read_texts
from valuelog.journal.errors import JournalError
from valuelog.journal.known_changes import is_known
from valuelog.journal.log import INTERNAL_ENTITIES, RawChange
from valuelog.journal.merge import (
    Record,
    Rule,
    parent_of,
    parse_fields,
    recompute,
    records_of_batches,
    refresh_batches,
)
from valuelog.journal.projection import SEARCHABLE_ENTITIES, TABLES
from valuelog.journal.purge import ClearFiles
from valuelog.journal.purge_copies import purge_copies
from valuelog.journal.replication import RAW_COLUMNS, Head, Run, chain_hash_of, list_heads, raw_change
from valuelog.journal.same_projects import join_same_projects
from valuelog.journal.store import Journal
from valuelog.model.fields import ENTITIES, FieldType

_NAMES = ", ".join(RawChange._fields)

_PART_ENTITIES = frozenset(part for parts in PARTS.values() for part in parts)

MAX_HIDDEN, MAX_HIDDEN_SHARE = 20, 0.1
"""How many records, and which share of all, changes from others may hide without a question."""


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
    projects that arrived, `joined` the slugs of those that were joined. With `is_continued`, there were new changes of
    this device: a copy of its home, or this machine before its journal was put back, continued with its id.
    """

    counts: Mapping[str, int]
    edited_on_both: tuple[Record, ...] = ()
    waiting: Mapping[str, Waiting] = {}
    branches: Mapping[str, int] = {}
    purged: int = 0
    unreached: tuple[str, ...] = ()
    new_projects: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    is_continued: bool = False


class WouldHide(JournalError):
    """Changes from others would hide many records at once."""

    def __init__(self, count: int, total: int) -> None:
        """Say how many of how many."""
        self.count, self.total = count, total
        super().__init__(
            f"This would delete {count:,} of {total:,} records here. Nothing was changed.",
            "If that is right, run: valuelog sync --yes",
        )


class _NewChange(NamedTuple):
    """A change to take in, and what its publisher had seen."""

    device: str
    counter: int
    hash: bytes
    change: RawChange
    after: Mapping[str, int]


class _Plan(NamedTuple):
    """Changes to take in, each in the order of its device, and what can't be; `known` is what the log had."""

    known: Mapping[str, Head]
    new: list[_NewChange]
    waiting: dict[str, Waiting]
    branches: dict[str, int]


class _Merged(NamedTuple):
    """What a merge did: its plan, records whose text was edited on both sides, and those that were erased."""

    plan: _Plan
    edited_on_both: tuple[Record, ...]
    erased: frozenset[Record]


def take_in(
    journal: Journal,
    runs: Iterable[Run],
    *,
    allow_hiding: bool = False,
    joins_projects: bool = False,
    clear_files: ClearFiles = lambda _ids, _texts: (),
) -> TakenIn:
    """Take in changes that other machines published, all or none; then, if asked, join projects of the same name.

    Both are one transaction: if projects were joined later and that were interrupted, they would stay apart. Nothing
    is joined if another machine continued with the id of this one, which needs a new one first.
    What a purge elsewhere erased is erased here first from copies, then, by `clear_files`, from other files, then from
    the journal. Raises WouldHide unless `allow_hiding`, or AlteredChange.
    """
    listed = sorted(runs, key=lambda run: (run.device, run.first, run.first + len(run.changes)))
    database = journal._database  # noqa: SLF001  the same package
    with translate_errors(database.path):
        plan = _plan(journal, listed, list_heads(journal))
        if not plan.new:
            return TakenIn({}, (), plan.waiting, plan.branches)
        unreached: tuple[str, ...] = ()
        if purges := _list_purges(database.connection, plan.new):
            if not allow_hiding and _count_visible(database) > MAX_HIDDEN:
                _rehearse(journal, listed, plan)
            unreached = _purge_files(database, purges, clear_files)
        with database.transaction():
            merged = _merge_plan(journal, listed, plan, allow_hiding=allow_hiding)
            arrived = _list_projects(merged.plan)
            is_continued = any(new.device == database.device for new in merged.plan.new)
            joined = join_same_projects(journal, arrived) if joins_projects and not is_continued else ()
        if merged.erased:
            vacuum(database.connection, database.path)
    _, new, waiting, branches = merged.plan
    counts = Counter(each.device for each in new if each.change.entity not in INTERNAL_ENTITIES)
    edited = merged.edited_on_both
    erased = len(merged.erased)
    return TakenIn(counts, edited, waiting, branches, erased, unreached, arrived, joined, is_continued)


def _list_projects(plan: _Plan) -> tuple[str, ...]:
    return tuple({each.change.entity_id: None for each in plan.new if each.change.entity == "project"})


class _RehearsalOver(Exception):
    """Rolls the transaction of a rehearsal back."""


def _rehearse(journal: Journal, runs: Sequence[Run], plan: _Plan) -> None:
    """Merge, and roll back: a merge that is refused must not have erased anything from copies. Raises WouldHide."""
    with suppress(_RehearsalOver), journal.transaction():
        _merge_plan(journal, runs, plan, allow_hiding=False)
        raise _RehearsalOver


def _merge_plan(journal: Journal, runs: Sequence[Run], plan: _Plan, *, allow_hiding: bool) -> _Merged:
    """Merge what is planned, planned again if another terminal has written meanwhile. Raises WouldHide."""
    database = journal._database  # noqa: SLF001  the same package
    if (present := list_heads(journal)) != plan.known:
        plan = _plan(journal, runs, present)
    edited = _find_edited_on_both(database.connection, plan.new)
    hidden, erased = _merge(database.connection, plan.new)
    if not allow_hiding:
        _require_few(database, hidden)
    return _Merged(plan, edited, erased)


def _plan(journal: Journal, runs: Sequence[Run], known: Mapping[str, Head]) -> _Plan:
    heads = dict(known)
    plan = _Plan(known, [], {}, {})
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
        before = chain_hash_of(before, run.device, counter, change)
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


def _list_purges(connection: Connection, new: Sequence[_NewChange]) -> list[Record]:
    """Return the records that new changes purge, make a part of what is purged, or show to be erased elsewhere."""
    purges = {(each.change.entity, each.change.entity_id) for each in new if _erases(each.change)}
    rule = Rule(connection)
    for change in (each.change for each in new if each.change.entity in _PART_ENTITIES):
        parent = parent_of(change.entity, parse_fields(change.fields))
        if parent and (parent in purges or rule.was_purged(*parent)):
            purges.add((change.entity, change.entity_id))
    return sorted(purges)


def _purge_files(database: Database, purges: Sequence[Record], clear_files: ClearFiles) -> tuple[str, ...]:
    """Erase what purges elsewhere erased from copies and other files. Return a description of each that may have it."""
    folder = backups_folder(database.path)
    unreached: list[str] = []
    with translate_errors(folder), lock_backups(folder):
        for entity, entity_id in purges:
            copies = purge_copies(database, entity, entity_id, lambda _done: None)
            texts = copies.texts | read_texts(database.connection, copies.ids)
            unreached += [*copies.unreached, *clear_files(copies.ids, texts)]
    return tuple(dict.fromkeys(unreached))


def _erases(change: RawChange) -> bool:
    """Return whether a change is a purge, or was erased by one."""
    is_purge = change.act == PURGE_ACT and change.fields == "null"
    return change.entity in TABLES and (is_purge or change.fields is None)


def _merge(connection: Connection, new: Sequence[_NewChange]) -> tuple[int, frozenset[Record]]:
    """Append changes and bring the tables to them. Return how many records are hidden, and which were erased."""
    _append(connection, new)
    toggled = {each.change.undoes for each in new if each.change.undoes is not None}
    refresh_batches(connection, {each.change.batch for each in new} | toggled)
    records = {(each.change.entity, each.change.entity_id) for each in new if each.change.undoes is None}
    purged = {(each.change.entity, each.change.entity_id) for each in new if _erases(each.change)}
    result = recompute(connection, records | records_of_batches(connection, toggled), purged=purged)
    arrived = ((each.change.entity, each.change.entity_id) for each in new)
    return result.hidden, erase_arrived(connection, result.purged, arrived)


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
    left = _count_visible(database)
    if hidden > MAX_HIDDEN_SHARE * (hidden + left):
        raise WouldHide(hidden, hidden + left)


def _count_visible(database: Database) -> int:
    counts = (f"SELECT count(*) AS n FROM {entity} WHERE deleted IS NULL" for entity in SEARCHABLE_ENTITIES)
    ((count,),) = database.rows(f"SELECT sum(n) FROM ({' UNION ALL '.join(counts)})")
    return int(count)


def _find_edited_on_both(connection: Connection, new: Sequence[_NewChange]) -> tuple[Record, ...]:
    """Return the records of which a text was changed both here and elsewhere, neither knowing of the other."""
    edits = [(each, texts) for each in new if (texts := _edited_texts(each.change))]
    own: dict[Record, list[tuple[str, int, dict[str, str]]]] = {}
    sql = (
        f"SELECT d.name, c.counter, {RAW_COLUMNS} FROM json_each(?) n CROSS JOIN change c ON c.entity_id = n.value"
        " JOIN device d ON d.id = c.device WHERE c.undoes IS NULL"
    )
    for device, counter, *row in connection.execute(sql, (json.dumps([each.change.entity_id for each, _ in edits]),)):
        with suppress(ValueError):  # a damaged change: computing its record raises AlteredChange
            change = raw_change(row)
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
