"""One project: its answers, weeks, value entries, findings and balance."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from valuelog.analysis.timeline import EventKind
from valuelog.model.period import Period, Unit, format_day, format_full_day
from valuelog.model.project import ProjectState, project_in
from valuelog.model.tally import Tally
from valuelog.model.text import first_line
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.entries import KIND_WIDTH, render_entry, render_kind
from valuelog.render.terminal.layout import (
    BAR,
    COLUMN_GAP,
    INDENT,
    MIN_TEXT_WIDTH,
    justify,
    render_advice,
    render_id,
    truncate,
)
from valuelog.render.terminal.readings import summarize_readings
from valuelog.render.terminal.tables import create_table, fixed_column, label_table, paragraph_cell, text_column
from valuelog.render.words import answer_label, format_effort_beside_value, score_parts
from valuelog.workflows.projects import ProjectDetails

LABEL_WIDTH = 10
NUMBERS_WIDTH = 22
"""The width of the numbers after the bars."""

ANSWER_LABEL_WIDTH = 12

ANSWER_FIELDS = ("problem", "measure", "aim", "result", "evidence", "lesson")
"""The answers about a project, in the order shown."""

MAX_EVENTS = 12
"""How many of the latest value entries and readings are shown."""


def lines(details: ProjectDetails, width: int) -> Iterator[Text | Table]:
    """Show everything about a project, its balance last."""
    project, history = details.project, details.history
    head = Text.assemble(
        render_id(project.id, details.prefix_lengths[project.id]), "  ", (escape_line(project.name), STRONG)
    )
    yield justify(head, Text(_format_dates(details), DIM), width)
    yield Text("")
    yield from _answers(details, width)
    yield from _part_bars(details, width)
    yield from _timeline(details, width)
    for finding in details.findings:
        yield render_advice(finding.text, finding.command, width)
    if details.findings:
        yield Text("")
    if not history.score.n:
        yield Text.assemble(
            ("No entries yet. Add one with: ", DIM),
            (f"valuelog add activity {_project_argument(escape_line(project.slug))}", STRONG),
        )
        return
    sides, *share = score_parts(history.score)
    effort = format_effort_beside_value(history.effort, history.score, is_open=project.state is ProjectState.OPEN)
    yield Text.assemble(
        (sides, STRONG),
        *(f" · {part}" for part in share),
        f" · {effort}" if effort else "",
    )


def _project_argument(slug: str) -> str:
    """Return the arguments that add an entry to a project: +slug in the text if that is possible."""
    return f'"… +{slug}"' if project_in(f"+{slug}") == slug else f'"…" --project {slug}'


def _format_dates(details: ProjectDetails) -> str:
    project = details.project
    ended = f", {project.state} {format_full_day(project.closed_on)}" if project.closed_on else ""
    return f"since {format_day(project.started_on, details.history.today)}{ended}"


def _answers(details: ProjectDetails, width: int) -> Iterator[Text | Table]:
    """Yield the answers, and the names of those that are missing."""
    missing = details.project.missing_fields(has_evidence=bool(details.history.with_evidence))
    answers = {label: getattr(details.project, label) for label in ANSWER_FIELDS}
    rows = [
        (answer_label(details.project, label), paragraph_cell(text) if text else Text("missing", ATTENTION))
        for label, text in answers.items()
        if text or label in missing
    ]
    if details.history.measurements:
        rows.append(("readings", summarize_readings(details.history.measurements)))
    if rows:
        yield label_table(rows, width, ANSWER_LABEL_WIDTH)
    yield Text("")


def _part_bars(details: ProjectDetails, width: int) -> Iterator[Text | Table]:
    parts = details.history.parts
    if not parts:
        return
    most = max(tally.n for _, tally in parts)
    scale = min(1.0, (width - LABEL_WIDTH - NUMBERS_WIDTH) / most) if most else 1.0
    table = create_table(fixed_column(width=LABEL_WIDTH - COLUMN_GAP), text_column())
    for part, tally in parts:
        table.add_row(Text(_part_label(part), DIM), Text.assemble(*_bars(tally, scale)))
    yield table
    yield Text("")


def _part_label(part: Period) -> str:
    return f"W{part.start.isocalendar().week:02}" if part.unit is Unit.WEEK else part.name


def _bars(tally: Tally, scale: float) -> Iterator[tuple[str, str]]:
    """Draw a bar and a number for work, then for value."""
    if not tally.n:
        yield "–", DIM
    for count, style, word in ((tally.work, WORK, "work"), (tally.value, VALUE, "value")):
        if count:
            yield BAR * max(1, round(count * scale)), style
            yield f" {count} {word}  ", ""


def _timeline(details: ProjectDetails, width: int) -> Iterator[Text]:
    """Show the latest readings and value entries, the newest last."""
    entries = {entry.id: entry for entry in details.history.value}
    events = [event for event in details.story if event.kind in {EventKind.MEASURED, EventKind.VALUE}]
    if len(events) > MAX_EVENTS:
        what = "value entries and readings" if details.history.measurements else "value entries"
        yield Text(f"The latest {MAX_EVENTS} of {len(events)} {what}", DIM)
    latest = events[-MAX_EVENTS:]
    column = 2 + max((len(format_day(event.day, details.history.today)) for event in latest), default=0)
    for event in latest:
        head = Text(f"{format_day(event.day, details.history.today):<{column}}", DIM)
        if event.entry_id:
            entry = entries[event.entry_id]
            head = Text.assemble(head, render_kind(entry))
            yield from render_entry(head, entry, width, project_slug=details.project.slug)
        else:
            yield from _reading(head, event.text, width)
    if events:
        yield Text("")


def _reading(head: Text, value: str, width: int) -> Iterator[Text]:
    """Show a reading beside its head, or below it if the terminal is narrow."""
    head = Text.assemble(head, f"{EventKind.MEASURED:<{KIND_WIDTH}}")
    if width - head.cell_len < MIN_TEXT_WIDTH:
        yield head
        head = Text(" " * INDENT)
    yield Text.assemble(head, truncate(first_line(value), max(MIN_TEXT_WIDTH, width - head.cell_len)))
