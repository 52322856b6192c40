"""The documentation of commands, settings, variables and exit codes, for the reference and the man page."""

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
    (EXIT_OK, "success, even if a list or a search is empty"),
    (EXIT_FAILED, "failure; the message says why, and what to do"),
    (EXIT_USAGE, "wrong usage: an unknown word, a day in the future, a prompt without a terminal"),
    (EXIT_INTERRUPTED, "interrupted with Ctrl-C; everything you confirmed is saved"),
)

OTHER_VARIABLES = (
    ("VALUELOG_CONFIG", "the settings file"),
    ("VALUELOG_TODAY", "the date to use as today, such as 2026-11-20: for tests, scripts and demos"),
    ("VALUELOG_PAGER", "the pager for output longer than the terminal; otherwise PAGER, otherwise less -FIRX"),
    ("VALUELOG_DEBUG", "1 shows the traceback of an error"),
    ("NO_COLOR", "turns color off; CLICOLOR=0 and TERM=dumb do the same"),
    ("FORCE_COLOR", "turns color on, even in pipes; CLICOLOR_FORCE does the same"),
    ("COLUMNS", "the width of the output, instead of the terminal's"),
    ("VISUAL", "the editor, if the settings have none; otherwise EDITOR"),
)
"""The environment variables without a setting."""

HELP_OPTIONS = {"--help", "-h, --help"}


class CommandDocs(NamedTuple):
    """The documentation of one command: its full name, usage, paragraphs, examples and parameters."""

    name: str
    usage: str
    about: tuple[str, ...]
    examples: tuple[str, ...]
    parameters: tuple[HelpSection, ...]

    @property
    def depth(self) -> int:
        """The number of groups that the command is nested in."""
        return len(self.name.split()) - 2

    @property
    def has_json(self) -> bool:
        """Whether the command has --json."""
        return any(name == "--json" for section in self.parameters for name, _ in section.rows)


def root_docs() -> CommandDocs:
    """Return the documentation of `valuelog` without a command."""
    return _build_docs("valuelog", app())


def panel_docs() -> Iterator[tuple[str, tuple[CommandDocs, ...]]]:
    """Yield the title of each panel of the help, with its commands and their subcommands."""
    for title, specs in groupby(COMMANDS, key=lambda spec: spec.panel):
        yield title, tuple(docs for spec in specs for docs in _build_tree(f"valuelog {spec.name}", load_command(spec)))


def all_docs() -> Iterator[CommandDocs]:
    """Yield the documentation of every command, `valuelog` itself first."""
    yield root_docs()
    for _, docs in panel_docs():
        yield from docs


def environment_variables() -> Iterator[tuple[str, str]]:
    """Yield the name and the description of each environment variable that valuelog reads."""
    for setting in all_settings():
        if setting.variable:
            yield setting.variable, f"{setting.about}; overrides the setting {setting.name}"
    yield from OTHER_VARIABLES


def _build_tree(name: str, command: Any) -> Iterator[CommandDocs]:  # noqa: ANN401  Typer's vendored types
    yield _build_docs(name, command)
    for subname, subcommand in getattr(command, "commands", {}).items():
        yield from _build_tree(f"{name} {subname}", subcommand)


def _build_docs(name: str, command: Any) -> CommandDocs:  # noqa: ANN401  Typer's vendored types
    command_help = build_help(command, typer.Context(command, info_name=name))
    sections = map(_drop_help_option, command_help.parameters)
    return CommandDocs(
        name=name,
        usage=command_help.usage.removeprefix("Usage: ").replace(" [OPTIONS]", ""),
        about=command_help.about,
        examples=command_help.examples,
        parameters=tuple(section for section in sections if section.rows),
    )


def _drop_help_option(section: HelpSection) -> HelpSection:
    return section._replace(rows=tuple(row for row in section.rows if row[0] not in HELP_OPTIONS))
