"""The file formats of other tools. Knows nothing of the journal.

A format is a module with a function `read`, `write` or both, and its name in READABLE_FORMATS or WRITABLE_FORMATS.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple

from valuelog.model.entry import Held, Impact, Kind
from valuelog.model.errors import UnknownChoice, ValuelogError

NATIVE_FORMAT = "jsonl"
"""The lossless format, which holds more than entries."""

JOURNAL_FORMAT = "journal"
"""A journal file, which only the journal's own package can read."""

READABLE_FORMATS = (
    NATIVE_FORMAT,
    JOURNAL_FORMAT,
    "csv",
    "jrnl",
    "dayone",
    "watson",
    "timewarrior",
    "taskwarrior",
    "klog",
    "bragfile",
)
DEFAULT_KINDS: Mapping[str, Kind] = {"bragfile": Kind.OUTCOME}
"""The kind of records without one, by format; those of other formats are activities."""

WRITABLE_FORMATS = (NATIVE_FORMAT, "csv", "jrnl")
MAX_RECORD_BYTES = 1_000_000
"""The largest line or record."""

MAX_FILE_BYTES = 1_000_000_000
"""The largest file, also after unpacking."""

MAX_NESTING = 100
"""How deep the lists and objects of a JSON record may be nested."""


class Record(NamedTuple):
    """One record of a file, with the fields of an entry. `location` is its place in the file: line 3, record 5.

    `kind` is None in formats without kinds. `origin` is the name of the format, a colon and an id that is the same each
    time the record is read, so that it is imported only once. `created` is timezone-aware. `known_id` is the id of the
    entry that was exported as this record, if the format has ids of ours.
    """

    location: str
    origin: str
    day: date
    text: str
    kind: Kind | None = None
    minutes: int | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    project: str | None = None
    effects: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    evidence: str | None = None
    impact: Impact | None = None
    question: str | None = None
    held: Held | None = None
    held_on: date | None = None
    created: datetime | None = None
    known_id: str | None = None


class Rejected(NamedTuple):
    """An invalid record: its location, and the reason as a sentence."""

    location: str
    reason: str


class PassedOver(NamedTuple):
    """A valid record that is not imported, since it says nothing that was done: singular and plural of what it is."""

    singular: str
    plural: str


class UnreadableFile(ValuelogError):
    """A file of another format, or beyond the limits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportContext:
    """The user's settings that a reader needs. `columns` maps columns of ours to those of a CSV file."""

    zone: tzinfo
    day_ends_at: time = time()
    columns: Mapping[str, str] = field(default_factory=dict)


Reader = Callable[[BinaryIO, ImportContext], Iterator[Record | Rejected | PassedOver]]
"""Reads a file record by record, without holding all of it. Raises UnreadableFile."""


def load_format(name: str, known: Sequence[str]) -> Any:  # noqa: ANN401  a module
    """Return the module of a format. Raises UnknownChoice."""
    if name not in known:
        raise UnknownChoice("format", name, known)
    return import_module(f"valuelog.exchange.{name}")
