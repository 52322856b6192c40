"""CSV: a table of entries whose header names the columns. Unknown columns are ignored.

The columns are the fields of an entry that `valuelog.model.fields` marks so, and its id. Spreadsheets run cells that
begin with = + - @ as formulas, some also with the full-width and small forms of these signs, so they are escaped by an
apostrophe, which reading removes.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, BinaryIO

from valuelog.exchange import MAX_RECORD_BYTES, ImportContext, Record, Rejected, UnreadableFile
from valuelog.exchange.records import (
    InvalidRecord,
    OriginFactory,
    excerpt,
    invalid_utf8,
    join_text,
    limit_rejected,
    parse_date,
    parse_date_or_datetime,
    parse_names,
    parse_project,
    read_lines,
)
from valuelog.model.entry import Entry, Held, Impact, Kind, parse_choice, parse_key, parse_minutes
from valuelog.model.errors import BadInput
from valuelog.model.fields import ENTITIES, LIST_TYPES, Field, FieldType

_FIELDS = {name: field for name, field in ENTITIES["entry"].fields.items() if field.in_csv}

ID_COLUMN = "id"
"""The column after those of the fields, by which the rows of one's own export are recognized."""

COLUMNS = (*_FIELDS, ID_COLUMN)

REQUIRED_COLUMNS = ("day", "text")

FIRST_COLUMN_COUNT = 10
"""The columns of version 0.1.0, from whose cells the origin of a row is hashed."""

_ENUMS: Mapping[str, tuple[type[StrEnum], str]] = {
    "kind": (Kind, "kind"),
    "impact": (Impact, "impact"),
    "held": (Held, "answer to “did it hold”"),
}
"""The members of choice fields, and the singular for messages."""

MAX_BLANK_ROWS = 300_000
"""After more blank rows than this, a file is taken for another format."""

DELIMITERS = ",;\t|"

_DELIMITER_LINE = re.compile(r'"?sep=([^"\r\n])"?[,;\t]*\s*', re.IGNORECASE)
"""The first line with which Excel names the delimiter."""

_FORMULA_SIGNS = r"=+\-@\t\r\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_FORMULA_START = re.compile(rf"'*[{_FORMULA_SIGNS}]")
_ESCAPED_FORMULA = re.compile(rf"'+[{_FORMULA_SIGNS}]")

_ZERO = re.compile(r"0+([:.,]0+)*", re.ASCII)
"""No time, as trackers write it."""

csv.field_size_limit(MAX_RECORD_BYTES)  # global, but nothing else reads CSV


def write(entries: Iterable[Entry | Record], *, raw: bool = False) -> Iterator[str]:
    """Yield the lines of a table. With `raw`, formulas are not escaped.

    A formula that is escaped already is escaped once more in any case, so that reading restores it.
    """
    pattern = _ESCAPED_FORMULA if raw else _FORMULA_START
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    yield line.getvalue()
    for entry in entries:
        line.seek(0)
        line.truncate()
        writer.writerow([*(escape_formula(cell, pattern) for cell in _format_cells(entry)), _format_id(entry)])
        yield line.getvalue()


def _format_id(entry: Entry | Record) -> str:
    return entry.id if isinstance(entry, Entry) else entry.known_id or ""


def _format_cells(entry: Entry | Record) -> list[str]:
    return [" ".join(value) if name in _LISTS else str(value or "") for name, value in _values(entry)]


_LISTS = frozenset(name for name, field in _FIELDS.items() if field.type in LIST_TYPES)


def _values(entry: Entry | Record) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(entry, name)) for name in _FIELDS)


def escape_formula(cell: str, pattern: re.Pattern[str] = _FORMULA_START) -> str:
    """Prefix a cell that matches a pattern with an apostrophe, by default one that is a formula."""
    return f"'{cell}" if pattern.match(cell) else cell


def _unescape_formula(cell: str) -> str:
    return cell[1:] if _ESCAPED_FORMULA.match(cell) else cell


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected]:
    """Yield the rows of a table. Raises UnreadableFile if its header names no day and text."""
    return limit_rejected(_parse_rows(stream, context))


