"""`valuelog` without a command: the status. It never asks."""

from valuelog.cli.options import output_format
from valuelog.cli.world import World
from valuelog.render import views
from valuelog.workflows.status import load_status


def show_status(world: World, *, json: bool, plain: bool) -> None:
    """Show today, the week so far, one finding and the next step."""
    status = load_status(world.open_journal(), world.today(), world.schedule)
    world.show(views.STATUS, status, output_format(json=json, plain=plain))
