"""The help of a command: examples to copy first, then its description, subcommands and parameters."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from valuelog.render.help import CommandHelp, HelpSection
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import MIN_TEXT_WIDTH, join_unwrapped_line, wrap_words
from valuelog.render.wrap import wrap_command

INDENT = 2
MAX_NAME_WIDTH = 26
"""A longer name gets its own line, so that the other names stay close to their descriptions."""


def lines(command_help: CommandHelp, width: int) -> Iterator[Text]:
    """Yield the lines of the usage, the examples, the description and the sections."""
    for index, line in enumerate(wrap_words(command_help.usage, width - INDENT)):
        yield Text(" " * INDENT * bool(index) + line, DIM)
    yield from _examples(command_help.examples, width)
    for paragraph in command_help.about:
        yield Text("")
        yield from map(Text, wrap_words(paragraph, width))
    yield from _sections(command_help.subcommands, width)
    for section in command_help.parameters:
        yield from _sections((section,), width)


def _examples(examples: tuple[str, ...], width: int) -> Iterator[Text]:
    """Yield one line per example; a long one continues after a backslash, as in a shell."""
    if examples:
        yield Text(f"\n{'Examples' if len(examples) > 1 else 'Example'}", DIM)
    for example in examples:
        for line in wrap_command(example, width, INDENT):
            command = line.lstrip(" ")
            yield join_unwrapped_line(" " * (len(line) - len(command)), (command, STRONG))


def _sections(sections: tuple[HelpSection, ...], width: int) -> Iterator[Text]:
    """Yield the lines of sections, with the descriptions of all of them in one column."""
    names = [cell_len(name) for section in sections for name, _ in section.rows]
    column = max((size for size in names if size <= MAX_NAME_WIDTH), default=MAX_NAME_WIDTH) + 2 * INDENT
    stacked = width - column < MIN_TEXT_WIDTH
    for section in sections:
        yield Text(f"\n{section.title}", DIM)
        for name, about in section.rows:
            yield from _row(name, about, 2 * INDENT if stacked else column, width)


def _row(name: str, about: str, column: int, width: int) -> Iterator[Text]:
    """Yield a name beside its description, or above it if the name is too long."""
    pieces = wrap_words(about, width - column)
    beside = cell_len(name) + 2 * INDENT <= column
    first = pieces.pop(0) if beside and pieces else ""
    gap = " " * (column - cell_len(name) - INDENT) if first else ""
    yield Text.assemble(" " * INDENT, (name, STRONG), gap, first)
    yield from (Text(" " * column + piece) for piece in pieces if piece)
