"""What a search found: the best match first, with the words that were searched for highlighted."""

from collections.abc import Iterator
from datetime import date

from rich.cells import cell_len
from rich.text import Text

from valuelog.model.entry import Entry
from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day, format_period
from valuelog.model.project import Project
from valuelog.model.promise import Promise
from valuelog.model.search import SearchQuery, find_hits
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, HIT
from valuelog.render.terminal.entries import KIND_WIDTH, render_kind
from valuelog.render.terminal.layout import INDENT, MIN_TEXT_WIDTH, render_id, truncate
from valuelog.render.terminal.listing import ID_WIDTH
from valuelog.render.words import format_count, format_failure, format_sightings
from valuelog.workflows.search import Found, Passage, SearchResults

MAX_PASSAGES = 3
"""How many other texts of one thing are shown."""

MIN_ROOM = 12
"""Columns that a text gets on the narrowest terminal."""


def lines(results: SearchResults, width: int) -> Iterator[Text]:
    """Yield what was found, each with its facts and the other texts that match."""
    if not results.found:
        yield Text("Nothing found.", DIM)
        return
    for found in results.found:
        yield from _lines_of(found, results, width)
    yield Text(f"\n{format_count(len(results.found), 'match', 'matches')}", DIM)


def _lines_of(found: Found, results: SearchResults, width: int) -> Iterator[Text]:
    head = _head(found, results)
    is_apart = width - head.cell_len < MIN_TEXT_WIDTH
    margin = " " * (INDENT if is_apart else head.cell_len)
    room = max(MIN_ROOM, width - len(margin))
    if is_apart:
        yield head
    yield Text.assemble(
        margin if is_apart else head, _highlight(_excerpt(found.text, results.query, room), results.query)
    )
    yield Text(margin + truncate(escape_line(" · ".join(filter(None, _facts(found, results.today)))), room), DIM)
    for passage in found.passages[:MAX_PASSAGES]:
        yield Text.assemble(margin, _passage(passage, results, room))
    if (more := len(found.passages) - MAX_PASSAGES) > 0:
        yield Text(f"{margin}and {more} more", DIM)


def _head(found: Found, results: SearchResults) -> Text:
    shown = render_id(found.name, results.prefix_lengths[found.name]) if found.name else Text("")
    shown.pad_right(max(1, ID_WIDTH - shown.cell_len))
    is_entry = isinstance(found.entity, Entry)
    kind = render_kind(found.entity) if isinstance(found.entity, Entry) else Text(f"{found.kind:<{KIND_WIDTH}}")
    if not is_entry and found.kind == "pain":
        kind.stylize(ATTENTION)
    return Text.assemble(shown, kind)


def _facts(found: Found, today: date) -> list[str]:
    """Return the day of something found, and what tells it from others."""
    day = format_day(found.day, today)
    match found.entity:
        case Entry() as entry:
            return [day, f"+{entry.project}" if entry.project else "", format_failure(entry)]
        case PainPoint() as pain:
            return [str(pain.state), format_sightings(pain, today)]
        case Promise() as promise:
            return [day, str(promise.kind), str(promise.state), f"due {format_day(promise.due, today)}"]
        case Project() as project:
            return [day, str(project.state), f"+{project.slug}"]
        case _:
            return [f"about {format_period(found.period)}" if found.period else day]


def _passage(passage: Passage, results: SearchResults, room: int) -> Text:
    when = f" {format_day(passage.day, results.today)}" if passage.day else ""
    label = "◆ " if passage.label == "evidence" else f"{passage.label}{when}: "
    text = _highlight(_excerpt(passage.text, results.query, max(MIN_ROOM, room - cell_len(label))), results.query)
    return Text.assemble((label, DIM), text)


def _excerpt(text: str, query: SearchQuery, width: int) -> str:
    """Return a text on one line; if it is too long, the part around the first word that was searched for."""
    line = escape_line(text)
    hits = find_hits(line, query)
    if cell_len(line) <= width or not hits or cell_len(line[: hits[0][1]]) < width:
        return truncate(line, width)
    start = hits[0][0]
    while start > 0 and cell_len(line[start - 1 : hits[0][0]]) < width // 3:
        start -= 1
    if (space := line.find(" ", start, hits[0][0])) >= 0:
        start = space + 1
    return truncate(f"…{line[start:]}", width)


def _highlight(text: str, query: SearchQuery) -> Text:
    shown = Text(text)
    for start, end in find_hits(text, query):
        shown.stylize(HIT, start, end)
    return shown
