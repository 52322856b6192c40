"""The table of people or tags."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.tables import create_table, fixed_column, number_column, text_column
from valuelog.workflows.names import NameCount, NameList

MAX_PEOPLE = 3
"""How many people are listed beside a tag."""

MIN_WIDTH = 60
"""On a narrower terminal, the last day is left out."""


def lines(name_list: NameList, width: int) -> Iterator[Text | Table]:
    """Yield a row for each name: how often it appears, in help and friction or with whom, and the last day."""
    noun, sign, _ = name_list.names
    if not name_list.counts:
        yield Text(f"No {'people' if sign == '@' else 'tags'} yet. Write {sign}name in a text to add a {noun}.", DIM)
        return
    is_person, is_narrow = sign == "@", width < MIN_WIDTH
    table = create_table(
        text_column(),
        number_column("entries"),
        number_column("helped"),
        *([number_column("friction")] if is_person else []),
        *([] if is_narrow else [fixed_column("last")]),
    )
    for count in name_list.counts:
        friction = [_number(count.pains)] if is_person else []
        last = [] if is_narrow else [format_day(count.last, name_list.today)]
        table.add_row(_name(sign, count), str(count.entries), _number(count.helped), *friction, *last)
    yield table


def _number(number: int) -> str:
    return str(number) if number else "–"


def _name(sign: str, count: NameCount) -> Text:
    """Return a name with its aliases, or the people of a tag, in dim behind it."""
    shown = [f"@{name}" for name, _ in count.people[:MAX_PEOPLE]]
    more = [f"+{len(count.people) - MAX_PEOPLE}"] if len(count.people) > MAX_PEOPLE else []
    aliases = f"  also {', '.join(f'{sign}{alias}' for alias in count.aliases)}" if count.aliases else ""
    with_whom = f"  with {' '.join([*shown, *more])}" if shown else ""
    return Text.assemble((escape_line(f"{sign}{count.name}"), STRONG), (escape_line(f"{aliases}{with_whom}"), DIM))
