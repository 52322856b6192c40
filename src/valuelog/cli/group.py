"""Commands that are imported only when they are run: a group that knows them by name and one line of help."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple, cast

import typer
from typer.core import TyperCommand, TyperGroup

from valuelog.cli.command import Command, HelpMixin, StdoutClosed

HELP_COMMAND = "help"
"""The word that other programs have for it; no list of commands shows it."""

CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}


class CommandSpec(NamedTuple):
    """A line in the table of contents: the command's name, where it lives, its panel, and what it is for."""

    name: str
    import_path: str
    panel: str
    about: str


class Group(HelpMixin, TyperGroup):
    """A command that has commands of its own."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  Typer's vendored types
        """Find a command by its name; `help` is none, and shows the help of what follows. Raises UnknownCommand."""
        if args[0] == HELP_COMMAND and HELP_COMMAND not in self.commands:
            return self._resolve_help_target(ctx, args[1:])
        if not ctx.resilient_parsing and args[0] not in self.commands and not args[0].startswith("-"):
            from valuelog.cli.usage import UnknownCommand  # noqa: PLC0415  only a mistake pays for it

            raise UnknownCommand(args[0], ctx.command_path, tuple(self.commands))
        return super().resolve_command(ctx, args)

    def _resolve_help_target(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  Typer's vendored types
        """Find the command whose help is wanted; TAB stays where it is as long as none is named."""
        named = [arg for arg in args if not arg.startswith("-")]
        if named:
            return self.resolve_command(ctx, named if ctx.resilient_parsing else [*named, "--help"])
        if not ctx.resilient_parsing:
            self.get_help(ctx)
        return None, None, []


class LazyGroup(Group):
    """A group of commands of which only the one that is run gets imported; help and completion need none."""

    import_paths: dict[str, str]

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> Any:  # noqa: ANN401  Typer's
        """Run the command line, or answer a shell that asks what could stand on it."""
        world = more["obj"]
        if shell := world.environ.get("_VALUELOG_COMPLETE"):
            from valuelog.cli.completion import complete  # noqa: PLC0415  only for TAB

            world.write_stdout(complete(self, world, shell, args or ()))
            return 0
        return super().main(args, *rest, **more)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  Typer's vendored types
        """Run a command. A broken pipe leaves under another name, because Typer would make a failure of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise StdoutClosed from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  Typer's vendored types
        """Find a command by its name and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, self._load(name) if name in self.import_paths else command, rest

    def _load(self, name: str) -> Any:  # noqa: ANN401  Typer's vendored types
        module, _, attribute = self.import_paths[name].partition(":")
        command = to_command(getattr(import_module(module), attribute))
        command.name = name
        return command


def create_group() -> typer.Typer:
    """Begin a command that has commands of its own."""
    return typer.Typer(
        cls=Group, add_completion=False, pretty_exceptions_enable=False, context_settings=CONTEXT_SETTINGS
    )


def to_command(target: Callable[..., None] | typer.Typer) -> Any:  # noqa: ANN401  Typer's vendored types
    """Make a command of a function; a Typer app is one already."""
    if isinstance(target, typer.Typer):
        return typer.main.get_command(target)
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(cls=Command, context_settings=CONTEXT_SETTINGS)(target)
    return typer.main.get_command(single)


def create_cli(callback: Callable[..., None], commands: Sequence[CommandSpec]) -> LazyGroup:
    """Make the whole command line of a callback and the lines of a table of contents."""
    whole = typer.Typer(cls=LazyGroup, add_completion=False, pretty_exceptions_enable=False)
    whole.callback(invoke_without_command=True, context_settings=CONTEXT_SETTINGS)(callback)
    group = cast("LazyGroup", typer.main.get_command(whole))
    group.import_paths = {command.name: command.import_path for command in commands}
    for line in commands:
        group.add_command(TyperCommand(line.name, help=line.about, short_help=line.about, rich_help_panel=line.panel))
    return group
