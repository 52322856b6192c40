"""What the help of a command says: how it is called, examples, what it is for, and its words one by one."""

from typing import NamedTuple


class HelpSection(NamedTuple):
    """Words of one sort under their title, each with what it means."""

    title: str
    rows: tuple[tuple[str, str], ...]


class CommandHelp(NamedTuple):
    """The help of one command; `about` are paragraphs, `commands` those below it."""

    usage: str
    examples: tuple[str, ...]
    about: tuple[str, ...]
    subcommands: tuple[HelpSection, ...]
    parameters: tuple[HelpSection, ...]