class _LineReader:
    """Iterates over the lines of a file as text. After raising InvalidRecord it continues with the next line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = read_lines(stream)
        self.number = 0
        self.row_bytes = 0
        """The size of the current row: with an open quote, a row could be the whole file."""

    def __iter__(self) -> "_LineReader":
        return self

    def __next__(self) -> str:
        raw = next(self._lines)
        self.number += 1
        self.row_bytes += len(raw)
        if self.row_bytes > MAX_RECORD_BYTES:
            raise InvalidRecord("A quote is never closed.")
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise invalid_utf8(error) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class _Header:
    """The columns of a table; `column_indexes` has those that are known by our names."""

    delimiter: str
    width: int
    column_indexes: Mapping[str, int]

    def cells_by_column(self, cells: Sequence[str]) -> Mapping[str, str]:
        """Map our names to the cells of a row. Raises InvalidRecord for cells beyond the header."""
        if any(cells[self.width :]):
            raise InvalidRecord(
                f"It has {len(cells):,} cells, but the header has {self.width:,}. Are quotes missing around a text?"
            )
        return {
            column: _unescape_formula(cells[index]) if index < len(cells) else ""
            for column, index in self.column_indexes.items()
        }


def _parse_rows(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected]:
    lines = _LineReader(stream)
    header = _parse_header(lines, context.columns)
    rows = csv.reader(lines, delimiter=header.delimiter, strict=True)
    origins = OriginFactory("csv")
    blank_rows = 0
    while blank_rows < MAX_BLANK_ROWS:
        lines.row_bytes, location = 0, f"line {lines.number + 1:,}"
        try:
            cells = next(rows)
            blank_rows = 0 if any(cells) else blank_rows + 1
            if not blank_rows:
                yield _parse_record(header.cells_by_column(cells), location, context, origins)
        except StopIteration:
            return
        except BadInput as error:
            yield Rejected(location=location, reason=error.message)
        except csv.Error as error:
            yield Rejected(location=location, reason=f"Invalid CSV: {excerpt(str(error))}.")
    raise UnreadableFile(f"The file has {MAX_BLANK_ROWS:,} blank rows.", "Is this the right file?")


def _parse_header(lines: _LineReader, column_map: Mapping[str, str]) -> _Header:
    """Parse the first line that is not blank, with the delimiter that finds most columns. Raises UnreadableFile."""
    line = _next_line(lines)
    theirs = {ours: _normalize_column(column_map.get(ours, ours)) for ours in COLUMNS}
    if unknown := next((ours for ours in column_map if ours not in COLUMNS), None):
        raise UnreadableFile(
            f"There is no column “{excerpt(unknown)}” to map to.", f"Choose from: {', '.join(COLUMNS)}."
        )
    delimiters = DELIMITERS
    if declared := _DELIMITER_LINE.fullmatch(line):
        delimiters, line = declared[1], _next_line(lines)
    candidates = {delimiter: _split_header(line, delimiter) for delimiter in delimiters}
    known = {*theirs.values()}
    delimiter = max(delimiters, key=lambda mark: (len(known & {*candidates[mark]}), len(candidates[mark])))
    columns = candidates[delimiter]
    _require_columns(columns, theirs, column_map)
    indexes = {ours: columns.index(name) for ours, name in theirs.items() if name in columns}
    return _Header(delimiter=delimiter, width=len(columns), column_indexes=indexes)


def _next_line(lines: _LineReader) -> str:
    """Return the next line that is not blank. Raises UnreadableFile."""
    try:
        line = next((line for line in lines if line.strip()), "")
    except InvalidRecord as error:
        raise UnreadableFile(f"This is not a text file: {error.message}", "Save it as CSV in UTF-8.") from error
    if not line:
        raise UnreadableFile("The file is empty.", "Its first line must name the columns: day,text,…")
    return line


def _split_header(line: str, delimiter: str) -> list[str]:
    """Return the names of the columns with a delimiter, or none if this is invalid."""
    try:
        return [_normalize_column(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _normalize_column(name: str) -> str:
    return name.strip().casefold()


def _require_columns(columns: list[str], theirs: Mapping[str, str], column_map: Mapping[str, str]) -> None:
    """Raise UnreadableFile if a required or mapped column is missing, or a known one occurs twice."""
    for ours, name in theirs.items():
        if name not in columns and (ours in REQUIRED_COLUMNS or ours in column_map):
            raise _missing_column_error(ours, name, columns)
        if columns.count(name) > 1:
            raise UnreadableFile(f"There are two columns “{excerpt(name)}”.", "Rename one of them.")


def _missing_column_error(ours: str, name: str, columns: list[str]) -> UnreadableFile:
    close = get_close_matches(name[:100], [column[:100] for column in columns[:100]], n=1)
    guess = f"Did you mean “{excerpt(close[0])}”? " if close else ""
    listed = excerpt(", ".join(columns[:20])) or "none"
    hint = f"{guess}The file has: {listed}. Choose a column with --map {ours}=COLUMN."
    return UnreadableFile(f"There is no column “{excerpt(name)}”.", hint)


def _parse_record(cells: Mapping[str, str], location: str, context: ImportContext, origins: OriginFactory) -> Record:
    day, created = parse_date_or_datetime(cells["day"], context)
    values = {
        name: _parse_cell(_FIELDS[name], cell)
        for name, cell in cells.items()
        if name not in {"day", ID_COLUMN} and (cell.strip() or name in REQUIRED_COLUMNS)
    }
    known_id = cells.get(ID_COLUMN, "").strip() or None
    record = Record(location=location, origin="", day=day, created=created, known_id=known_id, **values)
    return record._replace(origin=_create_origin(record, origins))


def _create_origin(record: Record, origins: OriginFactory) -> str:
    """Hash the cells of a record. Columns added later count only if set: files imported before are recognized."""
    cells = _format_cells(record)
    return origins.from_values(*cells[:FIRST_COLUMN_COUNT], *filter(None, cells[FIRST_COLUMN_COUNT:]))


def _parse_cell(field: Field, cell: str) -> Any:  # noqa: ANN401, PLR0911  what a Record holds, a line for each type
    """Parse a cell by the type of its field. Raises BadInput."""
    match field.type:
        case FieldType.NAMES:
            return parse_names(field.name, _split_words(cell))
        case FieldType.KEYS:
            what = f"one of its {field.name}"
            return tuple(dict.fromkeys(parse_key(what, excerpt(word)) for word in _split_words(cell) if word))
        case FieldType.CHOICE:
            return _parse_choice(field, cell.strip())
        case FieldType.DAY:
            return parse_date(cell)
        case FieldType.INTEGER:
            return None if _ZERO.fullmatch(cell.strip()) else parse_minutes(excerpt(cell))
        case FieldType.REFERENCE:
            return parse_project(cell)
        case _:
            return join_text(cell)


def _parse_choice(field: Field, word: str) -> StrEnum:
    enum, singular = _ENUMS[field.name]
    return parse_choice(enum, singular, excerpt(word))


def _split_words(cell: str) -> list[str]:
    """Split a cell at white space, commas and semicolons."""
    return re.split(r"[\s,;]+", cell)
