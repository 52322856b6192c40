"""One project: its answers, weeks, value entries, findings and balance."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from valuelog.model.period import Period, Unit, format_day, format_full_day
from valuelog.model.project import project_in
from valuelog.model.tally import Tally
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.entries import render_entry, render_kind
from valuelog.render.terminal.layout import BAR, COLUMN_GAP, justify, render_advice, render_id
from valuelog.render.terminal.tables import create_table, fixed_column, label_table, paragraph_cell, text_column
from valuelog.render.words import score_parts
from valuelog.workflows.projects import ProjectDetails

LABEL_WIDTH = 10
NUMBERS_WIDTH = 22
"""The width of the numbers after the bars."""

ANSWER_LABEL_WIDTH = 12

ANSWER_FIELDS = ("problem", "measure", "aim", "result", "evidence", "lesson")
"""The answers about a project, in the order shown."""

MAX_VALUE_ENTRIES = 12
"""How many of the latest value entries are shown."""


def lines(details: ProjectDetails, width: int) -> Iterator[Text | Table]:
    """Show everything about a project, its balance last."""
    project, history = details.project, details.history
    head = Text.assemble(render_id(project.id, details.prefix_lengths[project.id]), "  ", (project.name, STRONG))
    yield justify(head, Text(_format_dates(details), DIM), width)
    yield Text("")
    yield from _answers(details, width)
    yield from _part_bars(details, width)
    yield from _value_entries(details, width)
    for finding in details.findings:
        yield render_advice(finding.text, finding.command, width)
    if details.findings:
        yield Text("")
    if not history.score.n:
        yield Text.assemble(
            ("No entries yet. Add one with: ", DIM),
            (f"valuelog add activity {_project_argument(project.slug)}", STRONG),
        )
        return
    sides, *share = score_parts(history.score)
    yield Text.assemble(
        (sides, STRONG),
        *(f" · {part}" for part in share),
        f" · evidence for {history.with_evidence} of {history.score.value}" if history.score.value else "",
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
        (label, paragraph_cell(text) if text else Text("missing", ATTENTION))
        for label, text in answers.items()
        if text or label in missing
    ]
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


def _value_entries(details: ProjectDetails, width: int) -> Iterator[Text]:
    """Show the latest value entries, the newest last."""
    value = details.history.value
    if len(value) > MAX_VALUE_ENTRIES:
        yield Text(f"The latest {MAX_VALUE_ENTRIES} of {len(value)} value entries", DIM)
    latest = value[-MAX_VALUE_ENTRIES:]
    column = 2 + max((len(format_day(entry.day, details.history.today)) for entry in latest), default=0)
    for entry in latest:
        day = format_day(entry.day, details.history.today)
        head = Text.assemble((f"{day:<{column}}", DIM), render_kind(entry))
        yield from render_entry(head, entry, width, project_slug=details.project.slug)
    if value:
        yield Text("")
