"""How one entry looks in a list."""

from rich.cells import cell_len
from rich.text import Text

from valuelog.model.entry import Entry, Side, duration
from valuelog.render.style import DIM, VALUE, WORK
from valuelog.render.terminal.layout import column, fit
from valuelog.render.visible import visible
from valuelog.render.words import BENEFICIARIES

KIND_WIDTH = 13
"""The longest kind and two spaces."""


def kind_of(entry: Entry) -> Text:
    """Show the kind of an entry in the colour of its side."""
    return Text(column(entry.kind, KIND_WIDTH), WORK if entry.side is Side.WORK else VALUE)


def details(entry: Entry) -> list[str]:
    """Say the rest of an entry: minutes, effects, for whom, project, evidence."""
    parts = [
        duration(entry.minutes) if entry.minutes else "",
        *(effect.replace("-", " ") for effect in entry.effects),
        f"for {', '.join(BENEFICIARIES[one] for one in entry.beneficiaries)}" if entry.beneficiaries else "",
        f"+{entry.project}" if entry.project and f"+{entry.project}" not in entry.text else "",
        f"◆ {entry.evidence}" if entry.evidence else "",
    ]
    return list(filter(None, parts))


def described(entry: Entry, indent: int, width: int) -> list[Text]:
    """Show the text of an entry after an indent that is already there, its details on lines below."""
    room = max(20, width - indent)
    below = (Text(" " * indent + packed, DIM) for packed in _packed(details(entry), room))
    return [Text(fit(_headline(entry), room)), *below]


def _packed(parts: list[str], room: int) -> list[str]:
    """Put as many parts on each line as fit."""
    lines: list[str] = []
    for part in map(visible, parts):
        joined = f"{lines[-1]} · {part}" if lines else part
        if lines and cell_len(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(fit(part, room))
    return lines


def _headline(entry: Entry) -> str:
    return entry.headline + (" …" if entry.headline != entry.text else "")
