"""All commands and subcommands with their examples, for tests of every command."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from valuelog.cli.app import app
from valuelog.cli.group import load_command
from valuelog.cli.help import parse_examples


@cache
def all_commands() -> dict[tuple[str, ...], Any]:
    """Return all commands by their words; the program itself has none."""
    return dict(_walk(app(), ()))


def _walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    yield words, command
    for name, subcommand in getattr(command, "commands", {}).items():
        yield from _walk(subcommand if words else load_command(command.specs[name]), (*words, name))


def all_examples() -> list[tuple[tuple[str, ...], str]]:
    """Return every example of every command."""
    return [(words, example) for words, command in all_commands().items() for example in parse_examples(command.help)]
