"""did: what the user's own program of that name gathers from GitHub, GitLab, Jira and the like, a draft a section.

Knows how did writes Markdown, and no service. did counts whole calendar days; its `--until` names the last one.
"""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from valuelog.model.draft import Draft
from valuelog.sources import Option, OptionType, SourceFailed, Span
from valuelog.sources.sanitize import sanitize_line
from valuelog.sources.subprocesses import PROGRAM_TIMEOUT_SECONDS, digest, find_program, run_program

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


class DidSource:
    """What did reports of a day."""

    name = "did"
    about = "what the did program finds on GitHub, GitLab, Jira …, if it is installed"
    options: Sequence[Option] = (
        Option(name="command", value_type=OptionType.TEXT, about="how to run it, if not as did"),
    )

    def __init__(self, timeout: float = PROGRAM_TIMEOUT_SECONDS) -> None:
        """Remember how many seconds did has."""
        self._timeout = timeout

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft for each section that has items.

        Raises SourceFailed if there is no did, and, after all that it could find, for services that it could not ask.
        """
        command, day = _resolve_command(options, environ), str(span.day)
        said = run_program(
            self.name, [*command, "--since", day, "--until", day, "--format", "markdown"], environ, self._timeout
        )
        yield from (_create_draft(section, span) for section in _parse_sections(said))
        if unasked := [sanitize_line(title) for title, count in _parse_headings(said) if count.startswith(": ?")]:
            raise SourceFailed(
                self.name, f"it could not find out: {sanitize_line(', '.join(unasked))}.", "Try: did today"
            )


SOURCE = DidSource()


def _resolve_command(options: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Return how to run did. Raises SourceFailed if it is not there."""
    named = str(options.get("command", ""))
    try:
        first, *rest = shlex.split(named) or ["did"]
    except ValueError as error:
        raise SourceFailed(
            "did", f"“{sanitize_line(named)}” is no command: a quote is open.", _CHANGE_COMMAND_HINT
        ) from error
    program = find_program(first, environ)
    if not program:
        raise SourceFailed(
            "did",
            *((f"there is no program “{sanitize_line(first)}”.", _CHANGE_COMMAND_HINT) if named else _NOT_INSTALLED),
        )
    return [program, *rest]


_CHANGE_COMMAND_HINT = "Change command under [sources.did]."
_NOT_INSTALLED = (
    "it is not installed.",
    "Install it, or say how to run it: valuelog config set sources.did.command PROGRAM",
)


def _parse_headings(report: str) -> Iterator[tuple[str, str]]:
    for row in report.splitlines():
        if heading := _HEADING.match(row):
            yield heading["title"], heading["count"] or ""


def _parse_sections(report: str) -> list[_Section]:
    """Return the sections that have items; what is said again for another address of the user is one with the first."""
    sections: dict[str, _Section] = {}
    current = _Section(title="")
    for row in report.splitlines():
        if heading := _HEADING.match(row):
            current = sections.setdefault(heading["title"], _Section(title=heading["title"]))
            current.counts.add(heading["count"] or "")
        elif (item := _ITEM.match(row)) and (text := sanitize_line(item["text"])) and text not in current.items:
            current.items.append(text)
    return [section for section in sections.values() if section.items]


def _create_draft(section: _Section, span: Span) -> Draft:
    """Say what a section holds, once a day; what stands in the configuration is the same each day and comes once."""
    same = {"", *section.counts} == {""}
    origin = f"always:{digest(section.title, *section.items)}" if same else f"{span.day}:{digest(section.title)}"
    count = next(iter(section.counts)) if len(section.counts) == 1 else ""
    return Draft(
        origin=f"did:{origin}", day=span.day, text=sanitize_line(f"{section.title}{count}: {', '.join(section.items)}")
    )
