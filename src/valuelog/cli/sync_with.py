"""Commands that sync on their own: `sync.with` names them. Without it, nothing is imported."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from valuelog.cli.world import World
from valuelog.model.errors import ValuelogError

PAUSE = timedelta(seconds=30)
"""After a remote couldn't be reached, a command that takes less time doesn't try again."""


@contextmanager
def sync_around(world: World, command: str) -> Iterator[None]:
    """Fetch before the block and publish after it, if the settings name this command; never fails because of that."""
    if command not in world.settings["sync.with"]:
        yield
        return
    started = world.now()
    is_reachable = _sync_quietly(world, publishes=False)
    try:
        yield
    except ValuelogError:  # Stopped, for example: what was answered is saved
        _publish(world, started, is_reachable=is_reachable)
        raise
    _publish(world, started, is_reachable=is_reachable)


def _publish(world: World, started: datetime, *, is_reachable: bool) -> None:
    if is_reachable or world.now() - started > PAUSE:
        _sync_quietly(world, publishes=True)


def _sync_quietly(world: World, *, publishes: bool) -> bool:
    """Sync without asking anything or reporting an unreachable remote; return whether it could be reached."""
    from valuelog.cli.sync import sync_for_command  # noqa: PLC0415  only if it is set
    from valuelog.sync.errors import RemoteMoved, RemoteUnreachable  # noqa: PLC0415
    from valuelog.workflows.sync_setup import NotSetUp  # noqa: PLC0415
    from valuelog.workflows.sync_state import SyncRunning  # noqa: PLC0415

    try:
        for line in sync_for_command(world, publishes=publishes):
            world.write_stderr(line)
    except RemoteUnreachable:
        return False
    except (NotSetUp, RemoteMoved, SyncRunning):
        return True
    except ValuelogError as error:
        if publishes:
            world.write_warning(f"Not synced. {error.message} {error.hint}")
    return True
