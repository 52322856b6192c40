"""What an import brought in, or would."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import spelled
from valuelog.render.style import DIM, NEEDS, STRONG
from valuelog.render.terminal.layout import fit, line
from valuelog.render.words import plural
from valuelog.workflows.transfer import Arrived

NAMES = {"entry": ("entry", "entries"), "pain": ("pain point", "pain points")}
"""How things are called, where it is not by adding an s."""

LABEL = 10


def lines(arrived: Arrived, width: int) -> Iterator[Text]:
    """Show how much of each kind, what was there already, what is bad, and how to go on."""
    only_look = arrived.wish.only_look
    counts = [(name, arrived.new[name]) for name in arrived.before if name in arrived.new]
    said = ", ".join(_counted(name, count) for name, count in counts) or "nothing new"
    yield Text(f"{'Would import' if only_look else 'Imported'} {said} from {arrived.wish.format}", STRONG)
    if arrived.days:
        first, last = map(spelled, arrived.days)
        yield _fact("days", first if first == last else f"{first} – {last}")
    if arrived.known:
        yield _fact(
            "known", f"{arrived.known:,} came in before and {'was' if arrived.known == 1 else 'were'} passed over"
        )
    if arrived.bad:
        yield _fact("left out", f"{plural(arrived.bad, 'record')} that cannot be understood", NEEDS)
    for bad in arrived.first_bad:
        yield Text(" " * LABEL + fit(f"{bad.place}: {bad.why}", width - LABEL), DIM)
    for name, before in arrived.before.items():
        if arrived.new.get(name):
            yield _fact("in all", f"{before:,} → {_counted(name, arrived.after[name])}")
    for sample in arrived.samples if only_look else ():
        yield line(f"{sample.day}  {sample.kind:<12} ", (fit(sample.text, width - 25), DIM))
    if only_look:
        yield Text("Nothing was written. Without -n it would be.", DIM)
    elif counts:
        yield Text("valuelog undo takes all of it back", DIM)


def _counted(name: str, count: int) -> str:
    one, several = NAMES.get(name, (name, f"{name}s"))
    return f"{count:,} {one if count == 1 else several}"


def _fact(label: str, said: str, style: str = "") -> Text:
    return line((f"{label:<{LABEL}}", DIM), (said, style))
