"""The help of a command: an example to copy first, then what it is for, then its words one by one."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from valuelog.render.help import CommandHelp, HelpSection
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import MIN_TEXT_WIDTH, join_unwrapped_line, wrap_words
from valuelog.render.wrap import wrap_command

INDENT = 2
MAX_NAME_WIDTH = 26
"""A word that is longer gets a line of its own, so that the others stay close to what they mean."""


def lines(command_help: CommandHelp, width: int) -> Iterator[Text]:
    """Show the usage, the examples, what the command is for, and its words."""
    for place, piece in enumerate(wrap_words(command_help.usage, width - INDENT)):
        yield Text(" " * INDENT * bool(place) + piece, DIM)
    yield from _examples(command_help.examples, width)
    for paragraph in command_help.about:
        yield Text("")
        yield from map(Text, wrap_words(paragraph, width))
    yield from _sections(command_help.subcommands, width)
    for block in command_help.parameters:
        yield from _sections((block,), width)


def _examples(examples: tuple[str, ...], width: int) -> Iterator[Text]:
    """Show each example on a line of its own; one that is too long goes on behind a backslash, as shells read it."""
    if examples:
        yield Text(f"\n{'Examples' if len(examples) > 1 else 'Example'}", DIM)
    for example in examples:
        for piece in wrap_command(example, width, INDENT):
            shown = piece.lstrip(" ")
            yield join_unwrapped_line(" " * (len(piece) - len(shown)), (shown, STRONG))


def _sections(sections: tuple[HelpSection, ...], width: int) -> Iterator[Text]:
    """Show blocks with the same column for what their words mean."""
    names = [cell_len(name) for block in sections for name, _ in block.rows]
    column = max((size for size in names if size <= MAX_NAME_WIDTH), default=MAX_NAME_WIDTH) + 2 * INDENT
    stacked = width - column < MIN_TEXT_WIDTH
    for block in sections:
        yield Text(f"\n{block.title}", DIM)
        for name, said in block.rows:
            yield from _row(name, said, 2 * INDENT if stacked else column, width)


def _row(name: str, text: str, column: int, width: int) -> Iterator[Text]:
    """Show a word beside what it means, or above it where it is too long for that."""
    pieces = wrap_words(text, width - column)
    beside = cell_len(name) + 2 * INDENT <= column
    first = pieces.pop(0) if beside and pieces else ""
    gap = " " * (column - cell_len(name) - INDENT) if first else ""
    yield Text.assemble(" " * INDENT, (name, STRONG), gap, first)
    yield from (Text(" " * column + piece) for piece in pieces if piece)
