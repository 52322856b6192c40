"""Ask what to do about a missing journal: restore it, use the one before, or start a new one."""

from collections.abc import Callable

from valuelog.cli.config import write_setting
from valuelog.cli.missing_journal import MissingJournal, describe_backup
from valuelog.cli.restore import finish_restore
from valuelog.cli.world import World
from valuelog.model.errors import Stopped
from valuelog.workflows.restoring import Copy, describe_restore, open_restore

_CACHED_PATHS = ("settings", "journal_path", "configured_journal_path", "schedule", "trade_words")
"""What the World remembers of the settings."""


def choose_journal(world: World, missing: MissingJournal) -> None:
    """Ask what to do, and do it. Raises Stopped."""
    choices: list[tuple[str, Callable[[], None]]] = []
    if missing.backup:
        label = f"Restore the newest backup ({describe_backup(missing.backup, world.now())})"
        choices.append((label, lambda: _restore(world, missing)))
    if missing.last:
        choices.append((f"Use {missing.last} again", lambda: _use_last(world, missing)))
    choices += [("Stop, and change nothing", _stop), ("Start a new journal", lambda: _start(world))]
    index = world.require_prompter("").select_one("What do you want to do?", [label for label, _ in choices])
    choices[index][1]()


def _restore(world: World, missing: MissingJournal) -> None:
    if missing.backup is None:
        return
    copy = Copy(missing.backup.path, missing.backup)
    with open_restore(missing.path, copy, world.now()) as running:
        preview = describe_restore(running, copy, missing.path, world.now(), world.settings["day_ends_at"])
        finish_restore(world, running, preview)


def _use_last(world: World, missing: MissingJournal) -> None:
    write_setting(world, "journal", str(missing.last))
    world.write_stderr(f"Your journal is {missing.last} again.")
    for name in _CACHED_PATHS:
        world.__dict__.pop(name, None)


def _start(world: World) -> None:
    world.starts_new_journal = True


def _stop() -> None:
    raise Stopped("Nothing was changed.")
