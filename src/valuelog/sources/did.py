"""did source: what the user's own did program finds on GitHub, GitLab, Jira …, one draft per section of its report.

It parses did's Markdown and knows no service. did reports calendar days; its `--until` is inclusive.
"""

import os
import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from valuelog.model.commit_keys import commit_key, commit_origin
from valuelog.model.draft import Draft
from valuelog.sources import Option, OptionType, SourceFailed, Span
from valuelog.sources.sanitize import sanitize_line
from valuelog.sources.subjects import did_subject_key, git_subject_key
from valuelog.sources.subprocesses import PROGRAM_TIMEOUT_SECONDS, digest, find_program, run_program

_HEADING = re.compile(r"\* (?P<title>.*?)(?P<count>: (?:\d+\b.*|\? \(error.*))?$")
"""A section heading; sections of services end with a count, those with items from the configuration do not."""

_ITEM = re.compile(r"  \* (?:(?P<hash>[0-9a-f]{7,40}) - )?(?P<text>.*)$")
"""An item, perhaps with a commit hash; deeper indented lines are details and ignored."""


class _Item(NamedTuple):
    """What did found: its text, and the hash of a commit or nothing."""

    text: str
    hash: str = ""

    def key(self, day: date) -> str:
        """Return the key by which it is recognized on its day."""
        return commit_key(day, self.hash) if self.hash else did_subject_key(day, self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Section:
    """A section of a report: title, count texts (one per address of the user) and items."""

    title: str
    counts: set[str] = field(default_factory=set)
    items: list[_Item] = field(default_factory=list)


class DidSource:
    """Proposes the sections of did's report."""

    name = "did"
    about = "what the did program finds on GitHub, GitLab, Jira …, if it is installed"
    options: Sequence[Option] = (
        Option(name="command", value_type=OptionType.TEXT, about="how to run it, if not as `did`"),
    )

    def __init__(self, timeout: float = PROGRAM_TIMEOUT_SECONDS) -> None:
        """Set the time limit for did, in seconds."""
        self._timeout = timeout

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft for each section with items.

        Raises SourceFailed if did is missing, and after the last draft for services that did could not query.
        """
        command, day = _resolve_command(options, environ), str(span.day)
        arguments = ["--since", day, "--until", day, "--format", "markdown"]
        report = run_program(self.name, [*command, *arguments], environ, self._timeout)
        yield from (_create_draft(section, span) for section in _parse_sections(report))
        if failed := [sanitize_line(title) for title, count in _parse_headings(report) if count.startswith(": ?")]:
            raise SourceFailed(self.name, f"it could not query: {sanitize_line(', '.join(failed))}.", "Try: did today")


SOURCE = DidSource()


def _resolve_command(options: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Return the command line of did. Raises SourceFailed if the program is missing."""
    setting = str(options.get("command", ""))
    try:
        first, *rest = shlex.split(setting) or ["did"]
    except ValueError as error:
        raise SourceFailed(
            "did", f"“{sanitize_line(setting)}” is not a command: a quote is not closed.", _CHANGE_COMMAND_HINT
        ) from error
    if first.startswith("~/"):
        first = environ.get("HOME", "~") + first[1:]
    is_relative = os.sep in first and not Path(first).is_absolute()  # programs run in /
    program = None if is_relative else find_program(first, environ)
    if not program:
        if setting:
            raise SourceFailed("did", f"there is no program “{sanitize_line(first)}”.", _CHANGE_COMMAND_HINT)
        hint = "Install it, or set how to run it: valuelog config set sources.did.command PROGRAM"
        raise SourceFailed("did", "it is not installed.", hint)
    return [program, *rest]


_CHANGE_COMMAND_HINT = "Change command under [sources.did]."


def _parse_headings(report: str) -> Iterator[tuple[str, str]]:
    for row in report.splitlines():
        if heading := _HEADING.match(row):
            yield heading["title"], heading["count"] or ""


def _parse_sections(report: str) -> list[_Section]:
    """Return the sections with items; sections that repeat for another address of the user are merged."""
    sections: dict[str, _Section] = {}
    current = _Section(title="")
    for row in report.splitlines():
        if heading := _HEADING.match(row):
            current = sections.setdefault(heading["title"], _Section(title=heading["title"]))
            current.counts.add(heading["count"] or "")
        elif (match := _ITEM.match(row)) and (text := sanitize_line(match["text"])):
            item = _Item(text, match["hash"] or "")
            current.items.extend([item] if item not in current.items else [])
    return [section for section in sections.values() if section.items]


def _create_draft(section: _Section, span: Span) -> Draft:
    """Create the draft of a section; items from the configuration repeat every day and are proposed only once."""
    is_static = {"", *section.counts} == {""}
    count = next(iter(section.counts)) if len(section.counts) == 1 else ""
    if is_static:
        texts = _texts(section.items)
        origin = f"did:always:{digest(section.title, *texts)}"
        return Draft(origin=origin, day=span.day, text=_summarize(section.title, section.items))
    return _create_growing_draft(section.title, section.items, span.day, count)


def _create_growing_draft(title: str, items: Sequence[_Item], day: date, count: str = "") -> Draft:
    """Create the draft of items that another source may have found too, and that may become more."""
    whole = f"did:{day}:{digest(title)}"
    first = next((item for item in reversed(items) if item.hash), None)  # did lists the newest first

    def remainder(seen: Collection[str]) -> Draft | None:
        new = [
            item
            for item in items
            if item.key(day) not in seen and (item.hash or git_subject_key(day, item.text) not in seen)
        ]
        was_proposed_whole = {*seen} == {whole}  # by a version that did not remember the items
        return None if was_proposed_whole or not new else _create_growing_draft(title, new, day)

    return Draft(
        origin=commit_origin("did", day, first.hash) if first else f"did:{day}:{digest(title, *_texts(items))}",
        day=day,
        text=_summarize(f"{title}{count}", items),
        parts=tuple(dict.fromkeys((whole, *(item.key(day) for item in items)))),
        known_as=tuple(git_subject_key(day, item.text) for item in items if not item.hash),
        remainder=remainder,
    )


def _summarize(title: str, items: Sequence[_Item]) -> str:
    return sanitize_line(f"{title}: {', '.join(_texts(items))}")


def _texts(items: Sequence[_Item]) -> list[str]:
    """Return the texts of some items, each once."""
    return list(dict.fromkeys(item.text for item in items))
