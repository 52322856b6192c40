"""Examines a journal: every check, in order, each problem as a Finding with its remedy. Changes nothing."""

import re
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from sqlite3 import Connection

from valuelog.journal.connection import BUSY_TIMEOUT_SECONDS, SCHEMA_VERSION, journal_exists, translate_errors
from valuelog.journal.errors import DamagedJournal, NotAJournal
from valuelog.journal.hash_chain import Damage, bindable, decode_losslessly, decode_text, fits_chain, select_rows
from valuelog.journal.ids import is_id_prefix, unique_prefix_length
from valuelog.journal.log import MAX_TICK, MAX_WALL, to_milliseconds
from valuelog.journal.projection import TABLES
from valuelog.journal.verify import catch_damage, check_content, check_file
from valuelog.model.period import format_full_day
from valuelog.model.text import first_line, truncate_line

MAX_FINDINGS = 1_000
"""How many findings of one id are listed."""

EARLIEST_WALL = 946_684_800_000
"""The first millisecond of the year 2000: no valuelog is older."""

MAX_CLOCK_LEAD = timedelta(days=1)
"""How far the clock of the log may be ahead of the clock of its device."""

FIX = "valuelog doctor --fix"
RESTORE = "valuelog restore"


class Severity(StrEnum):
    """How bad a finding is: `DAMAGE` of the journal, a `WARNING` about something around it, or only a `NOTE`."""

    DAMAGE = "damage"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One problem, in one sentence.

    `id` names its kind. `entity`, `entity_id` and `day` say what it is about, `change` which change of the log, `path`
    which file. `last_good` is the newest backup that still has it undamaged, `remedy` the command that helps, and
    `shown` the text that it is about, where it may be nowhere else.
    """

    id: str
    severity: Severity
    text: str
    remedy: str = ""
    entity: str = ""
    entity_id: str = ""
    day: date | None = None
    change: str = ""
    path: Path | None = None
    last_good: Path | None = None
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Examination:
    """The result of all checks of a journal's file; the counts are None if they can't be read."""

    findings: tuple[Finding, ...]
    entries: int | None = None
    changes: int | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing has to be done."""
        return all(finding.severity is Severity.NOTE for finding in self.findings)


def examine(
    path: Path, *, now: datetime, backups: Iterable[Path] = (), report: Callable[[int], None] = lambda _: None
) -> Examination:
    """Check a journal's modes, header, content and clock. `backups`, the newest last, may have what is damaged.

    Raises NewerJournal, BusyJournal or UnreachableJournal.
    """
    modes = tuple(check_modes(path))
    try:
        if not journal_exists(path):
            return Examination(findings=(_missing_journal(path),))
    except NotAJournal as error:
        text = f"{error.message.removesuffix(' It was left untouched.')}"
        return Examination(findings=(*modes, _header_finding("not-a-journal", path, text)))
    except DamagedJournal:
        text = f"{path} is cut off: the end of the file is missing."
        findings = (*modes, _header_finding("truncated", path, text))
        return Examination(findings=findings)
    with translate_errors(path), closing(connect_to_examine(path)) as connection, decode_losslessly(connection):
        findings = tuple(_examine_content(connection, now, report))
        found = tuple(_find_last_good(connection, findings, tuple(backups)))
        return Examination(
            findings=(*modes, *found), entries=_count(connection, "entry WHERE deleted IS NULL"),
            changes=_count(connection, "change"),
        )  # fmt: skip


