"""What an import brought in, or would."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.layout import join_line, truncate
from valuelog.render.words import format_count
from valuelog.workflows.arrived import ImportResult

ENTITY_LABELS = {
    "entry": ("entry", "entries"),
    "pain": ("pain point", "pain points"),
    "reflection": ("answer of a Friday", "answers of Fridays"),
    "day_off": ("day off", "days off"),
    "asked": ("question asked", "questions asked"),
    "draft_seen": ("draft seen", "drafts seen"),
}
"""How things are called, where it is not by adding an s."""

ENTITIES_WITH_TOTAL = ("entry", "pain", "project", "promise")
"""The kinds of things of which it is shown how many there are in all."""

LABEL_WIDTH = 10
MAX_BAD_SHOWN = 3
"""So many of the records that are left out are shown."""


def lines(result: ImportResult, width: int) -> Iterator[Text]:
    """Show how much of each kind, what was there already, what is bad, and how to go on."""
    only_look = result.options.dry_run
    counts = [(name, result.new_counts[name]) for name in result.counts_before if result.new_counts.get(name)]
    said = ", ".join(_format_entity_count(name, count) for name, count in counts) or "nothing new"
    yield Text(f"{'Would import' if only_look else 'Imported'} {said} from {result.options.format}", STRONG)
    if result.days:
        first, last = map(format_full_day, result.days)
        yield _labeled_line("days", first if first == last else f"{first} – {last}")
    yield from _known_records(result)
    yield from _bad_records(result, width)
    for name in ENTITIES_WITH_TOTAL:
        if result.new_counts.get(name):
            yield _labeled_line(
                "in all", f"{result.counts_before[name]:,} → {_format_entity_count(name, result.counts_after[name])}"
            )
    yield from _samples(result, width) if only_look else ()
    if only_look:
        yield Text("Nothing was written. Without -n it would be.", DIM)
    elif counts:
        yield Text("valuelog undo takes all of it back", DIM)


def _known_records(result: ImportResult) -> Iterator[Text]:
    if result.known_count:
        were = "was" if result.known_count == 1 else "were"
        yield _labeled_line("known", f"{result.known_count:,} came in before and {were} passed over")
    if result.differing_count:
        differ, stay = ("differs", "stays as it is") if result.differing_count == 1 else ("differ", "stay as they are")
        yield _labeled_line("", f"{result.differing_count:,} of them {differ} here by now and {stay}", ATTENTION)


def _bad_records(result: ImportResult, width: int) -> Iterator[Text]:
    if result.bad_count:
        yield _labeled_line(
            "left out", f"{format_count(result.bad_count, 'record')} that cannot be understood", ATTENTION
        )
    for bad in result.first_bad[:MAX_BAD_SHOWN]:
        yield Text(" " * LABEL_WIDTH + truncate(f"{bad.location}: {bad.reason}", width - LABEL_WIDTH), DIM)
    if (more := result.bad_count - MAX_BAD_SHOWN) > 0:
        yield Text(f"{'':<{LABEL_WIDTH}}and {more:,} more, which --json names", DIM)


def _samples(result: ImportResult, width: int) -> Iterator[Text]:
    for sample in result.samples:
        yield join_line(f"{sample.day}  {sample.kind:<12} ", (truncate(sample.text, width - 25), DIM))
    if (more := result.new_counts.get("entry", 0) - len(result.samples)) > 0:
        yield Text(f"and {more:,} more", DIM)


def _format_entity_count(entity: str, count: int) -> str:
    one, several = ENTITY_LABELS.get(entity, (entity, f"{entity}s"))
    return f"{count:,} {one if count == 1 else several}"


def _labeled_line(label: str, text: str, style: str = "") -> Text:
    return join_line((f"{label:<{LABEL_WIDTH}}", DIM), (text, style))
