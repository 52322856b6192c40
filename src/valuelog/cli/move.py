"""`move`: move the journal into another folder."""

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.config import require_valid_settings, write_setting
from valuelog.cli.journal_path import count_entries_in, warn_of_sync_service
from valuelog.cli.settings import parse_named_path
from valuelog.cli.state_files import remember_journal
from valuelog.cli.unsaved_answers import replace_journal
from valuelog.cli.world import World
from valuelog.journal.move import move_journal
from valuelog.model.errors import BadInput
from valuelog.render.words import format_count
from valuelog.workflows.sync_state import follow_moved_journal


def move(
    ctx: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", autocompletion=candidates.files, help="Where it will be.")],
) -> None:
    """Take the copies beside it along, and point your settings to it. Nothing is overwritten.

    Example: valuelog move ~/notes
    """
    world: World = ctx.obj
    if world.environ.get("VALUELOG_JOURNAL"):
        raise BadInput("VALUELOG_JOURNAL names your journal, and settings can't change that.", "Unset it first.")
    source = world.journal_path.absolute()
    real_source = os.path.realpath(source)
    target = _parse_folder(folder) / source.name
    if target.parent.resolve() == source.parent.resolve():
        raise BadInput(f"Your journal is already in {target.parent}.", "Choose another folder.")
    require_valid_settings(world)
    configured = world.configured_journal_path
    if configured.resolve() == source.resolve():
        _move_configured(world, source, target)
        configured = target
    else:
        with move_journal(source, target):
            pass
    replace_journal(world.paths.unsaved_answers, real_source, target)
    follow_moved_journal(world.paths.sync, real_source, target)
    _confirm(world, source, target, configured)
    warn_of_sync_service(world, target)


def _move_configured(world: World, source: Path, target: Path) -> None:
    """Move the journal that the settings name, and point them to it."""
    with move_journal(source, target):
        write_setting(world, "journal", str(target))
    remember_journal(target, world.paths)
    world.refresh_reminders()


def _confirm(world: World, source: Path, target: Path, configured: Path) -> None:
    """Say where the journal is now, which one the settings name if that is another one, and how to move it back."""
    count = count_entries_in(world, target)
    world.write_stderr(f"Moved your journal ({format_count(count or 0, 'entry', 'entries')}) to {target}")
    flag = ""
    if configured.resolve() != target.resolve():
        world.write_stderr(f"Your settings weren't changed: your journal is still {configured}")
        flag = f"--journal {shlex.quote(str(target))} "
    world.write_stderr(f"Move it back with: valuelog {flag}move {shlex.quote(str(source.parent))}")


def _parse_folder(text: str) -> Path:
    """Parse the folder to move to. Raises BadInput for an empty text and for a file."""
    if not text.strip():
        raise BadInput("The name of the folder is empty.", "Name a folder: valuelog move ~/notes")
    folder = parse_named_path("FOLDER", text).absolute()
    if folder.is_file() or folder.suffix == ".db":
        raise BadInput(
            f"{folder} is the name of a file.", f"Name a folder: valuelog move {shlex.quote(str(folder.parent))}"
        )
    return folder
