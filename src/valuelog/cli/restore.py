"""`restore`: put a backup in the place of the journal."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.missing_journal import ignore_newer_backup
from valuelog.cli.options import JsonOption, PlainOption, join_words, output_format
from valuelog.cli.state_files import renew_device_id
from valuelog.cli.world import World
from valuelog.journal.backups import Backup
from valuelog.journal.restore.restore import Restore
from valuelog.render import OutputFormat, views
from valuelog.render.words import format_count
from valuelog.workflows.restoring import (
    LATEST,
    Copy,
    RestorePreview,
    describe_restore,
    find_copy,
    format_moment,
    list_copies,
    open_restore,
)

LARGE_SIZE = 20_000_000
"""A copy of more bytes takes seconds to check, which is said."""


def restore(
    ctx: typer.Context,
    which: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WHICH|FILE]",
            autocompletion=candidates.files,
            help="A name from backup list, a day, latest, or any journal file.",
        ),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would change; change nothing.")] = False,
    keep_newer: Annotated[
        bool, typer.Option("--keep-newer", help="Keep what you logged after the backup, where it is undamaged.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Your journal as it was is kept beside it, even if it can't be read.

    Example: valuelog restore · valuelog restore yesterday -n · valuelog restore latest --keep-newer
    """
    world: World = ctx.obj
    output = output_format(json=json, plain=plain)
    if not (yes or dry_run):
        world.require_terminal("--yes")
    copy = _choose_copy(world, join_words(which), asks=not yes)
    if copy.path.stat().st_size > LARGE_SIZE:
        world.write_stderr("Checking the whole copy; this can take a minute …")
    with open_restore(world.journal_path, copy, world.now()) as running:
        if keep_newer:
            running.keep_newer()
        preview = _describe(world, running, copy, keeps_newer=keep_newer)
        if dry_run:
            world.show(views.RESTORE, preview, output)
            return
        if not yes or output is OutputFormat.TERMINAL:
            world.show_on_stderr(views.RESTORE, preview)
        if not yes:
            preview = _offer_newer_changes(world, running, preview)
            if not world.require_prompter("").confirm("Restore it?", default=False):
                world.write_stderr("Nothing was changed.")
                return
        preview = finish_restore(world, running, preview)
    if output is not OutputFormat.TERMINAL:
        world.show(views.RESTORE, preview, output)


def _choose_copy(world: World, words: str | None, *, asks: bool) -> Copy:
    """Return the copy that was named or picked; without a terminal, the newest good one."""
    if words or not asks or not world.can_prompt:
        return find_copy(world.journal_path, words or LATEST, world.today(), world.now())
    backups = list_copies(world.journal_path)
    index = 0
    if len(backups) > 1:
        options = [_describe_option(world, backup) for backup in backups]
        index = world.require_prompter("").pick("Which backup?", options)
    return Copy(backups[index].path, backups[index])


def _describe_option(world: World, backup: Backup) -> str:
    entries = "" if backup.entry_count is None else f"{format_count(backup.entry_count, 'entry', 'entries')} · "
    checked = "" if backup.is_verified else " · not checked yet"
    return f"{format_moment(backup.made_at, world.now())}\t{entries}{backup.head or backup.path.name}{checked}"


def _offer_newer_changes(world: World, running: Restore, preview: RestorePreview) -> RestorePreview:
    """Ask whether to keep newer changes if there are any."""
    count = sum(number for _, number in preview.kept)
    changes = "newer change" if count == 1 else format_count(count, "newer change")
    if preview.kept and not preview.keeps_newer and world.require_prompter("").confirm(f"Keep the {changes} too?"):
        running.keep_newer()
        return _describe(world, running, preview.copy, keeps_newer=True)
    return preview


def _describe(world: World, running: Restore, copy: Copy, *, keeps_newer: bool) -> RestorePreview:
    preview = describe_restore(running, copy, world.journal_path, world.now(), world.settings["day_ends_at"])
    return replace(preview, keeps_newer=keeps_newer)


def finish_restore(world: World, running: Restore, preview: RestorePreview) -> RestorePreview:
    """Replace the journal, and say what it has now and where the replaced file is."""
    replaced = running.finish(renew_device_id(world.paths.device), world.now())
    ignore_newer_backup(world.journal_path, world.paths.told_backup)
    world.refresh_reminders()
    world.write_stderr(f"Restored {world.journal_path}: {format_count(running.copy_entries, 'entry', 'entries')}")
    if replaced:
        _describe_replaced(world, replaced, preview)
    return replace(preview, is_done=True, replaced=replaced, entries=running.copy_entries)


def _describe_replaced(world: World, replaced: Path, preview: RestorePreview) -> None:
    world.write_stderr(f"Your journal as it was: {replaced}")
    if preview.present.state == "readable":
        world.write_stderr(f"Go back to it with: {command_of(world)} restore {shlex.quote(replaced.name)}")
        if preview.comparison.lost or preview.left:
            file = shlex.quote(str(replaced))
            world.write_stderr(f"Add the entries that only it has with: {command_of(world)} import journal {file}")


def command_of(world: World) -> str:
    """Return how to call valuelog so that it uses the same journal."""
    if world.flags.journal:
        return f"valuelog --journal {shlex.quote(str(world.flags.journal))}"
    return "valuelog"
