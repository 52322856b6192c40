"""Named facts, a line each."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from valuelog.render.facts import Fact
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import line
from valuelog.render.visible import visible


def lines(facts: Sequence[Fact], width: int) -> Iterator[Text]:
    """Show each fact with where it comes from; the origin goes below where the line is too short."""
    widest = max(len(fact.name) for fact in facts) + 2
    for fact in facts:
        value = visible(fact.shown)
        gap = "  " if widest + len(value) + len(fact.origin) + 2 <= width else "\n" + " " * widest
        yield line((f"{fact.name:<{widest}}", STRONG), value, gap, (visible(fact.origin), DIM))
