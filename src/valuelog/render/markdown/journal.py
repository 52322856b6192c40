"""A journal as Markdown, to read and to keep: a heading a week and a day, below it what was written."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from valuelog.model.entry import Entry, format_minutes, people_in, tags_in
from valuelog.model.period import format_full_day, week_of
from valuelog.model.project import project_in, slugify
from valuelog.render.markdown.text import escape_markdown
from valuelog.render.words import list_benefits


def render_journal(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield a document piece by piece; entries come in the order of their days."""
    yield "# Journal\n"
    for week, found in groupby(entries, key=lambda entry: week_of(entry.day).name):
        yield f"\n## {week}\n"
        for day, entries_of_day in groupby(found, key=lambda entry: entry.day):
            yield f"\n### {format_full_day(day)}\n\n"
            yield from map(_entry_item, entries_of_day)


def _entry_item(entry: Entry) -> str:
    first, *rest = entry.text.split("\n")
    lines = [f"- **{entry.kind}** {escape_markdown(first)}", *(f"  {escape_markdown(line)}".rstrip() for line in rest)]
    if said := " · ".join(_entry_details(entry)):
        lines.append(f"  _{said}_")
    return "  \n".join(lines) + "\n"


def _entry_details(entry: Entry) -> Iterator[str]:
    """Yield what an entry says besides its text."""
    if entry.minutes:
        yield format_minutes(entry.minutes)
    yield from list_benefits(entry)
    if entry.project and entry.project != slugify(project_in(entry.text) or "no"):
        yield f"+{escape_markdown(entry.project)}"
    yield from (f"@{escape_markdown(name)}" for name in entry.people if name not in people_in(entry.text))
    yield from (f"#{escape_markdown(tag)}" for tag in entry.tags if tag not in tags_in(entry.text))
    if entry.evidence:
        yield f"evidence: {escape_markdown(' '.join(entry.evidence.split()))}"
