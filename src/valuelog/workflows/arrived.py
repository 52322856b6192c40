"""What is wanted of an import, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from valuelog.exchange import Rejected
from valuelog.model.entry import Kind
from valuelog.model.errors import ValuelogError


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOptions:
    """What to import and how: what knows no kind as this one, without bad records, or only looking."""

    format: str
    kind: Kind = Kind.ACTIVITY
    skip_bad: bool = False
    dry_run: bool = False


class Sample(NamedTuple):
    """As much of an entry as shows that it was understood."""

    day: date
    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportResult:
    """What came in, or would: so many things of each kind, so many that were there already, and what is bad.

    `differ` counts those of the known that are not the same here: they stay as they are. `before` and `after` are how
    many things of each kind the journal holds, `samples` the first entries.
    """

    options: ImportOptions
    new_counts: Mapping[str, int]
    known_count: int
    differing_count: int
    bad_count: int
    first_bad: tuple[Rejected, ...]
    samples: tuple[Sample, ...]
    days: tuple[date, date] | None
    counts_before: Mapping[str, int]
    counts_after: Mapping[str, int]


class BadRecord(ValuelogError):
    """A record that cannot be understood, where none may be left out."""

    def __init__(self, bad: Rejected, *, is_first: bool) -> None:
        """Name its place; if not even the first one can be understood, the file may be another one."""
        hint = "Mend it, or leave such records out with --skip-bad."
        doubt = "Is this the right file, and the right format? " if is_first else ""
        super().__init__(f"{bad.location}: {bad.reason} Nothing was imported.", f"{doubt}{hint}")


class NoValidRecords(ValuelogError):
    """A file of which nothing could be understood, though bad records may be left out."""

    def __init__(self, bad: Rejected, count: int) -> None:
        """Name the first of them."""
        super().__init__(
            f"None of {count:,} records can be understood. {bad.location}: {bad.reason} Nothing was imported.",
            "Is this the right file, and the right format?",
        )
