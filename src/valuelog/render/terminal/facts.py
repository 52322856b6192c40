"""Named facts, a line each."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len
from rich.text import Text

from valuelog.render.escape import visible
from valuelog.render.facts import Fact
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import whole

NARROWEST = 20
"""A column of values that would be narrower goes below the names."""


def lines(facts: Sequence[Fact], width: int) -> Iterator[Text]:
    """Show each fact with where it comes from, below it where it is too long; a path stays whole, to be copied."""
    names = max(len(fact.name) for fact in facts) + 2
    origins = max(cell_len(visible(fact.origin)) for fact in facts)
    room = width - names - origins - 2
    values = max((size for fact in facts if (size := cell_len(visible(fact.shown))) <= room), default=0)
    for fact in facts:
        if width - names < NARROWEST:
            yield from _stacked(fact, width)
        else:
            yield _beside(fact, names, values, width)


def _beside(fact: Fact, names: int, values: int, width: int) -> Text:
    below = "\n" + " " * names
    size = cell_len(visible(fact.shown))
    gap = " " * (values - size + 2) if size <= values else below
    value = below.join(_pieces(fact, width - names))
    return whole((f"{fact.name:<{names}}", STRONG), value, gap, (visible(fact.origin), DIM))


def _stacked(fact: Fact, width: int) -> Iterator[Text]:
    yield whole((fact.name, STRONG))
    for piece in (*_pieces(fact, width - 2), visible(fact.origin)):
        yield whole(f"  {piece}")


def _pieces(fact: Fact, width: int) -> list[str]:
    return wrap(visible(fact.shown), width, break_long_words=False, break_on_hyphens=False)
