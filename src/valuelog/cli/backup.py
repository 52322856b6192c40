"""`backup`: make a backup, list them, check them, or write a copy to a file."""

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.automatic_backups import remember_result
from valuelog.cli.command import Command, has_no_subcommand
from valuelog.cli.files import FileAlreadyExists, is_database, translate_write_errors
from valuelog.cli.group import CONTEXT_SETTINGS, Group
from valuelog.cli.options import ForceOption, JsonOption, PlainOption, output_format
from valuelog.cli.pages import require_free_path
from valuelog.cli.typer_internals import AnyContext
from valuelog.cli.world import World
from valuelog.journal.backups import list_backups
from valuelog.model.errors import ValuelogError
from valuelog.render import OutputFormat, views
from valuelog.workflows.backups import BackupList, check_backups, make_automatic_backup

if TYPE_CHECKING:
    from valuelog.journal.store import Journal

COPY_COMMAND = "copy"
"""The subcommand that `backup FILE` means."""

NICENESS = 10
"""An automatic backup gives way to whatever else runs."""


class NothingToBackUp(ValuelogError):
    """The journal is empty, or there is none."""

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__("There is nothing to back up: your journal is empty.", "Start it with: valuelog today")


class CopyWouldLose(ValuelogError):
    """The target is a journal with changes of its own."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(
            f"{path} is a journal with changes that yours doesn't have. Nothing was written.", "Choose another name."
        )


class BackupGroup(Group):
    """A group whose first word is a subcommand or the name of a file; a file has a dot or a slash in its name."""

    def parse_args(self, ctx: AnyContext, args: list[str]) -> list[str]:
        """Turn the name of a file into the subcommand that writes a copy."""
        named = next((arg for arg in args if not arg.startswith("-")), "")
        is_file = named not in self.commands and any(sign in named for sign in "./\\")
        return super().parse_args(ctx, [COPY_COMMAND, *args] if is_file else args)


app = typer.Typer(
    cls=BackupGroup, add_completion=False, pretty_exceptions_enable=False, context_settings=CONTEXT_SETTINGS
)

FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", autocompletion=candidates.files, help="Where to write a copy.")
]
AutomaticOption = Annotated[bool, typer.Option("--automatic", hidden=True)]


@app.callback(invoke_without_command=True)
def backup(
    ctx: typer.Context, *, automatic: AutomaticOption = False, json: JsonOption = False, plain: PlainOption = False
) -> None:
    """Without a command, it makes one now. With a FILE, it writes a verified copy there.

    valuelog makes backups itself: after an evening, and after a change if the newest is over an hour old.

    Example: valuelog backup · valuelog backup list · valuelog backup ~/journal-copy.db
    """
    if not has_no_subcommand(ctx, json=json, plain=plain):
        return
    world: World = ctx.obj
    if automatic:
        _make_automatic_backup(world)
        return
    from valuelog.render.confirmation import format_backup  # noqa: PLC0415  takes 5 ms

    made = _require_content(world).make_backup()
    form = output_format(json=json, plain=plain)
    if form is OutputFormat.TERMINAL:
        world.write_stderr(format_backup(made, world.canvas_for(world.stderr)))
    else:
        world.show(views.BACKUPS, BackupList([made], world.now(), world.settings["backups"]), form)


def _make_automatic_backup(world: World) -> None:
    """Make a backup, and remember what went wrong. Nothing happens if the journal was deleted or moved since."""
    path = world.journal_path
    if not path.exists():
        return
    with suppress(OSError):
        os.nice(NICENESS)
    try:
        with closing(world.open_journal()) as journal:
            world.open_journals.clear()
            line = make_automatic_backup(journal)
    except ValuelogError as error:
        line = f"No backup was made: {error.message}"
    remember_result(world.paths.backup_problem, path, line, world.now())


def _require_content(world: World) -> "Journal":
    """Open the journal. Raises NothingToBackUp."""
    journal = world.open_journal()
    if not journal.rows("SELECT 1 FROM change LIMIT 1"):
        raise NothingToBackUp
    return journal


@app.command("list", cls=Command)
def show_list(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """List your backups, newest last, and how to restore one.

    Example: valuelog backup list
    """
    world: World = ctx.obj
    listed = BackupList(list_backups(world.journal_path), world.now(), world.settings["backups"])
    world.show(views.BACKUPS, listed, output_format(json=json, plain=plain))


@app.command("check", cls=Command)
def check(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Read every backup completely; exits 1 if one is bad.

    Example: valuelog backup check
    """
    world: World = ctx.obj
    total = sum(each.size for each in list_backups(world.journal_path))
    with world.progress_bar("checking", total) as report:
        audit = check_backups(world.journal_path, world.now(), report)
    world.show(views.BACKUP_AUDIT, audit, output_format(json=json, plain=plain))
    if audit.bad:
        raise typer.Exit(1)


@app.command(COPY_COMMAND, cls=Command)
def write_copy(ctx: typer.Context, file: FileArgument, *, force: ForceOption = False) -> None:
    """Write a verified copy of your journal to a file; `backup FILE` does the same.

    Example: valuelog backup copy ~/journal-copy.db
    """
    from valuelog.journal.entries import count_entries  # noqa: PLC0415  takes 5 ms
    from valuelog.render.confirmation import format_copy  # noqa: PLC0415  takes 5 ms

    world: World = ctx.obj
    path = Path(file).expanduser()
    require_free_path(world, path, force=force, allow_database=True)
    journal = _require_content(world)
    with translate_write_errors(path):
        if force and path.exists() and is_database(path) and not journal.has_all_of(path):
            raise CopyWouldLose(path)
    if not journal.write_copy(Path(os.path.realpath(path)), replace=force):
        raise FileAlreadyExists(path)
    world.write_stderr(format_copy(count_entries(journal), path, world.canvas_for(world.stderr)))
