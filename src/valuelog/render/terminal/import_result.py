"""What an import brought in, or would."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import DIM, NEEDS, STRONG
from valuelog.render.terminal.layout import fit, line
from valuelog.render.words import plural
from valuelog.workflows.arrived import ImportResult

NAMES = {
    "entry": ("entry", "entries"),
    "pain": ("pain point", "pain points"),
    "reflection": ("answer of a Friday", "answers of Fridays"),
    "day_off": ("day off", "days off"),
    "asked": ("question asked", "questions asked"),
    "draft_seen": ("draft seen", "drafts seen"),
}
"""How things are called, where it is not by adding an s."""

FOUND_AGAIN = ("entry", "pain", "project", "promise")
"""The kinds of things of which it is shown how many there are in all."""

LABEL = 10
MOST_BAD = 3
"""So many of the records that are left out are shown."""


def lines(arrived: ImportResult, width: int) -> Iterator[Text]:
    """Show how much of each kind, what was there already, what is bad, and how to go on."""
    only_look = arrived.options.dry_run
    counts = [(name, arrived.new_counts[name]) for name in arrived.counts_before if arrived.new_counts.get(name)]
    said = ", ".join(_counted(name, count) for name, count in counts) or "nothing new"
    yield Text(f"{'Would import' if only_look else 'Imported'} {said} from {arrived.options.format}", STRONG)
    if arrived.days:
        first, last = map(format_full_day, arrived.days)
        yield _fact("days", first if first == last else f"{first} – {last}")
    yield from _passed_over(arrived)
    yield from _left_out(arrived, width)
    for name in FOUND_AGAIN:
        if arrived.new_counts.get(name):
            yield _fact("in all", f"{arrived.counts_before[name]:,} → {_counted(name, arrived.counts_after[name])}")
    yield from _samples(arrived, width) if only_look else ()
    if only_look:
        yield Text("Nothing was written. Without -n it would be.", DIM)
    elif counts:
        yield Text("valuelog undo takes all of it back", DIM)


def _passed_over(arrived: ImportResult) -> Iterator[Text]:
    if arrived.known_count:
        were = "was" if arrived.known_count == 1 else "were"
        yield _fact("known", f"{arrived.known_count:,} came in before and {were} passed over")
    if arrived.differing_count:
        differ, stay = ("differs", "stays as it is") if arrived.differing_count == 1 else ("differ", "stay as they are")
        yield _fact("", f"{arrived.differing_count:,} of them {differ} here by now and {stay}", NEEDS)


def _left_out(arrived: ImportResult, width: int) -> Iterator[Text]:
    if arrived.bad_count:
        yield _fact("left out", f"{plural(arrived.bad_count, 'record')} that cannot be understood", NEEDS)
    for bad in arrived.first_bad[:MOST_BAD]:
        yield Text(" " * LABEL + fit(f"{bad.location}: {bad.reason}", width - LABEL), DIM)
    if (more := arrived.bad_count - MOST_BAD) > 0:
        yield Text(f"{'':<{LABEL}}and {more:,} more, which --json names", DIM)


def _samples(arrived: ImportResult, width: int) -> Iterator[Text]:
    for sample in arrived.samples:
        yield line(f"{sample.day}  {sample.kind:<12} ", (fit(sample.text, width - 25), DIM))
    if (more := arrived.new_counts.get("entry", 0) - len(arrived.samples)) > 0:
        yield Text(f"and {more:,} more", DIM)


def _counted(name: str, count: int) -> str:
    one, several = NAMES.get(name, (name, f"{name}s"))
    return f"{count:,} {one if count == 1 else several}"


def _fact(label: str, said: str, style: str = "") -> Text:
    return line((f"{label:<{LABEL}}", DIM), (said, style))
