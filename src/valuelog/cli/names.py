"""`people` and `tags`: who and what appears how often, and which names mean the same."""

from collections.abc import Callable
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Command, has_no_subcommand
from valuelog.cli.entry_options import parse_names
from valuelog.cli.group import create_group
from valuelog.cli.options import JsonOption, PlainOption, output_format
from valuelog.cli.world import World
from valuelog.render import OutputFormat, views
from valuelog.workflows import names
from valuelog.workflows.names import PEOPLE, TAGS, Aliases, Names, NamesChange

people_app = create_group()
tags_app = create_group()

PersonArgument = Annotated[
    str, typer.Argument(metavar="PERSON", autocompletion=candidates.people, help="A person, with or without @.")
]
IntoPersonArgument = Annotated[
    str, typer.Argument(metavar="INTO", autocompletion=candidates.people, help="The person who stays.")
]
TagArgument = Annotated[
    str, typer.Argument(metavar="TAG", autocompletion=candidates.tags, help="A tag, with or without #.")
]
IntoTagArgument = Annotated[
    str, typer.Argument(metavar="INTO", autocompletion=candidates.tags, help="The tag that stays.")
]
NewNameArgument = Annotated[str, typer.Argument(metavar="NEW", help="The new main name.")]
AliasArgument = Annotated[
    str,
    typer.Argument(metavar="ALIAS", autocompletion=candidates.aliases, help="The name that counts on its own again."),
]


@people_app.callback(invoke_without_command=True)
def people(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Without a command, it lists everyone.

    Example: valuelog people · valuelog people merge samuel sam
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        list_people(ctx, json=json, plain=plain)


@people_app.command("list", cls=Command)
def list_people(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """List who appears how often, whom you helped, whose friction you noted, and the last day.

    Example: valuelog people list
    """
    world: World = ctx.obj
    listed = names.list_people(world.open_journal(), world.schedule, world.today())
    world.show(views.NAMES, listed, output_format(json=json, plain=plain))


@people_app.command("merge", cls=Command)
def merge_people(
    ctx: typer.Context, person: PersonArgument, into: IntoPersonArgument, *, json: JsonOption = False
) -> None:
    """Count a person as another one, everywhere; your texts stay as they are.

    Example: valuelog people merge samuel sam
    """
    _merge(ctx, PEOPLE, person, into, json=json)


@people_app.command("rename", cls=Command)
def rename_person(
    ctx: typer.Context, person: PersonArgument, new: NewNameArgument, *, json: JsonOption = False
) -> None:
    """Show a person under another name; the old one still finds them.

    Example: valuelog people rename sam sam-smith
    """
    _rename(ctx, PEOPLE, person, new, json=json)


@people_app.command("split", cls=Command)
def split_person(ctx: typer.Context, alias: AliasArgument, *, json: JsonOption = False) -> None:
    """Undo a merge: a name counts on its own again.

    Example: valuelog people split samuel
    """
    _split(ctx, PEOPLE, alias, json=json)


@tags_app.callback(invoke_without_command=True)
def tags(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Without a command, it lists all of them.

    Example: valuelog tags · valuelog tags merge operations ops
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        list_tags(ctx, json=json, plain=plain)


@tags_app.command("list", cls=Command)
def list_tags(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """List how often each tag appears, with whom, and the last day.

    Example: valuelog tags list
    """
    world: World = ctx.obj
    listed = names.list_tags(world.open_journal(), world.schedule, world.today())
    world.show(views.NAMES, listed, output_format(json=json, plain=plain))


@tags_app.command("merge", cls=Command)
def merge_tags(ctx: typer.Context, tag: TagArgument, into: IntoTagArgument, *, json: JsonOption = False) -> None:
    """Count a tag as another one, everywhere; your texts stay as they are.

    Example: valuelog tags merge operations ops
    """
    _merge(ctx, TAGS, tag, into, json=json)


@tags_app.command("rename", cls=Command)
def rename_tag(ctx: typer.Context, tag: TagArgument, new: NewNameArgument, *, json: JsonOption = False) -> None:
    """Show a tag under another name; the old one still finds it.

    Example: valuelog tags rename ops infra
    """
    _rename(ctx, TAGS, tag, new, json=json)


@tags_app.command("split", cls=Command)
def split_tag(ctx: typer.Context, alias: AliasArgument, *, json: JsonOption = False) -> None:
    """Undo a merge: a tag counts on its own again.

    Example: valuelog tags split operations
    """
    _split(ctx, TAGS, alias, json=json)


def _merge(ctx: typer.Context, which: Names, name: str, into: str, *, json: bool) -> None:
    world: World = ctx.obj
    known = names.known_names(world.open_journal(), which)
    first, second = _parse_name(which, name), _parse_name(which, into)
    _change(world, which, lambda aliases: names.merge(which, aliases, known, first, second), json=json)


def _rename(ctx: typer.Context, which: Names, name: str, new: str, *, json: bool) -> None:
    world: World = ctx.obj
    known = names.known_names(world.open_journal(), which)
    first, second = _parse_name(which, name), _parse_name(which, new)
    _change(world, which, lambda aliases: names.rename(which, aliases, known, first, second), json=json)


def _split(ctx: typer.Context, which: Names, name: str, *, json: bool) -> None:
    alias = _parse_name(which, name)
    _change(ctx.obj, which, lambda aliases: names.split(which, aliases, alias), json=json)


def _parse_name(which: Names, word: str) -> str:
    """Return a name as it is stored. Raises BadText."""
    return parse_names(which.noun, [word])[0]


def _change(world: World, which: Names, change: Callable[[Aliases], NamesChange], *, json: bool) -> None:
    """Change the aliases in the settings, and say how to take it back."""
    from valuelog.cli.config import change_aliases  # noqa: PLC0415  a list needs none

    result = change_aliases(world, which.command, change)
    world.write_stderr(f"{result.message} Undo: {result.undo}")
    if json:
        world.show(views.NAMES_CHANGE, result, OutputFormat.JSON)
