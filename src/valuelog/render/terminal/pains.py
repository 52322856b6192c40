"""A list of pain points: what hurts most often first."""

from collections.abc import Iterator
from datetime import date

from rich.text import Text

from valuelog.model.pain import PainPoint
from valuelog.model.period import short
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import column, identifier, line
from valuelog.render.words import plural
from valuelog.workflows.lookup import Pains


def lines(found: Pains, width: int) -> Iterator[Text]:
    """Show each pain point with how often and when it was last seen."""
    if not found.pains:
        yield Text("No open pain points. Note one with: valuelog pain add", DIM)
        return
    for pain in found.pains:
        yield pain_line(pain, found.letters[pain.id], found.today, width)
    yield Text(f"\n{plural(len(found.pains), 'open pain point')}", DIM)


def pain_line(pain: PainPoint, letters: int, today: date, width: int) -> Text:
    """Show one pain point on one line."""
    shown = identifier(pain.id, letters)
    facts = f"seen {pain.how_often}, last {short(pain.last_seen, today)}"
    said = column(pain.text.partition("\n")[0], max(20, width - 8 - len(facts)))
    return line(shown, " " * (6 - shown.cell_len), said, "  ", (facts, DIM))
