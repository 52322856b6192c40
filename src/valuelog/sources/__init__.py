"""Sources: the tools that know what somebody did. Each proposes Drafts for a day and knows nothing of the journal.

A source is a module with an object that follows the Source protocol, and a line in SOURCES; packages of others add one
through the entry point group `valuelog.sources`.
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
"""The modules of this package that hold a source, in the order in which their drafts are shown."""

ENTRY_POINT_GROUP = "valuelog.sources"
"""The entry point group to which packages of others add theirs: the name of the source, and where it is."""

TIMEOUT_SECONDS = 10.0
"""So many seconds a source has to answer."""


class OptionType(StrEnum):
    """How a setting of a source is written."""

    PATHS = "paths"
    WORDS = "words"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A setting of a source under [sources.NAME]: paths, words or one text."""

    name: str
    value_type: OptionType
    about: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A day as somebody lives it: from the hour in which it begins to that hour of the next day, with their zone."""

    day: date
    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        """Whether a moment with a zone lies within."""
        return self.start <= moment < self.end


class SourceFailed(ValuelogError):
    """A source could not say anything; the others still can."""

    def __init__(self, name: str, reason: str, hint: str = "") -> None:
        """Remember which one, and why; whatever others wrote of it, it is one line."""
        super().__init__(f"{name}: {sanitize_text(reason)}", sanitize_text(hint))


class Source(Protocol):
    """A tool that proposes drafts. `options` are its settings; those that are not set are left out of what it gets."""

    name: str
    about: str
    options: Sequence[Option]

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterable[Draft]:
        """Return what the tool saw within a day. Raises SourceFailed.

        PATHS come as tuples of pathlib.Path with ~ expanded, WORDS as tuples of str, TEXT as str.
        """
        ...


def list_source_names() -> tuple[str, ...]:
    """Return the names of all sources: ours, then those that other packages add."""
    return tuple(dict.fromkeys((*SOURCES, *(point.name for point in _plugin_entry_points()))))


def _plugin_entry_points() -> "EntryPoints":
    """Return the entry points of other packages."""
    from importlib.metadata import entry_points  # noqa: PLC0415  slow, and most people have ours only

    return entry_points(group=ENTRY_POINT_GROUP)


def load_source(name: str) -> Source:
    """Return a source. Raises UnknownWord for a name that none has, SourceFailed for one that is broken."""
    if name in SOURCES:
        ours: Source = import_module(f"valuelog.sources.{name}").SOURCE
        return ours
    found = next((point for point in _plugin_entry_points() if point.name == name), None)
    if not found:
        raise UnknownChoice("source", name, list_source_names())
    try:
        return _require_same_name(found.load(), name)
    except Exception as error:  # a package of somebody else may raise anything
        raise SourceFailed(name, f"it cannot be loaded: {error}.", "Update the package it is from.") from error


def _require_same_name(source: Source, name: str) -> Source:
    if source.name != name:
        raise ValueError(f"it calls itself {source.name}")
    return source
