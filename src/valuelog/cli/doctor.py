"""`doctor`: check the journal and everything around it, and repair what can be derived."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from valuelog.cli.options import JsonOption, PlainOption, output_format
from valuelog.cli.permissions import list_sync_files
from valuelog.cli.settings import BadSetting
from valuelog.cli.settings.read import read_settings
from valuelog.cli.settings.sources import all_source_settings
from valuelog.cli.world import World
from valuelog.render import views
from valuelog.render.escape import escape_line
from valuelog.workflows.doctor import Checkup, Conflict, Pick, Surroundings, check_everything, repair_everything

EXIT_DAMAGED, EXIT_REPAIRED = 1, 3
"""Exit codes besides 0 for a sound journal."""


def doctor(
    ctx: typer.Context,
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Repair what can be derived, after making a copy.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Read every backup completely, too.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Check the journal, settings and backups. Exits 0 if all is well, 1 if not, and 3 if it repaired everything.

    Your journal isn't encrypted on this machine: that is what disk encryption is for.

    Example: valuelog doctor · valuelog doctor --fix · valuelog doctor --deep
    """
    world: World = ctx.obj
    output = output_format(json=json, plain=plain)
    path, surroundings = world.journal_path, _look_around(world)
    checkup = _check(world, path, surroundings, deep=deep)
    if fix and checkup.findings:
        repaired = repair_everything(checkup, surroundings, device=_device_id(world), pick=_picker(world))
        after = _check(world, path, surroundings, deep=deep)
        checkup = repaired.apply_to(after)
    world.show(views.CHECKUP, checkup, output)
    if not checkup.is_sound:
        raise typer.Exit(EXIT_DAMAGED)
    if checkup.repaired:
        raise typer.Exit(EXIT_REPAIRED)


def _check(world: World, path: Path, surroundings: Surroundings, *, deep: bool) -> Checkup:
    with world.progress_bar("checking", _estimate_changes(path)) as report:
        return check_everything(path, surroundings, now=world.now(), deep=deep, report=report)


_BYTES_PER_CHANGE = 480
"""Log, tables and indexes together; for the progress bar only."""


def _estimate_changes(path: Path) -> int | None:
    with suppress(OSError):
        return path.stat().st_size // _BYTES_PER_CHANGE
    return None


def _look_around(world: World) -> Surroundings:
    """Return what doctor looks at besides the journal."""
    problems: list[str] = []
    settings = read_settings(
        world.settings_path, world.environ, all_source_settings(), lambda problem: problems.append(_sentence(problem))
    )
    if _is_emptied(world.settings_path):
        problems.append(f"{world.settings_path} is empty.")
    paths = world.paths
    last = None
    if not world.flags.journal:
        with suppress(OSError, UnicodeDecodeError):
            last = Path(paths.last_journal.read_text(encoding="utf-8").strip("\0\n"))
    own = (paths.data_dir, paths.config_dir, paths.state_dir, world.settings_path, world.journal_path)
    in_state = (
        paths.device, paths.unsaved_answers, paths.editor_drafts, paths.showings, paths.last_journal, paths.sync,
        *list_sync_files(paths),
    )  # fmt: skip
    return Surroundings(
        settings_path=world.settings_path, setting_problems=tuple(dict.fromkeys(problems)),
        private_paths=tuple(each for each in (*own, *in_state) if os.path.lexists(each)),
        state_folder=paths.state_dir, config_folder=world.settings_path.parent, last_journal=last,
        makes_backups=bool(settings["backups"]),
    )  # fmt: skip


def _sentence(problem: BadSetting) -> str:
    return problem.message if problem.message.endswith((".", "?")) else f"{problem.message}."


def _is_emptied(path: Path) -> bool:
    with suppress(OSError):
        return not path.read_bytes().strip(b"\0")
    return False


def _device_id(world: World) -> str:
    from valuelog.cli.state_files import ensure_device_id  # noqa: PLC0415  only to repair

    return ensure_device_id(world.paths.device)


# What only a person can decide


def _picker(world: World) -> Pick | None:
    """Return what asks which version of an altered change is right; None without a terminal."""
    if not world.is_interactive:
        return None

    def pick(conflict: Conflict) -> str | None:
        sources = {"log": "in the log now", "table": "shown until now"}
        world.write_stderr(f"What {conflict.entity.replace('_', ' ')} {conflict.entity_id} said was altered on disk:")
        options = list(conflict.versions.items())
        for number, (source, fields) in enumerate(options, 1):
            world.write_stderr(escape_line(f"  {number}  {sources[source]}: {fields}"))
        prompter = world.require_prompter("")
        for number, (_, fields) in enumerate(options, 1):
            if prompter.confirm(f"Is version {number} right?", default=False):
                return fields
        return None

    return pick
