"""Sources: tools that know what you did. Each proposes drafts for a day and knows nothing about the journal.

A source is a module with a SOURCE object that implements the Source protocol, and a name in SOURCES; other packages add
theirs through the entry point group `valuelog.sources`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from valuelog.model.draft import Draft
from valuelog.model.errors import UnknownChoice, ValuelogError
from valuelog.sources.sanitize import sanitize_text

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

SOURCES = ("git", "calendar", "timewarrior", "watson", "did")
"""The built-in sources, which are modules of this package, in display order."""

ENTRY_POINT_GROUP = "valuelog.sources"
"""The entry point group for sources of other packages: name = "module:object"."""

TIMEOUT_SECONDS = 10.0
"""Time limit for a source, in seconds."""


class OptionType(StrEnum):
    """The type of a source setting."""

    PATHS = "paths"
    WORDS = "words"
    TEXT = "text"
    ADDRESSES = "addresses"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A setting under [sources.NAME]."""

    name: str
    value_type: OptionType
    about: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A logical day, [start, end) in local time; it starts at the setting `day_ends_at`."""

    day: date
    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        """Return True if an aware datetime is within the day."""
        return self.start <= moment < self.end


class SourceFailed(ValuelogError):
    """A source failed, entirely or after some drafts; it does not affect other sources."""

    def __init__(self, name: str, reason: str, hint: str = "") -> None:
        """Sanitize the reason, which may contain untrusted text, to one line."""
        super().__init__(f"{name}: {sanitize_text(reason)}", sanitize_text(hint))


class Source(Protocol):
    """A tool that proposes drafts. `options` declares its settings."""

    name: str
    about: str
    options: Sequence[Option]

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterable[Draft]:
        """Return drafts for a day. Raises SourceFailed.

        `options` holds the settings that are set: PATHS as tuples of pathlib.Path with ~ expanded, WORDS as tuples of
        str, TEXT as str, ADDRESSES as tuples of lower-case addresses without names.
        """
        ...


def list_source_names() -> tuple[str, ...]:
    """Return the names of all sources, built-in ones first."""
    return tuple(dict.fromkeys((*SOURCES, *(point.name for point in _plugin_entry_points()))))


def _plugin_entry_points() -> "EntryPoints":
    """Return the sources of other packages."""
    from importlib.metadata import entry_points  # noqa: PLC0415  slow to import

    return entry_points(group=ENTRY_POINT_GROUP)


def load_source(name: str) -> Source:
    """Return a source. Raises UnknownChoice for an unknown name, SourceFailed for a broken package."""
    if name in SOURCES:
        source: Source = import_module(f"valuelog.sources.{name}").SOURCE
        return source
    entry_point = next((point for point in _plugin_entry_points() if point.name == name), None)
    if not entry_point:
        raise UnknownChoice("source", name, list_source_names())
    try:
        return _require_same_name(entry_point.load(), name)
    except Exception as error:  # other packages may raise anything
        raise SourceFailed(name, f"it cannot be loaded: {error}.", "Update the package that provides it.") from error


def _require_same_name(source: Source, name: str) -> Source:
    if source.name != name:
        raise ValueError(f"its name is {source.name}")
    return source
