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

from valuelog.exchange import LARGEST, LONGEST_LINE, Bad, Record, Unreadable, Where
from valuelog.exchange.records import (
    Origins,
    Wrong,
    evidence_of,
    names_of,
    patient,
    project_of,
    shown,
    text_of,
    when,
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

NEEDED = ("day", "text")

MOST_BLANK = 300_000
"""So many blank rows in a row are no table any more."""

DELIMITERS = ",;\t"

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MARKED = re.compile(r"'+[=+\-@\t\r]")

csv.field_size_limit(LONGEST_LINE)  # for the whole program, which reads CSV nowhere else


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
        table.writerow([harmless(cell, _MARKED if raw else _FORMULA) for cell in _cells(entry)])
        yield line.getvalue()


def _cells(entry: Entry | Record) -> list[str]:
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


def harmless(cell: str, wanted: re.Pattern[str] = _FORMULA) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if wanted.match(cell) else cell


def _unmarked(cell: str) -> str:
    return cell[1:] if _MARKED.match(cell) else cell


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the rows of a table. Raises Unreadable if it has no heading that names a day and a text."""
    return patient(_rows(stream, where))


class _Lines:
    """The lines of a file as text. Raises Wrong for one that is not UTF-8 and goes on behind it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = LARGEST
        self.number = 0
        self.held = 0
        """So many bytes the row has that is being read: an open quote could hold a whole file."""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = self._stream.readline(LONGEST_LINE + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        self._insist_short(len(raw))
        try:
            return raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise Wrong(f"It is not UTF-8, from byte {error.start + 1:,} on.") from error

    def _insist_short(self, size: int) -> None:
        self._left -= size
        self.held += size
        if size > LONGEST_LINE:
            raise Unreadable(f"Line {self.number:,} has more than {LONGEST_LINE:,} bytes.", "Is this the right file?")
        if self._left < 0:
            raise Unreadable(f"It is larger than {LARGEST:,} bytes.", "Split it.")
        if self.held > LONGEST_LINE:
            raise Wrong("It goes on for too many lines: a quote is not closed.")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heading:
    """Which cell is where: our name → its place in a row."""

    delimiter: str
    width: int
    places: Mapping[str, int]

    def named(self, cells: Sequence[str]) -> Mapping[str, str]:
        """Return the cells of a row by our names. Raises Wrong if some stand under no heading: a quote is missing."""
        if any(cells[self.width :]):
            raise Wrong(f"It has {len(cells):,} cells under {self.width:,} headings; is a text not in quotes?")
        return {ours: _unmarked(cells[place]) if place < len(cells) else "" for ours, place in self.places.items()}


def _rows(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    lines = _Lines(stream)
    heading = _heading(lines, where.columns)
    table = csv.reader(lines, delimiter=heading.delimiter, strict=True)
    origins = Origins("csv")
    blank = 0
    while blank < MOST_BLANK:
        lines.held, place = 0, f"line {lines.number + 1:,}"
        try:
            cells = next(table)
            blank = 0 if any(cells) else blank + 1
            if not blank:
                yield _record(heading.named(cells), place, where, origins)
        except StopIteration:
            return
        except BadInput as error:
            yield Bad(place=place, why=error.message)
        except csv.Error as error:
            yield Bad(place=place, why=f"It is no row of a table: {shown(str(error))}.")
    raise Unreadable(f"{MOST_BLANK:,} of its rows are blank.", "Is this the right file?")


def _heading(lines: _Lines, mapped: Mapping[str, str]) -> _Heading:
    """Read the first line that is not blank, with whichever delimiter finds most of the columns. Raises Unreadable."""
    try:
        line = next((line for line in lines if line.strip()), "")
    except Wrong as error:
        raise Unreadable(f"This is no table as text: {error.message}", "Save it as CSV in UTF-8.") from error
    if not line:
        raise Unreadable("It is empty.", "A table begins with the names of its columns: day,text …")
    theirs = {ours: _folded(mapped.get(ours, ours)) for ours in COLUMNS}
    if unknown := next((ours for ours in mapped if ours not in COLUMNS), None):
        raise Unreadable(f"There is no column “{shown(unknown)}” to map to.", f"Known: {', '.join(COLUMNS)}.")
    best = max((_split(line, mark) for mark in DELIMITERS), key=lambda found: _likely(found[1], theirs))
    _insist_complete(best[1], theirs, mapped)
    places = {ours: best[1].index(name) for ours, name in theirs.items() if name in best[1]}
    return _Heading(delimiter=best[0], width=len(best[1]), places=places)


def _likely(found: list[str], theirs: Mapping[str, str]) -> tuple[int, int]:
    """Say how likely a delimiter is that finds these columns: by those that are known, then by how many there are."""
    return len(set(found) & {*theirs.values()}), len(found)


def _split(line: str, delimiter: str) -> tuple[str, list[str]]:
    try:
        return delimiter, [_folded(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return delimiter, []


def _folded(name: str) -> str:
    return name.strip().casefold()


def _insist_complete(found: list[str], theirs: Mapping[str, str], mapped: Mapping[str, str]) -> None:
    """Raise Unreadable for a column that is needed or mapped and is not there, or that is there twice."""
    for ours, name in theirs.items():
        if name not in found and (ours in NEEDED or ours in mapped):
            raise _missing(ours, name, found)
        if found.count(name) > 1:
            raise Unreadable(f"Two columns are called “{shown(name)}”.", "Rename one of them.")


def _missing(ours: str, name: str, found: list[str]) -> Unreadable:
    near = get_close_matches(name[:100], [column[:100] for column in found[:100]], n=1)
    guess = f"Did you mean “{shown(near[0])}”? " if near else ""
    listed = shown(", ".join(found[:20])) or "none"
    hint = f"{guess}Its columns: {listed}. Name the one to take with --map {ours}=COLUMN."
    return Unreadable(f"There is no column “{shown(name)}”.", hint)


def _record(cells: Mapping[str, str], place: str, where: Where, origins: Origins) -> Record:
    day, created = when(cells["day"], where)
    found = Record(
        place=place,
        origin="",
        day=day,
        text=text_of(cells["text"]),
        kind=parse_choice(Kind, "kind", shown(kind)) if (kind := cells.get("kind", "").strip()) else None,
        minutes=parse_minutes(shown(length)) if (length := cells.get("minutes", "").strip()) else None,
        people=names_of("people", _words(cells, "people")),
        tags=names_of("tags", _words(cells, "tags")),
        project=project_of(cells.get("project", "")),
        effects=_each(Effect, "effect", _words(cells, "effects")),
        beneficiaries=_each(Beneficiary, "beneficiary", _words(cells, "beneficiaries")),
        evidence=evidence_of(cells.get("evidence", "")),
        created=created,
    )
    return found._replace(origin=origins.of_facts(*_cells(found)))


def _words(cells: Mapping[str, str], column: str) -> list[str]:
    """Return the words of a cell, between which blanks, commas or semicolons stand."""
    return re.split(r"[\s,;]+", cells.get(column, ""))


_Word = TypeVar("_Word", Effect, Beneficiary)


def _each(known: type[_Word], what: str, words: Iterable[str]) -> tuple[_Word, ...]:
    return tuple(dict.fromkeys(parse_choice(known, what, shown(word)) for word in words if word))
