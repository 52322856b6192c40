"""The table of contents: every command, what it is for, and where it lives. Commands are imported when they are run."""

from pathlib import Path
from typing import Annotated

import typer

from valuelog import __version__
from valuelog.cli import candidates
from valuelog.cli.command import alone
from valuelog.cli.group import Command, Contents, contents
from valuelog.cli.world import Flags, World
from valuelog.model.errors import UnknownChoice

EVERY_DAY = "Every day"
FRIDAY = "Every Friday"
FOLLOW = "Follow through"
WHEN = "When it counts"
DATA = "Your data"
SHELL = "Shell"

COMMANDS = (
    Command("today", "valuelog.cli.today:today", EVERY_DAY, "The evening: a handful of questions, one line each."),
    Command("add", "valuelog.cli.add:add", EVERY_DAY, "Note one thing now."),
    Command("list", "valuelog.cli.entries:show_list", EVERY_DAY, "List entries, the newest day last."),
    Command("show", "valuelog.cli.entries:show", EVERY_DAY, "Show one entry or pain point with all that is known."),
    Command("edit", "valuelog.cli.edit:edit", EVERY_DAY, "Change an entry, by flags or in the editor."),
    Command("delete", "valuelog.cli.edit:delete", EVERY_DAY, "Delete entries; undo brings them back."),
    Command("promote", "valuelog.cli.edit:promote", EVERY_DAY, "Turn an activity into the value that it was."),
    Command("undo", "valuelog.cli.undo:undo", EVERY_DAY, "Take the last change back, whatever it was."),
    Command("redo", "valuelog.cli.undo:redo", EVERY_DAY, "Make the last change again that was undone."),
    Command("history", "valuelog.cli.undo:history", EVERY_DAY, "Show what was changed, and when."),
    Command("search", "valuelog.cli.entries:search", EVERY_DAY, "Find entries by their words, the best match first."),
    Command("review", "valuelog.cli.reviews:review", FRIDAY, "Set value against work, for a week or any period."),
    Command("trend", "valuelog.cli.reviews:trend", FRIDAY, "The shares over time, and whether they changed."),
    Command("calendar", "valuelog.cli.reviews:calendar", FRIDAY, "A year as a heat map, a cell a day."),
    Command("pain", "valuelog.cli.pain:app", FOLLOW, "Friction you noticed, from the first sighting to its fix."),
    Command("project", "valuelog.cli.project:app", FOLLOW, "What you own over weeks, from its problem to its result."),
    Command("promise", "valuelog.cli.promise:app", FOLLOW, "What you will stop, start or try until a day."),
    Command("off", "valuelog.cli.off:off", FOLLOW, "Days that no streak, habit or coverage should count."),
    Command("brag", "valuelog.cli.brag:brag", WHEN, "The evidence for a review or a promotion, in two pages."),
    Command("brief", "valuelog.cli.brag:brief", WHEN, "Talking points: noticed, what it could mean, a proposal."),
    Command("gather", "valuelog.cli.gather:gather", DATA, "What your tools saw on a day, for the journal to take."),
    Command("import", "valuelog.cli.transfer:bring", DATA, "Bring in what other tools wrote, each thing once."),
    Command("export", "valuelog.cli.transfer:export", DATA, "Write the journal to a file that other tools can read."),
    Command("explore", "valuelog.cli.explore:explore", DATA, "Look at a copy of the journal in Datasette."),
    Command("paths", "valuelog.cli.config:paths", DATA, "Where your things are."),
    Command("config", "valuelog.cli.config:app", DATA, "Settings, and where each value comes from."),
    Command("demo", "valuelog.cli.demo:demo", DATA, "Twelve made-up weeks in a throwaway journal, and their review."),
    Command("init", "valuelog.cli.init:init", SHELL, "Print the line for your shell that reminds at login."),
)


def _version(wanted: bool) -> None:  # noqa: FBT001  how typer calls it
    if wanted:
        typer.echo(f"valuelog {__version__}")
        raise typer.Exit


def _color(ctx: typer.Context, wanted: str) -> str:
    """Remember at once when to use colour: help is shown before all that follows. Raises UnknownWord."""
    if wanted not in candidates.COLORS:
        raise UnknownChoice("--color", wanted, candidates.COLORS)
    if not ctx.resilient_parsing:
        ctx.obj.flags = ctx.obj.flags._replace(color=wanted)
    return wanted


def _install(ctx: typer.Context, wanted: bool) -> None:  # noqa: FBT001  how typer calls it
    if wanted and not ctx.resilient_parsing:
        from valuelog.cli.completion.install import install, shell_of, told  # noqa: PLC0415  wanted once

        for line in told(install(shell_of(ctx.obj.environ), ctx.obj.environ)):
            ctx.obj.say(line)
        raise typer.Exit


def _script(ctx: typer.Context, wanted: bool) -> None:  # noqa: FBT001  how typer calls it
    if wanted and not ctx.resilient_parsing:
        from valuelog.cli.completion import script  # noqa: PLC0415  wanted once
        from valuelog.cli.completion.install import shell_of  # noqa: PLC0415

        ctx.obj.answer(script(shell_of(ctx.obj.environ)))
        raise typer.Exit


def begin(
    ctx: typer.Context,
    journal: Annotated[
        Path | None,
        typer.Option(metavar="FILE", autocompletion=candidates.files, help="Use this journal.", show_default=False),
    ] = None,
    color: Annotated[
        str,
        typer.Option(
            metavar="auto|always|never",
            callback=_color,
            is_eager=True,
            autocompletion=candidates.colors,
            help="When to use colour.",
        ),
    ] = "auto",
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask anything.")] = False,  # noqa: FBT002
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,  # noqa: FBT002
    version: Annotated[  # noqa: FBT002
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    install_completion: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--install-completion", callback=_install, is_eager=True, help="Let TAB complete valuelog in your shell."
        ),
    ] = False,
    show_completion: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--show-completion", callback=_script, is_eager=True, help="Print what your shell reads for that."
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Where you stand, as JSON.")] = False,  # noqa: FBT002
    plain: Annotated[bool, typer.Option("--plain", help="Where you stand, as records.")] = False,  # noqa: FBT002
) -> None:
    """Tell work from value: two minutes every evening, ten on Friday.

    Without a command: where you stand.

    Example: valuelog today · valuelog add helped "@sam runs the release alone now" · valuelog review --week
    """
    del version, install_completion, show_completion
    world: World = ctx.obj
    world.flags = Flags(journal=journal, color=color, no_input=no_input, debug=debug)
    if alone(ctx, json=json, plain=plain):
        from valuelog.cli.status import stand  # noqa: PLC0415  as lazily as any command

        stand(world, json=json, plain=plain)


def app() -> Contents:
    """Return the whole command line."""
    return contents(begin, COMMANDS)