def connect_to_examine(path: Path) -> Connection:
    """Connect without migrating; to write if possible, so that an interrupted change is rolled back."""
    uri = path.resolve().as_uri()
    for mode in ("rw", "ro"):
        connection = sqlite3.connect(f"{uri}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS)
        try:
            connection.execute("PRAGMA cache_size = -60000")
            connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            if mode == "ro" or getattr(error, "sqlite_errorcode", 0) & 0xFF not in {
                sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM,
            }:  # fmt: skip
                raise
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return connection  # the checks say what is wrong
        else:
            return connection
    raise AssertionError  # pragma: no cover  the loop returns or raises


# Location, modes and header


def check_modes(*paths: Path) -> Iterator[Finding]:
    """Find files and folders of valuelog that other users can open."""
    for path in paths:
        with suppress(OSError):
            mode = path.stat().st_mode
            if mode & 0o077:
                wanted = "700" if stat.S_ISDIR(mode) else "600"
                text = f"Other users of this computer can open {path} (mode {mode & 0o777:o} instead of {wanted})."
                yield Finding(id="mode", severity=Severity.WARNING, text=text, remedy=FIX, path=path)


def _missing_journal(path: Path) -> Finding:
    return Finding(id="missing", severity=Severity.NOTE, text=f"There is no journal at {path} yet.", path=path)


def _header_finding(kind: str, path: Path, text: str) -> Finding:
    return Finding(id=kind, severity=Severity.DAMAGE, text=text, remedy=RESTORE, path=path)


# Content


def _examine_content(connection: Connection, now: datetime, report: Callable[[int], None]) -> Iterator[Finding]:
    """Check what is in the file. Damage that SQLite sees doesn't keep the rest from being checked."""
    is_old = _is_old_schema(connection)
    in_file = list(check_file(connection, is_old_schema=is_old))
    yield from _group_file_damage(in_file)
    yield from catch_findings(check_schema(connection) if not is_old else iter(()))
    content = check_content(connection, is_old_schema=is_old, report=report)
    described = [_describe(connection, damage) for damage in catch_damage(content)]
    if in_file:
        described = [each for each in described if each.id != "unreadable-page"]
    yield from cap(_merge_devices(connection, described))
    yield from catch_findings(check_clock(connection, now))


def _is_old_schema(connection: Connection) -> bool:
    with suppress(sqlite3.DatabaseError):
        return int(connection.execute("PRAGMA user_version").fetchone()[0]) < SCHEMA_VERSION
    return False


def cap(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield at most MAX_FINDINGS findings of each id."""
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.id] += 1
        if counts[finding.id] <= MAX_FINDINGS:
            yield finding


def catch_findings(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings until damage that was reported before ends them."""
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError, MemoryError, OverflowError):
        yield from findings


_IS_INDEX_MESSAGE = re.compile(r"SQLite: (row \d+ missing from index|wrong # of entries in index|non-unique entry in)")


def _group_file_damage(damage: list[Damage]) -> Iterator[Finding]:
    """Yield one finding about indexes, which can be derived, and one about everything else that SQLite finds."""
    indexes = [each.text for each in damage if _IS_INDEX_MESSAGE.match(each.text)]
    others = [each.text for each in damage if not _IS_INDEX_MESSAGE.match(each.text)]
    if others:
        text = f"Parts of the file can't be read ({_first_of(others)})."
        yield Finding(id="unreadable-page", severity=Severity.DAMAGE, text=text, remedy=FIX)
    if indexes:
        text = f"An index doesn't match its table ({_first_of(indexes)})."
        yield Finding(id="index", severity=Severity.DAMAGE, text=text, remedy=FIX)


def _first_of(messages: list[str]) -> str:
    """Return the first line of the first message, and how many more there are."""
    lines = [line for line in messages[0].split("\n") if not line.startswith("SQLite: ***")] or messages
    first = truncate_line(_readable(lines[0].removeprefix("SQLite: ")), 100)
    return f"{first}, and {len(messages) - 1:,} more" if len(messages) > 1 else first


def _readable(text: object) -> str:
    """Return damaged text so that it can be shown: invalid bytes become replacement characters."""
    return str(text).encode(errors="surrogateescape").decode(errors="replace")


# The definitions of tables


def check_schema(connection: Connection) -> Iterator[Finding]:
    """Compare the definitions of tables, indexes, views and triggers with what this version creates."""
    wanted, stored = expected_definitions(), definitions(connection)
    for name in sorted(wanted.keys() | stored.keys()):
        if wanted.get(name) != stored.get(name):
            text = f"The definition of {_readable(name)} in the file isn't what valuelog writes."
            yield Finding(id="schema", severity=Severity.DAMAGE, text=text, remedy=FIX)
    if applied_migrations(connection) != _expected_migrations():
        text = "The file's record of its schema isn't what valuelog writes."
        yield Finding(id="schema", severity=Severity.DAMAGE, text=text, remedy=FIX)


def definitions(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return the type and the SQL of each definition, by name; those that SQLite makes itself are left out."""
    rows = connection.execute(
        "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'search_fts_*'"
    )
    return {str(name): (str(kind), " ".join(str(sql).split())) for name, kind, sql in rows}


def applied_migrations(connection: Connection) -> list[tuple[object, ...]]:
    """Return the names of the migrations that a journal has had."""
    return connection.execute("SELECT migration_set, name FROM _sqlite_migrations ORDER BY rowid").fetchall()


def _fresh_journal(before: str | None = None) -> Connection:
    from valuelog.journal.schema import migrate  # noqa: PLC0415  imports sqlite-utils (80 ms)

    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, stop_before=before)
    return connection


def expected_definitions(*, before: str | None = None) -> dict[str, tuple[str, str]]:
    """Return the definitions of an empty journal of this version, or as they were before a migration."""
    with closing(_fresh_journal(before)) as fresh:
        return definitions(fresh)


def _expected_migrations() -> list[tuple[object, ...]]:
    with closing(_fresh_journal()) as fresh:
        return applied_migrations(fresh)


# Descriptions of damage

_DAY_COLUMNS = {
    "entry": "day", "sighting": "day", "promise": "made_on", "measurement": "day", "day_off": "day",
    "draft_seen": "day", "pain": "substr(created, 1, 10)", "project": "started_on",
    "reflection": "substr(created, 1, 10)",
}  # fmt: skip

_NAMES = {"pain": "pain point", "measurement": "reading", "day_off": "day off", "draft_seen": "draft"}


def _describe(connection: Connection, damage: Damage) -> Finding:
    """Return the finding about some damage."""
    day = _day_of(connection, damage)
    thing = _name_of(connection, damage, day)
    change = _readable(damage.change)
    texts = {
        "altered-change": (f"{thing} was altered on disk: it no longer matches its checksum.", FIX),
        "chain-gap": (f"Changes are missing from the log, before one of {thing[:1].lower()}{thing[1:]}.", FIX),
        "row-differs": (f"{thing} doesn't match its history.", FIX),
        "row-without-log": (f"{thing} is in the tables, but no change in the log made it.", f"{RESTORE} -n"),
        "batch": (f"What is undone is recorded wrongly for changes {_readable(damage.entity_id)}.", FIX),
        "missing-reference": (f"{damage.text[:1].upper()}{damage.text[1:]}.", FIX),
        "full-text": ("The search index doesn't match the text.", FIX),
    }
    text, remedy = texts.get(damage.kind, (f"Parts of the file can't be read ({_readable(damage.text)}).", FIX))
    return Finding(
        id=damage.kind, severity=Severity.DAMAGE, text=text, remedy=remedy, entity=_readable(damage.entity),
        entity_id=_readable(damage.entity_id), day=day, change=change, shown=_shown_text(connection, damage),
    )  # fmt: skip


def _name_of(connection: Connection, damage: Damage, day: date | None) -> str:
    """Return what some damage is about, such as `Entry k7 of Fri 20 Nov 2026`."""
    entity = _readable(damage.entity)
    name = _NAMES.get(entity, entity.replace("_", " "))
    name = f"{name[:1].upper()}{name[1:]} {_short_id(connection, damage.entity_id)}"
    return f"{name} of {format_full_day(day)}" if day and entity != "day_off" else name


def _short_id(connection: Connection, entity_id: str) -> str:
    """Return the beginning of an id that is enough to name it."""
    if not is_id_prefix(entity_id):
        return truncate_line(_readable(entity_id), 40)
    sql = (
        "SELECT (SELECT max(entity_id) FROM change WHERE entity_id < ?1),"
        " (SELECT min(entity_id) FROM change WHERE entity_id > ?1)"
    )
    with suppress(sqlite3.DatabaseError):
        neighbors = [str(each) for each in connection.execute(sql, (entity_id,)).fetchone() if each]
        return entity_id[: unique_prefix_length(entity_id, neighbors)]
    return entity_id


def _day_of(connection: Connection, damage: Damage) -> date | None:
    """Return the day of an entity, from its row or from the log."""
    if damage.entity not in _DAY_COLUMNS:
        return None
    key, column = TABLES[damage.entity].key, _DAY_COLUMNS[damage.entity]
    with suppress(sqlite3.DatabaseError, ValueError, TypeError, OverflowError):
        sql = f"SELECT {column} FROM {damage.entity} WHERE {key} = ?"
        row = connection.execute(sql, (bindable(damage.entity_id),)).fetchone()
        return date.fromisoformat(row[0]) if row else None
    return None


def _shown_text(connection: Connection, damage: Damage) -> tuple[str, ...]:
    """Return the text of a row that is only in the tables."""
    if damage.kind != "row-without-log" or damage.entity not in TABLES:
        return ()
    columns = [name for name in ("text", "name", "answer", "value", "note") if name in TABLES[damage.entity].defaults]
    with suppress(sqlite3.DatabaseError, IndexError):
        sql = f"SELECT {columns[0]} FROM {damage.entity} WHERE {TABLES[damage.entity].key} = ?"
        row = connection.execute(sql, (bindable(damage.entity_id),)).fetchone()
        return (truncate_line(first_line(_readable(row[0])), 200),) if row and row[0] else ()
    return ()


_MIN_CHANGES_OF_DEVICE = 3
"""With fewer altered changes, each is named by itself, even if they are all that their device wrote."""


def _merge_devices(connection: Connection, findings: list[Finding]) -> list[Finding]:
    """Replace the findings about all changes of a device by one: not they were altered, but the device's name."""
    altered = {finding.change: finding for finding in findings if finding.id == "altered-change"}
    if len(altered) < _MIN_CHANGES_OF_DEVICE:
        return findings
    merged: set[str] = set()
    devices: list[Finding] = []
    with suppress(sqlite3.DatabaseError):
        for (device,) in connection.execute("SELECT DISTINCT device FROM change").fetchall():
            ids = [_readable(row[0]) for row in connection.execute("SELECT id FROM change WHERE device = ?", (device,))]
            if len(ids) >= _MIN_CHANGES_OF_DEVICE and all(each in altered for each in ids):
                merged.update(ids)
                text = (
                    f"The name of the device that wrote {len(ids):,} changes was altered: none of them can be checked."
                )
                devices.append(Finding(id="device", severity=Severity.DAMAGE, text=text, remedy=FIX))
    return [*devices, *(each for each in findings if each.id != "altered-change" or each.change not in merged)]


# The clock


def check_clock(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Find changes at times that can't be right: one finding for each way in which they can be wrong."""
    columns = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info('change')")}
    own = "coalesce(own_wall, :now)" if "own_wall" in columns else ":now"
    impossible = "wall NOT BETWEEN :earliest AND :latest OR tick NOT BETWEEN 0 AND :max_tick"
    ahead = f"wall BETWEEN :earliest AND :latest AND wall > {own} + :lead"
    values = {
        "earliest": EARLIEST_WALL, "latest": MAX_WALL, "max_tick": MAX_TICK, "now": to_milliseconds(now),
        "lead": int(MAX_CLOCK_LEAD.total_seconds() * 1000),
    }  # fmt: skip
    for severity, condition, problem in (
        (Severity.DAMAGE, impossible, "before the year 2000, after 9999, or with an impossible counter"),
        (Severity.NOTE, ahead, "more than a day ahead of the clock of their device; they keep their order"),
    ):
        sql = f"SELECT count(*), id, entity, entity_id, min(seq) FROM change WHERE {condition}"
        ((count, change, entity, entity_id, _),) = connection.execute(sql, values).fetchall()
        if count:
            damage = Damage("clock", "", str(change), str(entity), str(entity_id))
            yield Finding(
                id="clock", severity=severity, text=f"{_format_changes(count)} {problem}.", entity=_readable(entity),
                entity_id=_readable(entity_id), day=_day_of(connection, damage), change=_readable(change),
                remedy=RESTORE if severity is Severity.DAMAGE else "",
            )  # fmt: skip


def _format_changes(count: int) -> str:
    return "1 change is dated" if count == 1 else f"{count:,} changes are dated"


# The last good copy

MAX_LOOKUPS = 50
"""For how many findings the backups are searched."""


def _find_last_good(
    connection: Connection, findings: tuple[Finding, ...], backups: tuple[Path, ...]
) -> Iterator[Finding]:
    """Yield the findings, those about an altered change with the newest backup that has it with a fitting hash."""
    lookups = 0
    for finding in findings:
        if finding.id == "altered-change" and lookups < MAX_LOOKUPS:
            lookups += 1
            good = next(
                (path for path in reversed(backups) if _has_good_change(connection, path, finding.change)), None
            )
            yield replace(finding, last_good=good)
        else:
            yield finding


def _has_good_change(connection: Connection, backup: Path, change: str) -> bool:
    """Return True if a backup has a change at its place in the log, and its hash fits the one before it."""
    with suppress(sqlite3.DatabaseError, OSError, UnicodeError, TypeError), closing(connect_read_only(backup)) as copy:
        for (seq,) in connection.execute("SELECT seq FROM change WHERE id = ?", (bindable(change),)).fetchall():
            rows = select_rows(copy, "c.seq = ?", (seq,))
            return bool(rows) and fits_chain(copy, rows[0])
    return False


def connect_read_only(path: Path) -> Connection:
    """Connect to a copy that nothing else writes."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.text_factory = decode_text
    return connection


def _count(connection: Connection, source: str) -> int | None:
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
        return int(connection.execute(f"SELECT count(*) FROM {source}").fetchone()[0])
    return None
