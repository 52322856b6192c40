"""CSV: a table with a heading, in which the columns go by their names, read and written.

Columns: day, kind, text, minutes, people, tags, project, effects, beneficiaries, evidence. The rest is passed over. A
spreadsheet takes a cell that begins with = + - @ for a formula; such a text gets an apostrophe, which reading undoes.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import BinaryIO, TypeVar

from valuelog.exchange import MAX_FILE_BYTES, MAX_RECORD_BYTES, ImportContext, Record, Rejected, UnreadableFile
from valuelog.exchange.records import (
    InvalidRecord,
    OriginFactory,
    excerpt,
    join_text,
    limit_rejected,
    parse_date_or_datetime,
    parse_evidence,
    parse_names,
    parse_project,
)
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, parse_choice, parse_minutes
from valuelog.model.errors import BadInput

COLUMNS = (
    "day",
    "kind",
    "text",
    "minutes",
    "people",
    "tags",
    "project",
    "effects",
    "beneficiaries",
    "evidence",
)

REQUIRED_COLUMNS = ("day", "text")

MAX_BLANK_ROWS = 300_000
"""So many blank rows in a row are no table any more."""

DELIMITERS = ",;\t"

_FORMULA_START = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED_FORMULA = re.compile(r"'+[=+\-@\t\r]")

csv.field_size_limit(MAX_RECORD_BYTES)  # for the whole program, which reads CSV nowhere else


def write(entries: Iterable[Entry | Record], *, raw: bool = False) -> Iterator[str]:
    """Yield the lines of a table. With `raw`, texts that look like formulas stay as they are.

    An apostrophe that stands before such a sign already gets another one in any case, so that reading finds it again.
    """
    line = io.StringIO()
    table = csv.writer(line)
    table.writerow(COLUMNS)
    yield line.getvalue()
    for entry in entries:
        line.seek(0)
        line.truncate()
        table.writerow(
            [escape_formula(cell, _ESCAPED_FORMULA if raw else _FORMULA_START) for cell in _format_cells(entry)]
        )
        yield line.getvalue()


def _format_cells(entry: Entry | Record) -> list[str]:
    return [
        entry.day.isoformat(),
        entry.kind or "",
        entry.text,
        str(entry.minutes or ""),
        " ".join(entry.people),
        " ".join(entry.tags),
        entry.project or "",
        " ".join(entry.effects),
        " ".join(entry.beneficiaries),
        entry.evidence or "",
    ]


def escape_formula(cell: str, pattern: re.Pattern[str] = _FORMULA_START) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if pattern.match(cell) else cell


def _unescape_formula(cell: str) -> str:
    return cell[1:] if _ESCAPED_FORMULA.match(cell) else cell


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected]:
    """Yield the rows of a table. Raises UnreadableFile if it has no heading that names a day and a text."""
    return limit_rejected(_parse_rows(stream, context))


class _LineReader:
    """The lines of a file as text. Raises InvalidRecord for one that is not UTF-8 and goes on behind it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._bytes_left = MAX_FILE_BYTES
        self.number = 0
        self.row_bytes = 0
        """So many bytes the row has that is being read: an open quote could hold a whole file."""

    def __iter__(self) -> "_LineReader":
        return self

    def __next__(self) -> str:
        raw = self._stream.readline(MAX_RECORD_BYTES + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        self._require_within_limits(len(raw))
        try:
            return raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InvalidRecord(f"It is not UTF-8, from byte {error.start + 1:,} on.") from error

    def _require_within_limits(self, size: int) -> None:
        self._bytes_left -= size
        self.row_bytes += size
        if size > MAX_RECORD_BYTES:
            raise UnreadableFile(
                f"Line {self.number:,} has more than {MAX_RECORD_BYTES:,} bytes.", "Is this the right file?"
            )
        if self._bytes_left < 0:
            raise UnreadableFile(f"It is larger than {MAX_FILE_BYTES:,} bytes.", "Split it.")
        if self.row_bytes > MAX_RECORD_BYTES:
            raise InvalidRecord("It goes on for too many lines: a quote is not closed.")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Header:
    """Which cell is where: our name → its place in a row."""

    delimiter: str
    width: int
    column_indexes: Mapping[str, int]

    def cells_by_column(self, cells: Sequence[str]) -> Mapping[str, str]:
        """Return the cells of a row by our names. Raises InvalidRecord for cells without a heading."""
        if any(cells[self.width :]):
            raise InvalidRecord(f"It has {len(cells):,} cells under {self.width:,} headings; is a text not in quotes?")
        return {
            ours: _unescape_formula(cells[place]) if place < len(cells) else ""
            for ours, place in self.column_indexes.items()
        }


def _parse_rows(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected]:
    lines = _LineReader(stream)
    heading = _parse_header(lines, context.columns)
    table = csv.reader(lines, delimiter=heading.delimiter, strict=True)
    origins = OriginFactory("csv")
    blank = 0
    while blank < MAX_BLANK_ROWS:
        lines.row_bytes, place = 0, f"line {lines.number + 1:,}"
        try:
            cells = next(table)
            blank = 0 if any(cells) else blank + 1
            if not blank:
                yield _parse_record(heading.cells_by_column(cells), place, context, origins)
        except StopIteration:
            return
        except BadInput as error:
            yield Rejected(location=place, reason=error.message)
        except csv.Error as error:
            yield Rejected(location=place, reason=f"It is no row of a table: {excerpt(str(error))}.")
    raise UnreadableFile(f"{MAX_BLANK_ROWS:,} of its rows are blank.", "Is this the right file?")


def _parse_header(lines: _LineReader, column_map: Mapping[str, str]) -> _Header:
    """Read the first line that is not blank, with the delimiter that finds most columns. Raises UnreadableFile."""
    try:
        line = next((line for line in lines if line.strip()), "")
    except InvalidRecord as error:
        raise UnreadableFile(f"This is no table as text: {error.message}", "Save it as CSV in UTF-8.") from error
    if not line:
        raise UnreadableFile("It is empty.", "A table begins with the names of its columns: day,text …")
    theirs = {ours: _normalize_column(column_map.get(ours, ours)) for ours in COLUMNS}
    if unknown := next((ours for ours in column_map if ours not in COLUMNS), None):
        raise UnreadableFile(f"There is no column “{excerpt(unknown)}” to map to.", f"Known: {', '.join(COLUMNS)}.")
    best = max((_split_header(line, mark) for mark in DELIMITERS), key=lambda found: _score_delimiter(found[1], theirs))
    _require_columns(best[1], theirs, column_map)
    places = {ours: best[1].index(name) for ours, name in theirs.items() if name in best[1]}
    return _Header(delimiter=best[0], width=len(best[1]), column_indexes=places)


def _score_delimiter(columns: list[str], theirs: Mapping[str, str]) -> tuple[int, int]:
    """Say how likely a delimiter is that finds these columns: by those that are known, then by how many there are."""
    return len(set(columns) & {*theirs.values()}), len(columns)


def _split_header(line: str, delimiter: str) -> tuple[str, list[str]]:
    try:
        return delimiter, [_normalize_column(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return delimiter, []


def _normalize_column(name: str) -> str:
    return name.strip().casefold()


def _require_columns(columns: list[str], theirs: Mapping[str, str], column_map: Mapping[str, str]) -> None:
    """Raise UnreadableFile for a column that is needed or mapped and is not there, or that is there twice."""
    for ours, name in theirs.items():
        if name not in columns and (ours in REQUIRED_COLUMNS or ours in column_map):
            raise _missing_column_error(ours, name, columns)
        if columns.count(name) > 1:
            raise UnreadableFile(f"Two columns are called “{excerpt(name)}”.", "Rename one of them.")


def _missing_column_error(ours: str, name: str, columns: list[str]) -> UnreadableFile:
    near = get_close_matches(name[:100], [column[:100] for column in columns[:100]], n=1)
    guess = f"Did you mean “{excerpt(near[0])}”? " if near else ""
    listed = excerpt(", ".join(columns[:20])) or "none"
    hint = f"{guess}Its columns: {listed}. Name the one to take with --map {ours}=COLUMN."
    return UnreadableFile(f"There is no column “{excerpt(name)}”.", hint)


def _parse_record(cells: Mapping[str, str], location: str, context: ImportContext, origins: OriginFactory) -> Record:
    day, created = parse_date_or_datetime(cells["day"], context)
    found = Record(
        location=location,
        origin="",
        day=day,
        text=join_text(cells["text"]),
        kind=parse_choice(Kind, "kind", excerpt(kind)) if (kind := cells.get("kind", "").strip()) else None,
        minutes=parse_minutes(excerpt(length)) if (length := cells.get("minutes", "").strip()) else None,
        people=parse_names("people", _split_words(cells, "people")),
        tags=parse_names("tags", _split_words(cells, "tags")),
        project=parse_project(cells.get("project", "")),
        effects=_parse_choices(Effect, "effect", _split_words(cells, "effects")),
        beneficiaries=_parse_choices(Beneficiary, "beneficiary", _split_words(cells, "beneficiaries")),
        evidence=parse_evidence(cells.get("evidence", "")),
        created=created,
    )
    return found._replace(origin=origins.from_values(*_format_cells(found)))


def _split_words(cells: Mapping[str, str], column: str) -> list[str]:
    """Return the words of a cell, between which blanks, commas or semicolons stand."""
    return re.split(r"[\s,;]+", cells.get(column, ""))


_Choice = TypeVar("_Choice", Effect, Beneficiary)


def _parse_choices(known: type[_Choice], what: str, words: Iterable[str]) -> tuple[_Choice, ...]:
    return tuple(dict.fromkeys(parse_choice(known, what, excerpt(word)) for word in words if word))
