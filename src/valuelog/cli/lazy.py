"""Commands that are imported only when they are run: what Typer does not have built in.

A group that knows its commands by name and one line of help, and a command that understands options whose value may
be left out (`--week`, `--week last`) and days counted back (`-3`).
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

OPTIONAL = frozenset({"--week", "--month", "--quarter", "--year"})
"""Options whose value may be left out."""

SETTINGS = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True)
class Command:
    """A line in the table of contents: the command's name, where it lives, its panel, and what it is for."""

    name: str
    place: str
    panel: str
    about: str


class Spoken(TyperCommand):
    """A command that understands what people say: a bare --week, -3 for three days ago, -word for what is unwanted.

    Its argument tells which: `words` names days, `sought` what to search for. Any other text stays as it was typed.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  Typer's vendored context
        """Say in full what was said in short, then parse."""
        known = {parameter.name for parameter in self.params}
        said = unwanted_last(args) if "sought" in known else args
        valued = {name for each in self.params if not getattr(each, "is_flag", False) for name in each.opts}
        return super().parse_args(ctx, in_full(said, days="words" in known, valued=valued))


def unwanted_last(args: Sequence[str]) -> list[str]:
    """Put each -word behind a --, so that it is no option; one letter and numbers such as -n5 are options still."""
    place = args.index("--") if "--" in args else len(args)
    unwanted = [arg for arg in args[:place] if re.fullmatch(r"-(?!\w\d+$)[^\W\d_][\w-]+", arg)]
    if not unwanted:
        return list(args)
    return [*(arg for arg in args[:place] if arg not in unwanted), "--", *unwanted, *args[place + 1 :]]


def in_full(args: Sequence[str], *, days: bool, valued: Collection[str]) -> list[str]:
    """Write a bare --week as --week=, and where days are named one such as -3 that stands alone as 3 days ago.

    After an option that takes a value (`valued`) it does not stand alone.
    """
    full: list[str] = []
    for place, arg in enumerate(args):
        before = args[place - 1] if place else ""
        after = args[place + 1] if place + 1 < len(args) else "-"
        if "--" in args[:place]:
            full.append(arg)
        elif arg in OPTIONAL and after.startswith("-"):
            full.append(f"{arg}=")
        elif days and re.fullmatch(r"-\d+", arg) and before not in valued:
            full.append(f"{arg[1:]} days ago")
        else:
            full.append(arg)
    return full


def alone(ctx: typer.Context, *, json: bool, plain: bool) -> bool:
    """Tell whether a group is meant itself, without a command of its own.

    Raises typer.BadParameter for a form that stands before such a command: it would be lost there.
    """
    if ctx.invoked_subcommand is not None and (json or plain):
        message = f"--{'json' if json else 'plain'} stands behind the command: {ctx.invoked_subcommand} --…"
        raise typer.BadParameter(message, ctx)
    return ctx.invoked_subcommand is None


class Unread(Exception):
    """Nobody reads the answer any more."""


class Contents(TyperGroup):
    """A group of commands of which only the one that is run gets imported; help and completion need none."""

    places: dict[str, str]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  Typer's vendored types
        """Run a command. A broken pipe leaves under another name, because Typer would make a failure of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise Unread from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  Typer's vendored types
        """Find a command by its name and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, self._loaded(name) if name in self.places else command, rest

    def _loaded(self, name: str) -> Any:  # noqa: ANN401  Typer's vendored types
        module, _, attribute = self.places[name].partition(":")
        command = as_command(getattr(import_module(module), attribute))
        command.name = name
        return command


def as_command(target: Callable[..., None] | typer.Typer) -> Any:  # noqa: ANN401  Typer's vendored types
    """Make a command of a function; a Typer app is one already."""
    if isinstance(target, typer.Typer):
        return typer.main.get_command(target)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(cls=Spoken, context_settings=SETTINGS)(target)
    return typer.main.get_command(alone)


def contents(callback: Callable[..., None], commands: Sequence[Command]) -> Contents:
    """Make the whole command line of a callback and the lines of a table of contents."""
    whole = typer.Typer(cls=Contents, pretty_exceptions_enable=False)
    whole.callback(invoke_without_command=True, context_settings=SETTINGS)(callback)
    group = cast("Contents", typer.main.get_command(whole))
    group.places = {command.name: command.place for command in commands}
    for line in commands:
        group.add_command(TyperCommand(line.name, help=line.about, rich_help_panel=line.panel))
    return group
