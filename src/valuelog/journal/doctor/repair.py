"""Repairs a journal in place: only what the log, its hashes or a backup prove.

The file is copied byte for byte first. Everything happens in one transaction, which is audited before it is committed,
so a repair that is killed leaves the old file or the repaired one.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from valuelog.journal import ids
from valuelog.journal.backup_schedule import format_time
from valuelog.journal.connection import SCHEMA_VERSION, begin_immediate, open_to_write, translate_errors
from valuelog.journal.doctor.chain_repair import ChainPlan, plan_chain_repair
from valuelog.journal.doctor.examination import check_schema, connect_read_only, connect_to_examine
from valuelog.journal.doctor.tables_repair import (
    drop_triggers,
    rebuild_batches,
    rebuild_full_text,
    refold_entity,
    remove_wordless_rows,
    rename_devices,
    restore_definitions,
    write_changes,
)
from valuelog.journal.files import new_file
from valuelog.journal.hash_chain import Damage, Row, bindable, decode_losslessly, expected_hash, read_log
from valuelog.journal.log import Change, Log, canonical_json
from valuelog.journal.merge import parse_fields
from valuelog.journal.verify import check_log, iter_damage

_BLOCK_SIZE = 1 << 20

Choices = Mapping[str, str]
"""The fields (JSON) that a person picked for altered changes, by the id of the change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """An altered change without an original: `versions` are its possible fields (JSON), by where they come from."""

    change: str
    entity: str
    entity_id: str
    versions: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """What a repair did, in sentences; `copy` is the file as it was before. `failed` if the file can't be repaired."""

    done: tuple[str, ...] = ()
    copy: Path | None = None
    failed: bool = False


class _Unrepairable(Exception):
    """SQLite cannot read or write parts of the file."""


def find_conflicts(path: Path, backups: Sequence[Path]) -> tuple[Conflict, ...]:
    """Return the altered changes that only a person can decide about. Nothing is locked meanwhile."""
    with (
        suppress(sqlite3.DatabaseError, UnicodeError, MemoryError, OverflowError),
        closing(connect_to_examine(path)) as connection,
        decode_losslessly(connection),
        _open_sources(backups) as sources,
    ):
        plan = plan_chain_repair(connection, sources)
        if not plan.lost:
            return tuple(_describe_conflict(connection, row) for row in plan.unresolved)
    return ()


def _describe_conflict(connection: Connection, row: Row) -> Conflict:
    """Return the versions of an altered change: what the log has now, and what the table shows."""
    from valuelog.journal.projection import TABLES  # noqa: PLC0415  one place
    from valuelog.journal.tables_check import actual_row, table_columns  # noqa: PLC0415

    versions: dict[str, str] = {}
    fields = parse_fields(row.fields)
    if isinstance(fields, dict) and isinstance(row.fields, str):
        versions["log"] = row.fields
    if row.entity in TABLES:
        table = TABLES[row.entity]
        stored = actual_row(connection, row.entity, table_columns(connection, row.entity), row.entity_id)
        if stored:
            initial = table.initial_fields
            known = {name: value for name, value in stored.items() if name in initial and value != initial[name]}
            shown = {name: known[name] for name in known if not isinstance(fields, dict) or name in fields}
            versions["table"] = canonical_json(shown if isinstance(fields, dict) else known)
    return Conflict(
        change=str(row.id), entity=str(row.entity), entity_id=str(row.entity_id),
        versions={name: text for name, text in versions.items() if _is_utf8(text)},
    )  # fmt: skip


def _is_utf8(text: str) -> bool:
    return bindable(text) is text


@contextmanager
def _open_sources(backups: Sequence[Path]) -> Iterator[list[Connection]]:
    """Yield connections to the backups, newest first."""
    with ExitStack() as stack:
        sources = []
        for path in reversed(backups):
            with suppress(sqlite3.Error):
                sources.append(stack.enter_context(closing(connect_read_only(path))))
        yield sources


def repair_journal(
    path: Path, *, device: str, now: datetime, backups: Sequence[Path] = (), choices: Choices | None = None
) -> Repair:
    """Repair what can be derived. Raises JournalError if the file can't be opened or copied."""
    real = path.resolve()
    if _read_version(real) < SCHEMA_VERSION:
        open_to_write(real).close()
    with translate_errors(real), ExitStack() as stack:
        file = stack.enter_context(real.open("rb"))  # closed last: closing it releases SQLite's locks (POSIX)
        connection = stack.enter_context(closing(_connect_to_repair(real)))
        sources = stack.enter_context(_open_sources(backups))
        try:
            begin_immediate(connection)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise
            return Repair(failed=True)
        copy = _keep_copy(real, file, now)
        try:
            done = _repair_in_transaction(connection, sources, device=device, now=now, choices=choices or {})
        except (_Unrepairable, sqlite3.DatabaseError, UnicodeError, MemoryError, OverflowError):
            connection.rollback()
            return Repair(copy=copy, failed=True)
        except BaseException:
            connection.rollback()
            raise
        if not done:
            connection.rollback()
            copy.unlink()
            return Repair()
        connection.execute("COMMIT")
    return Repair(done=tuple(done), copy=copy)


def _read_version(path: Path) -> int:
    """Return the schema version of a file, or the current one if it can't be read."""
    with translate_errors(path), closing(connect_to_examine(path)) as connection:
        try:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return SCHEMA_VERSION


