"""How one entry looks in a list."""

from rich.text import Text

from valuelog.model.entry import Entry, Side, duration
from valuelog.render.style import DIM, VALUE, WORK
from valuelog.render.terminal.layout import column, fit
from valuelog.render.words import BENEFICIARIES

KIND_WIDTH = 13
"""The longest kind and two spaces."""


def kind_of(entry: Entry) -> Text:
    """Show the kind of an entry in the colour of its side."""
    return Text(column(entry.kind, KIND_WIDTH), WORK if entry.side is Side.WORK else VALUE)


def details(entry: Entry) -> str:
    """Say the rest of an entry in one line: minutes, effects, for whom, project, evidence."""
    parts = [
        duration(entry.minutes) if entry.minutes else "",
        " · ".join(effect.replace("-", " ") for effect in entry.effects),
        f"for {', '.join(BENEFICIARIES[one] for one in entry.beneficiaries)}" if entry.beneficiaries else "",
        f"+{entry.project}" if entry.project else "",
        f"◆ {entry.evidence}" if entry.evidence else "",
    ]
    return " · ".join(filter(None, parts))


def described(entry: Entry, indent: int, width: int) -> list[Text]:
    """Show the text of an entry after an indent that is already there, its details on a line below."""
    room = max(20, width - indent)
    shown = [Text(fit(_headline(entry), room))]
    if more := details(entry):
        shown.append(Text(" " * indent + fit(more, room), DIM))
    return shown


def _headline(entry: Entry) -> str:
    return entry.headline + (" …" if entry.headline != entry.text else "")
