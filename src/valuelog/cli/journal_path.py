"""What a new path of the journal means: what is in it, where the entries are, and who syncs its folder."""

import shlex
from contextlib import closing, suppress
from pathlib import Path

from valuelog.cli.synced_folders import find_sync_service
from valuelog.cli.world import World
from valuelog.journal.entries import count_entries
from valuelog.journal.store import open_journal
from valuelog.model.errors import ValuelogError
from valuelog.render.words import format_count


def describe_new_path(world: World, old: Path, new: Path) -> None:
    """Say what is in the journal that the settings name now, and where the entries of the one before it are."""
    if old.resolve() == new.resolve():
        return
    here, there = count_entries_in(world, new), count_entries_in(world, old)
    remaining = f"Your {format_count(there, 'entry stays', 'entries stay')} in {old}." if there else ""
    if here is None:
        back = f"valuelog config set journal {shlex.quote(str(old))}"
        moving = f"Move them with: {back} && valuelog move {shlex.quote(str(new.parent))}"
        if new.parent.resolve() == old.parent.resolve():
            moving = f"Go back with: {back}"
        world.write_stderr(" ".join(filter(None, ["Nothing is there yet.", remaining, moving if there else ""])))
    else:
        world.write_stderr(" ".join(filter(None, [f"It has {format_count(here, 'entry', 'entries')}.", remaining])))
    warn_of_sync_service(world, new)


def count_entries_in(world: World, path: Path) -> int | None:
    """Return the number of entries in a journal, or None if there is none or it can't be read."""
    with suppress(ValuelogError, OSError):
        if path.exists():
            with closing(open_journal(path, "", world.now, write=False)) as journal:
                return count_entries(journal)
    return None


def warn_of_sync_service(world: World, path: Path) -> None:
    """Warn if a cloud service syncs the folder of a journal."""
    if service := find_sync_service(path):
        world.write_stderr(
            f"Careful: {service} syncs this folder. If two computers change the journal at once, one of them loses "
            "its changes. A folder that isn't synced is safer."
        )
