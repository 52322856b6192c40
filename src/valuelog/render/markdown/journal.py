"""A journal as Markdown: a heading for each week and day, and a list of entries."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from valuelog.model.entry import Entry, format_minutes, people_in, tags_in
from valuelog.model.fields import labeled_texts
from valuelog.model.period import format_full_day, week_of
from valuelog.model.project import project_in, slugify
from valuelog.render.markdown.text import escape_markdown
from valuelog.render.words import list_benefits


def render_journal(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the document in pieces. The entries are sorted by day."""
    yield "# Journal\n"
    for week, entries_of_week in groupby(entries, key=lambda entry: week_of(entry.day).name):
        yield f"\n## {week}\n"
        for day, entries_of_day in groupby(entries_of_week, key=lambda entry: entry.day):
            yield f"\n### {format_full_day(day)}\n\n"
            yield from map(_entry_item, entries_of_day)


def _entry_item(entry: Entry) -> str:
    first, *rest = entry.text.split("\n")
    lines = [f"- **{entry.kind}** {escape_markdown(first)}", *(f"  {escape_markdown(line)}".rstrip() for line in rest)]
    if details := " · ".join(_entry_details(entry)):
        lines.append(f"  _{details}_")
    return "  \n".join(lines) + "\n"


def _entry_details(entry: Entry) -> Iterator[str]:
    """Yield the fields of an entry other than its text."""
    if entry.minutes:
        yield format_minutes(entry.minutes)
    yield from map(escape_markdown, list_benefits(entry))
    if entry.project and entry.project != slugify(project_in(entry.text) or "no"):
        yield f"+{escape_markdown(entry.project)}"
    yield from (f"@{escape_markdown(name)}" for name in entry.people if name not in people_in(entry.text))
    yield from (f"#{escape_markdown(tag)}" for tag in entry.tags if tag not in tags_in(entry.text))
    for label, text in labeled_texts("entry", entry):
        yield f"{label}: {escape_markdown(' '.join(text.split()))}"
