"""Facts in columns: name, value, origin. No table of Rich, which would break or crop a path that is too long."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len
from rich.text import Text

from valuelog.render.escape import escape_line
from valuelog.render.facts import Fact
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import join_unwrapped_line

MIN_VALUE_WIDTH = 20
"""If the column of values would be narrower, values go below their names."""


def lines(facts: Sequence[Fact], width: int) -> Iterator[Text]:
    """Yield a line per fact. A value too long for its column has its origin below; paths are never broken."""
    names = max(len(fact.name) for fact in facts) + 2
    origins = max(cell_len(escape_line(fact.origin)) for fact in facts)
    room = width - names - origins - 2
    values = max((size for fact in facts if (size := cell_len(escape_line(fact.text))) <= room), default=0)
    for fact in facts:
        if width - names < MIN_VALUE_WIDTH:
            yield from _stacked(fact, width)
        else:
            yield _beside(fact, names, values, width)


def _beside(fact: Fact, name_width: int, value_width: int, width: int) -> Text:
    below = "\n" + " " * name_width
    size = cell_len(escape_line(fact.text))
    gap = " " * (value_width - size + 2) if size <= value_width else below
    value = below.join(_wrap_value(fact, width - name_width))
    return join_unwrapped_line((f"{fact.name:<{name_width}}", STRONG), value, gap, (escape_line(fact.origin), DIM))


def _stacked(fact: Fact, width: int) -> Iterator[Text]:
    yield join_unwrapped_line((fact.name, STRONG))
    for piece in (*_wrap_value(fact, width - 2), escape_line(fact.origin)):
        yield join_unwrapped_line(f"  {piece}")


def _wrap_value(fact: Fact, width: int) -> list[str]:
    return wrap(escape_line(fact.text), width, break_long_words=False, break_on_hyphens=False)
