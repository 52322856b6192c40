"""Everything about one entity."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from valuelog.analysis.timeline import Event, EventKind
from valuelog.model.entry import Entry, format_minutes
from valuelog.model.fields import labeled_texts
from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day, format_full_day
from valuelog.model.project import Project
from valuelog.model.promise import Promise
from valuelog.model.recurrence import format_recurrence
from valuelog.model.trade import trade_words
from valuelog.render.escape import escape_line, escape_lines
from valuelog.render.style import DIM
from valuelog.render.terminal.entries import list_details, render_kind
from valuelog.render.terminal.layout import COLUMN_GAP, MIN_TEXT_WIDTH, join_unwrapped_line, render_id, wrap_words
from valuelog.render.terminal.tables import (
    create_table,
    fixed_column,
    label_table,
    paragraph_cell,
    text_column,
    wrapped_cell,
)
from valuelog.render.words import answer_label, format_held, format_raised
from valuelog.render.wrap import wrap_command
from valuelog.workflows.lookup import EntityDetails

LABEL_WIDTH = 12

EVENT_LABELS = {
    EventKind.NOTICED: "noticed",
    EventKind.SEEN: "seen again",
    EventKind.PROMISED: "step planned",
    EventKind.CARRIED: "carried over",
    EventKind.KEPT: "step done",
    EventKind.BROKEN: "step not done",
    EventKind.ENDED: "step dropped",
    EventKind.FIXED: "fixed",
    EventKind.DROPPED: "dropped",
}
"""The label of each event in the history of a pain point."""


def lines(details: EntityDetails, width: int) -> Iterator[RenderableType]:
    """Yield the head, the full text and the facts; for a pain point also its history."""
    entity = details.entity
    yield Text.assemble(render_id(entity.id, details.prefix_length), "  ", *_head(details))
    yield Text("")
    for line in escape_lines(entity.text):
        yield from map(Text, wrap_words(line, width))
    facts = [(label, text) for label, text in _facts(details) if text]
    if facts:
        yield Text("")
        yield label_table([(label, paragraph_cell(text)) for label, text in facts], width, LABEL_WIDTH)
    if isinstance(entity, Project):
        yield from _command_lines("more", f"valuelog project show {entity.slug}", width)
    if details.story:
        yield Text("")
        yield _story_table(details, width)
    if details.tried:
        yield Text("")
        yield from map(Text, wrap_words(f"{details.tried}: what next?", width))
        plan = f'valuelog pain plan {entity.id[: details.prefix_length]} "…" --by fri'
        yield from _command_lines("next", plan, width)


def _story_table(details: EntityDetails, width: int) -> Table:
    """Return a table of the events of a pain point, with the entry that fixed it."""
    rows: list[tuple[str, RenderableType]] = []
    for event in details.story:
        text = wrapped_cell(_format_event(event, details.entity.text))
        fix = [_fix(details.fix, details.fix_prefix_length)] if event.entry_id and details.fix else []
        rows.append((format_day(event.day, details.story[-1].day), Group(text, *fix)))
    column = max(LABEL_WIDTH, COLUMN_GAP + max(len(day) for day, _ in rows))
    return label_table(rows, width, column)


def _head(details: EntityDetails) -> Iterator[str | Text]:
    match details.entity:
        case Entry() as entry:
            yield render_kind(entry)
            yield format_full_day(entry.day)
        case PainPoint() as pain:
            yield f"pain point   {pain.state}"
        case Promise() as promise:
            yield f"promise   {promise.state}"
        case Project() as project:
            yield f"project   {project.state}"


def _command_lines(label: str, command: str, width: int) -> Iterator[Text]:
    """Yield a command beside its label, or below it if the terminal is narrow. No table: it could break a long word."""
    beside = width - LABEL_WIDTH >= MIN_TEXT_WIDTH
    if not beside:
        yield Text(label, DIM)
    room, indent = (width - LABEL_WIDTH, 0) if beside else (width, COLUMN_GAP)
    for number, piece in enumerate(wrap_command(escape_line(command), room, indent)):
        head = f"{'' if number else label:<{LABEL_WIDTH}}" if beside else ""
        yield join_unwrapped_line((head, DIM), piece)


def _fix(entry: Entry, prefix_length: int) -> Table:
    """Return the id and details of the entry that is the fix."""
    table = create_table(fixed_column(), text_column())
    table.add_row(render_id(entry.id, prefix_length), wrapped_cell(" · ".join(list_details(entry)), DIM))
    return table


def _format_event(event: Event, pain_text: str) -> str:
    text = EVENT_LABELS[event.kind]
    if event.due:
        text += f" {'to' if event.kind is EventKind.CARRIED else 'for'} {format_day(event.due, event.day)}"
    if event.text and event.text != pain_text:
        text += f": {event.text.partition(chr(10))[0]}"
    return text


def _facts(details: EntityDetails) -> Iterator[tuple[str, str]]:
    match details.entity:
        case Entry() as entry:
            yield from _entry_facts(entry)
        case PainPoint() as pain:
            yield from _pain_facts(pain)
        case Promise() as promise:
            yield from _promise_facts(promise)
        case Project() as project:
            yield from _project_facts(project)


def _entry_facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield from labeled_texts("entry", entry)
    yield "effects", ", ".join(map(trade_words().effects.word, entry.effects))
    yield "for", ", ".join(map(trade_words().beneficiaries.word, entry.beneficiaries))
    yield "impact", str(entry.impact or "")
    yield "held", format_held(entry)
    yield "raised", _raised(entry)
    yield "project", entry.project or ""
    yield "people", ", ".join(f"@{name}" for name in entry.people)
    yield "tags", ", ".join(f"#{tag}" for tag in entry.tags)
    yield "time", format_minutes(entry.minutes) if entry.minutes else ""
    yield "source", entry.source or ""
    yield "logged", f"{format_full_day(entry.created.date())}, {entry.created:%H:%M}"


def _pain_facts(pain: PainPoint) -> Iterator[tuple[str, str]]:
    yield "people", ", ".join(f"@{name}" for name in pain.people)
    yield "others", pain.shared or ""
    yield "better", pain.better or ""
    yield "step", (pain.step or "") + (f", by {format_full_day(pain.step_by)}" if pain.step_by else "")
    yield "affects", pain.hit or ""
    yield "raised", _raised(pain)


def _raised(item: Entry | PainPoint) -> str:
    """Return when it was raised and what came of it; an empty text if it wasn't."""
    return format_raised(item).removeprefix("raised ") if item.raised_on else ""


def _promise_facts(promise: Promise) -> Iterator[tuple[str, str]]:
    yield "kind", str(promise.kind)
    yield "due", format_full_day(promise.due)
    yield "repeats", format_recurrence(promise.every) if promise.every else ""
    yield "made", format_full_day(promise.made_on)
    yield "carried", str(promise.carried or "")
    yield "settled", format_full_day(promise.closed_on) if promise.closed_on else ""


def _project_facts(project: Project) -> Iterator[tuple[str, str]]:
    yield "slug", project.slug
    yield "since", format_full_day(project.started_on)
    for label in ("problem", "measure", "aim", "result", "evidence", "lesson"):
        yield answer_label(project, label), getattr(project, label) or ""