def _connect_to_repair(path: Path) -> Connection:
    connection = connect_to_examine(path)
    for pragma in ("foreign_keys = OFF", "synchronous = EXTRA", "secure_delete = ON"):
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
            connection.execute(f"PRAGMA {pragma}")
    return connection


def _keep_copy(path: Path, file: Any, now: datetime) -> Path:  # noqa: ANN401  an open binary file
    """Copy a file byte for byte beside itself. `own_copies` finds it."""
    target = path.with_name(f"{path.name}.before-fix-{format_time(now)}.{ids.new_id()[:4]}")
    with new_file(target, replace=False) as copy:
        while block := file.read(_BLOCK_SIZE):
            copy.write(block)
    return target


def _repair_in_transaction(
    connection: Connection, sources: Sequence[Connection], *, device: str, now: datetime, choices: Choices
) -> list[str]:
    """Repair step by step, and audit the result. Return what was done; raises _Unrepairable."""
    done: list[str] = []
    with decode_losslessly(connection):
        before = list(iter_damage(connection)) + [Damage(each.id, each.text) for each in check_schema(connection)]
        if any(each.kind == "unreadable-page" for each in before):
            connection.execute("REINDEX")
            done.append("Rebuilt the indexes.")
        drop_triggers(connection)
        plan = plan_chain_repair(connection, sources)
        done += _repair_chain(connection, plan, choices, device=device, now=now)
        if plan.is_complete or (not plan.lost and all(str(row.id) in choices for row in plan.unresolved)):
            done += _repair_rows(connection)
        restore_definitions(connection)
        if any(check_schema(connection)):  # of a table, which only a new file gets right
            raise _Unrepairable
        if any(each.kind == "schema" for each in before):
            done.append("Restored the definitions of indexes, views and triggers.")
        rebuild_batches(connection)
        rebuild_full_text(connection)
        done += _describe_rebuilt(before)
        after = list(iter_damage(connection))
    _require_better(before, after, has_changes=bool(done))
    return done


def _require_better(before: list[Damage], after: list[Damage], *, has_changes: bool) -> None:
    """Raise _Unrepairable if SQLite can't read the result, or it has damage that wasn't there before."""
    if any(each.kind == "unreadable-page" for each in after):
        raise _Unrepairable
    known = {(each.kind, each.change, each.entity_id) for each in before}
    was_hidden = any(each.kind == "unreadable-page" for each in before)
    new = {(each.kind, each.change, each.entity_id) for each in after} - known
    if has_changes and new and not was_hidden:
        raise _Unrepairable


def _describe_rebuilt(before: list[Damage]) -> Iterator[str]:
    kinds = {each.kind for each in before}
    if "full-text" in kinds:
        yield "Rebuilt the search index."
    if "batch" in kinds:
        yield "Rebuilt the list of undone changes."


def _repair_chain(
    connection: Connection, plan: ChainPlan, choices: Choices, *, device: str, now: datetime
) -> Iterator[str]:
    """Put back the originals of altered and missing changes; then what a person picked."""
    rename_devices(connection, plan.renamed_devices)
    for name in plan.renamed_devices.values():
        yield f"Restored the name of device {name}."
    write_changes(connection, plan.originals.values(), without=plan.strays)
    for row in plan.originals.values():
        yield f"Restored what the log says about {_name(row)}: it matches its checksum."
    picked = [row for row in plan.unresolved if str(row.id) in choices]
    if picked and not plan.lost and len(picked) == len(plan.unresolved):
        for row in picked:
            write_changes(connection, [row._replace(fields=choices[str(row.id)], erased=None)])
            yield f"Took the version you picked of {_name(row)}, and logged that."
        chain_anew(connection)
        log_repair(connection, [str(row.id) for row in picked], device=device, now=now)


def _name(row: Row) -> str:
    return f"{str(row.entity).replace('_', ' ')} {row.entity_id}"


def chain_anew(connection: Connection) -> None:
    """Compute all hashes again, after a person picked the text of changes whose original is lost."""
    heads: dict[Any, bytes] = {}
    for chunk in list(read_log(connection)):
        changed = []
        for row in chunk:
            right = expected_hash(heads.get(row.device, b""), row)
            if right is None:
                raise _Unrepairable
            heads[row.device] = right
            if right != row.hash:
                changed.append((right, row.seq))
        connection.executemany("UPDATE change SET hash = ? WHERE seq = ?", changed)


def log_repair(connection: Connection, changes: Iterable[str], *, device: str, now: datetime) -> None:
    """Append the change that names what was repaired without proof. It can't be undone."""
    fields = {"text": f"picked by hand: {', '.join(changes)}"}
    Log(connection, device).append(
        [Change("repair", ids.new_id(), fields)], batch=ids.new_id(), act="repair", undoes=None, now=now
    )


def _repair_rows(connection: Connection) -> Iterator[str]:
    """Fold what differs from the log again."""
    damage = list(check_log(connection))
    differing = [each for each in damage if each.kind == "row-differs"]
    for each in differing:
        refold_entity(connection, each.entity, each.entity_id)
        yield f"Rebuilt {each.entity.replace('_', ' ')} {each.entity_id} from its history."
    if any(each.kind == "row-without-log" for each in damage):
        remove_wordless_rows(connection)
