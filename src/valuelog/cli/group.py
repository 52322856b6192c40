"""Command groups. The top-level one is lazy: it lists its commands from a table and imports one when it runs."""

from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import cleandoc
from typing import Any, NamedTuple, cast

import typer
from typer.core import TyperCommand, TyperGroup

from valuelog.cli.command import (
    COMPLETION_OPTIONS,
    Command,
    HelpMixin,
    StdoutClosed,
    join_shell_names,
    move_format_flags_last,
    move_global_flags_first,
)
from valuelog.cli.typer_internals import AnyCommand, AnyContext

HELP_COMMAND = "help"
"""Accepted as an alias of --help, hidden from listings."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "note": ("add",), "log": ("add",), "new": ("add",),
    "status": (),
    "week": ("review", "--week"), "month": ("review", "--month"), "quarter": ("review", "--quarter"),
    "rm": ("delete",), "remove": ("delete",),
    "stats": ("trend",),
    "ls": ("list",), "find": ("search",), "vacation": ("off",), "settings": ("config",), "version": ("--version",),
}  # fmt: skip
"""Words that mean a command of the program; `status` means the program without one."""

SUBCOMMAND_SYNONYMS = {
    "new": ("start", "add", "make"), "add": ("start", "make"), "make": ("start", "add"),
    "done": ("keep", "fix", "close"), "ls": ("list",), "rm": ("drop", "unset"), "reset": ("unset",),
}  # fmt: skip
"""Words that mean a command of a group: the first of these that the group has."""

CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}


class CommandSpec(NamedTuple):
    """A command that isn't imported yet: its name, "module:attribute", panel and the first sentence of its help.

    That sentence alone is listed; the docstring of the command adds the rest of its help.
    """

    name: str
    import_path: str
    panel: str
    about: str


class Group(HelpMixin, TyperGroup):
    """A command with subcommands."""

    def parse_args(self, ctx: AnyContext, args: list[str]) -> list[str]:
        """Parse the command line; --json and --plain before the subcommand are passed on to it."""
        return super().parse_args(ctx, move_format_flags_last(args))

    def expand_synonym(self, word: str) -> tuple[str, ...]:
        """Return the command that a word means, as words; the word itself if it is no synonym."""
        meant = (name for name in SUBCOMMAND_SYNONYMS.get(word, ()) if name in self.commands)
        return (word,) if word in self.commands else (next(meant, word),)

    def resolve_command(self, ctx: AnyContext, args: list[str]) -> Any:  # noqa: ANN401  Typer's unexported types
        """Find a command by name; `help NAME` means `NAME --help`. Raises UnknownCommand."""
        if args[0] == HELP_COMMAND and HELP_COMMAND not in self.commands:
            return self._resolve_help_target(ctx, args[1:])
        args = [*self.expand_synonym(args[0]), *args[1:]]
        if ctx.resilient_parsing and (not args or args[0].startswith("-")):
            return None, None, args
        if not ctx.resilient_parsing and args[0] not in self.commands:
            from valuelog.cli.usage import UnknownCommand  # noqa: PLC0415  only on error

            raise UnknownCommand(args[0], ctx.command_path, tuple(self.commands))
        return super().resolve_command(ctx, args)

    def _resolve_help_target(self, ctx: AnyContext, args: list[str]) -> Any:  # noqa: ANN401  Typer's unexported types
        """Find the command that `help` is about; without a name, completion stays in this group."""
        named = [arg for arg in args if not arg.startswith("-")]
        if named and self.expand_synonym(named[0])[:1] not in {(), ("--version",)}:
            return self.resolve_command(ctx, named if ctx.resilient_parsing else [*named, "--help"])
        if not ctx.resilient_parsing:
            self.get_help(ctx)
        return None, None, []


class LazyGroup(Group):
    """A group that imports only the command that runs; listing and completing names import none."""

    specs: dict[str, CommandSpec]

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> Any:  # noqa: ANN401  Typer's
        """Run a command, or answer a shell's request for completions."""
        world = more["obj"]
        if shell := world.environ.get("_VALUELOG_COMPLETE"):
            from valuelog.cli.completion import complete  # noqa: PLC0415  only for completion

            world.write_stdout(complete(self, world, shell, args or ()))
            return 0
        return super().main(self._arrange(args or ()), *rest, **more)

    def _arrange(self, args: Sequence[str]) -> list[str]:
        """Return the command line with the global flags first and without a synonym of the command."""
        flags, rest = move_global_flags_first(args)
        if COMPLETION_OPTIONS.intersection(flags):
            return join_shell_names(flags, rest)
        return [*flags, *(self.expand_synonym(rest[0]) if rest else ()), *rest[1:]]

    def expand_synonym(self, word: str) -> tuple[str, ...]:
        """Return the command that a word means, as words; the word itself if it is no synonym."""
        return (word,) if word in self.commands else SYNONYMS.get(word, (word,))

    def invoke(self, ctx: AnyContext) -> Any:  # noqa: ANN401  Typer's unexported types
        """Run a command. Raises StdoutClosed for BrokenPipeError, which Typer would turn into exit code 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise StdoutClosed from error

    def resolve_command(self, ctx: AnyContext, args: list[str]) -> Any:  # noqa: ANN401  Typer's unexported types
        """Find a command by name and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load_command(self.specs[name]) if name in self.specs else command, rest


def create_group() -> typer.Typer:
    """Create a command with subcommands."""
    return typer.Typer(
        cls=Group, add_completion=False, pretty_exceptions_enable=False, context_settings=CONTEXT_SETTINGS
    )


def load_command(spec: CommandSpec) -> AnyCommand:
    """Import a command. Its help starts with `about`, which its docstring doesn't repeat."""
    module, _, attribute = spec.import_path.partition(":")
    command = _to_command(getattr(import_module(module), attribute))
    command.name, command.help = spec.name, f"{spec.about} {cleandoc(command.help)}"
    return command


def _to_command(target: Callable[..., None] | typer.Typer) -> AnyCommand:
    """Turn a function or a Typer app into a command."""
    if isinstance(target, typer.Typer):
        return typer.main.get_command(target)
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(cls=Command, context_settings=CONTEXT_SETTINGS)(target)
    return typer.main.get_command(single)


def create_cli(callback: Callable[..., None], commands: Sequence[CommandSpec]) -> LazyGroup:
    """Create the top-level group from its callback and the table of commands."""
    app = typer.Typer(cls=LazyGroup, add_completion=False, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True, context_settings=CONTEXT_SETTINGS)(callback)
    group = cast("LazyGroup", typer.main.get_command(app))
    group.specs = {spec.name: spec for spec in commands}
    for spec in commands:
        group.add_command(TyperCommand(spec.name, help=spec.about, short_help=spec.about, rich_help_panel=spec.panel))
    return group
