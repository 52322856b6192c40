"""The table of commands and the options of the program. Commands are imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

from valuelog import __version__
from valuelog.cli import candidates
from valuelog.cli.command import has_no_subcommand
from valuelog.cli.group import CommandSpec, LazyGroup, create_cli
from valuelog.cli.options import ConflictingOptions, JsonOption, PlainOption
from valuelog.cli.world import GlobalFlags, World
from valuelog.model.errors import UnknownChoice
from valuelog.model.text import quote

EVERY_DAY = "Every day"
EVERY_FRIDAY = "Every Friday"
FOLLOW_THROUGH = "Follow through"
WHEN_IT_COUNTS = "When it counts"
YOUR_DATA = "Your data"
SHELL = "Shell"

COMMANDS = (
    CommandSpec("today", "valuelog.cli.today:today", EVERY_DAY, "Your evening: a handful of one-line questions."),
    CommandSpec("add", "valuelog.cli.add:add", EVERY_DAY, "Log one thing now."),
    CommandSpec("list", "valuelog.cli.entries:show_list", EVERY_DAY, "List entries, newest day last."),
    CommandSpec(
        "show",
        "valuelog.cli.entries:show",
        EVERY_DAY,
        "Show everything about an entry, pain point, promise or project.",
    ),
    CommandSpec("edit", "valuelog.cli.entries:edit", EVERY_DAY, "Change an entry: its text, day, kind and more."),
    CommandSpec("delete", "valuelog.cli.entries:delete", EVERY_DAY, "Delete entries; undo restores them."),
    CommandSpec("promote", "valuelog.cli.entries:promote", EVERY_DAY, "Turn an activity into the value it produced."),
    CommandSpec("evidence", "valuelog.cli.evidence:evidence", EVERY_DAY, "Say how you know that value is real."),
    CommandSpec("undo", "valuelog.cli.undo:undo", EVERY_DAY, "Undo the last change to your journal, whatever it was."),
    CommandSpec("redo", "valuelog.cli.undo:redo", EVERY_DAY, "Redo the last change that was undone."),
    CommandSpec("history", "valuelog.cli.undo:history", EVERY_DAY, "Show what changed, and when."),
    CommandSpec("search", "valuelog.cli.entries:search", EVERY_DAY, "Search everything you typed, best match first."),
    CommandSpec("people", "valuelog.cli.names:people_app", EVERY_DAY, "Who appears how often, and whom you helped."),
    CommandSpec("tags", "valuelog.cli.names:tags_app", EVERY_DAY, "Which tags appear how often, and with whom."),
    CommandSpec(
        "review", "valuelog.cli.reviews:review", EVERY_FRIDAY, "Weigh value against work, for a week or any period."
    ),
    CommandSpec(
        "trend", "valuelog.cli.reviews:trend", EVERY_FRIDAY, "The share of value over time, and whether it changed."
    ),
    CommandSpec("calendar", "valuelog.cli.reviews:calendar", EVERY_FRIDAY, "A year as a heat map, one cell per day."),
    CommandSpec(
        "pain", "valuelog.cli.pain:app", FOLLOW_THROUGH, "Friction you noticed, from the first sighting to its fix."
    ),
    CommandSpec(
        "project",
        "valuelog.cli.project:app",
        FOLLOW_THROUGH,
        "Projects you own, from problem to result.",
    ),
    CommandSpec("promise", "valuelog.cli.promise:app", FOLLOW_THROUGH, "What you'll stop, start or try by a day."),
    CommandSpec("off", "valuelog.cli.off:off", FOLLOW_THROUGH, "Days off, which don't count against you."),
    CommandSpec(
        "finding", "valuelog.cli.finding:app", FOLLOW_THROUGH, "What is worth acting on; snooze it, or turn it off."
    ),
    CommandSpec(
        "brag", "valuelog.cli.brag:brag", WHEN_IT_COUNTS, "Evidence for a review or a promotion, about two pages."
    ),
    CommandSpec(
        "brief",
        "valuelog.cli.brag:brief",
        WHEN_IT_COUNTS,
        "Talking points: what you noticed, what it means, what you propose.",
    ),
    CommandSpec(
        "gather", "valuelog.cli.gather:gather", YOUR_DATA, "What your tools recorded on a day, to add to your journal."
    ),
    CommandSpec("import", "valuelog.cli.transfer:import_", YOUR_DATA, "Import files from other tools or machines."),
    CommandSpec(
        "export", "valuelog.cli.transfer:export", YOUR_DATA, "Export your journal to a file that other tools can read."
    ),
    CommandSpec("move", "valuelog.cli.move:move", YOUR_DATA, "Move your journal into another folder."),
    CommandSpec("backup", "valuelog.cli.backup:app", YOUR_DATA, "Back up your journal, and check the backups."),
    CommandSpec(
        "restore", "valuelog.cli.restore:restore", YOUR_DATA, "Go back to a backup, after showing what that changes."
    ),
    CommandSpec("sync", "valuelog.cli.sync:app", YOUR_DATA, "Keep one journal on several machines."),
    CommandSpec("doctor", "valuelog.cli.doctor:doctor", YOUR_DATA, "Check that nothing is damaged, and repair it."),
    CommandSpec("explore", "valuelog.cli.explore:explore", YOUR_DATA, "Explore a copy of your journal in Datasette."),
    CommandSpec("paths", "valuelog.cli.config:paths", YOUR_DATA, "Where your files are."),
    CommandSpec("config", "valuelog.cli.config:app", YOUR_DATA, "Settings, and where each value comes from."),
    CommandSpec("demo", "valuelog.cli.demo:app", YOUR_DATA, "Twelve made-up weeks to look around in."),
    CommandSpec(
        "init", "valuelog.cli.init:init", SHELL, "Print the login hook for your shell, which reminds you once a day."
    ),
)


def _print_version(ctx: typer.Context, *, is_set: bool) -> None:
    if is_set and not ctx.resilient_parsing:
        ctx.obj.write_stdout(f"valuelog {__version__}\n")
        raise typer.Exit


def _set_color(ctx: typer.Context, color: str) -> str:
    """Set when to use color before --help, which runs before `begin`. Raises UnknownChoice."""
    if color not in candidates.COLORS:
        raise UnknownChoice("--color", color, candidates.COLORS)
    if not ctx.resilient_parsing:
        ctx.obj.flags = ctx.obj.flags._replace(color=color)
    return color


def _set_up_completion(ctx: typer.Context, *, install: str | None, show: str | None, uninstall: bool) -> None:
    """Do what an option about completion asks for, and exit. Raises ConflictingOptions if a command follows it."""
    if install is None and show is None and not uninstall:
        return
    from valuelog.cli.completion import options  # noqa: PLC0415  used once

    if ctx.invoked_subcommand is not None:
        raise ConflictingOptions(
            "An option about completion doesn't go with a command.", f"Leave out {quote(ctx.invoked_subcommand)}."
        )
    if show is not None:
        options.show_completion(ctx.obj, show)
    elif install is not None:
        options.install_completion(ctx.obj, install)
    else:
        options.uninstall_completion(ctx.obj)
    raise typer.Exit


JournalOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", autocompletion=candidates.files, help="Use this journal.", show_default=False),
]
ColorOption = Annotated[
    str,
    typer.Option(
        metavar="auto|always|never",
        callback=_set_color,
        is_eager=True,
        autocompletion=candidates.colors,
        help="When to use color.",
    ),
]
VersionOption = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
]
InstallCompletionOption = Annotated[
    str | None,
    typer.Option(
        "--install-completion",
        metavar="[SHELL]",
        autocompletion=candidates.shells,
        help="Set up Tab completion for your shell; shows what it would write, and asks first.",
        show_default=False,
    ),
]
UninstallCompletionOption = Annotated[
    bool, typer.Option("--uninstall-completion", help="Remove Tab completion; shows what it would remove, and asks.")
]
ShowCompletionOption = Annotated[
    str | None,
    typer.Option(
        "--show-completion",
        metavar="[SHELL]",
        autocompletion=candidates.shells,
        help="Print the completion script of your shell.",
        show_default=False,
    ),
]


def begin(
    ctx: typer.Context,
    *,
    journal: JournalOption = None,
    color: ColorOption = "auto",
    no_input: Annotated[bool, typer.Option("--no-input", help="Never prompt.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: VersionOption = False,
    install_completion: InstallCompletionOption = None,
    uninstall_completion: UninstallCompletionOption = False,
    show_completion: ShowCompletionOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Tell work from value: two minutes every evening, a few more on Friday.

    Without a command, it shows where you stand.

    Example: valuelog today · valuelog add helped "@sam runs the release alone now" · valuelog review --week
    """
    del version
    world: World = ctx.obj
    world.flags = GlobalFlags(journal=journal, color=color, no_input=no_input, debug=debug)
    _set_up_completion(ctx, install=install_completion, show=show_completion, uninstall=uninstall_completion)
    world.require_possible_time()
    if has_no_subcommand(ctx, json=json, plain=plain):
        from valuelog.cli.status import show_status  # noqa: PLC0415  only without a command

        show_status(world, json=json, plain=plain)


def app() -> LazyGroup:
    """Return the program with all its commands."""
    return create_cli(begin, COMMANDS)
