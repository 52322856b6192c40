"""What there is to say of each command, read from the commands themselves: the reference and the man page draw it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import typer

from valuelog.cli.app import COMMANDS, app
from valuelog.cli.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from valuelog.cli.group import load_command
from valuelog.cli.help import build_help
from valuelog.cli.settings.sources import all_settings
from valuelog.render.help import HelpSection

EXIT_CODES = (
    (EXIT_OK, "done, or nothing found"),
    (EXIT_FAILED, "it could not be done; the message says why, the hint what to do"),
    (EXIT_USAGE, "wrong usage: an unknown word, a day that has not come, no terminal to ask on"),
    (EXIT_INTERRUPTED, "broken off with Ctrl-C; what was confirmed before is saved"),
)

VARIABLES = (
    ("VALUELOG_CONFIG", "the file of settings"),
    ("VALUELOG_TODAY", "the day that it is, such as 2026-11-20: for tests, scripts and demonstrations"),
    ("VALUELOG_PAGER", "what shows answers that are longer than the terminal; else PAGER, else less -FIRX"),
    ("VALUELOG_DEBUG", "1 shows the traceback of an error"),
    ("NO_COLOR", "no color at all; CLICOLOR=0 and TERM=dumb do the same"),
    ("FORCE_COLOR", "color in pipes too; CLICOLOR_FORCE does the same"),
    ("COLUMNS", "how wide the terminal is taken to be"),
    ("VISUAL", "the editor where none is set; else EDITOR"),
)
"""The variables that belong to no setting."""


class Described(NamedTuple):
    """One command: its name and usage, what it is for, examples, and its words one by one."""

    name: str
    usage: str
    about: tuple[str, ...]
    examples: tuple[str, ...]
    parameters: tuple[HelpSection, ...]

    @property
    def depth(self) -> int:
        """How many groups it belongs to."""
        return len(self.name.split()) - 2

    @property
    def answers_json(self) -> bool:
        """Whether it answers as JSON where it is asked to."""
        return any(name == "--json" for block in self.parameters for name, _ in block.rows)


def everywhere() -> Described:
    """Return what there is to say of `valuelog` itself."""
    return _one("valuelog", app())


def panels() -> Iterator[tuple[str, tuple[Described, ...]]]:
    """Yield the panels of the help, each with its commands and those beneath them."""
    for panel, specs in groupby(COMMANDS, key=lambda spec: spec.panel):
        yield panel, tuple(each for spec in specs for each in _all(f"valuelog {spec.name}", load_command(spec)))


def commands() -> Iterator[Described]:
    """Yield every command there is, `valuelog` alone first."""
    yield everywhere()
    for _, those in panels():
        yield from those


def variables() -> Iterator[tuple[str, str]]:
    """Yield the variables that are looked at, with what each is for."""
    for setting in all_settings():
        if setting.variable:
            yield setting.variable, f"{setting.about}, before the setting {setting.name}"
    yield from VARIABLES


def _all(name: str, command: Any) -> Iterator[Described]:  # noqa: ANN401  Typer's vendored types
    yield _one(name, command)
    for below, each in getattr(command, "commands", {}).items():
        yield from _all(f"{name} {below}", each)


def _one(name: str, command: Any) -> Described:  # noqa: ANN401  Typer's vendored types
    found = build_help(command, typer.Context(command, info_name=name))
    words = (HelpSection(title=block.title, rows=tuple(_own(block))) for block in found.parameters)
    return Described(
        name=name,
        usage=found.usage.removeprefix("Usage: ").replace(" [OPTIONS]", ""),
        about=found.about,
        examples=found.examples,
        parameters=tuple(block for block in words if block.rows),
    )


def _own(block: HelpSection) -> Iterator[tuple[str, str]]:
    """Yield what a command has of its own: all have --help."""
    return (row for row in block.rows if row[0] not in {"--help", "-h, --help"})
