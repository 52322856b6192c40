"""What a restore would change, or has changed, for a terminal."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.import_result import ENTITY_LABELS
from valuelog.render.terminal.layout import join_unwrapped_line
from valuelog.render.terminal.tables import create_table, fixed_column
from valuelog.render.words import format_count
from valuelog.workflows.restoring import RestorePreview, format_moment

MAX_DAYS = 10
"""The most days listed one by one."""

_ENTRY = ENTITY_LABELS["entry"]

_STATES = {
    "missing": "Your journal is missing.",
    "empty": "Your journal is an empty file.",
    "foreign": "Another kind of file is in the place of your journal.",
    "newer": "A newer valuelog wrote your journal; this one can't compare them.",
    "damaged": "Your journal is damaged; this compares what can still be read of it.",
}


def lines(preview: RestorePreview, width: int) -> Iterator[Text | Table]:
    """Yield the copy, the present journal, and what would be gained and lost."""
    del width
    described = Text(_describe_copy(preview), STRONG)
    yield described if preview.copy.backup else join_unwrapped_line(described)  # the path of a file can be copied
    yield from _describe_present(preview)
    yield from _differences(preview)
    if preview.erased_count:
        things, pronoun = format_count(preview.erased_count, "thing"), "it" if preview.erased_count == 1 else "them"
        yield Text(f"It still has {things} that you erased for good. Restoring brings {pronoun} back.", ATTENTION)
    yield from _newer_changes(preview)


def _describe_copy(preview: RestorePreview) -> str:
    backup = preview.copy.backup
    name = f"Backup {preview.head}" if backup else str(preview.copy.path)
    moment = f" of {format_moment(backup.made_at, preview.now)}" if backup else ""
    return f"{name}{moment} · {format_count(preview.entries, *_ENTRY)} · no damage found"


def _describe_present(preview: RestorePreview) -> Iterator[Text]:
    present = preview.present
    if present.state == "readable":
        yield Text(f"Your journal has {format_count(present.entries or 0, *_ENTRY)}.")
    else:
        yield Text(_STATES[present.state], ATTENTION)


def _differences(preview: RestorePreview) -> Iterator[Text | Table]:
    comparison = preview.comparison
    for total, verb, style, counts in (
        (comparison.gained, "You get back", "", [(day.day, day.gained) for day in comparison.days]),
        (comparison.lost, "You lose", ATTENTION, [(day.day, day.lost) for day in comparison.days]),
        (
            comparison.changed,
            "Changed back to how the backup has them:",
            "",
            [(d.day, d.changed) for d in comparison.days],
        ),
    ):
        if total:
            yield Text(f"{verb} {format_count(total, *_ENTRY)}", style)
            yield from _day_table([(day, count) for day, count in counts if count], preview)
    gained = ", ".join(_count_other(other.entity, other.gained) for other in comparison.others if other.gained)
    lost = ", ".join(_count_other(other.entity, other.lost) for other in comparison.others if other.lost)
    if gained:
        yield Text(f"You also get back {gained}")
    if lost:
        yield Text(f"You also lose {lost}", ATTENTION)
    if not (comparison.days or gained or lost):
        yield Text("Both have the same entries.")


def _count_other(entity: str, count: int) -> str:
    return format_count(count, *ENTITY_LABELS.get(entity, (entity,)))


def _day_table(counts: Sequence[tuple[date, int]], preview: RestorePreview) -> Iterator[Text | Table]:
    """Yield the newest days, and how many older ones there are."""
    older, listed = counts[:-MAX_DAYS], counts[-MAX_DAYS:]
    if older:
        entries = format_count(sum(count for _, count in older), *_ENTRY)
        first = format_day(older[0][0], preview.now.date())
        yield Text(f"  {format_count(len(older), 'earlier day')} since {first}: {entries}", DIM)
    table = create_table(fixed_column(), fixed_column())
    for day, count in listed:
        table.add_row(f"  {format_day(day, preview.now.date())}", format_count(count, *_ENTRY))
    yield table


def _newer_changes(preview: RestorePreview) -> Iterator[Text]:
    if preview.kept:
        changes = _describe_changes(preview.kept, preview)
        if preview.keeps_newer:
            yield Text(f"Kept from your journal: {changes}")
        else:
            yield Text(f"Can be kept from your journal, with --keep-newer: {changes}")
    if preview.left:
        changes = _describe_changes(preview.left, preview)
        yield Text(f"Can't be kept with this backup: {changes}")


def _describe_changes(counts: Sequence[tuple[date, int]], preview: RestorePreview) -> str:
    total = format_count(sum(count for _, count in counts), "newer change")
    today = preview.now.date()
    if len(counts) > MAX_DAYS:
        return f"{total} from {format_day(counts[0][0], today)} to {format_day(counts[-1][0], today)}"
    days = ", ".join(f"{count} of {format_day(day, today)}" for day, count in counts)
    return f"{total} ({days})" if len(counts) > 1 else f"{total} of {format_day(counts[0][0], today)}"
