"""Exchange: the formats in which entries come from other tools and leave for them. Knows nothing of the journal.

A format is a module with a reader called `read`, a writer called `write` or both, and its name in
READABLE_FORMATS or WRITABLE_FORMATS.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple

from valuelog.model.entry import Beneficiary, Effect, Kind
from valuelog.model.errors import UnknownChoice, ValuelogError

NATIVE_FORMAT = "jsonl"
"""The format that loses nothing, and holds more than entries."""

READABLE_FORMATS = (NATIVE_FORMAT, "csv", "jrnl", "dayone", "watson", "timewarrior", "taskwarrior", "klog", "bragfile")
"""The formats that can be read."""

WRITABLE_FORMATS = (NATIVE_FORMAT, "csv", "jrnl")
"""The formats that can be written."""

MAX_RECORD_BYTES = 1_000_000
"""So many bytes a line, or a single record, may have."""

MAX_FILE_BYTES = 1_000_000_000
"""So many bytes a file may have, also once it is unpacked."""

MAX_NESTING = 100
"""So many lists and objects may stand in one another."""


class Record(NamedTuple):
    """What one record of a file says, as far as an entry can hold it. `place` says where it stands: line 3, record 5.

    `kind` is none where the format knows no kinds. `origin` begins with the name of the format and a colon, and is the
    same each time the same record is read, so that nothing comes in twice. `created` has a zone.
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
    effects: tuple[Effect, ...] = ()
    beneficiaries: tuple[Beneficiary, ...] = ()
    evidence: str | None = None
    created: datetime | None = None


class Rejected(NamedTuple):
    """A record that cannot be understood: where it stands, and why in one sentence."""

    location: str
    reason: str


class UnreadableFile(ValuelogError):
    """A file that is not what its format wants, or larger or deeper than any real one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportContext:
    """What a reader has to know of the person: their zone, when their day ends, and {our name: their column}."""

    zone: tzinfo
    day_ends_at: time = time()
    columns: Mapping[str, str] = field(default_factory=dict)


Reader = Callable[[BinaryIO, ImportContext], Iterator[Record | Rejected]]
"""Reads a file record by record and never holds all of it. Raises UnreadableFile where nothing more can be read."""


def load_format(name: str, known: Sequence[str]) -> Any:  # noqa: ANN401  a module
    """Return the module of a format. Raises UnknownWord for one that is not among those known."""
    if name not in known:
        raise UnknownChoice("format", name, known)
    return import_module(f"valuelog.exchange.{name}")
