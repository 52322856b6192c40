"""did: what the user's own program of that name gathers from GitHub, GitLab, Jira and the like, a draft a section.

Knows how did writes Markdown, and no service. did counts whole calendar days; its `--until` names the last one.
"""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from valuelog.model.draft import Draft
from valuelog.sources import Option, Reads, SourceFailed, Span
from valuelog.sources.sanitize import line
from valuelog.sources.subprocesses import SHORT_OF_PATIENCE, digest, found, output

_HEADING = re.compile(r"\* (?P<title>.*?)(?P<count>: (?:\d+\b.*|\? \(error.*))?$")
"""A section; those of services end with a count, those whose items stand in the configuration do not."""

_ITEM = re.compile(r"  \* (?:[0-9a-f]{7,40} - )?(?P<text>.*)$")
"""An item, without the hash of a commit; what is indented further says more of the item before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Section:
    """A section of a report: its title, how its count was written each time it came, and its items."""

    title: str
    counts: set[str] = field(default_factory=set)
    items: list[str] = field(default_factory=list)


class Did:
    """What did reports of a day."""

    name = "did"
    about = "what the did program finds on GitHub, GitLab, Jira …, if it is installed"
    options: Sequence[Option] = (Option(name="command", reads=Reads.TEXT, about="how to run it, if not as did"),)

    def __init__(self, patience: float = SHORT_OF_PATIENCE) -> None:
        """Remember how many seconds did has."""
        self._patience = patience

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft for each section that has items.

        Raises SourceFailed if there is no did, and, after all that it could find, for services that it could not ask.
        """
        command, day = _command(options, environ), str(span.day)
        said = output(
            self.name, [*command, "--since", day, "--until", day, "--format", "markdown"], environ, self._patience
        )
        yield from (_told(section, span) for section in _sections(said))
        if unasked := [line(title) for title, count in _headings(said) if count.startswith(": ?")]:
            raise SourceFailed(self.name, f"it could not find out: {line(', '.join(unasked))}.", "Try: did today")


SOURCE = Did()


def _command(options: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Return how to run did. Raises SourceFailed if it is not there."""
    named = str(options.get("command", ""))
    try:
        first, *rest = shlex.split(named) or ["did"]
    except ValueError as error:
        raise SourceFailed("did", f"“{line(named)}” is no command: a quote is open.", _COMMAND) from error
    program = found(first, environ)
    if not program:
        raise SourceFailed("did", *((f"there is no program “{line(first)}”.", _COMMAND) if named else _MISSING))
    return [program, *rest]


_COMMAND = "Change command under [sources.did]."
_MISSING = (
    "it is not installed.",
    "Install it, or say how to run it: valuelog config set sources.did.command PROGRAM",
)


def _headings(said: str) -> Iterator[tuple[str, str]]:
    for row in said.splitlines():
        if heading := _HEADING.match(row):
            yield heading["title"], heading["count"] or ""


def _sections(said: str) -> list[_Section]:
    """Return the sections that have items; what is said again for another address of the user is one with the first."""
    sections: dict[str, _Section] = {}
    current = _Section(title="")
    for row in said.splitlines():
        if heading := _HEADING.match(row):
            current = sections.setdefault(heading["title"], _Section(title=heading["title"]))
            current.counts.add(heading["count"] or "")
        elif (item := _ITEM.match(row)) and (text := line(item["text"])) and text not in current.items:
            current.items.append(text)
    return [section for section in sections.values() if section.items]


def _told(section: _Section, span: Span) -> Draft:
    """Say what a section holds, once a day; what stands in the configuration is the same each day and comes once."""
    same = {"", *section.counts} == {""}
    origin = f"always:{digest(section.title, *section.items)}" if same else f"{span.day}:{digest(section.title)}"
    count = next(iter(section.counts)) if len(section.counts) == 1 else ""
    return Draft(origin=f"did:{origin}", day=span.day, text=line(f"{section.title}{count}: {', '.join(section.items)}"))
