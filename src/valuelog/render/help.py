"""The help of a command, as a value."""

from typing import NamedTuple


class HelpSection(NamedTuple):
    """A title and rows of a name and its description: commands, arguments or options."""

    title: str
    rows: tuple[tuple[str, str], ...]


class CommandHelp(NamedTuple):
    """The help of a command; `about` has one item per paragraph."""

    usage: str
    examples: tuple[str, ...]
    about: tuple[str, ...]
    subcommands: tuple[HelpSection, ...]
    parameters: tuple[HelpSection, ...]
