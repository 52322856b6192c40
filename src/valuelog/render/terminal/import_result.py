"""The result of an import for a terminal."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.layout import truncate
from valuelog.render.terminal.tables import cell, create_table, fixed_column, text_column
from valuelog.render.words import format_count
from valuelog.workflows.importing import ImportResult

ENTITY_LABELS = {
    "entry": ("entry", "entries"),
    "pain": ("pain point", "pain points"),
    "measurement": ("reading", "readings"),
    "day_off": ("day off", "days off"),
    "asked": ("asked question", "asked questions"),
    "finding": ("muted finding", "muted findings"),
    "draft_seen": ("reviewed draft", "reviewed drafts"),
}
"""Singular and plural of the entities whose plural isn't their name and an s."""

ENTITIES_WITH_TOTAL = ("entry", "pain", "project", "promise")
"""Entities whose totals before and after are shown."""

LABEL_WIDTH = 10
MAX_BAD_SHOWN = 3


def lines(result: ImportResult, width: int) -> Iterator[Text | Table]:
    """Yield what is new, known and invalid, and the next command."""
    is_dry_run = result.options.dry_run
    counts = [(name, result.new_counts[name]) for name in result.counts_before if result.new_counts.get(name)]
    imported = ", ".join(_format_entity_count(name, count) for name, count in counts) or "nothing new"
    yield Text(f"{'Would import' if is_dry_run else 'Imported'} {imported} from {result.options.format}", STRONG)
    if result.days:
        first, last = map(format_full_day, result.days)
        yield _labeled_line("days", first if first == last else f"{first} – {last}")
    yield from _known_records(result)
    yield from _skipped_records(result, width)
    if result.passed_over:
        yield _labeled_line("ignored", _format_passed_over(result))
    for name in ENTITIES_WITH_TOTAL:
        if result.new_counts.get(name):
            total = _format_entity_count(name, result.counts_after[name])
            yield _labeled_line("total", f"{result.counts_before[name]:,} → {total}")
    if is_dry_run:
        yield from _samples(result)
        yield Text("Nothing was saved. Import it by running this without -n.", DIM)
    elif counts:
        yield Text("Undo: valuelog undo", DIM)


def _known_records(result: ImportResult) -> Iterator[Text]:
    if result.known_count:
        yield _labeled_line("known", f"{result.known_count:,} imported before, skipped")
    if result.differing_count:
        differ = "differs" if result.differing_count == 1 else "differ"
        yield _labeled_line("", f"{result.differing_count:,} of them {differ} here and stayed unchanged", ATTENTION)


def _skipped_records(result: ImportResult, width: int) -> Iterator[Text]:
    if result.bad_count:
        yield _labeled_line("skipped", format_count(result.bad_count, "invalid record"), ATTENTION)
    for bad in result.first_bad[:MAX_BAD_SHOWN]:
        yield Text(" " * LABEL_WIDTH + truncate(f"{bad.location}: {bad.reason}", width - LABEL_WIDTH), DIM)
    if (more := result.bad_count - MAX_BAD_SHOWN) > 0:
        yield Text(f"{'':<{LABEL_WIDTH}}and {more:,} more (list them with --json)", DIM)


def _format_passed_over(result: ImportResult) -> str:
    return ", ".join(
        f"{count:,} {each.singular if count == 1 else each.plural}" for each, count in result.passed_over.items()
    )


def _samples(result: ImportResult) -> Iterator[Text | Table]:
    table = create_table(fixed_column(), fixed_column(), text_column())
    for sample in result.samples:
        table.add_row(str(sample.day), sample.kind, cell(sample.text, DIM))
    if result.samples:
        yield table
    if (more := result.new_counts.get("entry", 0) - len(result.samples)) > 0:
        yield Text(f"and {more:,} more", DIM)


def _format_entity_count(entity: str, count: int) -> str:
    singular, plural = ENTITY_LABELS.get(entity, (entity, f"{entity}s"))
    return f"{count:,} {singular if count == 1 else plural}"


def _labeled_line(label: str, text: str, style: str = "") -> Text:
    return Text.assemble((f"{label:<{LABEL_WIDTH}}", DIM), (text, style))
