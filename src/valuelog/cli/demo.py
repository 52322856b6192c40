"""`demo`: a made-up journal to walk around in, with its own folder for settings and state."""

import os
import re
import shlex
import sys
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.cells import cell_len
from typer.core import TyperCommand

from valuelog.cli.command import HelpMixin
from valuelog.cli.demo_folder import demo_folder, drop_own_variables, folder_variables
from valuelog.cli.group import CONTEXT_SETTINGS
from valuelog.cli.options import ConflictingOptions, JsonOption, PlainOption, output_format
from valuelog.cli.world import GlobalFlags, World
from valuelog.journal.store import open_journal
from valuelog.render import Canvas, OutputFormat, View, views
from valuelog.workflows import reviews
from valuelog.workflows.demo import demo_week, fill_journal


class DemoCommand(HelpMixin, TyperCommand):
    """A command whose own options precede its arguments: what follows the first argument belongs to that command."""


T = TypeVar("T")

_COLORS = r"(?:\x1b\[[\d;]*m)*"
CONTINUATION_INDENT = 2

CommandArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[COMMAND]…", help="Any command of valuelog, with its options.", show_default=False),
]
KeepOption = Annotated[
    Path | None,
    typer.Option("--keep", metavar="FOLDER", help="Keep the journal in a new folder.", show_default=False),
]
ShellOption = Annotated[bool, typer.Option("--shell", help="Open a shell in which valuelog uses it.")]


def demo(
    ctx: typer.Context,
    command: CommandArgument = None,
    *,
    keep: KeepOption = None,
    shell: ShellOption = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Without a command, it shows the review of the last week. Your own journal isn't touched.

    Options of demo go before the command.

    Example: valuelog demo · valuelog demo brag · valuelog demo trend --weeks 8 · valuelog demo --shell
    """
    world: World = ctx.obj
    flags = [f"--{name}" for name, is_set in (("json", json), ("plain", plain)) if is_set]
    if shell and command:
        raise ConflictingOptions("--shell takes no command.", f"Run it in that shell, or: valuelog demo {command[0]}")
    if shell:
        world.require_terminal("valuelog demo COMMAND")
    with demo_folder(keep) as folder:
        demo_world = _create_world(world, folder)
        _write_journal(demo_world)
        if command:
            code = _run_command(demo_world, [*command, *flags])
        elif shell:
            from valuelog.cli.demo_shell import run_shell  # noqa: PLC0415  only for --shell

            code = run_shell(replace(world, environ=drop_own_variables(world.environ)), folder)
        else:
            code = _show_review(demo_world, output_format(json=json, plain=plain))
        if keep or not command:
            _say_what_is_left(world, folder, keep=bool(keep), shell=shell)
    raise typer.Exit(code)


class _DemoWorld(World):
    """A World whose commands, as it shows them, run in the demo: valuelog demo brag."""

    def render(self, view: View[T], value: T, output_format: OutputFormat, canvas: Canvas) -> str:
        """Return a value as it is written."""
        text = super().render(view, value, output_format, canvas)
        if output_format not in {OutputFormat.TERMINAL, OutputFormat.MARKDOWN}:
            return text
        return "\n".join(_name_demo_within(line, canvas.width) for line in text.split("\n"))

    def write_stderr(self, line: str) -> None:
        """Write a line to stderr."""
        super().write_stderr(_name_demo(line))


def _name_demo(text: str) -> str:
    """Return a text whose commands run in the demo."""
    return re.sub(rf"(?<![\w/])({_COLORS})valuelog (?=[a-z])(?!demo\b)", r"\1valuelog demo ", text)


def _name_demo_within(line: str, width: int) -> str:
    """Return a line whose command runs in the demo; a command that got too long is continued on the next line."""
    named = _name_demo(line)
    if named == line or cell_len(re.sub(_COLORS, "", named)) <= width:
        return named
    indent = " " * (len(line) - len(line.lstrip()) + CONTINUATION_INDENT)
    return named.replace("valuelog demo ", f"valuelog demo \\\n{indent}", 1)


def _create_world(world: World, folder: Path) -> World:
    """Return the World of a demo: the same terminal and clock, but no settings, journal and state of the user."""
    accessible = {"VALUELOG_ACCESSIBLE": "1"} if world.is_accessible else {}
    environ = {**drop_own_variables(world.environ), **folder_variables(folder), **accessible}
    kept = {each.name: getattr(world, each.name) for each in fields(world)}
    return _DemoWorld(
        **kept
        | {"environ": environ, "flags": world.flags._replace(journal=None), "open_journals": [], "start_process": None}
    )


def _write_journal(world: World) -> None:
    with closing(open_journal(world.journal_path, "demo", world.now, write=True)) as journal:
        fill_journal(journal, world.today(), world.now())


def _show_review(world: World, form: OutputFormat) -> int:
    """Show the review of the last week without a pager, so that the score and what to do next are in sight."""
    today = world.today()
    with closing(world.open_journal()) as journal:
        review = reviews.load_review(journal, demo_week(today), today, world.schedule)
    world.open_journals.clear()
    world.write_stdout(world.render(views.REVIEW, review, form, world.canvas_for(world.stdout)))
    return 0


def _run_command(world: World, args: list[str]) -> int:
    """Run a command in the demo and return its exit code."""
    from valuelog.cli.app import app  # noqa: PLC0415  it imports this module by name

    try:
        code = app().main(
            args=[*_flag_arguments(world.flags), *args], prog_name="valuelog", standalone_mode=False, obj=world
        )
    finally:
        world.close()
    return code or 0


def _flag_arguments(flags: GlobalFlags) -> list[str]:
    """Return the global flags as arguments."""
    named = (("--no-input", flags.no_input), ("--debug", flags.debug))
    return ["--color", flags.color, *(name for name, is_set in named if is_set)]


def _say_what_is_left(world: World, folder: Path, *, keep: bool, shell: bool) -> None:
    """Say where the journal is, or that it is gone, and what to do next."""
    if keep:
        assignment = "$env:VALUELOG_JOURNAL={}; " if sys.platform == "win32" else "VALUELOG_JOURNAL={} "
        world.write_stderr(f"\nThe made-up journal stays in {folder}. Use it with:")
        world.write_stderr(f"  {assignment.format(shlex.quote(os.fspath(folder / 'journal.db')))}valuelog brag")
    elif shell:
        world.write_stderr("You left the demo, and it is deleted. Start your own journal: valuelog today")
    else:
        world.write_stderr("\nMade up, and already deleted. Try any command in it: valuelog demo brag")
        world.write_stderr("To stay a while: valuelog demo --shell · Start your own journal: valuelog today")


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command(cls=DemoCommand, context_settings={**CONTEXT_SETTINGS, "allow_interspersed_args": False})(demo)
